"""What both have signed is carried out, whatever stands in its way; and what does stands on the contract."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest

from shared import wiring
from shared.agents.propose import concluding, contract_paper, contract_sending, contracts
from shared.domain.contract import Contract
from shared.domain.faults import Conflict
from shared.ports import Ports
from tests.integration.books.conftest import SELLER, Hand, furnish
from tests.integration.books.post_child import Watched
from tests.servers.smtp_strict import Manner, strict_server

from .conftest import SCOPE, accepted, begun, letters, sent, sign


def load(ports: Ports, id: str) -> Contract:
    return contracts.CONTRACTS.load(ports, SCOPE, id)


def test_a_fault_after_the_second_signature_is_none_of_it_and_stands_on_the_contract(ports: Ports) -> None:
    furnish(ports, seller={**SELLER, "name": "Müßiggang & Söhne Gesellschaft für schöne Bücher mbH & Co. KGaÄÖÜ"})
    _, proposal = accepted(ports)
    id = begun(ports, proposal).id
    sent(ports, id)
    sign(ports, id, "client")
    [path] = [each for each in ports.files.list(SCOPE, "contracts/") if each.endswith("v1.pdf")]
    document = ports.files.get(SCOPE, path)
    ports.files.delete(SCOPE, path)
    signed = sign(ports, id, "agency", "Anna")
    assert (signed.status, signed.pending, signed.sealed) == ("signed", True, "")
    assert signed.held.startswith("both have signed, and what follows failed here")
    assert [*contract_sending.look_after(ports, SCOPE)] == [id], "the sweep reports it"
    ports.files.put(SCOPE, path, document)
    assert contract_sending.look_after(ports, SCOPE) == {}
    done = load(ports, id)
    assert (done.pending, done.held, done.plan) == (False, "", id)
    assert contract_paper.sealed_pdf(ports, SCOPE, done).startswith(document)


COPY = "Signed: Service contract: A new website"


def copies(ports: Ports) -> int:
    return [subject for subject, _ in letters(ports)].count(COPY)


def test_a_copy_that_the_server_refuses_is_said_and_can_be_sent_again_once(
    ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, proposal = accepted(ports)
    id = begun(ports, proposal, to="r451@praxis.example").id
    sent(ports, id)
    sign(ports, id, "client")
    with strict_server(Manner()) as server:
        monkeypatch.setenv("BATON_SMTP_URL", f"smtp://127.0.0.1:{server.port}")
        wiring.close()
        signed = sign(wiring.ports(), id, "agency", "Anna")
    assert (signed.status, signed.pending, signed.copy_lost) == ("signed", False, True)
    assert "refused: 451" in signed.held
    monkeypatch.delenv("BATON_SMTP_URL")
    wiring.close()
    ports = wiring.ports()
    again = concluding.copy_again(ports, SCOPE, id, "anna")
    assert (again.pending, again.held, again.copy_mail, copies(ports)) == (False, "", "accepted", 1)
    with pytest.raises(Conflict, match="only when its mail was refused"):
        concluding.copy_again(ports, SCOPE, id, "anna")


class Killed(BaseException):
    """As a kill: nothing catches it."""


def test_a_copy_whose_sender_is_killed_stays_in_doubt_until_somebody_knows(ports: Ports, hand: Hand) -> None:
    _, proposal = accepted(ports)
    id = begun(ports, proposal).id
    sent(ports, id)
    sign(ports, id, "client")
    calls = count()

    def before() -> None:
        if next(calls) == 2:  # planned and claimed: the mail is at the server, and nobody has said so yet
            raise Killed

    with pytest.raises(Killed):
        sign(replace(ports, ledger=Watched(ports.ledger, before)), id, "agency", "Anna")
    contract_sending.look_after(ports, SCOPE)
    doubted = load(ports, id)
    assert (doubted.status, doubted.pending, "is not known" in doubted.held) == ("signed", True, True)
    hand.forward(minutes=3)
    contract_sending.look_after(ports, SCOPE)  # its lease is over, and the outbox knows
    known = load(ports, id)
    assert (known.pending, known.held, copies(ports)) == (False, "", 1)
