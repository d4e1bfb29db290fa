"""Running activities: sync ones in threads of their own, async ones on the loop of the app."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Sequence

from local.host.history import Event, Kind, event
from local.host.model import ActivityFunction, Functions
from local.host.rows import Message, Work


class ActivityPool:
    """At most `size` sync activities and `size` async ones at once; `report` takes each end, on any thread."""

    def __init__(
        self,
        functions: Functions,
        size: int,
        loop: asyncio.AbstractEventLoop,
        report: Callable[[Work, Message], None],
    ) -> None:
        self._activities = functions.activities
        self._loop = loop
        self._report = report
        self._turn = asyncio.Semaphore(size)
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting: queue.SimpleQueue[tuple[ActivityFunction, Work] | None] = queue.SimpleQueue()
        self._closing = False
        self._threads = [
            threading.Thread(target=self._serve, name=f"activity-{number}", daemon=True) for number in range(size)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, works: Sequence[Work]) -> None:
        """Run these as soon as there is room."""
        on_loop: list[tuple[ActivityFunction, Work]] = []
        for work in works:
            function = self._activities.get(work.name.lower())
            if function is None:
                self._report(work, _message(work, _unknown(work)))
            elif function.is_async:
                on_loop.append((function, work))
            else:
                self._waiting.put((function, work))
        if on_loop:
            self._loop.call_soon_threadsafe(self._spawn, on_loop)

    async def close(self, grace: float) -> None:
        """Start no more; give those that run `grace` seconds to end. What has not ended runs again another time."""
        self._closing = True
        for _ in self._threads:
            self._waiting.put(None)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=grace)
        for task in self._tasks:
            task.cancel()
        await asyncio.to_thread(self._join, time.monotonic() + grace)

    def _join(self, deadline: float) -> None:
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _serve(self) -> None:
        while (item := self._waiting.get()) is not None:
            if self._closing:
                continue
            function, work = item
            try:
                outcome = _completed(work, function.call(work.input))
            except BaseException as error:  # whatever user code raises fails the task, not the thread
                outcome = _failed(work, error)
            self._report(work, _message(work, outcome))

    def _spawn(self, items: Sequence[tuple[ActivityFunction, Work]]) -> None:
        for function, work in items:
            task = self._loop.create_task(self._await(function, work))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _await(self, function: ActivityFunction, work: Work) -> None:
        async with self._turn:
            if self._closing:
                return
            try:
                outcome = _completed(work, await function.call(work.input))  # type: ignore[misc]  # is_async says so
            except asyncio.CancelledError:
                raise
            except BaseException as error:
                outcome = _failed(work, error)
            self._report(work, _message(work, outcome))


def _message(work: Work, outcome: Event) -> Message:
    return Message(outcome, work.execution_id)


def _completed(work: Work, result: object) -> Event:
    return event(Kind.TASK_COMPLETED, TaskScheduledId=work.task, Result=result)


def _failed(work: Work, error: BaseException) -> Event:
    reason = f"Activity function '{work.name}' failed: {error}"
    return event(Kind.TASK_FAILED, TaskScheduledId=work.task, Reason=reason, Details=type(error).__name__)


def _unknown(work: Work) -> Event:
    reason = f"The function '{work.name}' doesn't exist, is disabled, or is not an activity function"
    return event(Kind.TASK_FAILED, TaskScheduledId=work.task, Reason=reason, Details="UnknownActivity")
