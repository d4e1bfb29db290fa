"""All that waits for a person: what the agents' inbox has, and then what steps of processes ask."""

from __future__ import annotations

from shared.agents import inbox
from shared.domain.approval import Approval
from shared.domain.inbox import About, Asked, Decided, Decision
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Ports
from shared.process import approvals
from shared.process.approvals import Answered, Who

Decidable = inbox.Decidable | Answered
_STEPS = "step."
_CLIENTS: tuple[About, ...] = ("campaign", "piece")
"""What an agency's client may decide about, too; a proposal is the agency's own offer to a client."""


def waiting(ports: Ports, scope: Scope, limit: int, cursor: str | None = None) -> tuple[list[Asked], str | None]:
    """One page, steps of processes last. Raises Rejected for a wrong cursor."""
    items: list[Asked] = []
    place = cursor.removeprefix(_STEPS) if cursor and cursor.startswith(_STEPS) else None
    if place is None:
        items, following = inbox.waiting(ports, scope, limit, cursor)
        if following:
            return items, following
    asked, following = approvals.waiting(ports, scope, limit, place)
    return [*items, *asked], f"{_STEPS}{following}" if following else None


def whose(asked: Asked) -> Who:
    """What whoever decides about it has to be."""
    return _needed(asked.kind, asked)


def who(ports: Ports, scope: Scope, subject: str, decision: Decision) -> Who:
    """What whoever gives this answer has to be: by what it is about, never by the word alone."""
    if _is_step(ports, scope, subject):
        return _needed("step", approvals.newest(ports, scope, subject))
    return _needed(inbox.about(ports, scope, subject, decision))


def decide(ports: Ports, scope: Scope, subject: str, by: str, decision: Decision) -> Decidable:
    """Answer the question that waits about this; the caller wakes what waits for it. Raises as the deciders do."""
    if _is_step(ports, scope, subject):
        return approvals.decide(ports, scope, subject, by, decision)
    return inbox.decide(ports, scope, subject, by, decision)


def decided(found: Decidable) -> Decided:
    """What became of it."""
    if isinstance(found, Answered):
        return Decided(subject=found.id, kind="step", status=found.status)
    return inbox.decided(found)


def _needed(kind: About | None, asked: Approval | None = None) -> Who:
    """The role for a kind of question: an agency's client decides about what goes out in their name, and where a step
    says so; about all else, and what is not there, whoever sets the rules here."""
    if kind == "step" and asked:
        return asked.sealed["who"]  # type: ignore[no-any-return]  # a question's: `Who`
    return "approver" if kind in _CLIENTS else "manager"


def _is_step(ports: Ports, scope: Scope, subject: str) -> bool:
    return ports.documents.get(scope, Kind.RUN_STEP, subject) is not None
