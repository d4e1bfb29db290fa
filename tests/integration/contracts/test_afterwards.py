"""What both have signed is carried out, whatever stands in its way; and what does stands on the contract."""

from __future__ import annotations

from shared.agents.propose import contract_paper, contract_sending, contracts
from shared.domain.contract import Contract
from shared.ports import Ports
from tests.integration.books.conftest import SELLER, furnish

from .conftest import SCOPE, accepted, begun, sent, sign


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
