"""The pages of journeys."""

from __future__ import annotations

from functions.flows import journey_flow
from functions.http.handlers.html import html, see
from shared.access.call import Answer, Call, Paging
from shared.agents import journeys
from shared.domain.faults import FieldError, Rejected

_STEERS = {"start": journeys.start, "pause": journeys.pause, "resume": journeys.resume, "stop": journeys.stop}


def listing(call: Call, query: Paging) -> Answer[str]:
    """All journeys."""
    items, cursor = journeys.listing(call.ports, call.scope, query.limit, query.cursor)
    return html(call, "journeys", here="journeys", journeys=items, cursor=cursor)


def show(call: Call, query: Paging) -> Answer[str]:
    """One journey, step by step, with how many people stand where, and who."""
    name = call.path["name"]
    drawn = journeys.drawn(call.ports, call.scope, name)
    items, cursor = journeys.people(call.ports, call.scope, name, None, min(query.limit, 25), query.cursor)
    most = max([1, *(each.people for each in drawn.steps)])
    return html(call, "journey", here="journeys", drawn=drawn, people_in=items, cursor=cursor, most=most)


def steer(call: Call) -> Answer[str]:
    """Start, pause, resume or stop it."""
    name, what = call.path["name"], call.form.get("do", "")
    if what not in _STEERS:
        raise Rejected(FieldError("do", f"must be one of {', '.join(_STEERS)}"))
    journey = _STEERS[what](call.ports, call.scope, name, call.principal)
    flow = journey_flow(call.scope, journey)
    return see(f"/journeys/{name}", start=[flow] if what in ("start", "resume") else [], ring=[flow.instance_id])


def path(call: Call) -> Answer[str]:
    """One person's way."""
    walked = journeys.walked(call.ports, call.scope, call.path["name"], call.path["contact"])
    return html(call, "journey_path", here="journeys", walked=walked)
