"""The open durable timers of all instances, by the time they fire."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from datetime import datetime

from local.host.history import to_text
from local.host.rows import Timer


class Deadlines:
    """A heap that tolerates cancelled timers and is rebuilt when they are too many."""

    def __init__(self, timers: Iterable[Timer]) -> None:
        self._open = {(timer.instance_id, timer.task): timer for timer in timers}
        self._heap = [_place(timer) for timer in self._open.values()]
        heapq.heapify(self._heap)

    def add(self, timer: Timer) -> None:
        """A timer has been committed."""
        self._open[timer.instance_id, timer.task] = timer
        heapq.heappush(self._heap, _place(timer))

    def discard(self, instance_id: str, task: int) -> None:
        """A timer is no longer open."""
        self._open.pop((instance_id, task), None)
        if len(self._heap) > 2 * len(self._open) + 64:
            self._heap = [_place(timer) for timer in self._open.values()]
            heapq.heapify(self._heap)

    def next(self) -> datetime | None:
        """When the first timer fires."""
        while self._heap and not self._is_open(self._heap[0]):
            heapq.heappop(self._heap)
        return datetime.fromisoformat(self._heap[0][0]) if self._heap else None

    def due(self, now: datetime) -> list[Timer]:
        """The timers whose time has come, in order of (time, instance, task); they are open no more."""
        due: list[Timer] = []
        if not self._heap:
            return due
        limit = to_text(now)
        while self._heap and self._heap[0][0] <= limit:
            place = heapq.heappop(self._heap)
            if self._is_open(place):
                due.append(self._open.pop(place[1:3]))
        return due

    def _is_open(self, place: tuple[str, str, int, str]) -> bool:
        timer = self._open.get(place[1:3])
        return timer is not None and _place(timer) == place


def _place(timer: Timer) -> tuple[str, str, int, str]:
    return timer.fire_at, timer.instance_id, timer.task, timer.execution_id
