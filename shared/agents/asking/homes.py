"""How the homes of models do: who answers, who does not, and since when. Known to this process alone: whoever starts
anew finds out anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Literal
from weakref import WeakKeyDictionary

from shared.domain.routing import Home, State
from shared.ports import Model, ModelUnavailable, Ports

FIRST_REST = timedelta(seconds=30)
LONGEST_REST = timedelta(minutes=10)
"""So long a home that failed is left alone, then it is tried again: doubling from the first to the last, or as long as
its Retry-After says, but for no more than an hour."""
MOST_WISHED = timedelta(hours=1)


@dataclass(frozen=True)
class Seen:
    """A home that failed: how, since when, how often, and until when it is left alone."""

    state: Literal["unreachable", "busy"]
    since: datetime
    faults: int
    until: datetime
    why: str


_SEEN: WeakKeyDictionary[Model, Seen] = WeakKeyDictionary()
_LOCK = Lock()


def homes(ports: Ports) -> list[tuple[Home, Seen | None]]:
    """Every home that is configured, as the decision wants it, and what was seen of it if it failed last."""
    now = ports.clock.now()
    with _LOCK:
        return [(_home(model, _SEEN.get(model), now), _SEEN.get(model)) for model in ports.models.values()]


def failed(model: Model, fault: ModelUnavailable, now: datetime) -> None:
    """It did not answer. What it said to one question that nobody could use says nothing about the next."""
    if fault.kind == "unusable":
        return
    with _LOCK:
        before = _SEEN.get(model)
        faults = before.faults + 1 if before else 1
        rest = min(LONGEST_REST, FIRST_REST * 2 ** min(faults - 1, 10))
        if fault.retry_after is not None:
            rest = min(MOST_WISHED, max(rest, timedelta(seconds=fault.retry_after)))
        state: Literal["unreachable", "busy"] = "unreachable" if fault.kind == "unreachable" else "busy"
        _SEEN[model] = Seen(state, before.since if before else now, faults, now + rest, str(fault))


def answered(model: Model) -> None:
    """It did."""
    if model in _SEEN:
        with _LOCK:
            _SEEN.pop(model, None)


def _home(model: Model, seen: Seen | None, now: datetime) -> Home:
    state: State = "ready" if seen is None or now >= seen.until else seen.state
    minutes = (now - seen.since) / timedelta(minutes=1) if seen else 0
    return Home(model.name, model.place, model.quality, model.abilities, model.tasks, model.longest, state, minutes)
