"""Payloads are those of the SDK, whatever they hold and whatever way of typing the app has chosen."""

from __future__ import annotations

import json
from typing import Any

import pytest
from azure.durable_functions.models.utils.df_serialization import df_dumps, df_loads
from hypothesis import given
from hypothesis import strategies as st

from local.host.codec import dumps, loads, plain

# The SDK gives its advice on typing at the first use in a process.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


class Money(dict):  # type: ignore[type-arg]
    """JSON by itself, and with the protocol of the SDK's codec."""

    @staticmethod
    def to_json(money: Money) -> int:
        return int(money["cents"])

    @staticmethod
    def from_json(cents: int) -> Money:
        return Money(cents=cents)


class Bare:
    """Neither JSON nor with the protocol."""


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(Money(cents=5)) | st.builds(Bare),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["__class__", "__data__"]), inner),
    max_leaves=10,
)


def outcome(call: Any, *given: Any) -> tuple[str, str]:
    try:
        return "gave", repr(call(*given))
    except Exception as error:
        return "raised", f"{type(error).__name__}: {error}"


@pytest.mark.parametrize("strict", ["0", "1"])
@given(value=VALUES)
def test_what_is_written_is_what_the_sdk_writes(strict: str, value: Any) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AZURE_FUNCTIONS_DURABLE_STRICT_TYPING", strict)
        assert outcome(dumps, value) == outcome(df_dumps, value)


@pytest.mark.parametrize("strict", ["0", "1"])
@pytest.mark.parametrize("expected", [None, int, Money])
@given(text=VALUES.map(lambda value: json.dumps(value, default=lambda bare: f"{type(bare)}")) | st.text())
def test_what_is_read_is_what_the_sdk_reads(strict: str, expected: type | None, text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AZURE_FUNCTIONS_DURABLE_STRICT_TYPING", strict)
        assert outcome(loads, text, expected) == outcome(df_loads, text, expected)


def test_what_is_inside_of_itself_is_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(ValueError, match="Circular reference"):
        plain(endless)
    assert outcome(dumps, endless) == outcome(df_dumps, endless)


def test_objects_come_back_as_objects() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AZURE_FUNCTIONS_DURABLE_STRICT_TYPING", "1")
        text = dumps(Money(cents=5))
        assert loads(text, Money) == Money(cents=5)
        with pytest.raises(TypeError, match="expected_type"):
            loads(text)
