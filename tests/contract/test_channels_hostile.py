"""Providers that lie, break off, hang or answer nonsense: one receipt a message, no exception, and whatever may have
been taken is never called refused (design 4.1)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.ports import Receipt
from tests.contract.channel_homes import IMPATIENT, SCOPE, WEB, Home
from tests.servers.provider import ProviderServer, Reply, Twist

IN_DOUBT = ("unknown", "submitted", "accepted")
"""What may be said of a message that was taken and not acknowledged as it should be."""

TAKEN_THEN = {
    "500": Twist(reply=Reply(500, b"oops")),
    "503": Twist(reply=Reply(503, b"", {"Retry-After": "1"})),
    "a closed connection": Twist(reply=None),
    "silence": Twist(hang=True),
    "half an answer": Twist(reply=Reply(202, b'{"id":'), claimed=1000),
    "half an answer of 200": Twist(reply=Reply(200, b'{"id":'), claimed=1000),
    "no JSON": Twist(reply=Reply(202, b"<html>accepted</html>")),
    "other JSON": Twist(reply=Reply.of(202, ["what", {"id": 7}, None])),
    "other types": Twist(reply=Reply.of(202, {"id": {"a": 1}, "value": 5, "sid": [], "status": None, "messages": 3})),
    "odd values": Twist(reply=Reply.of(202, {"value": [None, 5, {"to": []}, {"httpStatusCode": "x"}]})),
    "deep JSON": Twist(reply=Reply(202, b"[" * 100_000)),
    "not UTF-8": Twist(reply=Reply(202, b"\xff\xfe\x00")),
    "ten megabytes": Twist(reply=Reply(202, b"x" * 10_000_000)),
    "another id": Twist(reply=Reply.of(202, {"id": "8540c0de-899f-5cce-acb5-3ec493af3800", "status": "Running"})),
}
NOT_TAKEN = {
    "429": (Twist(take=False, reply=Reply(429, b"", {"Retry-After": "120"})), "deferred"),
    "401": (Twist(take=False, reply=Reply(401)), "deferred"),
    "400": (Twist(take=False, reply=Reply.of(400, {"error": {"code": "Bad"}})), "failed"),
    "404": (Twist(take=False, reply=Reply(404, b"\x00\xff")), "failed"),
    "302": (Twist(take=False, reply=Reply(302, b"", {"Location": "http://127.0.0.1:9/"})), "failed"),
}


@pytest.fixture(params=list(WEB))
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Home]:
    with WEB[request.param](tmp_path, IMPATIENT) as home:
        yield home


def server_of(home: Home) -> ProviderServer:
    assert home.server is not None
    return home.server


def send(home: Home, *keys: str) -> dict[str, Receipt]:
    with home.channel.session(SCOPE) as session:
        receipts = list(session.send([home.outgoing(key, 1) for key in keys]))
    assert sorted(receipt.key for receipt in receipts) == sorted(keys)
    return {receipt.key: receipt for receipt in receipts}


@pytest.mark.parametrize("how", list(TAKEN_THEN))
def test_what_may_have_been_taken_is_never_called_refused(home: Home, how: str) -> None:
    server_of(home).script.append(TAKEN_THEN[how])
    receipt = send(home, "k1")["k1"]

    assert "k1" in home.arrived()
    if home.channel.name == "webhook":  # Its protocol makes a repeat harmless, so it may be sent again.
        assert receipt.state in ("accepted", "deferred")
    else:
        assert receipt.state in IN_DOUBT
    assert len(receipt.detail or "") <= 200


@pytest.mark.parametrize("how", list(NOT_TAKEN))
def test_a_refusal_is_one(home: Home, how: str) -> None:
    twist, state = NOT_TAKEN[how]
    server_of(home).script.append(twist)
    receipt = send(home, "k1")["k1"]

    assert receipt.state == state
    assert receipt.retry_after == (120 if how == "429" else None)
    assert home.arrived() == {}


def test_one_bad_answer_spoils_no_other_message(home: Home) -> None:
    server_of(home).script.extend(TAKEN_THEN[how] for how in ("500", "a closed connection", "no JSON", "silence"))
    keys = [f"k{n}" for n in range(30)]
    receipts = send(home, *keys)

    good = [key for key, receipt in receipts.items() if receipt.state in ("accepted", "submitted")]
    assert len(good) >= 26
    assert set(home.arrived()) == set(keys)


def test_nobody_there_means_that_nothing_was_taken_and_is_said_before_anything_is_claimed(home: Home) -> None:
    server_of(home).stop()
    with home.channel.session(SCOPE) as session:
        assert session.unreachable()
        (receipt,) = session.send([home.outgoing("k1", 1)])
        assert session.unreachable()
    assert receipt.state == "deferred"
    assert home.channel.evidence(SCOPE, ["k1"]) == {}


def test_a_provider_that_lets_nobody_in_is_asked_again_before_the_next_window_but_never_by_a_message(
    home: Home,
) -> None:
    """An endpoint that takes messages only is no more than connected to; what knows questions is asked one."""
    server = server_of(home)
    with home.channel.session(SCOPE) as session:
        server.script.append(NOT_TAKEN["401"][0])
        assert [each.state for each in session.send([home.outgoing("k1", 1)])] == ["deferred"]
        before = len(server.asked)
        assert session.unreachable() is None
        assert (len(server.asked) > before) == home.asks
        assert home.arrived() == {}
        server.stop()
        assert session.unreachable()


def test_evidence_survives_nonsense(home: Home) -> None:
    server = server_of(home)
    send(home, "k1")
    server.sends = lambda asked: True  # type: ignore[method-assign]
    for how, twist in TAKEN_THEN.items():
        server.script.extend([twist] * 3)
        assert home.channel.evidence(SCOPE, ["k1"]).get("k1") != "absent", how
        server.script.clear()


def test_no_detail_repeats_the_address_or_what_the_provider_says_of_it(home: Home) -> None:
    message = home.outgoing("k1", 1)
    said = json.dumps({"error": {"code": message.recipient, "message": f"{message.recipient} is bad"}}).encode()
    server_of(home).script.append(Twist(take=False, reply=Reply(400, said)))
    receipt = send(home, "k1")["k1"]

    assert message.recipient not in str(receipt.detail)
