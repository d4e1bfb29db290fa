"""What a client asked or said about a proposal. It is kept in any state of it, after the end, too."""

from __future__ import annotations

from collections.abc import Iterator

from shared.agents.records import Records
from shared.domain.names import Kind
from shared.domain.proposal import Message
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Order, Ports

MESSAGES = Records(Kind.PROPOSAL_MESSAGE, Message)
MOST = 200


def of_proposal(ports: Ports, scope: Scope, id: str) -> list[Message]:
    """All of them, the oldest first."""
    asked = [Filter("proposal", "eq", id)]
    page = ports.documents.find(scope, Kind.PROPOSAL_MESSAGE, asked, Order("at"), MOST)
    return [Message.model_validate(each.body) for each in page.documents]


def waits(ports: Ports, scope: Scope, id: str) -> bool:
    """Does the client wait for an answer?"""
    asked = [Filter("proposal", "eq", id), Filter("waits", "eq", True)]
    return bool(ports.documents.find(scope, Kind.PROPOSAL_MESSAGE, asked, limit=1).documents)


def leaving(ports: Ports, scope: Scope) -> Iterator[Message]:
    """Every one whose answer was begun, and of whose mail it is not known yet that it left."""
    cursor: str | None = None
    asked = [Filter("leaving", "eq", True)]
    while True:
        page = ports.documents.find(scope, Kind.PROPOSAL_MESSAGE, asked, limit=100, cursor=cursor)
        yield from [Message.model_validate(each.body) for each in page.documents]
        if (cursor := page.cursor) is None:
            return
