"""Running activities: sync ones in threads of their own, async ones on the loop of the app."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from local.host.history import Event, Kind, event
from local.host.model import ActivityFunction, EngineSettings, Functions, FunctionTimeout
from local.host.rows import Message, Work
from local.host.threads import Threads

_log = logging.getLogger(__name__)


class ActivityPool:
    """Runs as many sync activities at once as the settings say, and as many async ones.

    `report` takes each end, on any thread.
    """

    def __init__(
        self,
        functions: Functions,
        settings: EngineSettings,
        loop: asyncio.AbstractEventLoop,
        report: Callable[[Work, Message], None],
    ) -> None:
        self._activities = functions.activities
        self._loop = loop
        self._report = report
        self._timeout = settings.activity_timeout
        self._turn = asyncio.Semaphore(settings.max_activities)
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False
        self._threads = Threads(settings.max_activities, self._timeout, self._run, self._report_late)

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
                self._threads.put((function, work))
        if on_loop:
            self._loop.call_soon_threadsafe(self._spawn, on_loop)

    async def close(self, grace: float) -> None:
        """Start no more; give those that run `grace` seconds to end. What has not ended runs again another time."""
        self._closing = True
        self._threads.close()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=grace)
        for task in self._tasks:
            task.cancel()
        await asyncio.to_thread(self._threads.join, grace)

    def _run(self, function: ActivityFunction, work: Work) -> Callable[[], None]:
        try:
            outcome = _completed(work, function.call(work.input))
        except BaseException as error:  # whatever user code raises fails the task, not the thread
            outcome = _failed(work, error)
        return lambda: self._report(work, _message(work, outcome))

    def _report_late(self, work: Work) -> None:
        self._report(work, _message(work, _failed(work, self._too_long(work))))

    def _too_long(self, work: Work) -> FunctionTimeout:
        error = FunctionTimeout(work.name, self._timeout or 0)
        _log.error("activity %s of %s: %s", work.name, work.instance_id, error)
        return error

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
                async with asyncio.timeout(self._timeout) as limit:
                    outcome = _completed(work, await function.call(work.input))  # type: ignore[misc]  # is_async says so
            except asyncio.CancelledError:
                raise
            except TimeoutError as error:
                outcome = _failed(work, self._too_long(work) if limit.expired() else error)
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
