"""What waits for a person because the law gives it a date: breaches (rule G8), and reviews that were asked for (G9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from shared.agents.privacy import breaches, reviews
from shared.domain.breach import Breach
from shared.domain.faults import FieldError, Rejected
from shared.domain.inbox import Asked, Decision
from shared.domain.names import Kind
from shared.domain.review import Review, Reviewed
from shared.domain.scope import Scope
from shared.ports import Ports

_REVIEWED: Mapping[str, Literal["upheld", "changed"]] = {"uphold": "upheld", "change": "changed"}
_SETTLED: Mapping[str, Literal["told", "not_needed"]] = {"told": "told", "not_needed": "not_needed"}


def waiting(ports: Ports, scope: Scope) -> Iterator[Asked]:
    """Those that nobody has answered, breaches first, each the soonest due first."""
    yield from map(_of_breach, breaches.unsettled(ports, scope))
    yield from (_of_review(ports, scope, each) for each in reviews.undecided(ports, scope))


def about(decision: Decision) -> Literal["review", "breach"] | None:
    """Which of these it answers, if any."""
    if decision.decision in _REVIEWED:
        return "review"
    return "breach" if decision.decision in _SETTLED else None


def decide(ports: Ports, scope: Scope, subject: str, by: str, decision: Decision) -> Review | Breach:
    """Answer it. Raises Rejected without a comment, Missing, Conflict."""
    word, reason = decision.decision, (decision.comment or "").strip()
    if not reason:
        raise Rejected(FieldError("comment", "say why: it is kept with the decision"))
    if word in _REVIEWED:
        said = Reviewed(status=_REVIEWED[word], reason=reason)
        return reviews.answer(ports, scope, subject, by, decision.digest, said)
    return breaches.settle(ports, scope, subject, by, decision.digest, _SETTLED[word], reason)


def _of_breach(found: Breach) -> Asked:
    question = f"Was the authority told? It is due by {found.due:%-d %B %Y at %H:%M} UTC. {found.what}"
    return Asked(
        subject=found.id, version=1, digest=found.digest, kind="breach", name="A breach of personal data",
        sealed={"breach": found.id, "risk": found.risk}, asked_at=found.recorded_at, until=found.due, question=question,
        answers=["told", "not_needed"],
    )  # fmt: skip


def _of_review(ports: Ports, scope: Scope, found: Review) -> Asked:
    contact = ports.documents.get(scope, Kind.CONTACT, found.contact)
    name = str(contact.body["email"]) if contact else "somebody who left the address book"
    view = f" They say: “{found.view}”" if found.view else ""
    return Asked(
        subject=found.id, version=1, digest=found.digest, kind="review", name=name,
        sealed={"review": found.id, "campaign": found.campaign, "contact": found.contact},
        asked_at=found.received_at, until=found.due,
        question=f"They ask for a person to look at this. {found.decided}{view}", answers=["uphold", "change"],
    )  # fmt: skip
