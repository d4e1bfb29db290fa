"""What a new plan does to those who are on their way."""

from __future__ import annotations

from collections.abc import Mapping

from shared.domain.journey import Plan, Send
from shared.domain.journey_state import Affected, Changes, Journey
from shared.domain.journey_steps import Stand, Stands, described, stands
from shared.domain.position import LEFT

_NOT_A_STEP = ("entered", "had.", f"{LEFT}.")


def affected(journey: Journey, plan: Plan, mails: Mapping[str, str], counts: Mapping[str, int]) -> Changes:
    """Who stands at a step that changes, and what becomes of them. `mails` are the campaigns of the new plan, `counts`
    where people stand now."""
    old, new = stands(journey.declared()), stands(plan)
    standing = {name: n for name, n in counts.items() if not name.startswith(_NOT_A_STEP)}
    found = [each for name, n in standing.items() if (each := _at(old.get(name), name, n, journey, new, mails))]
    words = [name for name in mails if name in journey.mails and journey.mails[name] != mails[name]]
    return Changes(
        journey=journey.id,
        version=journey.version + 1,
        under_way=sum(standing.values()),
        people=sum(each.people for each in found),
        affected=found,
        had={name: counts[f"had.{name}"] for name in words if counts.get(f"had.{name}")},
        new_mails=sorted(name for name, id in mails.items() if id not in journey.mails.values()),
        added=[name for name in new if name not in old],
        removed=[name for name in old if name not in new],
    )


def moved(journey: Journey, plan: Plan) -> dict[str, str | None]:
    """Every step that is not there any more, of this version or one before -> where people go on who stood there."""
    old, new = stands(journey.declared()), stands(plan)
    gone = {name: _next(old, name, new) for name in old if name not in new}
    earlier = {name: to if to in new else gone.get(to or "") for name, to in journey.moved.items() if name not in new}
    return earlier | gone


def _next(old: Stands, name: str, new: Stands) -> str | None:
    """The first step after it, as the old plan had them, that is still there."""
    here: str | None = name
    while here is not None and here not in new:
        here = old[here].then
    return here


def _at(
    was: Stand | None, name: str, people: int, journey: Journey, new: Stands, mails: Mapping[str, str]
) -> Affected | None:
    now = new.get(name)
    if now is None:
        to = _next(stands(journey.declared()), name, new) if was else None
        said = f"they go on with {described(new[to])}" if to else "they leave"
        waits = " when their wait is over" if was and was.kind == "wait" else ""
        return Affected(step=name, people=people, change="taken away", then=said + waits)
    if isinstance(now.step, Send) and journey.mails.get(name) != mails.get(name):
        return Affected(step=name, people=people, change="new words", then="they get the new mail, once")
    if was and (was.step != now.step or (was.then, was.otherwise) != (now.then, now.otherwise)):
        waits = "the wait that has begun ends as it would have; then they go on" if now.kind == "wait" else "they go on"
        return Affected(step=name, people=people, change="changed", then=f"{waits} as the new plan says")
    return None
