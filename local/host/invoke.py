"""Calling the user's functions as the Azure Functions worker does: by keyword, with the SDK's converters."""

from __future__ import annotations

import asyncio
import contextvars
import logging
import threading
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, cast

import azure.functions as func
from azure.functions.meta import Datum

from local.host.bus_binding import Output, OutValue, outgoing
from local.host.bus_model import Outgoing
from local.host.codec import dumps, loads
from local.host.model import FunctionTimeout, Sent
from local.host.telemetry import carrier, span, stamped

log = logging.getLogger("local.host.activities")
NO_HEADERS: Mapping[str, str] = {}
_RETURN = "$return"


class AppFunction(NamedTuple):
    """A user's function and what it takes to call it; `clients` names its durable client parameters.

    `source` is the queue or subscription that a message trigger receives from, of the namespace that `connection`
    names or, if it is "", of the host's own; `takes_many` of them at once.
    """

    name: str
    call: Callable[..., Any]
    is_async: bool
    trigger: Any
    clients: tuple[str, ...] = ()
    wants_context: bool = False
    outputs: tuple[Output, ...] = ()
    source: str = ""
    takes_many: bool = False
    connection: str = ""


@dataclass(frozen=True)
class TraceContext:
    """The W3C trace context of the invocation or, if no spans are sent, of its caller; empty texts if there is none."""

    trace_parent: str
    trace_state: str
    attributes: Mapping[str, str] = field(default_factory=dict)


class InvocationContext(func.Context):  # type: ignore[misc]  # azure.functions is not typed
    """What a function gets as its parameter `context`."""

    thread_local_storage = threading.local()
    retry_context = None

    def __init__(self, function_name: str, directory: Path, headers: Mapping[str, str]) -> None:
        self._function_name = function_name
        self._directory = str(directory)
        self._headers = headers
        self._id = str(uuid.uuid4())

    @property
    def invocation_id(self) -> str:
        return self._id

    @property
    def function_name(self) -> str:
        return self._function_name

    @property
    def function_directory(self) -> str:
        return self._directory

    @property
    def trace_context(self) -> TraceContext:
        return TraceContext(self._headers.get("traceparent", ""), self._headers.get("tracestate", ""))


def _nowhere(sent: Sequence[Outgoing]) -> None:
    raise LookupError(f"{sent[0].connection}: nobody sends there")


@dataclass(frozen=True)
class Invoker:
    """Calls functions: async ones on the running loop, the others in `threads` (never in the activity pool).

    `client_binding` is the JSON text from which the SDK builds a durable client; `send` takes what output bindings
    send to the host's own queues, `forward` (which blocks) what they send to Azure's, as soon as the function returns.
    """

    directory: Path
    client_binding: str
    threads: Executor
    send: Callable[[Sequence[Outgoing]], Awaitable[None]]
    timeout: float | None = None  # seconds
    forward: Callable[[Sequence[Outgoing]], None] = _nowhere

    async def invoke(self, function: AppFunction, value: object, headers: Mapping[str, str] = NO_HEADERS) -> Any:
        """Call with the decoded trigger value and send what it sends; returns or raises what the function does.

        Raises:
            FunctionTimeout: an async function was cancelled; a thread cannot be, it is left to end by itself.
        """
        result, sent = await self.call(function, value, headers)
        if sent:
            await self.send(sent)
        return result

    async def call(
        self, function: AppFunction, value: object, headers: Mapping[str, str] = NO_HEADERS
    ) -> tuple[Any, list[Outgoing]]:
        """As `invoke`, but what the function sends to the host's own queues is the caller's to send."""
        with span(function.trigger.type, function.name, headers):
            arguments = self._arguments(function, value, headers)
            result = await self._run(function, arguments)
            return result, await self._forwarded(_sent(function, arguments, result))

    async def _forwarded(self, sent: list[Outgoing]) -> list[Outgoing]:
        """What is left for the host's own queues."""
        if any(each.connection for each in sent):
            await asyncio.to_thread(self._forward, sent)
        return [each for each in sent if not each.connection]

    def _forward(self, sent: Sequence[Outgoing]) -> Sequence[Outgoing]:
        if there := [each for each in sent if each.connection]:
            self.forward(there)
        return [each for each in sent if not each.connection]

    async def _run(self, function: AppFunction, arguments: Mapping[str, object]) -> Any:
        try:
            async with asyncio.timeout(self.timeout) as limit:
                if function.is_async:
                    return await function.call(**arguments)
                loop = asyncio.get_running_loop()
                context = contextvars.copy_context()  # so that spans of the function's own lie below this call's
                return await loop.run_in_executor(self.threads, lambda: context.run(function.call, **arguments))
        except TimeoutError:
            if self.timeout is None or not limit.expired():
                raise  # the function's own
            raise FunctionTimeout(function.name, self.timeout) from None

    def activity(
        self, function: AppFunction
    ) -> Callable[[str | None], str | Sent] | Callable[[str | None], Awaitable[str | Sent]]:
        """The function as the engine calls it: JSON text in; JSON text out, with what it sends."""

        async def call_async(text: str | None) -> str | Sent:
            with _Told(function.name):
                arguments = self._arguments(function, _decode_input(text))
                result = await function.call(**arguments)
                return _activity_end(result, await self._forwarded(_sent(function, arguments, result)))

        def call(text: str | None) -> str | Sent:
            with _Told(function.name):
                arguments = self._arguments(function, _decode_input(text))
                result = function.call(**arguments)
                return _activity_end(result, self._forward(_sent(function, arguments, result)))

        return call_async if function.is_async else call

    def _arguments(
        self, function: AppFunction, value: object, headers: Mapping[str, str] = NO_HEADERS
    ) -> dict[str, object]:
        arguments = {function.trigger.name: value}
        for client in function.clients:
            arguments[client] = self.client_binding
        for output in function.outputs:
            if output.parameter != _RETURN:
                arguments[output.parameter] = OutValue()
        if function.wants_context:
            arguments["context"] = InvocationContext(function.name, self.directory, carrier(headers))
        return arguments


def converter(binding_type: str) -> Any:
    """The SDK's own converter of a binding type: a class with `decode` or `encode`."""
    return func.get_binding_registry().get(binding_type)


class _Told:
    """One line for each activity: of success only for those who debug, for there may be thousands a second."""

    __slots__ = ("_name", "_span", "_started")

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        self._started = time.perf_counter()
        self._span = span("activityTrigger", self._name, NO_HEADERS)
        self._span.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._span.__exit__(kind, error, trace)
        if error is None:
            log.debug("activity %s, %.1f ms", self._name, (time.perf_counter() - self._started) * 1000)
        elif isinstance(error, Exception):
            log.warning("activity %s failed", self._name, exc_info=error)


def _sent(function: AppFunction, arguments: Mapping[str, object], result: object) -> list[Outgoing]:
    if not function.outputs:
        return []
    values = {name: value.get() for name, value in arguments.items() if isinstance(value, OutValue)}
    return stamped(outgoing(function.outputs, {**values, _RETURN: result}))


def _activity_end(result: object, sent: Sequence[Outgoing]) -> str | Sent:
    text = _encode_result(result)
    return Sent(text, sent) if sent else text


_ACTIVITY = converter("activityTrigger")


def _decode_input(text: str | None) -> object:
    text = "null" if text is None else text
    try:
        return loads(text)
    except Exception:  # the converter knows what to do with it
        return _ACTIVITY.decode(Datum(text, "json"), trigger_metadata={})


def _encode_result(result: object) -> str:
    try:
        return dumps(result)
    except Exception:
        return cast(str, _ACTIVITY.encode(result, expected_type=None).value)
