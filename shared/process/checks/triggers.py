"""What starts a run: one thing each, and that the run is given what it needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from shared.domain.event import EventType
from shared.process.checks.inputs import refused
from shared.process.draft import Draft, Json
from shared.process.problems import meant
from shared.process.source import Path, Wrong
from shared.process.template import has_expression

_KINDS = ("cron", "event", "bus", "file")
_EVENTS = get_args(EventType)


def triggers(draft: Draft) -> Iterator[Wrong]:
    """Triggers with no cause or several, wrong times, and inputs that nobody gives."""
    found = draft.body.get("triggers")
    for index, trigger in enumerate(found if isinstance(found, list) else ()):
        if isinstance(trigger, dict):
            yield from _trigger(draft, trigger, ("triggers", index))


def _trigger(draft: Draft, trigger: Json, path: Path) -> Iterator[Wrong]:
    causes = [kind for kind in _KINDS if trigger.get(kind) is not None]
    if len(causes) != 1:
        yield Wrong(path, f"must have exactly one of {', '.join(_KINDS)}", "make it a trigger each" if causes else None)
    if isinstance(trigger.get("cron"), str) and (reason := _wrong_time(trigger["cron"])):
        yield Wrong((*path, "cron"), reason, "minute, hour, day, month, day of the week: `0 7 * * 1-5`")
    if isinstance(trigger.get("event"), str) and trigger["event"] not in _EVENTS:
        yield Wrong((*path, "event"), f"there is no event `{trigger['event']}`", meant(trigger["event"], _EVENTS))
    yield from _given(draft, trigger, path)


def _given(draft: Draft, trigger: Json, path: Path) -> Iterator[Wrong]:
    given = trigger.get("with")
    given = given if isinstance(given, dict) else {}
    for name, value in given.items():
        if name not in draft.inputs:
            yield Wrong((*path, "with", name), f"there is no input `{name}`", meant(name, draft.inputs), at_key=True)
        elif not has_expression(value) and (why := refused(value, draft.inputs[name])):
            yield Wrong((*path, "with", name), why[0], why[1])
    file = trigger.get("file")
    filled = file.get("input") if isinstance(file, dict) else None
    if isinstance(filled, str):
        if filled not in draft.inputs:
            yield Wrong((*path, "file", "input"), f"there is no input `{filled}`", meant(filled, draft.inputs))
        elif draft.inputs[filled].get("type") not in ("file", "files"):
            yield Wrong((*path, "file", "input"), f"`{filled}` is no file", f"give `{filled}` the type file")
    if trigger.get("bus") is not None:
        return  # the command says what else is given
    for name, each in draft.inputs.items():
        if name not in given and name != filled and each.get("default") is None and each.get("optional") is not True:
            said = f"the input `{name}` is given by nobody when this starts a run"
            yield Wrong(path, said, f"add `{name}` to `with`, or give it a default")


def _wrong_time(cron: str) -> str | None:
    from datetime import UTC, datetime

    from cronsim import CronSim, CronSimError

    try:
        next(CronSim(cron, datetime(2026, 1, 1, tzinfo=UTC)))
    except CronSimError as error:
        return f"is no time: {error}"
    except StopIteration:
        return "never comes"
    return None if len(cron.split()) == 5 else "must have five fields"
