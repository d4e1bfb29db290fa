"""A person looks again at what was decided without one: asked, put into the inbox, answered with a reason (rule G9)."""

from __future__ import annotations

from typing import Any

import uuid_utils

from shared.agents.campaigns.explain import explain
from shared.agents.contacts.records import contacts
from shared.agents.contacts.suppression import lift, suppressions_of
from shared.agents.privacy.erase import STREAM, received
from shared.agents.privacy.places import everything
from shared.agents.records import Records
from shared.domain.contact import Contact
from shared.domain.faults import Conflict
from shared.domain.names import Kind
from shared.domain.privacy import month_after
from shared.domain.review import Review, Reviewed, ReviewRequest
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.domain.suppression import BY_SERVERS, holds
from shared.ports import Ports

_REVIEWS = Records(Kind.REVIEW, Review)


def ask(ports: Ports, scope: Scope, id: str, by: str, request: ReviewRequest) -> Review:
    """Put the question into the inbox. Raises Missing, Rejected (a time to come), Conflict if nothing was decided."""
    contact, now = contacts.load(ports, scope, id), ports.clock.now()
    asked = received(request, now)
    decided, factors = (
        _of_message(ports, scope, request.campaign, id) if request.campaign else _of_stop(ports, scope, contact)
    )
    made = Review(
        id=uuid_utils.uuid7().hex,
        contact=id,
        person=contact.person,
        received_at=asked,
        due=month_after(asked),
        by=by,
        decided=decided,
        factors=factors,
        **request.model_dump(exclude={"received_at"}),
    )
    ports.documents.put(scope, Kind.REVIEW, made.id, made.model_dump(mode="json"))
    said = {"review": made.id, "requested_by": made.requested_by, "checked": made.checked}
    ports.journal.append(scope, STREAM, now, by, "review_asked", said)
    return made


def get(ports: Ports, scope: Scope, id: str) -> Review:
    """Raises Missing."""
    return _REVIEWS.load(ports, scope, id)


def undecided(ports: Ports, scope: Scope) -> list[Review]:
    """Those that wait for an answer, the soonest due first."""
    found = everything(ports, scope, Kind.REVIEW, Filter("status", "eq", "open"))
    return sorted((Review.model_validate(each.body) for each in found), key=lambda each: each.due)


def answer(ports: Ports, scope: Scope, id: str, by: str, digest: str, said: Reviewed) -> Review:
    """Uphold what was decided, or change it: what a mail server said is lifted; whatever else is to be done for them is
    done by a person. Raises Missing, Conflict: it is answered, or only they can take back what they said."""
    now = ports.clock.now()

    def write(found: Review) -> None:
        if found.status != "open" or found.digest != digest:
            raise Conflict("digest", "this question is not open any more")
        found.status, found.reason, found.looked_by, found.looked_at = said.status, said.reason, by, now

    before = get(ports, scope, id)
    if said.status == "changed" and before.campaign is None and before.status == "open":
        _lift(ports, scope, before)
    kept = _REVIEWS.change(ports, scope, id, write)
    ports.journal.append(scope, STREAM, now, by, "reviewed", {"review": id, "status": kept.status})
    return kept


def _of_message(ports: Ports, scope: Scope, campaign: str, contact: str) -> tuple[str, dict[str, Any]]:
    told = explain(ports, scope, campaign, contact)
    return told.sentence, {
        "state": told.state,
        "held": told.evidence.get("held"),
        "verdict": told.evidence.get("verdict"),
    }


def _of_stop(ports: Ports, scope: Scope, contact: Contact) -> tuple[str, dict[str, Any]]:
    found = {
        reach: {"reason": each.body.get("reason"), "at": each.body.get("at")}
        for reach, each in suppressions_of(ports, scope, contact.person, None).items()
        if holds(each.body, scope.workspace, contact.person)
    }
    if not found:
        raise Conflict("campaign", "nothing stops messages to them; name the campaign whose message it is about")
    said = "; ".join(f"{reach}: {each['reason']} since {str(each['at'])[:10]}" for reach, each in found.items())
    return f"Messages to them are stopped ({said}).", found


def _lift(ports: Ports, scope: Scope, review: Review) -> None:
    reasons = {each.get("reason") for each in review.factors.values()}
    if not reasons & set(BY_SERVERS):
        raise Conflict("decision", "they said so themselves, and only they can take it back, on their page of choices")
    lift(ports, scope, review.person)
