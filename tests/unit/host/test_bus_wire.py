"""Messages as Service Bus's REST API writes them."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from local.host.bus_model import BusRefused, Message
from local.host.bus_wire import read_batch, read_single

SCALAR = (
    st.text(st.characters(codec="utf-8"))
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
)


def test_broker_properties_and_headers_become_the_message() -> None:
    broker = {
        "MessageId": "m",
        "SessionId": "s",
        "PartitionKey": "s",
        "Label": "l",
        "ReplyToSessionId": "rs",
        "TimeToLive": 2.5,
        "ScheduledEnqueueTimeUtc": "Fri, 13 Mar 2026 09:00:00 GMT",
        "SequenceNumber": 7,
    }
    headers = {
        "BrokerProperties": json.dumps(broker), "Content-Type": "text/plain", "Content-Length": "1", "Host": "x",
        "User-Agent": '"a browser"', "x-functions-key": "123", "Kind": '"lead"', "Score": "9", "Note": "no JSON",
        "List": "[1]", "Nothing": "null",
    }  # fmt: skip
    sent = read_single("q", Headers(headers), b"x")
    assert (sent.name, sent.message) == (
        "q",
        Message(
            b"x",
            "m",
            content_type="text/plain",
            session_id="s",
            partition_key="s",
            subject="l",
            reply_to_session_id="rs",
            time_to_live=timedelta(seconds=2.5),
            scheduled=datetime(2026, 3, 13, 9, tzinfo=UTC),
            properties={"kind": "lead", "score": 9},  # HTTP carries names without their case
        ),
    )


def test_a_message_without_an_id_gets_one_of_its_own() -> None:
    first, second = (read_single("q", {}, b"").message.message_id for _ in range(2))
    assert len(first) == 32
    assert first != second


@given(st.dictionaries(st.text(st.characters(codec="utf-8")), SCALAR), st.text(st.characters(codec="utf-8")))
def test_a_batch_keeps_every_property_and_body(properties: dict[str, object], body: str) -> None:
    [item] = read_batch("q", json.dumps([{"Body": body, "UserProperties": properties}]).encode())
    assert item.message.properties == properties
    assert item.message.body == body.encode()


@given(st.binary())
def test_whatever_comes_is_read_or_refused(body: bytes) -> None:
    for read in (
        lambda: read_batch("q", body),
        lambda: read_single("q", {"brokerproperties": body.decode("latin-1")}, b""),
    ):
        with suppress(BusRefused):
            read()
