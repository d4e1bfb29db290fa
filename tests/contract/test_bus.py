"""What every home of the bus does, seen from the sender and from a receiver at the other end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from shared.domain.faults import Missing
from shared.domain.scope import Scope
from shared.ports import BusMessage
from tests.contract.bus_homes import SALES, BusHome, on_host, on_service_bus

HERE, THERE = Scope("local", "main"), Scope("local", "other")
_ids = count(1)


@pytest.fixture(scope="module", params=["host", "service_bus"])
def home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BusHome]:
    """One for all tests: each takes what it sent."""
    with on_service_bus() if request.param == "service_bus" else on_host(tmp_path_factory.mktemp("bus")) as home:
        yield home


def message(subject: str = "deal.lost", session: str | None = None, at: datetime | None = None) -> BusMessage:
    number = next(_ids)
    return BusMessage(f"m{number}", subject, {"deal": f"d{number}", "note": "é ☃"}, session, at)


def test_a_message_arrives_with_its_scope_and_everything_said(home: BusHome) -> None:
    sent = [message(), message("deal.won")]
    home.bus.send(HERE, "handoffs", sent)
    assert sorted(home.take("handoffs", 2), key=lambda got: got[1].id) == [("local~main", each) for each in sent]


def test_the_same_id_is_taken_once_but_for_each_scope(home: BusHome) -> None:
    first, after = message(), message()
    home.bus.send(HERE, "handoffs", [first])
    home.bus.send(HERE, "handoffs", [first])
    home.bus.send(THERE, "handoffs", [first])
    home.bus.send(HERE, "handoffs", [after])
    got = {(scope, each.id) for scope, each in home.take("handoffs", 3)}
    assert got == {("local~main", first.id), ("local~other", first.id), ("local~main", after.id)}


def test_a_topic_tells_each_subscription_what_its_rules_take(home: BusHome) -> None:
    won, lost = message("deal.won"), message("deal.lost")
    home.bus.send(HERE, "events", [lost, won])
    assert home.take(SALES, 1) == [("local~main", won)]
    assert {got.id for _, got in home.take("events/subscriptions/all", 2)} == {won.id, lost.id}


def test_a_session_keeps_its_order(home: BusHome) -> None:
    sent = [message(session="deal-7") for _ in range(4)]
    for each in sent:
        home.bus.send(HERE, "ordered", [each])
    assert [got for _, got in home.take("ordered", 4)] == sent


def test_a_message_without_a_session_is_refused_where_one_is_needed_and_so_is_its_batch(home: BusHome) -> None:
    kept = message(session="deal-8")
    with pytest.raises(ValueError, match=r"(?i)session"):
        home.bus.send(HERE, "ordered", [message(session="deal-8"), message()])
    home.bus.send(HERE, "ordered", [kept])
    assert [got for _, got in home.take("ordered", 1)] == [kept]


def test_a_scheduled_message_waits_for_its_time(home: BusHome) -> None:
    later = datetime.now(UTC) + timedelta(hours=1)
    home.bus.send(HERE, "handoffs", [message(at=later)])
    assert home.scheduled("handoffs") == 1
    soon = message(at=datetime.now(UTC) + timedelta(milliseconds=200))
    home.bus.send(HERE, "handoffs", [soon])
    [(_, got)] = home.take("handoffs", 1)
    assert got.id == soon.id


def test_dead_letters_are_shown_and_those_of_the_scope_sent_again(home: BusHome) -> None:
    first, second, foreign = message(), message("deal.won"), message()
    with home.refusing("handoffs", 3):
        home.bus.send(HERE, "handoffs", [first])
        home.bus.send(THERE, "handoffs", [foreign])
        home.bus.send(HERE, "handoffs", [second])
    dead = home.bus.dead_letters(HERE, "handoffs")
    assert [each.message for each in dead] == [first, second]
    assert all(each.reason for each in dead)
    assert home.bus.dead_letters(HERE, "handoffs", after=dead[0].number, limit=1) == dead[1:]
    [elsewhere] = home.bus.dead_letters(THERE, "handoffs")
    # Neither another scope's nor what is not there.
    assert home.bus.replay(HERE, "handoffs", [dead[1].number, elsewhere.number, 10**9]) == [dead[1].number]
    assert home.take("handoffs", 1) == [("local~main", second)]
    assert home.bus.dead_letters(HERE, "handoffs") == dead[:1]
    assert home.bus.replay(THERE, "handoffs", [elsewhere.number]) == [elsewhere.number]
    assert home.take("handoffs", 1) == [("local~other", foreign)]


def test_a_dead_letter_of_a_subscription_comes_again(home: BusHome) -> None:
    sent = message("deal.won")
    with home.refusing(SALES, 1):
        home.bus.send(HERE, "events", [sent])
    [dead] = home.bus.dead_letters(HERE, SALES)
    assert home.bus.replay(HERE, SALES, [dead.number]) == [dead.number]
    assert home.take(SALES, 1) == [("local~main", sent)]
    assert home.bus.dead_letters(HERE, SALES) == []


def test_a_queue_that_is_not_there_is_missing(home: BusHome) -> None:
    with pytest.raises(Missing, match="there is no queue 'nowhere'"):
        home.bus.dead_letters(HERE, "nowhere")
    with pytest.raises(Missing, match="there is no queue 'events/subscriptions/nobody'"):
        home.bus.replay(HERE, "events/subscriptions/nobody", [1])


def test_too_much_at_once_is_refused(home: BusHome) -> None:
    huge = BusMessage("huge", "deal.lost", {"text": "x" * 1_100_000})
    with pytest.raises(ValueError, match=r"\d"):
        home.bus.send(HERE, "handoffs", [huge])


def test_after_a_close_it_goes_on(home: BusHome) -> None:
    home.bus.close()  # type: ignore[attr-defined]
    sent = message()
    home.bus.send(HERE, "handoffs", [sent])
    assert home.take("handoffs", 1) == [("local~main", sent)]
