"""What every channel promises, on each of them: the outbox folder, and SMTP to a sink in a process of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from shared.adapters.channels.outbox import OutboxChannel
from shared.adapters.channels.smtp import SmtpChannel
from shared.domain.scope import Scope
from shared.ports import Channel, Outgoing, Receipt
from tests.servers.smtp_sink import kept, sink

SCOPE = Scope("local", "main")


@dataclass(frozen=True)
class Home:
    """A channel, and a look at its far end: every message that is there, by effect key; two of a key are an error."""

    channel: Channel
    arrived: Callable[[], Mapping[str, bytes]]


def once_each(pairs: list[tuple[str, bytes]]) -> dict[str, bytes]:
    assert len({key for key, _ in pairs}) == len(pairs)
    return dict(pairs)


@pytest.fixture(params=["outbox", "smtp"])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Home]:
    if request.param == "outbox":
        yield Home(
            OutboxChannel(tmp_path),
            lambda: once_each([(file.stem, file.read_bytes()) for file in tmp_path.glob("*/*.eml")]),
        )
        return
    with sink(tmp_path) as port:
        yield Home(
            SmtpChannel(f"smtp://127.0.0.1:{port}?cost_per_message=0.0003", ""),
            lambda: once_each([(each.key, each.message) for each in kept(tmp_path)]),
        )


def outgoing(key: str, attempt: int = 1) -> Outgoing:
    message = f"Subject: {key}\r\nBaton-Effect: {key}\r\n\r\n.\r\n..dots\r\nHello {key}\r\n".encode()
    return Outgoing(key, attempt, "hello@nordlicht.example", f"{key}@example.com", message)


def send(channel: Channel, *messages: Outgoing, scope: Scope = SCOPE) -> list[Receipt]:
    with channel.session(scope) as session:
        return list(session.send(messages))


def test_a_channel_has_a_name_a_rate_and_a_price_and_may_send(home: Home) -> None:
    assert home.channel.name.isalnum()
    assert home.channel.rate_per_second > 0
    assert home.channel.cost_micros >= 0
    assert home.channel.refusal() is None


@pytest.mark.parametrize("amount", [0, 1, 250])
def test_there_is_one_receipt_a_message_and_the_bytes_arrive_as_they_were(home: Home, amount: int) -> None:
    messages = [outgoing(f"k{n}", attempt=n % 3 + 1) for n in range(amount)]
    receipts = send(home.channel, *messages)

    assert sorted((each.key, each.attempt) for each in receipts) == sorted(
        (each.key, each.attempt) for each in messages
    )
    assert home.arrived() == {message.key: message.message for message in messages}


def test_an_acceptance_names_the_providers_id_and_the_price(home: Home) -> None:
    (receipt,) = send(home.channel, outgoing("k1"))

    assert receipt.state == "accepted"
    assert "k1" in str(receipt.provider_id)
    assert receipt.cost_micros == home.channel.cost_micros


def test_a_session_sends_window_after_window(home: Home) -> None:
    with home.channel.session(SCOPE) as session:
        for window in range(5):
            receipts = list(session.send([outgoing(f"k{window}x{n}") for n in range(20)]))
            assert {receipt.state for receipt in receipts} == {"accepted"}

    assert len(home.arrived()) == 100


def test_sessions_work_side_by_side_in_threads(home: Home) -> None:
    with ThreadPoolExecutor(4) as threads:
        windows = [[outgoing(f"k{sender}x{n}") for n in range(50)] for sender in range(4)]
        receipts = list(threads.map(lambda window: send(home.channel, *window), windows))

    assert {receipt.state for each in receipts for receipt in each} == {"accepted"}
    assert len(home.arrived()) == 200


def test_evidence_never_denies_what_was_accepted_nor_claims_what_was_not_sent(home: Home) -> None:
    send(home.channel, outgoing("k1"))
    evidence = home.channel.evidence(SCOPE, ["k1", "k2"])

    assert evidence.get("k1") != "absent"
    assert evidence.get("k2") != "accepted"
    assert home.channel.evidence(Scope("local", "other"), ["k1"]).get("k1") != "accepted"
