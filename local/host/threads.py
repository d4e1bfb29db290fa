"""The threads of sync activities. One that takes too long is given up, and a new one has its place."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable

from local.host.model import ActivityFunction
from local.host.rows import Work

Item = tuple[ActivityFunction, Work]
_LONGEST_LOOK = 1.0  # seconds between two looks of the watch


class Threads:
    """Runs at most `size` items at once; `timeout` in seconds.

    `run` executes an item and returns what reports its end; `late` reports an item that has taken too long.
    """

    def __init__(
        self,
        size: int,
        timeout: float | None,
        run: Callable[[ActivityFunction, Work], Callable[[], None]],
        late: Callable[[Work], None],
    ) -> None:
        self._run, self._late = run, late
        self._waiting: queue.SimpleQueue[Item | None] = queue.SimpleQueue()
        self._own = threading.local()
        self._closing = threading.Event()
        self._places = [self._new_place() for _ in range(size)]
        if timeout is not None:
            threading.Thread(target=self._watch, args=(timeout,), name="activity-watch", daemon=True).start()

    def put(self, item: Item) -> None:
        """Run this as soon as there is room: if one of the threads asks while it reports, by that thread itself."""
        place: _Place | None = getattr(self._own, "place", None)
        if place and not place.next and self._waiting.empty():
            place.next = item
        else:
            self._waiting.put(item)

    def close(self) -> None:
        """Start no more."""
        self._closing.set()
        for _ in self._places:
            self._waiting.put(None)

    def join(self, grace: float) -> None:
        """After `close`: wait at most `grace` seconds for what runs."""
        deadline = time.monotonic() + grace
        for place in self._places:
            place.thread.join(max(0.0, deadline - time.monotonic()))

    def _new_place(self) -> _Place:
        place = _Place(self._serve)
        place.thread.start()
        return place

    def _serve(self, place: _Place) -> None:
        self._own.place = place
        while (item := place.next or self._waiting.get()) is not None:
            place.next = None
            if self._closing.is_set():
                continue
            place.put(item[1])
            report = self._run(*item)
            if place.take() is None:
                return  # too late: it has been reported, and another thread has the place
            report()

    def _watch(self, timeout: float) -> None:
        while not self._closing.wait(min(timeout / 4, _LONGEST_LOOK)):
            for number, place in enumerate(self._places):
                work = place.take(begun_before=time.monotonic() - timeout)
                if work is not None:
                    self._places[number] = self._new_place()
                    self._late(work)


class _Place:
    """A thread and the work that it runs. Whoever takes the work out reports its end."""

    def __init__(self, serve: Callable[[_Place], None]) -> None:
        self.thread = threading.Thread(target=serve, args=(self,), name="activity", daemon=True)
        self.next: Item | None = None
        self._lock = threading.Lock()
        self._work: Work | None = None
        self._begun = 0.0

    def put(self, work: Work) -> None:
        with self._lock:
            self._work, self._begun = work, time.monotonic()

    def take(self, begun_before: float = float("inf")) -> Work | None:
        with self._lock:
            if self._begun > begun_before:
                return None
            work, self._work = self._work, None
            return work
