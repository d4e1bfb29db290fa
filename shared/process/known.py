"""What the expressions of a run may speak of: its inputs, and what steps before have made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from shared.domain.run import HIDDEN, Run
from shared.domain.scope import Scope
from shared.ports import Ports
from shared.process.books import Book, steps_of
from shared.process.declared import Plan
from shared.process.vault import values

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def span(text: str) -> timedelta:
    """The length of time behind `90s`, `10m`, `2h`, `14d`."""
    return timedelta(**{_UNITS[text[-1]]: int(text[:-1])})


def names_of(
    ports: Ports, scope: Scope, run: Run, plan: Plan, item: Any = None, book: Book | None = None
) -> dict[str, Any]:
    """What `resolve` is given; a step is read when an expression first names it."""
    return {
        "inputs": run.inputs,
        "steps": _Steps(ports, scope, run, plan, book or Book(ports, scope, run.id)),
        "item": item,
        "run": about(ports, run.id, run.process, run.attempt, run.started_at or run.created_at),
        "event": run.event,
        "secrets": _Secrets(lambda name: values(ports, scope, [name]).get(name)),
    }


def about(ports: Ports, id: str, process: str, attempt: int, started: datetime) -> dict[str, Any]:
    """`run` in expressions."""
    return {
        "id": id,
        "process": process,
        "attempt": attempt,
        "date": started.astimezone(ZoneInfo(ports.timezone)).date().isoformat(),
        "started_at": started.isoformat(),
    }


def masked(names: Mapping[str, Any], sensitive: list[str]) -> dict[str, Any]:
    """The same with its sensitive inputs and every secret hidden: what is written down."""
    inputs = {**names["inputs"], **{name: HIDDEN for name in sensitive if name in names["inputs"]}}
    return {**names, "inputs": inputs, "secrets": _Secrets(lambda _: HIDDEN)}


class _Secrets(Mapping[str, str]):
    """Read when an expression names one, so that nothing is decrypted that no step wants."""

    def __init__(self, value: Callable[[str], str | None]) -> None:
        self._value = value

    def __getitem__(self, name: str) -> str:
        found = self._value(name)
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


class _Steps(Mapping[str, Any]):
    """Each step of the plan as expressions see it: {state, outputs}; outputs of a loop are a list."""

    def __init__(self, ports: Ports, scope: Scope, run: Run, plan: Plan, book: Book) -> None:
        self._ports, self._scope, self._run = ports, scope, run
        self._ids, self._book = plan.by_id, book
        self._read: dict[str, dict[str, Any]] = {}

    def __getitem__(self, id: str) -> dict[str, Any]:
        if id not in self._ids:
            raise KeyError(id)
        if id not in self._read:
            self._read[id] = self._found(id)
        return self._read[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def _found(self, id: str) -> dict[str, Any]:
        step = self._book.read(id)
        if step is None or (step.attempt != self._run.attempt and id in self._run.again):
            return {"state": "skipped", "outputs": [] if self._ids[id].foreach else {}}
        if step.items is None:
            return {"state": step.status, "outputs": step.outputs}
        items = sorted(steps_of(self._ports, self._scope, self._run.id, id), key=lambda each: each.item or 0)
        return {"state": step.status, "outputs": [each.outputs for each in items if (each.item or 0) < step.items]}
