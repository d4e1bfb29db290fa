"""How every flow asks for a step: faults are tried again with doubling waits, Later waits for its time or the doorbell
(design 4.6 and 4.7). Generators over durable tasks, nothing else."""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime, timedelta
from typing import Any

from azure.durable_functions import DurableOrchestrationContext

from shared.domain.names import DOORBELL
from shared.domain.outcome import Done, Later, Outcome, Refused, from_wire

Steps = Generator[Any, Any, Any]

FAULTS = 12
"""How often a faulting step is tried before the flow fails: after 5 s, 10 s, … 85 min, almost three hours in all."""
FIRST_WAIT = timedelta(seconds=5)


class Bell:
    """The instance's one open wait for the doorbell. One, because same-named waits are served last in, first out.

    It stays open while anything else is awaited: a doorbell that finds no wait open answers every later wait at once,
    again and again, on Azure.
    """

    def __init__(self, context: DurableOrchestrationContext) -> None:
        self._context = context
        self._ring: Any = None
        self._rang = False
        self.since = context.current_utc_datetime.isoformat()
        """When the flow began, if its first turn made the bell."""

    def wait(self, until: datetime) -> Generator[Any, Any, bool]:
        """Wait for the doorbell or the moment, whichever is first. True if it rang, be it since the last wait."""
        if not self._rang:
            timer = self._context.create_timer(max(until, self._context.current_utc_datetime + timedelta(seconds=1)))
            yield from self._beside(timer)
            if not timer.is_completed:
                timer.cancel()
        rang, self._rang = self._rang, False
        return rang

    def any_of(self, tasks: list[Any]) -> Generator[Any, Any, bool]:
        """Wait for the first of them or the doorbell. True if it rang, be it since the last wait."""
        if not self._rang:
            yield from self._beside(*tasks)
        rang, self._rang = self._rang, False
        return rang

    def listen(self, task: Any) -> Generator[Any, Any, Any]:
        """The result of a task. Raises its fault."""
        while not task.is_completed:
            yield from self._beside(task)
        return (yield task)

    def _beside(self, *tasks: Any) -> Generator[Any, Any, None]:
        if self._ring is None or self._ring.is_completed:
            self._ring = self._context.wait_for_external_event(DOORBELL)
        yield self._context.task_any([self._ring, *tasks])
        self._rang = self._rang or self._ring.is_completed


def attempt(
    context: DurableOrchestrationContext, name: str, order: dict[str, Any], bell: Bell
) -> Generator[Any, Any, Outcome]:
    """One answer of a step, faults tried again. Raises the last fault when all tries are used up."""
    wait = FIRST_WAIT
    for tries_left in reversed(range(FAULTS)):
        try:
            told = {**order, "instance": context.instance_id, "since": bell.since}
            wire = yield from bell.listen(context.call_activity(name, told))
            return from_wire(wire)
        except Exception:
            if not tries_left:
                raise
        yield from bell.listen(context.create_timer(context.current_utc_datetime + wait))
        wait *= 2
    raise AssertionError("unreachable: the last try returns or raises")


def perform(
    context: DurableOrchestrationContext, name: str, order: dict[str, Any], bell: Bell | None = None
) -> Generator[Any, Any, Done | Refused]:
    """The step's final answer: asks again whenever it says Later, at that time or when the doorbell rings."""
    bell = bell or Bell(context)
    while True:
        outcome = yield from attempt(context, name, order, bell)
        if not isinstance(outcome, Later):
            return outcome
        yield from bell.wait(outcome.at)
