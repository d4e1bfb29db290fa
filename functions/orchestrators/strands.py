"""Lines of work beside each other in one flow: each waits for its own task, all hear the same doorbell."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from azure.durable_functions import DurableOrchestrationContext

from functions.orchestrators.perform import FAULTS, FIRST_WAIT, Bell, Steps
from shared.domain.outcome import Later, from_wire

Work = Generator[Any, Any, Any]
"""Yields what it waits for: a durable task, a Pause or others Together; is sent what came of it."""


class Pause(NamedTuple):
    """Until the moment, or until the doorbell rings."""

    until: datetime


class Together:
    """Works beside each other. `more` gives those that begin now, whenever one has ended; over when there is none."""

    def __init__(self, context: DurableOrchestrationContext, more: Callable[[], Iterable[Work]]) -> None:
        self._context, self._more = context, more
        self._strands: list[_Strand] = []

    def go_on(self, rang: bool = False) -> bool:
        """As far as they come without waiting; False if all are over."""
        self._strands = [each for each in self._strands if each.go_on(rang)]
        while begun := [_Strand(self._context, work) for work in self._more()]:
            self._strands += [each for each in begun if each.go_on(False)]
        return bool(self._strands)

    def tasks(self) -> list[Any]:
        """What is waited for now."""
        return [task for each in self._strands for task in each.tasks()]


def all_of(together: Together, bell: Bell) -> Steps:
    """Go on until all are over."""
    rang = False
    while together.go_on(rang):
        rang = yield from bell.any_of(together.tasks())


def answered(context: DurableOrchestrationContext, name: str, order: dict[str, Any], since: str) -> Work:
    """The final answer of an activity, as `perform` gets it: faults are tried again, Later waits."""
    told = {**order, "instance": context.instance_id, "since": since}
    wait, faults = FIRST_WAIT, 0
    while True:
        try:
            outcome = from_wire((yield context.call_activity(name, told)))
        except Exception:
            faults += 1
            if faults == FAULTS:
                raise
            yield context.create_timer(context.current_utc_datetime + wait)
            wait *= 2
            continue
        if not isinstance(outcome, Later):
            return outcome
        wait, faults = FIRST_WAIT, 0
        yield Pause(outcome.at)


class _Strand:
    """One work, and what it waits for."""

    def __init__(self, context: DurableOrchestrationContext, work: Work) -> None:
        self._context, self._work = context, work
        self._present: Any = None
        self._pauses = self._heard = False

    def tasks(self) -> list[Any]:
        return self._present.tasks() if isinstance(self._present, Together) else [self._present]

    def go_on(self, rang: bool) -> bool:
        """False once it is over."""
        self._heard = self._heard or rang
        try:
            while self._is_free(rang):
                self._resume()
                rang = False
        except StopIteration:
            return False
        return True

    def _is_free(self, rang: bool) -> bool:
        if isinstance(self._present, Together):
            return not self._present.go_on(rang)
        return self._present is None or self._present.is_completed or (self._pauses and self._heard)

    def _resume(self) -> None:
        present, result = self._present, getattr(self._present, "result", None)
        if self._pauses:
            self._pauses = self._heard = False
            if not present.is_completed:
                present.cancel()
            result = None
        wanted = self._work.throw(result) if isinstance(result, Exception) else self._work.send(result)
        if isinstance(wanted, Pause):
            self._pauses, wanted = True, self._timer(wanted.until)
        self._present = wanted

    def _timer(self, until: datetime) -> Any:
        return self._context.create_timer(max(until, self._context.current_utc_datetime + timedelta(seconds=1)))
