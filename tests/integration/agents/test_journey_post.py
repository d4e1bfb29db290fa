"""Mails of a journey that leave later than their reader came to them: to whom they still go, and that none is lost; how
much one turn takes on; events that are written late."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from functions.http.handlers.unknown import decide
from functions.sweep import bells
from shared.access.call import Call
from shared.adapters.channels.outbox import OutboxChannel
from shared.adapters.clock.host import HostClock
from shared.agents import campaigns, journeys, unknown
from shared.agents.journeys import EventTold
from shared.domain.address import effect_key
from shared.domain.contact import Contact
from shared.domain.inquiry import UnknownDecision
from shared.domain.names import Kind
from shared.domain.outcome import Done, Later
from shared.domain.position import lane_of, shard_of
from shared.ports import Ports, Settlement

from .conftest import SCOPE, START, Hand
from .test_journeys import WELCOME, Journeying

HELLO = WELCOME.partition("  - wait: 3 days")[0]
SHORT = f"{HELLO}  - wait: 2 hours\n  - wait: 3 days\n"
TOLD = HELLO.replace("enter:\n  segment: {all: true}", "enter: {event: joined}\nagain: {after: 1 minutes, most: 3}")
SUBJECT = "Good that you are here"
People = Callable[..., list[Contact]]


@pytest.fixture
def journeying(ports: Ports, hand: Hand, tmp_path: Path) -> Journeying:
    return Journeying(ports, hand, tmp_path / "home" / "outbox")


def hello(journeying: Journeying) -> str:
    return journeys.get(journeying.ports, SCOPE, "welcome").mails["hello"]


def key_of(journeying: Journeying, person: Contact) -> str:
    return effect_key(SCOPE, hello(journeying), "1", "email", person.person)


def in_doubt(journeying: Journeying, people: Sequence[Contact]) -> None:
    """Their first mail is handed over, and nobody can tell whether it left; in truth it did not."""
    journeying.begin(SHORT)
    folder = journeying.outbox / str(SCOPE)
    folder.mkdir(parents=True)
    files = [folder / f"{key_of(journeying, each)}.eml" for each in people]
    for file in files:
        file.touch()
    journeying.turn()
    for file in files:
        file.unlink()
    assert {journeying.path(each)[1] for each in people} == {("hello", "unknown")}


def reconciled(journeying: Journeying) -> None:
    """At a time at which unknown messages are asked about."""
    journeying.hand.set(START + timedelta(hours=4))
    assert unknown.reconcile(journeying.ports, SCOPE) == 0


def test_a_mail_proved_not_to_have_left_does_not_go_to_those_who_left_the_journey(
    journeying: Journeying, people: People
) -> None:
    stays, gone, going = people(3)
    in_doubt(journeying, [stays, gone, going])
    journeys.tell(journeying.ports, SCOPE, EventTold(event="booking", contact=gone.id))
    journeying.hand.forward(hours=3)
    journeying.turn()
    assert journeying.counts() == {"wait-3-days": 2, "left booking": 1}
    journeys.tell(journeying.ports, SCOPE, EventTold(event="booking", contact=going.id))
    reconciled(journeying)
    journeying.turn()
    assert journeying.sent() == [("u0@people.example", SUBJECT)]
    proof = campaigns.certificate(journeying.ports, SCOPE, hello(journeying))
    assert (proof.sent_once, proof.held, proof.remaining) == (1, {"left_journey": 2}, 0)
    assert campaigns.get(journeying.ports, SCOPE, hello(journeying)).again == {}


def test_a_mail_that_is_to_leave_again_waits_while_its_mails_are_paused(journeying: Journeying, people: People) -> None:
    in_doubt(journeying, people(1))
    journeying.hand.forward(hours=3)
    journeying.turn()
    reconciled(journeying)
    campaigns.pause(journeying.ports, SCOPE, hello(journeying), "owner")
    outcome = journeying.turn()
    assert isinstance(outcome, Later)
    assert outcome.at == journeying.hand.now() + timedelta(minutes=1)
    assert journeying.sent() == []
    campaigns.resume(journeying.ports, SCOPE, hello(journeying), "owner")
    journeying.hand.set(outcome.at)
    journeying.turn()
    assert journeying.sent() == [("u0@people.example", SUBJECT)]
    assert campaigns.get(journeying.ports, SCOPE, hello(journeying)).again == {}


def test_a_mail_of_which_nobody_said_that_it_may_leave_again_is_found(journeying: Journeying, people: People) -> None:
    """Killed after the ledger knows that it never left and before its campaign does."""
    (person,) = people(1)
    in_doubt(journeying, [person])
    now, shard = journeying.hand.now(), shard_of(person.id, 1, 1)
    absent = Settlement(key_of(journeying, person), 1, "planned", not_before=now)
    journeying.ports.ledger.settle(SCOPE, hello(journeying), shard, [absent], now)
    journeying.turn()
    assert journeying.sent() == []
    reconciled(journeying)
    journeying.turn()
    assert journeying.sent() == [("u0@people.example", SUBJECT)]


def test_the_flow_is_woken_when_a_mail_may_leave_again(journeying: Journeying, people: People) -> None:
    in_doubt(journeying, people(2))
    assert list(bells(journeying.ports)) == []
    call = Call(journeying.ports, SCOPE, "boss", "POST", "", path={"id": hello(journeying)})
    body = UnknownDecision.model_validate({"decision": "again", "all": True})
    flow = "local~main~journey~welcome~1"
    assert decide(call, body).ring == [flow]
    assert list(bells(journeying.ports)) == [flow], "the sweep rings if that was not heard"
    journeying.turn()
    assert len(journeying.sent()) == 2
    assert list(bells(journeying.ports)) == []


@pytest.mark.parametrize("ended", ["by itself", "by a person"])
def test_what_is_proved_never_to_have_left_after_the_end_is_held(
    journeying: Journeying, people: People, ended: str
) -> None:
    in_doubt(journeying, people(2))
    if ended == "by itself":
        journeying.until(START + timedelta(days=4))
    else:
        journeys.stop(journeying.ports, SCOPE, "welcome", "owner")
    assert isinstance(journeying.turn(), Done)
    journeying.hand.set(START + timedelta(hours=128))  # a time at which they are asked about
    unknown.reconcile(journeying.ports, SCOPE)
    assert journeying.sent() == []
    proof = campaigns.certificate(journeying.ports, SCOPE, hello(journeying))
    assert (proof.remaining, proof.unknown) == (0, 0)
    assert proof.held == ({"left_journey": 2} if ended == "by itself" else {"cancelled": 2})


class Slow(OutboxChannel):
    """A mail every ten seconds."""

    rate_per_second = 0.1


class Passing(HostClock):
    """The clock that moves on while a sender keeps to the rate."""

    def __init__(self, file: Path, hand: Hand) -> None:
        super().__init__(file)
        self._hand = hand

    def pace(self, seconds: float) -> None:
        self._hand.forward(seconds=seconds)


def test_a_turn_ends_in_time_however_slowly_mails_may_leave(
    journeying: Journeying, people: People, tmp_path: Path
) -> None:
    ids = [id for id in (f"p{n:023}" for n in range(4000)) if lane_of(id) == 0][:30]
    for id in ids:
        people(1, prefix=id, id=id)
    journeying.begin(SHORT)
    journeying.ports = replace(
        journeying.ports,
        channels={"email": Slow(journeying.outbox)},
        clock=Passing(tmp_path / "clock", journeying.hand),
    )
    order = {"scope": list(SCOPE), "journey": "welcome", "attempt": 1, "instance": "local~main~journey~welcome~1"}
    outcome = journeys.run(journeying.ports, order)
    assert isinstance(outcome, Later)
    assert (outcome.why, len(journeying.sent())) == ("running", 12)
    assert journeying.hand.now() == START + timedelta(minutes=2)
    journeying.turn()
    assert len(set(journeying.sent())) == len(journeying.sent()) == 30


def test_events_that_are_written_late_or_at_one_moment_let_everybody_in_once(
    journeying: Journeying, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.agents.journeys.enter._PAGE", 2)
    *together, late = people(6)
    journeying.begin(TOLD)
    journeying.hand.forward(minutes=10)
    for each in together:
        journeys.tell(journeying.ports, SCOPE, EventTold(event="joined", contact=each.id))
    told = journeys.tell(journeying.ports, SCOPE, EventTold(event="joined", contact=late.id))
    written = journeying.ports.documents.get(SCOPE, Kind.JOURNEY_EVENT, f"{late.id}.joined")
    assert written is not None
    journeying.ports.documents.delete(SCOPE, Kind.JOURNEY_EVENT, written.id)
    journeying.turn()
    assert [times_through(journeying, each) for each in together] == [1] * 5
    journeying.hand.forward(minutes=3)
    at = START + timedelta(minutes=9)
    earlier = told.model_copy(update={"first_at": at, "last_at": at})
    journeying.ports.documents.put(SCOPE, Kind.JOURNEY_EVENT, written.id, earlier.model_dump(mode="json"))
    for _ in range(4):
        journeying.turn()
        assert [times_through(journeying, each) for each in (*together, late)] == [1] * 6
        journeying.hand.forward(minutes=2)
    assert len(set(journeying.sent())) == len(journeying.sent()) == 6
    journeys.tell(journeying.ports, SCOPE, EventTold(event="joined", contact=late.id))
    journeying.turn()
    assert times_through(journeying, late) == 2


def times_through(journeying: Journeying, person: Contact) -> int:
    return journeys.walked(journeying.ports, SCOPE, "welcome", person.id).position.entry
