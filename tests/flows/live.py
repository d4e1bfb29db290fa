"""Flows played without replays, and counted as Durable Task Scheduler bills them: 1 action per start of an
orchestration or sub-orchestration, 2 per activity, 1 per timer and 1 per event."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from .stage import EPOCH

Answer = Callable[[str, dict[str, Any], datetime], Any]
BILLED = {"start": 1, "activity": 2, "timer": 1, "event": 1}


class Task:
    """What a flow waits for; a timer knows when it fires."""

    def __init__(self, is_completed: bool = False, result: Any = None, at: datetime | None = None) -> None:
        self.is_completed, self.result, self.at = is_completed, result, at
        self.any_of: list[Task] = []

    def cancel(self) -> None:
        self.at = None


class Live:
    """The context of one instance whose activities answer at once and whose timers fire when nothing else is awaited.

    `counts`: starts, activities, timers and events; `events`: its history, both ends of every turn counted."""

    def __init__(self, flow: Any, order: dict[str, Any], answer: Answer, now: datetime = EPOCH) -> None:
        self.instance_id, self.current_utc_datetime = "local~main~live~1~1", now
        self.counts: Counter[str] = Counter(start=1)
        self.events = 2  # it began, it ended
        self.children: list[dict[str, Any]] = []
        self._order, self._answer = order, answer
        self._run(flow.bp._function_builders[0]._function.get_user_function().orchestrator_function(self))

    def get_input(self) -> dict[str, Any]:
        return self._order

    def call_activity(self, name: str, given: dict[str, Any]) -> Task:
        return self._asked("activity", Task(True, self._answer(name, given, self.current_utc_datetime)))

    def call_sub_orchestrator(self, name: str, given: dict[str, Any], instance: str) -> Task:
        self.children.append(given)
        self.events += 2
        return Task(True)

    def create_timer(self, at: datetime) -> Task:
        return self._asked("timer", Task(at=at))

    def wait_for_external_event(self, name: str) -> Task:
        return Task()

    def task_any(self, tasks: list[Task]) -> Task:
        together = Task()
        together.any_of = tasks
        return together

    def task_all(self, tasks: list[Task]) -> Task:
        return Task(True)

    @property
    def actions(self) -> int:
        return sum(n * BILLED[what] for what, n in self.counts.items())

    def _asked(self, what: str, task: Task) -> Task:
        self.counts[what] += 1
        self.events += 2
        return task

    def _run(self, flow: Iterator[Any]) -> None:
        try:
            awaited = next(flow)
            while True:
                self._come_to_pass(awaited)
                awaited = flow.send(awaited.result)  # type: ignore[attr-defined]
        except StopIteration:
            return

    def _come_to_pass(self, awaited: Task) -> None:
        self.events += 2
        if awaited.is_completed or any(task.is_completed for task in awaited.any_of):
            return
        timers = [task for task in (awaited, *awaited.any_of) if task.at]
        first = min(timers, key=lambda task: task.at or EPOCH)
        assert first.at is not None
        first.is_completed, self.current_utc_datetime = True, max(first.at, self.current_utc_datetime)
