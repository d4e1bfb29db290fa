"""Calling the user's functions as the Azure Functions worker does: by keyword, with the SDK's converters."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import azure.functions as func
from azure.functions.meta import Datum

from local.host.model import FunctionTimeout

log = logging.getLogger("local.host.activities")
NO_HEADERS: Mapping[str, str] = {}


@dataclass(frozen=True)
class AppFunction:
    """A user's function and what it takes to call it; `clients` names its durable client parameters."""

    name: str
    call: Callable[..., Any]
    is_async: bool
    trigger: Any
    clients: tuple[str, ...] = ()
    wants_context: bool = False


@dataclass(frozen=True)
class TraceContext:
    """The W3C trace context that the caller sent; empty texts when there was none."""

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


@dataclass(frozen=True)
class Invoker:
    """Calls functions: async ones on the running loop, the others in `threads` (never in the activity pool).

    `client_binding` is the JSON text from which the SDK builds a durable client.
    """

    directory: Path
    client_binding: str
    threads: Executor
    timeout: float | None = None  # seconds

    async def invoke(self, function: AppFunction, value: object, headers: Mapping[str, str] = NO_HEADERS) -> Any:
        """Call with the decoded trigger value; returns or raises what the user's function does.

        Raises:
            FunctionTimeout: an async function was cancelled; a thread cannot be, it is left to end by itself.
        """
        arguments = self._arguments(function, value, headers)
        try:
            async with asyncio.timeout(self.timeout) as limit:
                if function.is_async:
                    return await function.call(**arguments)
                loop = asyncio.get_running_loop()
                return await loop.run_in_executor(self.threads, lambda: function.call(**arguments))
        except TimeoutError:
            if self.timeout is None or not limit.expired():
                raise  # the function's own
            raise FunctionTimeout(function.name, self.timeout) from None

    def activity(self, function: AppFunction) -> Callable[[str | None], str] | Callable[[str | None], Awaitable[str]]:
        """The function as the engine calls it: JSON text in, JSON text out."""

        async def call_async(text: str | None) -> str:
            with _told(function.name):
                return _encode_result(await function.call(**self._arguments(function, _decode_input(text))))

        def call(text: str | None) -> str:
            with _told(function.name):
                return _encode_result(function.call(**self._arguments(function, _decode_input(text))))

        return call_async if function.is_async else call

    def _arguments(
        self, function: AppFunction, value: object, headers: Mapping[str, str] = NO_HEADERS
    ) -> dict[str, object]:
        arguments = {function.trigger.name: value, **dict.fromkeys(function.clients, self.client_binding)}
        if function.wants_context:
            arguments["context"] = InvocationContext(function.name, self.directory, headers)
        return arguments


def converter(binding_type: str) -> Any:
    """The SDK's own converter of a binding type: a class with `decode` or `encode`."""
    return func.get_binding_registry().get(binding_type)


@contextmanager
def _told(name: str) -> Iterator[None]:
    """One line for each activity: of success only for those who debug, for there may be thousands a second."""
    started = time.perf_counter()
    try:
        yield
    except Exception:
        log.warning("activity %s failed", name, exc_info=True)
        raise
    log.debug("activity %s, %.1f ms", name, (time.perf_counter() - started) * 1000)


_ACTIVITY = converter("activityTrigger")


def _decode_input(text: str | None) -> object:
    return _ACTIVITY.decode(Datum("null" if text is None else text, "json"), trigger_metadata={})


def _encode_result(result: object) -> str:
    return cast(str, _ACTIVITY.encode(result, expected_type=None).value)
