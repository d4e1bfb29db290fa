"""What comes after the client's answer: it is kept, a person here is asked, and nobody is written to in vain."""

from __future__ import annotations

from shared.agents import deals
from shared.agents.propose import contract_sending, contracts, signing
from shared.domain.contract import ContractChange, DeclineRequest
from shared.ports import Ports
from shared.process import inbox

from .conftest import SCOPE, Hand, accepted, begun, letters, sent, sign


def asked(ports: Ports) -> list[str]:
    found, _ = inbox.waiting(ports, SCOPE, 50)
    assert not any("Maja" in each.model_dump_json() for each in found), "names stand on the contract's own page"
    assert {inbox.whose(each) for each in found} <= {"manager"}, "it is nothing for a client of the agency"
    return [each.question for each in found if each.kind == "contract" and not each.answers]


def test_what_the_client_answers_waits_in_the_inbox_and_why_they_declined_is_kept(ports: Ports, hand: Hand) -> None:
    deal, proposal = accepted(ports)
    id = begun(ports, proposal).id
    link = sent(ports, id)
    assert asked(ports) == []
    seen = signing.opened(ports, link)
    assert seen is not None
    signing.decline(ports, SCOPE, seen, DeclineRequest(reason="Too long", name="Maja"))
    assert asked(ports) == ["The client has declined version 1. Change it, or take it back?"]
    deals.move(ports, SCOPE, deal, "lost", "o", "they said no")
    assert asked(ports) == [], "somebody has given it up"

    contracts.change(ports, SCOPE, id, "o", ContractChange.model_validate({"fields": {"notice": "two months"}}))
    sent(ports, id)
    found = contracts.CONTRACTS.load(ports, SCOPE, id)
    assert (found.declined, [each.reason for each in found.refusals]) == (None, ["Too long"])
    deals.move(ports, SCOPE, deal, "lost", "o", "no answer")
    before = len(letters(ports))
    hand.forward(days=10)
    assert contract_sending.look_after(ports, SCOPE) == {}
    assert len(letters(ports)) == before, "nobody is reminded of what was given up"

    sign(ports, id, "client")
    assert asked(ports) == ["The client has signed version 2; it waits for the agency's signature."]
    hand.forward(days=30)
    assert asked(ports) == [], "it cannot be signed any more"
