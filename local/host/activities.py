"""Running activities: sync ones in threads of their own, async ones on the loop of the app."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from local.host import telemetry
from local.host.bus_model import Outgoing
from local.host.commands import FinishWork, PutOff
from local.host.durable_http import http_activity
from local.host.history import Event, Kind, event
from local.host.model import ActivityFunction, EngineSettings, Functions, FunctionTimeout, Later, Sent
from local.host.rows import Message, Work
from local.host.steps import HTTP_ACTIVITY
from local.host.threads import Threads

_log = logging.getLogger(__name__)


class ActivityPool:
    """Runs as many sync activities at once as the settings say, and as many async ones.

    `report` takes each end on a thread that then has nothing to do, `post` on any other.
    """

    def __init__(
        self,
        functions: Functions,
        settings: EngineSettings,
        loop: asyncio.AbstractEventLoop,
        post: Callable[[FinishWork | PutOff], None],
        report: Callable[[FinishWork | PutOff], None],
    ) -> None:
        self._activities = {**functions.activities, HTTP_ACTIVITY.lower(): http_activity(settings.http_poll)}
        self._loop = loop
        self._post, self._report = post, report
        self._timeout = settings.function_timeout
        self._turn = asyncio.Semaphore(settings.max_activities)
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = asyncio.Event()
        self._threads = Threads(settings.max_activities, self._timeout, self._run, self._report_late)

    def submit(self, works: Sequence[Work]) -> None:
        """Run these as soon as there is room."""
        on_loop: list[tuple[ActivityFunction, Work]] = []
        for work in works:
            function = self._activities.get(work.name.lower())
            if function is None:
                self._post(_finished(work, _unknown(work)))
            elif function.is_async:
                on_loop.append((function, work))
            else:
                self._threads.put((function, work))
        if on_loop:
            self._loop.call_soon_threadsafe(self._spawn, on_loop)

    async def close(self, grace: float) -> None:
        """Start no more; give those that run `grace` seconds to end. What has not ended runs again another time."""
        self._closing.set()
        self._threads.close()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=grace)
        for task in self._tasks:
            task.cancel()
        await asyncio.to_thread(self._threads.join, grace)

    def _run(self, function: ActivityFunction, work: Work) -> Callable[[], None]:
        try:
            with telemetry.below(work.trace):
                end = _ended(work, function.call(work.input))
        except BaseException as error:  # whatever user code raises fails the task, not the thread
            end = _finished(work, _failed(work, error))
        return lambda: self._report(end)

    def _report_late(self, work: Work) -> None:
        self._post(_finished(work, _failed(work, self._too_long(work))))

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
            if self._closing.is_set():
                return
            try:
                async with asyncio.timeout(self._timeout) as limit:
                    with telemetry.below(work.trace):
                        end = _ended(work, await function.call(work.input))  # type: ignore[misc]  # is_async says so
            except TimeoutError as error:
                end = _finished(work, _failed(work, self._too_long(work) if limit.expired() else error))
            except BaseException as error:
                if self._closing.is_set() and isinstance(error, asyncio.CancelledError):
                    raise  # by `close`; at any other time user code has cancelled itself
                end = _finished(work, _failed(work, error))
            self._post(end)


def _ended(work: Work, result: object) -> FinishWork | PutOff:
    if isinstance(result, Later):
        return PutOff(work, result)
    result, sent = (result.result, result.messages) if isinstance(result, Sent) else (result, ())
    return _finished(work, event(Kind.TASK_COMPLETED, TaskScheduledId=work.task, Result=result), sent)


def _finished(work: Work, outcome: Event, sent: Sequence[Outgoing] = ()) -> FinishWork:
    return FinishWork(work, Message(outcome, work.execution_id), sent)


def _failed(work: Work, error: BaseException) -> Event:
    reason = f"Activity function '{work.name}' failed: {error}"
    return event(Kind.TASK_FAILED, TaskScheduledId=work.task, Reason=reason, Details=type(error).__name__)


def _unknown(work: Work) -> Event:
    reason = f"The function '{work.name}' doesn't exist, is disabled, or is not an activity function"
    return event(Kind.TASK_FAILED, TaskScheduledId=work.task, Reason=reason, Details="UnknownActivity")
