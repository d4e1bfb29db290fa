"""What every channel promises, on each of them: the outbox folder, SMTP to a sink in a process of its own, and the
providers that are asked over HTTP, each against a server that keeps to its published API."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shared.domain.scope import Scope
from shared.ports import Channel, Outgoing, Receipt
from tests.contract.channel_homes import HOMES, LIMITS, SCOPE, TAKEN, Home


@pytest.fixture(params=list(HOMES))
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Home]:
    with HOMES[request.param](tmp_path, LIMITS) as home:
        yield home


def send(channel: Channel, *messages: Outgoing, scope: Scope = SCOPE) -> list[Receipt]:
    with channel.session(scope) as session:
        return list(session.send(messages))


def test_a_channel_has_a_name_a_rate_and_a_price_and_may_send(home: Home) -> None:
    assert home.channel.name.isalnum()
    assert home.channel.rate_per_second > 0
    assert home.channel.cost_micros >= 0
    assert home.channel.refusal() is None


@pytest.mark.parametrize("amount", [0, 1, 250])
def test_there_is_one_receipt_a_message_and_what_arrives_is_what_was_written(home: Home, amount: int) -> None:
    messages = [home.outgoing(f"k{n}", n % 3 + 1) for n in range(amount)]
    receipts = send(home.channel, *messages)

    assert sorted((each.key, each.attempt) for each in receipts) == sorted(
        (each.key, each.attempt) for each in messages
    )
    assert {each.state for each in receipts} <= set(TAKEN)
    assert home.arrived() == {message.key: home.expected(message) for message in messages}


def test_what_is_taken_has_the_providers_id_and_the_price(home: Home) -> None:
    (receipt,) = send(home.channel, home.outgoing("k1", 1))

    assert receipt.state in TAKEN
    assert bool(receipt.provider_id) == home.names
    assert receipt.cost_micros == home.channel.cost_micros


def test_a_session_sends_window_after_window(home: Home) -> None:
    with home.channel.session(SCOPE) as session:
        for window in range(5):
            assert session.unreachable() is None
            receipts = list(session.send([home.outgoing(f"k{window}x{n}", 1) for n in range(20)]))
            assert {receipt.state for receipt in receipts} <= set(TAKEN)

    assert len(home.arrived()) == 100


def test_sessions_work_side_by_side_in_threads(home: Home) -> None:
    with ThreadPoolExecutor(4) as threads:
        windows = [[home.outgoing(f"k{sender}x{n}", 1) for n in range(50)] for sender in range(4)]
        receipts = list(threads.map(lambda window: send(home.channel, *window), windows))

    assert {receipt.state for each in receipts for receipt in each} <= set(TAKEN)
    assert len(home.arrived()) == 200


def test_nothing_begins_to_leave_when_its_time_is_over(home: Home) -> None:
    with home.channel.session(SCOPE) as session:
        messages = [home.outgoing(f"k{n}", 1) for n in range(30)]
        assert {receipt.state for receipt in session.send(messages, within=0)} == {"unsent"}
        assert home.arrived() == {}
        assert {receipt.state for receipt in session.send(messages, within=60)} <= set(TAKEN)
    assert len(home.arrived()) == 30


def test_evidence_never_denies_what_was_taken_nor_claims_what_was_not_sent(home: Home) -> None:
    send(home.channel, home.outgoing("k1", 1))
    evidence = home.channel.evidence(SCOPE, ["k1", "k2"])

    assert evidence.get("k1") not in ("absent", "failed")
    assert evidence.get("k2") != "accepted"
    assert home.channel.evidence(Scope("local", "other"), ["k1"]).get("k1") != "accepted"
