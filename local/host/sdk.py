"""Every private name of azure-functions-durable that the engine uses, in one file.

The engine does not send history to the SDK as JSON at each turn: it holds the SDK's own executor in memory and feeds
it event by event. Task ids are read from the SDK, never computed, so retries and awaits can interleave as they like.
"""

from __future__ import annotations

import json
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from types import GeneratorType
from typing import Any

from azure.durable_functions.models.actions.CallActivityAction import CallActivityAction
from azure.durable_functions.models.actions.ContinueAsNewAction import ContinueAsNewAction
from azure.durable_functions.models.actions.SignalEntityAction import SignalEntityAction
from azure.durable_functions.models.DurableOrchestrationContext import DurableOrchestrationContext
from azure.durable_functions.models.DurableOrchestrationStatus import DurableOrchestrationStatus
from azure.durable_functions.models.history.HistoryEvent import HistoryEvent
from azure.durable_functions.models.Task import AtomicTask
from azure.durable_functions.models.TaskOrchestrationExecutor import TaskOrchestrationExecutor
from azure.durable_functions.models.utils import http_utils

from local.host.codec import dumps, loads, plain
from local.host.history import Event, Kind, task_of
from local.host.model import OrchestratorFunction
from local.host.steps import HTTP_ACTIVITY, Activity, EntityOperation, Outcome, Step, SubOrchestration, Timer

# The SDK parses a timestamp for each event with dateutil, which costs more than the rest of a replayed turn; those of
# an instance's status, too.
_time = lru_cache(maxsize=1024)(datetime.fromisoformat)
for _parses in (HistoryEvent, DurableOrchestrationStatus):
    sys.modules[_parses.__module__].dt_parse = _time  # type: ignore[attr-defined]

# It builds a JSON encoder for the input of each activity, and a decoder for that of each instance.
sys.modules[CallActivityAction.__module__].df_dumps = dumps  # type: ignore[attr-defined]
sys.modules[DurableOrchestrationContext.__module__].df_loads = loads  # type: ignore[attr-defined]

_PROTOTYPE = TaskOrchestrationExecutor()


class _Executor(TaskOrchestrationExecutor):  # type: ignore[misc]  # the SDK is not typed
    """The SDK's executor, which builds a namedtuple class and two tables for each instance; here they share them."""

    def __init__(self, context: _Context) -> None:
        self.event_to_SetTaskValuePayload = _PROTOTYPE.event_to_SetTaskValuePayload
        self.task_completion_events = _PROTOTYPE.task_completion_events
        self.initialize()
        self.context = context


class _Context(DurableOrchestrationContext):  # type: ignore[misc]  # the SDK is not typed
    """The SDK's context without its list of all actions, which would grow with every step and hold all inputs.

    Tasks are read from `open_tasks`; only the actions that open none are kept, and those until they are read.
    """

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.signals: deque[Any] = deque()
        self.continue_with: str | None = None

    def call_activity(self, name: Any, input_: Any = None, expected_type: type | None = None) -> Any:
        """The SDK's own, which looks for types even where the activity is named by a text."""
        if type(name) is not str:
            return super().call_activity(name, input_, expected_type)
        task = AtomicTask(None, CallActivityAction(name, input_))
        task._expected_output_type = expected_type
        return task

    def _add_to_actions(self, action: Any) -> None:
        if self.will_continue_as_new:
            return  # what comes after continue_as_new is not done
        kind = type(action)
        if kind is SignalEntityAction:
            self.signals.append(action)
        elif kind is ContinueAsNewAction:
            self.continue_with = action.input_


class Execution:
    """One execution of an orchestrator, live in memory."""

    def __init__(
        self,
        orchestrator: OrchestratorFunction,
        instance_id: str,
        parent_id: str | None,
        input_text: str | None,
        beginning: Sequence[Event],
        ordered_events: bool = True,
    ) -> None:
        """`beginning` holds the events OrchestratorStarted and ExecutionStarted; user code runs to its first await.

        Without `ordered_events` external events are taken at once, and early ones are lost as on Azure.
        """
        self._context = _Context(
            history=beginning,
            input=input_text,
            instanceId=instance_id,
            isReplaying=False,
            parentInstanceId=parent_id,
            upperSchemaVersion=2,
        )
        self._context._input_expected_type = orchestrator.input_type
        self._executor = _Executor(self._context)
        # Each event says by IsPlayed whether it is replayed, so the SDK's own guess is switched off.
        self._executor._is_processing_new_events = True
        self._executor.current_task.is_played = beginning[1]["IsPlayed"]
        self._ordered_events = ordered_events
        self._seen = 0
        self._run(orchestrator)

    def _run(self, orchestrator: OrchestratorFunction) -> None:
        executor = self._executor
        try:
            value = orchestrator.generator(self._context)
            if isinstance(value, GeneratorType):
                executor.generator = value
                executor.resume_user_code()
            elif not self._context.will_continue_as_new:
                executor.orchestrator_returned = True
                executor.output = value
        except BaseException as error:  # user code may raise anything, and must not end the engine
            executor.exception = error

    @property
    def finished(self) -> bool:
        """Whether it has returned, failed or asked to continue as new."""
        executor = self._executor
        ended = executor.orchestrator_returned or executor.exception is not None
        return bool(ended or self._context.will_continue_as_new)

    def accepts(self, event: Event) -> bool:
        """Whether the event completes something that is open: a task by id, an external event by a waiter.

        An external event counts only while the orchestrator stands at a yield that waits for it: the SDK would
        hand it to a waiter given up long ago, and so lose it.
        """
        if _is_external(event):
            return not self._ordered_events or self._waiter(event["Name"]) is not None
        # The answer of an entity comes under the name that its EventSent has told.
        key = event["Name"] if event["EventType"] == Kind.EVENT_RAISED else task_of(event)
        return key in self._context.open_tasks

    def feed(self, event: Event) -> None:
        """Process one history event; user code runs on to its next await."""
        try:
            kind = event["EventType"]
            if kind == Kind.ORCHESTRATOR_STARTED:
                self._go_to(_time(event["Timestamp"]))
            elif kind == Kind.TASK_COMPLETED:
                self._complete(event)
            elif kind == Kind.EVENT_RAISED:
                self._raise(event)
            else:
                self._executor.process_event(HistoryEvent(**event))
        except BaseException as error:  # from inside the SDK, such as a payload that is no JSON
            self._executor.exception = error

    def _go_to(self, time: datetime) -> None:
        self._context.current_utc_datetime = max(time, self._context.current_utc_datetime)

    def _complete(self, event: Event) -> None:
        """What `process_event` does with the result of an activity, the event that is by far the most frequent."""
        task, result = self._context.open_tasks.pop(event["TaskScheduledId"]), event["Result"]
        task.set_is_played(event["IsPlayed"])
        task.set_value(False, None if result is None else loads(result, task._expected_output_type))
        self._executor.resume_user_code()

    def _raise(self, event: Event) -> None:
        if _is_external(event) and self._ordered_events:
            self._put_last(event["Name"], self._waiter(event["Name"]))
        if event["Name"] in self._context.open_tasks:
            self._executor.process_event(HistoryEvent(**event))
        else:
            self._defer(event)

    def _defer(self, event: Event) -> None:
        """What the SDK does with an early event, without its warning: only the last one of a name is remembered."""
        executor, early = self._executor, HistoryEvent(**event)
        self._context.deferred_tasks[event["Name"]] = lambda: executor.set_task_value(early, True, "Name")

    def _waiter(self, name: str) -> Any | None:
        waiters = self._context.open_tasks.get(name)
        if not isinstance(waiters, list):  # nobody, or the call of an entity
            return None
        awaited = {id(task) for task in _leaves(self._executor.current_task)}
        return next((task for task in reversed(waiters) if id(task) in awaited), None)

    def _put_last(self, name: str, waiter: Any) -> None:
        waiters = self._context.open_tasks[name]  # the SDK serves the last one
        waiters.remove(waiter)
        waiters.append(waiter)

    def steps(self) -> list[Step]:
        """What user code has asked for since the last call, with the ids that the SDK gave."""
        context = self._context
        first, self._seen = self._seen, context._sequence_number
        steps: list[Step] = []
        for id_ in range(first, self._seen):
            task = context.open_tasks.get(id_)
            if task is not None:
                try:
                    steps.append(_step(id_, task))
                except NotImplementedError as error:
                    self._executor.exception = error
            elif context.signals:  # they take numbers, but open no tasks
                steps.append(_operation(id_, context.signals.popleft(), is_signal=True))
            elif context.will_continue_as_new:
                break  # the number of continue_as_new itself: what comes after it is not done
        return steps

    def cancelled(self, timers: Iterable[int]) -> list[int]:
        """Those of the open timers that user code has cancelled."""
        tasks = self._context.open_tasks
        return [id_ for id_ in timers if getattr(tasks.get(id_), "is_cancelled", False)]

    def custom_status(self) -> str | None:
        """The custom status as JSON text; None when there is none or it is falsy (the SDK cannot clear it)."""
        status = self._context.custom_status
        try:
            return dumps(status) if status else None
        except Exception as error:
            self._executor.exception = error
            return None

    def outcome(self) -> Outcome:
        """How the finished execution ended, by the SDK's own rules for outputs and errors."""
        if self._executor.exception is None and self._context.will_continue_as_new:
            return Outcome("ContinuedAsNew", output=self._context.continue_with)
        output, error = self._executor.output, self._executor.exception
        if error is None:
            try:
                return Outcome("Completed", output=None if output is None else plain(output))
            except Exception as raised:  # objects of the user's are no outputs
                error = raised
        return Outcome("Failed", error=str(error) or str(type(error)))


def _is_external(event: Event) -> bool:
    return event["EventType"] == Kind.EVENT_RAISED and task_of(event) is None


def _leaves(task: Any) -> Iterator[Any]:
    children = getattr(task, "children", None)
    if children is None:
        yield task
        return
    for child in children:
        yield from _leaves(child)


def _step(id_: int, task: Any) -> Step:
    action = task.action_repr
    if type(action).__name__ == "NoOpAction":
        retried = task.parent
        if action.metadata == "-WithRetry timer":
            # The SDK waits once more after the last attempt before it raises; that wait is for nothing.
            last = retried.num_attempts >= retried.retry_options.max_number_of_attempts
            milliseconds = 0 if last else retried.retry_options.first_retry_interval_in_milliseconds
            return Timer(id_, delay=timedelta(milliseconds=milliseconds))
        action = retried.actions
    match type(action).__name__:
        case "CallActivityAction":
            # Unlike for a retry nobody asks for it again, and each task of a large fan-out would hold its own.
            input_text, action.input_ = action.input_, None
            return Activity(id_, action.function_name, input_text)
        case "CallActivityWithRetryAction":
            return Activity(id_, action.function_name, action.input_)
        case "CallSubOrchestratorAction" | "CallSubOrchestratorWithRetryAction":
            name, version = action.function_name, action.version
            return SubOrchestration(id_, name, action._input, action.instance_id, version)
        case "CallHttpAction":
            return Activity(id_, HTTP_ACTIVITY, json.dumps(action.http_request.to_json()))
        case "CallEntityAction":
            return _operation(id_, action, is_signal=False)
        case "SignalEntityAction":
            raise NotImplementedError("signal_entity: a signal has no answer; call it without yield")
        case "CreateTimerAction":
            at = action.fire_at
            return Timer(id_, at=at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC))
        case other:
            raise NotImplementedError(f"{other}: this host does not support it")


def _operation(id_: int, action: Any, is_signal: bool) -> EntityOperation:
    # The SDK decodes the input of an operation twice.
    return EntityOperation(id_, action.instance_id, action.operation, json.dumps(action.input_), is_signal)


def orchestrator(name: str, handle: Any) -> OrchestratorFunction:
    """An orchestrator as the app's decorator registered it."""
    return OrchestratorFunction(name, handle.orchestrator_function, handle._df_input_type)


async def close_client() -> None:
    """Close the connections of the SDK's durable client, which has no hook for the end of a worker."""
    await http_utils._close_session()
