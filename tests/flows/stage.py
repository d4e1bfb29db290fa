"""A stage for one flow: speaks the Durable extension's own JSON to the SDK's handle, turn by turn, from full history.

Nothing of the embedded host is used: what plays here plays on any host that speaks the protocol."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.domain.names import DOORBELL

EPOCH = datetime(2027, 3, 2, 9, tzinfo=UTC)
ACTIVITY, SUB, TIMER, EVENT = 0, 2, 5, 6
_CREATED = {ACTIVITY: 4, SUB: 7, TIMER: 10}

Answer = Callable[[dict[str, Any]], Any]
"""Given an action (`functionName`, `input` decoded), its result; an exception it raises is the activity's fault."""


def replay(handle: Any, instance: str, input: Any, history: list[dict[str, Any]]) -> dict[str, Any]:
    """One turn: what the flow asks for after this history. Raises what the flow raises."""
    context = {
        "history": history,
        "input": json.dumps(input),
        "instanceId": instance,
        "isReplaying": False,
        "parentInstanceId": None,
        "upperSchemaVersion": 1,
        "upperSchemaVersionNew": 2,
    }
    answer: dict[str, Any] = json.loads(handle(json.dumps(context)))
    return answer


def flat(actions: list[Any]) -> Iterator[dict[str, Any]]:
    """Actions without their compounds, in the order of their ids; waiting for an event takes no id and is left out."""
    for action in actions:
        if isinstance(action, list):
            yield from flat(action)
        elif "compoundActions" in action:
            yield from flat(action["compoundActions"])
        elif action["actionType"] != EVENT:
            yield action


@dataclass
class Stage:
    """Plays one instance to its end, or until it waits for something that `answer` does not give."""

    handle: Any
    input: Any
    answer: Answer
    instance: str = "local~main~test~1~1"
    now: datetime = EPOCH
    history: list[dict[str, Any]] = field(default_factory=list)
    version: str | None = "1.0.0"
    rings: frozenset[int] = frozenset()
    """Steps, by id, during which the doorbell rings."""
    asked: list[tuple[str, Any]] = field(default_factory=list)
    timers: dict[int, datetime] = field(default_factory=dict)
    output: Any = None
    done: bool = False
    _seen: int = 0

    def play(self, until: datetime | None = None) -> Stage:
        """Turn after turn; time jumps to the next timer whenever nothing else can happen, not beyond `until`."""
        if not self.history:
            started = {"Name": "test", "Version": self.version, "Input": json.dumps(self.input)}
            self._turn([self._event(0, **started)])
        while not self.done and self.timers:
            id, at = min(self.timers.items(), key=lambda timer: (timer[1], timer[0]))
            if until and at > until:
                self.now = until
                break
            del self.timers[id]
            self.now = max(self.now, at)
            self._turn([self._event(11, TimerId=id, FireAt=_iso(at))])
        return self

    def ring(self, name: str) -> Stage:
        """An external event without data, now."""
        self._turn([self._event(15, Name=name, Input="null")])
        return self

    def _turn(self, news: list[dict[str, Any]]) -> None:
        while news:
            self.history += [self._event(12), *news]
            result = replay(self.handle, self.instance, self.input, self.history)
            actions = list(flat(result["actions"]))
            self._cancel(actions)
            news = [event for id in range(self._seen, len(actions)) for event in self._begin(id, actions[id])]
            self._seen = len(actions)
            if result["isDone"]:
                self.done, self.output = True, result.get("output")
                return

    def _begin(self, id: int, action: dict[str, Any]) -> list[dict[str, Any]]:
        kind = action["actionType"]
        name = action.get("functionName")
        self.history.append(self._event(_CREATED[kind], EventId=id, **({"Name": name} if name else {})))
        if kind == TIMER:
            self.timers[id] = _moment(action["fireAt"])
            return []
        early = [self._event(15, Name=DOORBELL, Input="null")] if id in self.rings else []
        given = json.loads(action["input"])
        self.asked.append((name or "", given))
        completed, failed = (5, 6) if kind == ACTIVITY else (8, 9)
        try:
            result = self.answer({"functionName": name, "input": given})
        except Exception as fault:
            return [*early, self._event(failed, TaskScheduledId=id, Reason=str(fault), Details="")]
        return [*early, self._event(completed, TaskScheduledId=id, Result=json.dumps(result))]

    def _cancel(self, actions: list[dict[str, Any]]) -> None:
        for id, action in enumerate(actions):
            if action["actionType"] == TIMER and action.get("isCanceled"):
                self.timers.pop(id, None)

    def _event(self, kind: int, **fields: Any) -> dict[str, Any]:
        return {"EventType": kind, "EventId": -1, "IsPlayed": False, "Timestamp": _iso(self.now), **fields}


def later(stage_now: datetime, why: str = "x", **time: float) -> dict[str, Any]:
    """The wire form of Later, that much after `stage_now`."""
    return {"outcome": "later", "at": _iso(stage_now + timedelta(**time)), "why": why}


def done(**data: Any) -> dict[str, Any]:
    """The wire form of Done."""
    return {"outcome": "done", "data": data}


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace(" ", "T").rstrip("Z")).replace(tzinfo=UTC)
