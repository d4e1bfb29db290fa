"""Threads for short jobs, begun when they are first needed."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable

Job = Callable[[], None]


class Jobs:
    """At most `size` threads that run jobs in order; a job must not raise. They do not keep the process alive."""

    def __init__(self, name: str, size: int) -> None:
        self._name, self._size = name, size
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._closing = False

    def submit(self, job: Job) -> None:
        """Run a job as soon as a thread is free. Called by one thread only."""
        self._jobs.put(job)
        if len(self._threads) < self._size:
            thread = threading.Thread(target=self._serve, name=f"{self._name}-{len(self._threads)}", daemon=True)
            thread.start()
            self._threads.append(thread)  # only now: `close`, on another thread, joins what is listed

    async def close(self, grace: float) -> None:
        """Begin no more jobs, and give those that run `grace` seconds to end."""
        self._closing = True
        for _ in self._threads:
            self._jobs.put(None)
        await asyncio.to_thread(self._join, time.monotonic() + grace)

    def _join(self, deadline: float) -> None:
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _serve(self) -> None:
        while (job := self._jobs.get()) is not None:
            if not self._closing:
                job()
