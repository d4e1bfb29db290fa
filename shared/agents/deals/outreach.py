"""Writing to whom a deal is about, in a sequence: a journey that begins with an event, so that its mails are approved
before, leave through the one gate, and stop with an answer. There is no second way to send."""

from __future__ import annotations

from typing import NamedTuple

from shared.agents import journeys
from shared.agents.deals.books import DEALS, every, get, note, score_of
from shared.domain.deal import CLOSED, Deal, Outreach, OutreachToMany, Reached
from shared.domain.faults import Conflict, FieldError, Rejected
from shared.domain.journey_state import Journey
from shared.domain.scope import Scope
from shared.ports import Ports

STOPS = ("reply", "booking", "opt_out")
"""Each of these ends a sequence at once."""


class Begun(NamedTuple):
    """The deal, and the journey whose flow is to be woken."""

    deal: Deal
    journey: Journey


def reach_out(ports: Ports, scope: Scope, id: str, by: str, name: str) -> Begun:
    """Let the deal's contact into the sequence `name`. Whoever may not be written to is held by the gate, as always.

    Raises Missing; Rejected if there is no contact, or the journey does not begin with an event or does not stop with
    an answer; Conflict if the deal is closed, the journey does not run, another one begins with the same event, or they
    are in it already."""
    deal, journey = get(ports, scope, id), journeys.get(ports, scope, name)
    _check(deal, journey)
    _not_begun(deal, name)
    plan = journey.declared()
    assert plan.enter.event is not None, "checked"
    _alone(ports, scope, name, plan.enter.event)
    now = ports.clock.now()

    def remember(found: Deal) -> None:
        _not_begun(found, name)
        found.outreach.append(Outreach(journey=name, at=now, by=by))
        found.changed_at = now

    # Told before it is remembered: whoever is killed in between begins again, and who is in the sequence stays there.
    journeys.tell(ports, scope, journeys.EventTold(event=plan.enter.event, contact=deal.contact))
    begun = DEALS.change(ports, scope, id, remember)
    note(ports, scope, id, by, "outreach", journey=name)
    return Begun(begun, journey)


def reach_many(ports: Ports, scope: Scope, by: str, wish: OutreachToMany) -> tuple[Reached, Journey]:
    """Let the contacts of deals at one stage into a sequence, those with the best score first, `most` of them. Whom it
    was begun for already, and who has no contact, is passed over. Raises as `reach_out` does for what is wrong with the
    journey."""
    journey = journeys.get(ports, scope, wish.journey)
    made, waiting = Reached(), _waiting(ports, scope, wish)
    for deal in waiting[: wish.most]:
        try:
            reach_out(ports, scope, deal.id, by, wish.journey)
            made.begun.append(deal.id)
        except Conflict as why:
            if not made.begun and why.error.field == "journey":
                raise
            made.left_out[deal.id] = why.error.reason
    made.waiting = len(waiting) - len(made.begun)
    return made, journey


def _waiting(ports: Ports, scope: Scope, wish: OutreachToMany) -> list[Deal]:
    found = [
        each
        for each in every(ports, scope, wish.stage)
        if each.contact and all(begun.journey != wish.journey for begun in each.outreach)
    ]
    scores = {each.id: score_of(ports, scope, each) for each in found}
    return sorted(found, key=lambda each: (-scores[each.id], each.created_at))


def _check(deal: Deal, journey: Journey) -> None:
    if deal.stage in CLOSED:
        raise Conflict("stage", f"the deal is {deal.stage}")
    if not deal.contact:
        raise Rejected(FieldError("contact", "the deal has no contact; say whom one talks to"))
    plan = journey.declared()
    if plan.enter.event is None:
        raise Rejected(FieldError("journey", "it must begin with an event (enter: {event: …}), not with a segment"))
    if missing := [each for each in STOPS if each not in plan.stop_on]:
        raise Rejected(FieldError("journey", f"its stop_on lacks {', '.join(missing)}: an answer has to end it"))
    if journey.status != "running":
        raise Conflict("journey", f"it is {journey.status}; approve its mails and start it first")


def _not_begun(deal: Deal, name: str) -> None:
    if any(each.journey == name for each in deal.outreach):
        raise Conflict("journey", f"{name} was begun for this deal already")


def _alone(ports: Ports, scope: Scope, name: str, event: str) -> None:
    """The event lets people into every journey that begins with it, and a person asked for this one."""
    others = sorted(each.id for each in journeys.listeners(ports, scope, event) if each.id != name)
    if others:
        told = f"{', '.join(others)} would begin with the same event, {event!r}; give each sequence an event of its own"
        raise Conflict("journey", told)
