"""Writing to whom a deal is about, in a sequence: a journey that begins with an event, so that its mails are approved
before, leave through the one gate, and stop with an answer. There is no second way to send."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from shared.agents import journeys
from shared.agents.deals.books import DEALS, every, get, note, score_of
from shared.domain.deal import CLOSED, Deal, Outreach, OutreachToMany, Reached
from shared.domain.faults import Conflict, FieldError, Missing, Rejected
from shared.domain.journey_state import Journey
from shared.domain.scope import Scope
from shared.ports import Ports

STOPS = ("reply", "booking", "opt_out")
"""Each of these ends a sequence at once."""
_SAID = 200
"""Deals that are left out, and said with the reason."""
_NO_CONTACT = "the deal has no contact; say whom one talks to"


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
    _check(deal)
    event = _event(journey)
    _not_begun(deal, name)
    _alone(ports, scope, name, event)
    now = ports.clock.now()

    def remember(found: Deal) -> None:
        _not_begun(found, name)
        found.outreach.append(Outreach(journey=name, at=now, by=by))
        found.changed_at = now

    # Told before it is remembered: whoever is killed in between begins again, and who is in the sequence stays there.
    journeys.tell(ports, scope, journeys.EventTold(event=event, contact=deal.contact))
    begun = DEALS.change(ports, scope, id, remember)
    note(ports, scope, id, by, "outreach", journey=name)
    return Begun(begun, journey)


def reach_many(ports: Ports, scope: Scope, by: str, wish: OutreachToMany) -> tuple[Reached, Journey]:
    """Let the contacts of deals at one stage into a sequence, those with the best score first, `most` of them. Whom it
    cannot be begun for is left out with the reason, and takes nobody's place. Raises as `reach_out` does for what is
    wrong with the journey."""
    journey, made = journeys.get(ports, scope, wish.journey), Reached()
    _alone(ports, scope, wish.journey, _event(journey))
    found = [*every(ports, scope, wish.stage)]
    waiting = deque(_best(ports, scope, [each for each in found if not _has_begun(each, wish.journey)]))
    made.before = len(found) - len(waiting)
    while waiting and len(made.begun) < wish.most:
        deal = waiting.popleft()
        why = _not_reached(ports, scope, deal, by, wish.journey)
        if not why:
            made.begun.append(deal.id)
        elif len(made.left_out) < _SAID:
            made.left_out[deal.id] = why
    made.waiting = len(waiting)
    return made, journey


def _not_reached(ports: Ports, scope: Scope, deal: Deal, by: str, name: str) -> str:
    """Why the sequence was not begun for it, of whatever sort that is; "" if it was."""
    if not deal.contact:
        return _NO_CONTACT
    try:
        reach_out(ports, scope, deal.id, by, name)
    except Conflict as why:
        return why.error.reason
    except Rejected as why:
        return "; ".join(each.reason for each in why.errors)
    except Missing as why:
        return str(why)
    return ""


def _best(ports: Ports, scope: Scope, found: Sequence[Deal]) -> list[Deal]:
    scores = {each.id: score_of(ports, scope, each) for each in found}
    return sorted(found, key=lambda each: (-scores[each.id], each.created_at))


def _check(deal: Deal) -> None:
    if deal.stage in CLOSED:
        raise Conflict("stage", f"the deal is {deal.stage}")
    if not deal.contact:
        raise Rejected(FieldError("contact", _NO_CONTACT))


def _event(journey: Journey) -> str:
    """What it begins with. Raises Rejected or Conflict if it is no sequence that can be begun."""
    plan = journey.declared()
    if plan.enter.event is None:
        raise Rejected(FieldError("journey", "it must begin with an event (enter: {event: …}), not with a segment"))
    if missing := [each for each in STOPS if each not in plan.stop_on]:
        raise Rejected(FieldError("journey", f"its stop_on lacks {', '.join(missing)}: an answer has to end it"))
    if journey.status != "running":
        raise Conflict("journey", f"it is {journey.status}; approve its mails and start it first")
    return plan.enter.event


def _has_begun(deal: Deal, name: str) -> bool:
    return any(each.journey == name for each in deal.outreach)


def _not_begun(deal: Deal, name: str) -> None:
    if _has_begun(deal, name):
        raise Conflict("journey", f"{name} was begun for this deal already")


def _alone(ports: Ports, scope: Scope, name: str, event: str) -> None:
    """The event lets people into every journey that begins with it, and a person asked for this one."""
    others = sorted(each.id for each in journeys.listeners(ports, scope, event) if each.id != name)
    if others:
        told = f"{', '.join(others)} would begin with the same event, {event!r}; give each sequence an event of its own"
        raise Conflict("journey", told)
