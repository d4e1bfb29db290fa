"""Threads for jobs, begun when they are first needed; one whose job takes too long is given up, and replaced."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable
from typing import Protocol

_LONGEST_LOOK = 1.0  # seconds between two looks of the watch


class Job(Protocol):
    """What a thread runs. It must not raise."""

    def run(self) -> bool:
        """Do it all; False: it was given up meanwhile."""

    def give_up(self, timeout: float) -> bool:
        """Asked by another thread: end without it if it has taken more than so many seconds; whether that was so."""


class Jobs:
    """At most `size` threads that run jobs in order, each for `timeout` seconds; they do not keep the process alive."""

    def __init__(self, name: str, size: int, timeout: float | None) -> None:
        self._name, self._size, self._timeout = name, size, timeout
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._running: dict[threading.Thread, Job] = {}
        self._closing = threading.Event()

    def submit(self, job: Job) -> None:
        """Run a job as soon as a thread is free. Called by one thread at a time."""
        self._jobs.put(job)
        if not self._threads and self._timeout is not None:
            self._thread("watch", lambda: self._watch(self._timeout or 0.0)).start()
        if len(self._threads) < self._size:
            self._begin()

    def _begin(self) -> None:
        thread = self._thread("runner", self._serve)
        thread.start()
        self._threads.append(thread)  # only now: `close`, on another thread, joins what is listed

    def _thread(self, role: str, target: Callable[[], None]) -> threading.Thread:
        return threading.Thread(target=target, name=f"{self._name}-{role}", daemon=True)

    async def close(self, grace: float) -> None:
        """Begin no more jobs, and give those that run `grace` seconds to end."""
        self._closing.set()
        for _ in self._threads:
            self._jobs.put(None)
        await asyncio.to_thread(self._join, time.monotonic() + grace)

    def _join(self, deadline: float) -> None:
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _serve(self) -> None:
        me = threading.current_thread()
        while (job := self._jobs.get()) is not None:
            if self._closing.is_set():
                continue
            self._running[me] = job
            if not job.run():
                return  # another thread has the place
            del self._running[me]

    def _watch(self, timeout: float) -> None:
        while not self._closing.wait(min(timeout / 4, _LONGEST_LOOK)):
            for thread, job in self._running.copy().items():
                if job.give_up(timeout):
                    del self._running[thread]
                    self._threads.remove(thread)
                    self._begin()
