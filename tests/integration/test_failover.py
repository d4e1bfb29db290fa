"""Two providers of one channel: what the first definitely did not take leaves by the second; nothing leaves twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.adapters._http.wire import Limits
from shared.adapters.channels.acs_email import AcsEmailChannel
from shared.adapters.channels.failover import FailoverChannel
from shared.adapters.channels.outbox import OutboxChannel
from shared.domain.connection import Connection
from shared.domain.scope import Scope
from shared.ports import Outgoing
from tests.contract.channel_homes import mail
from tests.servers.acs_server import AcsServer
from tests.servers.provider import Reply, Twist

SCOPE = Scope("local", "main")


@pytest.fixture
def first() -> Iterator[AcsServer]:
    with AcsServer() as server:
        yield server


@pytest.fixture
def second() -> Iterator[AcsServer]:
    with AcsServer() as server:
        yield server


def channel_to(server: AcsServer, price: str = "0.001") -> AcsEmailChannel:
    url = f"acs:?rate_per_second=10&cost_per_message={price}"
    limits = Limits(whole=1.5)
    return AcsEmailChannel(url, Connection(secret=server.connection), "", lambda: datetime.now(UTC), limits)


def who_got(server: AcsServer) -> set[str]:
    return {each.message["recipients"]["to"][0]["address"].partition("@")[0] for each in server.operations.values()}


def window(*keys: str) -> list[Outgoing]:
    return [mail(key) for key in keys]


def test_only_what_was_definitely_not_taken_moves_on(first: AcsServer, second: AcsServer) -> None:
    first.script.extend(
        [
            Twist(take=False, reply=Reply(429)),
            Twist(reply=Reply(500)),
            Twist(reply=None),
            Twist(hang=True),
            Twist(take=False, reply=Reply(401)),
            Twist(take=False, reply=Reply(400)),
        ]
    )
    keys = [f"k{n}" for n in range(40)]
    with FailoverChannel([channel_to(first), channel_to(second)]).session(SCOPE) as session:
        receipts = list(session.send(window(*keys)))

    assert sorted(receipt.key for receipt in receipts) == sorted(keys)
    states = [receipt.state for receipt in receipts]
    assert (states.count("unknown"), states.count("failed"), states.count("submitted")) == (3, 1, 36)
    assert who_got(first) & who_got(second) == set()
    assert len(who_got(second)) == 2


def test_a_dead_provider_is_not_asked_and_with_all_dead_nothing_is_claimed(first: AcsServer, second: AcsServer) -> None:
    with FailoverChannel([channel_to(first), channel_to(second)]).session(SCOPE) as session:
        first.stop()
        assert session.unreachable() is None
        assert {each.state for each in session.send(window("k1", "k2"))} == {"submitted"}
        second.stop()
        assert {each.state for each in session.send(window("k3"))} == {"deferred"}
        assert session.unreachable()
    assert who_got(second) == {"k1", "k2"}


def test_evidence_comes_from_whoever_has_it(first: AcsServer, second: AcsServer, tmp_path: Path) -> None:
    first.first_status = second.first_status = "Succeeded"
    channel = FailoverChannel([channel_to(first), channel_to(second)])
    first.script.append(Twist(take=False, reply=Reply(429)))
    with channel.session(SCOPE) as session:
        list(session.send(window("k1")))
        list(session.send(window("k2")))

    assert (who_got(first), who_got(second)) == ({"k2"}, {"k1"})
    assert channel.evidence(SCOPE, ["k1", "k2", "k3"]) == {"k1": "accepted", "k2": "accepted"}
    beside = FailoverChannel([OutboxChannel(tmp_path), channel_to(first)])
    with OutboxChannel(tmp_path).session(SCOPE):
        assert beside.evidence(SCOPE, ["k3"]) == {}, "one that cannot swear to it leaves it open"


def test_it_is_paced_as_the_slowest_and_priced_as_the_dearest(first: AcsServer, second: AcsServer) -> None:
    channel = FailoverChannel([channel_to(first, "0.001"), channel_to(second, "0.002")])
    assert channel.cost_micros == 2000
    assert channel.rate_per_second == 10
    with channel.session(SCOPE) as session:
        (receipt,) = session.send(window("k1"))
    assert receipt.cost_micros == 1000
