"""What a client has said to a contract and a person has to go on with: to sign as well, or to write anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256

from shared.agents import deals
from shared.agents.propose.contracts import CONTRACTS
from shared.domain.contract import Contract
from shared.domain.faults import Missing
from shared.domain.inbox import Asked
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Order, Ports

_MOST = 100


def waiting(ports: Ports, scope: Scope) -> Iterator[Asked]:
    """Contracts that the client has signed, while they can be signed here, and contracts that were declined, until one
    goes on or the deal is lost; at most a hundred. Without names and words of the client: those stand on its page."""
    found, _ = CONTRACTS.page(ports, scope, [Filter("answered", "eq", True)], Order("changed_at"), _MOST)
    for each in found:
        if (standing := each.stands(ports.clock.now())) == "sent":
            yield _signed(each)
        elif standing == "declined" and not is_lost(ports, scope, each):
            yield _declined(each)


def is_lost(ports: Ports, scope: Scope, found: Contract) -> bool:
    """Has somebody given up the deal of this contract?"""
    try:
        return deals.get(ports, scope, found.deal).stage == "lost"
    except Missing:
        return False


def _signed(found: Contract) -> Asked:
    sent, client = found.current, found.signed_by("client")
    assert sent is not None, "it is signed"
    assert client is not None, "it is signed"
    question = f"The client has signed version {sent.version}; it waits for the agency's signature."
    return _asked(found, client.at, sent.version, question, sent.ends_at)


def _declined(found: Contract) -> Asked:
    assert found.declined is not None, "it is declined"
    version = found.current.version if found.current else found.version
    question = f"The client has declined version {version}. Change it, or take it back?"
    return _asked(found, found.declined.at, version, question, None)


def _asked(found: Contract, at: datetime, version: int, question: str, until: datetime | None) -> Asked:
    return Asked(
        subject=found.id, version=version, digest=sha256(f"{found.id}|{at.isoformat()}".encode()).hexdigest(),
        kind="contract", name=found.title, sealed={"contract": found.id}, asked_at=at, until=until, question=question,
        answers=[],
    )  # fmt: skip
