"""Text messages by Azure Communication Services and by Twilio, each with what is its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from shared.adapters._http.wire import Limits
from shared.adapters.channels.acs_sms import AcsSmsChannel
from shared.adapters.channels.failover import FailoverChannel
from shared.adapters.channels.twilio import TwilioChannel
from shared.domain.connection import Connection
from shared.domain.scope import Scope
from shared.ports import Channel, Outgoing, Proof, Receipt, Sent
from tests.contract.channel_homes import number_of, text, texts_at, twilio_url
from tests.servers.acs_server import NUMBER, AcsServer
from tests.servers.provider import Reply, Twist
from tests.servers.twilio_server import TwilioServer

SCOPE = Scope("local", "main")
LIMITS = Limits(whole=0.5)


@pytest.fixture
def acs() -> Iterator[AcsServer]:
    with AcsServer() as server:
        yield server


@pytest.fixture
def twilio() -> Iterator[TwilioServer]:
    with TwilioServer() as server:
        yield server


def by_acs(server: AcsServer, options: str = "") -> Channel:
    return AcsSmsChannel(f"acs:{NUMBER}?{options}", Connection(secret=server.connection), now, LIMITS)


def by_twilio(server: TwilioServer) -> Channel:
    return TwilioChannel(twilio_url(server.port), LIMITS)


def now() -> datetime:
    return datetime.now(UTC)


def send(channel: Channel, *messages: Outgoing) -> dict[str, Receipt]:
    with channel.session(SCOPE) as session:
        return {receipt.key: receipt for receipt in session.send(messages)}


def ask(channel: Channel, messages: Sequence[Outgoing], since: datetime) -> dict[str, Proof]:
    sent = {message.key: Sent(message, since) for message in messages}
    return dict(channel.evidence(SCOPE, list(sent), sent))


def test_acs_is_asked_again_under_the_same_id_and_takes_it_once(acs: AcsServer) -> None:
    acs.script.extend([Twist(reply=Reply(500)), Twist(reply=None)])
    receipts = send(by_acs(acs), text("k1"))

    assert (receipts["k1"].state, len(acs.texts), acs.duplicates) == ("unknown", 1, 1)
    assert send(by_acs(acs), text("k1"))["k1"].provider_id == next(iter(acs.texts.values())).id
    acs.script.append(Twist(hang=True))
    assert send(by_acs(acs), text("k2"))["k2"].state == "accepted"
    assert len(acs.texts) == 2


@pytest.mark.parametrize(
    ("item", "state"),
    [
        ({"httpStatusCode": 400, "successful": False}, "failed"),
        ({"httpStatusCode": 429, "successful": False}, "deferred"),
        ({"httpStatusCode": 500, "successful": False}, "unknown"),
        ({"httpStatusCode": 202, "successful": False}, "unknown"),
        ({"httpStatusCode": 202, "successful": True}, "unknown"),
    ],
)
def test_each_recipient_has_a_result_of_its_own_in_the_202(acs: AcsServer, item: dict[str, object], state: str) -> None:
    reply = Reply.of(202, {"value": [{"to": number_of("k1"), **item}]})
    acs.script.extend([Twist(take=False, reply=reply)] * 2)
    assert send(by_acs(acs), text("k1"))["k1"].state == state


@pytest.mark.parametrize("number", ["0151 23456789", "+0123456789", "+49", "", "+4915112345678\n", "15551234567"])
def test_a_number_that_is_not_e164_is_never_sent(acs: AcsServer, twilio: TwilioServer, number: str) -> None:
    message = Outgoing("k1", 1, "", number, b"Hello")
    for channel in (by_acs(acs), by_twilio(twilio)):
        assert send(channel, message)["k1"].state == "failed"
    assert (acs.texts, twilio.messages) == ({}, [])


def test_the_price_is_by_segment_and_never_above_what_was_planned(acs: AcsServer) -> None:
    channel = by_acs(acs, "cost_per_segment=0.01&most_segments=3")
    assert channel.cost_micros == 30_000
    lengths = {"k1": 160, "k2": 161, "k3": 459, "k4": 460}
    receipts = send(channel, *(Outgoing(key, 1, "", number_of(key), b"a" * n) for key, n in lengths.items()))

    assert [receipts[key].cost_micros for key in ("k1", "k2", "k3")] == [10_000, 20_000, 30_000]
    assert receipts["k4"].state == "failed"
    assert "4 segments" in str(receipts["k4"].detail)


def test_who_opted_out_with_twilio_is_said_to_have(twilio: TwilioServer) -> None:
    twilio.opted_out.add(number_of("k1"))
    receipts = send(by_twilio(twilio), text("k1"), text("k2"))

    assert (receipts["k1"].state, receipts["k1"].opted_out, receipts["k1"].detail) == ("failed", True, "400 21610")
    assert (receipts["k2"].state, receipts["k2"].opted_out) == ("accepted", False)


@pytest.mark.parametrize("twist", [Twist(reply=Reply(500)), Twist(reply=None), Twist(hang=True)])
def test_what_twilio_took_without_saying_so_is_found_in_its_list(twilio: TwilioServer, twist: Twist) -> None:
    since = now()
    twilio.script.append(twist)
    receipt = send(by_twilio(twilio), text("k1"))["k1"]

    assert receipt.state == "unknown"
    assert ask(by_twilio(twilio), [text("k1"), text("k2")], since) == {"k1": "accepted"}


def test_an_older_or_another_message_to_the_number_proves_nothing(twilio: TwilioServer) -> None:
    send(by_twilio(twilio), text("k1"))
    assert ask(by_twilio(twilio), [text("k1")], now() + timedelta(hours=1)) == {}
    other = Outgoing("k1", 1, "", number_of("k1"), b"Something else")
    assert ask(by_twilio(twilio), [other], now() - timedelta(minutes=1)) == {}


def test_what_twilio_gave_up_has_failed(twilio: TwilioServer) -> None:
    since = now()
    send(by_twilio(twilio), text("k1"))
    twilio.messages[0]["status"] = "undelivered"
    assert ask(by_twilio(twilio), [text("k1")], since) == {"k1": "failed"}


def test_the_list_is_read_to_its_end(twilio: TwilioServer) -> None:
    since, twilio.page = now(), 1
    send(by_twilio(twilio), text("k1"))
    for n in range(3):
        send(by_twilio(twilio), Outgoing(f"k{n + 2}", 1, "", number_of("k1"), b"Later"))
    assert ask(by_twilio(twilio), [text("k1")], since) == {"k1": "accepted"}


def test_a_suspended_account_is_said_before_anything_is_claimed(twilio: TwilioServer) -> None:
    twilio.status = "suspended"
    with by_twilio(twilio).session(SCOPE) as session:
        assert session.unreachable() == "the Twilio account is suspended"


def test_one_provider_takes_over_from_the_other_without_doubling(acs: AcsServer, twilio: TwilioServer) -> None:
    twilio.script.extend([Twist(take=False, reply=Reply(429)), Twist(reply=Reply(500)), Twist(reply=None)])
    channel = FailoverChannel([by_twilio(twilio), by_acs(acs)])
    receipts = send(channel, *(text(f"k{n}") for n in range(20)))

    assert sorted(receipt.state for receipt in receipts.values()) == ["accepted"] * 18 + ["unknown"] * 2
    assert (len(texts_at(twilio)), len(acs.texts)) == (19, 1)


@pytest.mark.parametrize(
    "url",
    [
        "twilio://hunter2@api.twilio.com/+15550100001",
        "twilio://AC0123456789abcdef0123456789abcdef:hunter2@api.twilio.com/",
        "twilio+http://AC0123456789abcdef0123456789abcdef:hunter2@api.twilio.com/+15550100001",
        "twilio://AC0123456789abcdef0123456789abcdef:hunter2@api.twilio.com/+15550100001?most_segments=99",
        "twilio://AC0123456789abcdef0123456789abcdef:hunter2@api.twilio.com:x/+15550100001",
    ],
)
def test_what_is_wrong_with_the_setting_is_named_and_no_secret_repeated(url: str) -> None:
    with pytest.raises(ValueError, match=r"^BATON_SMS_URL: ") as wrong:
        TwilioChannel(url)
    assert "hunter2" not in str(wrong.value)
