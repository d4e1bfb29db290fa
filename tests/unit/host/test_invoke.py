"""How functions are called: arguments, codecs, contexts."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from azure.durable_functions.decorators.metadata import ActivityTrigger
from hypothesis import given
from hypothesis import strategies as st

from local.host.bus_binding import Output
from local.host.bus_model import BusRefused, Namespace, Outgoing, Queue
from local.host.invoke import AppFunction, Invoker
from local.host.model import Sent

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


class Money:
    """A type with the protocol of the SDK's codec."""

    def __init__(self, cents: int) -> None:
        self.cents = cents

    @staticmethod
    def to_json(money: Money) -> int:
        return money.cents

    @staticmethod
    def from_json(cents: int) -> Money:
        return Money(cents)


async def nothing_is_sent(outgoing: Sequence[Outgoing]) -> None:
    raise AssertionError(f"{len(outgoing)} messages were sent")


@pytest.fixture(scope="module")
def invoker() -> Iterator[Invoker]:
    with ThreadPoolExecutor(1, "function") as threads:
        yield Invoker(Path("/app"), "{client}", threads, nothing_is_sent)


def function(call: Callable[..., Any], **more: Any) -> AppFunction:
    return AppFunction("f", call, asyncio.iscoroutinefunction(call), ActivityTrigger("x"), **more)


def activity(invoker: Invoker, call: Callable[..., Any]) -> Callable[[str | None], Any]:
    return invoker.activity(function(call))


@given(JSON)
def test_an_activity_gets_and_returns_any_json(invoker: Invoker, value: object) -> None:
    assert json.loads(activity(invoker, lambda x: [x])(json.dumps(value))) == [value]


def test_an_activity_without_input_gets_none(invoker: Invoker) -> None:
    assert activity(invoker, lambda x: x is None)(None) == "true"


def test_a_text_that_is_no_json_arrives_as_it_is(invoker: Invoker) -> None:
    assert activity(invoker, lambda x: x)("plain words") == '"plain words"'


@pytest.mark.filterwarnings("ignore:azure.functions:DeprecationWarning")  # the SDK advises strict typing
def test_objects_travel_by_the_codec_of_the_sdk(invoker: Invoker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_FUNCTIONS_DURABLE_STRICT_TYPING", "0")
    sent = activity(invoker, lambda x: Money(x))("250")
    assert activity(invoker, lambda x: x.cents)(sent) == "250"
    monkeypatch.setenv("AZURE_FUNCTIONS_DURABLE_STRICT_TYPING", "1")
    with pytest.raises(ValueError, match="activity trigger input"):
        activity(invoker, lambda x: x.cents)(sent)


def test_an_async_activity_is_awaited(invoker: Invoker) -> None:
    async def double(x: int) -> int:
        return 2 * x

    assert asyncio.run(activity(invoker, double)("21")) == "42"


def test_what_an_activity_sends_is_handed_over_with_its_result(invoker: Invoker) -> None:
    namespace = Namespace({"orders": Queue()})
    outputs = tuple(Output(name, "orders", namespace) for name in ("first", "second", "$return"))

    def call(x: str, first: Any, second: Any) -> str:
        first.set(f"{x}!")
        return x

    async def call_async(x: str, first: Any, second: Any) -> str:
        return call(x, first, second)

    for made in (call, call_async):
        found: Any = invoker.activity(function(made, outputs=outputs))('"a"')
        sent = asyncio.run(found) if made is call_async else found
        assert isinstance(sent, Sent)
        assert (sent.result, [item.message.body for item in sent.messages]) == ('"a"', [b"a!", b"a"])


@pytest.mark.parametrize(
    ("value", "error", "reason"),
    [
        ("x" * (256 * 1024 + 1), BusRefused, "body: 262145 bytes"),
        ("x", BusRefused, "SessionId: orders requires sessions"),
        (7, TypeError, "first: a message to orders is a str or bytes, not int"),
    ],
)
def test_a_message_that_cannot_be_sent_fails_the_activity(
    invoker: Invoker, value: Any, error: type[Exception], reason: str
) -> None:
    output = Output("first", "orders", Namespace({"orders": Queue(requires_session=True)}))
    with pytest.raises(error, match=reason):
        invoker.activity(function(lambda x, first: first.set(value), outputs=(output,)))("null")


def test_a_result_that_is_no_json_fails_with_the_reason(invoker: Invoker) -> None:
    with pytest.raises(ValueError, match="json serializable"):
        activity(invoker, lambda x: {1, 2})("null")


def test_a_failing_activity_raises_what_the_app_raised_and_tells_the_log(
    invoker: Invoker, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ZeroDivisionError), caplog.at_level(logging.WARNING):
        activity(invoker, lambda x: 1 // x)("0")
    assert "activity f failed" in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_clients_and_a_context_come_by_name(invoker: Invoker) -> None:
    def call(x: str, starter: str, context: Any) -> list[str]:
        trace = context.trace_context
        return [x, starter, context.function_name, context.function_directory, trace.trace_parent, trace.trace_state]

    asked = function(call, clients=("starter",), wants_context=True)
    seen = asyncio.run(invoker.invoke(asked, "value", {"traceparent": "00-1-2-01"}))
    assert seen == ["value", "{client}", "f", "/app", "00-1-2-01", ""]


def test_synchronous_functions_run_in_the_threads_for_functions(invoker: Invoker) -> None:
    assert asyncio.run(invoker.invoke(function(lambda x: threading.current_thread().name), None)).startswith("function")
