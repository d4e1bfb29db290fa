"""What was taken back, declined or changed, before or while its mail left."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest

from shared.agents.propose import contract_sending, contracts, signing
from shared.domain.contract import ContractChange
from shared.domain.links import Link
from shared.ports import Ports
from tests.integration.books.conftest import Hand
from tests.integration.books.post_child import Watched

from .conftest import SCOPE, accepted, begun, copied, last_link, sent, sign


def test_a_signature_from_before_it_was_taken_back_counts_no_more(ports: Ports) -> None:
    _, proposal = accepted(ports)
    id = begun(ports, proposal).id
    sent(ports, id)
    sign(ports, id, "client")
    contract_sending.cancel(ports, SCOPE, id, "o")
    sent(ports, id)
    assert sign(ports, id, "agency", "Anna").status == "sent", "the same version, but the client is asked anew"
    assert sign(ports, id, "client").status == "signed"


class Killed(BaseException):
    """As a kill: nothing catches it."""


def killed(ports: Ports, id: str) -> Link:
    """The link of a mail that left, whose sender was killed before they could say so."""
    calls = count()

    def before() -> None:
        if next(calls) == 2:  # planned and claimed
            raise Killed

    with pytest.raises(Killed):
        sent(replace(ports, ledger=Watched(ports.ledger, before)), id)
    return last_link(ports, "k")


LATER = ContractChange.model_validate({"fields": {"notice": "one month"}})


def test_what_left_ahead_of_a_kill_is_in_the_hand_of_the_client_whatever_was_said_since(
    ports: Ports, hand: Hand
) -> None:
    _, proposal = accepted(ports)
    changed, cancelled, known = (begun(ports, copied(ports, proposal, each * 32)).id for each in "abc")
    link = killed(ports, changed)
    contract_sending.change(ports, SCOPE, changed, "o", LATER)
    seen = signing.opened(ports, link)
    assert seen, "their link leads to what they have"
    assert (seen.standing, seen.over, sign(ports, changed, "client").status) == ("sent", False, "sent")

    link = killed(ports, cancelled)
    contract_sending.cancel(ports, SCOPE, cancelled, "o")
    seen = signing.opened(ports, link)
    assert seen, "it says what became of it"
    assert (seen.standing, seen.over) == ("cancelled", True)

    killed(ports, known)
    hand.forward(minutes=3)  # its lease is over, and the outbox knows
    contract_sending.change(ports, SCOPE, known, "o", LATER)
    found = contracts.CONTRACTS.load(ports, SCOPE, known)
    assert ([each.version for each in found.sendings], found.status) == ([1], "sent")
