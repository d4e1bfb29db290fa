"""What comes after the client's answer: it is kept, a person here is asked, and nobody is written to in vain."""

from __future__ import annotations

from shared.agents import deals
from shared.agents.books import plans
from shared.agents.propose import contract_sending, contracts, signing
from shared.domain.contract import Contract, ContractChange, DeclineRequest
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


def facts(ports: Ports, id: str, what: str) -> list[str]:
    """Of each: which side signed, or which version was sent."""
    found = [each for each in ports.journal.read(SCOPE, f"contract/{id}") if each.what == what]
    return [str(each.data.get("role", each.data["version"])) for each in found]


def test_each_sending_and_each_signature_is_one_fact_and_what_was_agreed_stays_on_its_days(
    ports: Ports, hand: Hand
) -> None:
    _, proposal = accepted(ports)
    id = begun(ports, proposal).id
    first = sent(ports, id)
    contracts.change(ports, SCOPE, id, "o", ContractChange.model_validate({"fields": {"notice": "two months"}}))
    contract_sending.submit(ports, SCOPE, id, "o")

    def approve(found: Contract) -> None:
        found.approved, found.asked, found.tries, found.pending = 2, None, 2, True

    contracts.CONTRACTS.change(ports, SCOPE, id, approve)  # and killed ahead of the mail
    for _ in range(3):
        assert signing.opened(ports, first) is not None
    assert facts(ports, id, "sent") == ["1"]
    contract_sending.look_after(ports, SCOPE)
    assert facts(ports, id, "sent") == ["1", "2"]

    sign(ports, id, "client")
    signed = contracts.CONTRACTS.load(ports, SCOPE, id).signatures
    agency = signed[0].model_copy(update={"role": "agency", "by": "anna"})

    def put(found: Contract) -> None:
        found.signatures, found.status = [*signed, agency], "signed"

    contracts.CONTRACTS.change(ports, SCOPE, id, put)  # and killed ahead of the fact
    for _ in range(2):
        contract_sending.look_after(ports, SCOPE)
    assert facts(ports, id, "signed") == ["client", "agency"]

    hand.forward(days=90)
    assert contracts.get(ports, SCOPE, id).planned == plans.PLANS.load(ports, SCOPE, id).instalments
