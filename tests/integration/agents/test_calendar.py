"""Nothing of a campaign leaves while the sender's calendar is busy or closed; whoever can still get it does (S2.7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from functions import sweep
from shared.adapters.calendars.caldav import CaldavCalendar
from shared.adapters.calendars.ics import ChildCalendarFiles
from shared.adapters.channels.outbox import OutboxChannel
from shared.adapters.clock.host import HostClock
from shared.agents import calendar, campaigns
from shared.agents.calendar import feeds
from shared.agents.schedule.forecast import forecast
from shared.agents.schedule.preview import preview
from shared.domain.audience import AudienceRequest
from shared.domain.calendar import Entry
from shared.domain.calendar_feed import FeedRequest
from shared.domain.contact import Contact
from shared.domain.faults import Missing, Rejected, Unavailable
from shared.domain.names import Kind
from shared.domain.outcome import Done, Later
from shared.domain.position import lane_of
from shared.domain.slots import zone
from shared.ports import Ask, Ports, Post, Posted, Told

from .conftest import SCOPE, START, Hand, Walk
from .test_journeys import WELCOME, Journeying

People = Callable[..., list[Contact]]
Walks = Callable[..., Walk]
TWO_DAYS = {"window": {"days": 2, "hours": [0, 24]}}


def close(ports: Ports, first: date, last: date | None = None) -> str:
    return calendar.enter(ports, SCOPE, "ann", Entry(title="Closed", first_day=first, last_day=last))


def busy(ports: Ports, start: datetime, end: datetime) -> str:
    return calendar.enter(ports, SCOPE, "ann", Entry(start=start, end=end))


def held(ports: Ports, walk: Walk) -> dict[str, int]:
    return campaigns.certificate(ports, SCOPE, walk.id).held


def left_at(ports: Ports, walk: Walk) -> list[datetime]:
    rows = [row for shard in range(walk.campaign.shards) for row in ports.ledger.of_shard(SCOPE, walk.id, shard)]
    return sorted(row.intended_at for row in rows if row.state == "accepted" and row.intended_at)


def test_it_leaves_on_the_open_day_alone(walk: Walks, people: People, ports: Ports) -> None:
    people(40)
    close(ports, START.date())
    spring = walk(**TWO_DAYS)
    spring.plan()
    spring.send_all()
    assert held(ports, spring) == {}
    assert len(left_at(ports, spring)) == 40
    assert {each.date() for each in left_at(ports, spring)} == {START.date() + timedelta(days=1)}


def test_a_blackout_day_after_the_approval_holds_what_is_planned_until_it_is_over(
    walk: Walks, people: People, ports: Ports
) -> None:
    person = people(20)[0]
    spring = walk(**TWO_DAYS)
    spring.plan()
    close(ports, START.date())
    waits = spring.send()
    assert isinstance(waits, Later)
    assert campaigns.explain(ports, SCOPE, spring.id, person.id).state == "planned"
    spring.send_all()
    assert held(ports, spring) == {}
    assert {each.date() for each in left_at(ports, spring)} == {START.date() + timedelta(days=1)}


def test_where_it_takes_all_that_is_left_they_are_held_and_told_why(walk: Walks, people: People, ports: Ports) -> None:
    person = people(3)[0]
    spring = walk()
    spring.plan()
    close(ports, START.date(), START.date() + timedelta(days=1))
    spring.send_all()
    assert held(ports, spring) == {"blackout": 3}
    assert "keeps every day" in campaigns.explain(ports, SCOPE, spring.id, person.id).sentence


def test_a_window_without_a_free_moment_is_refused_and_one_that_lost_it_asks_a_person(
    walk: Walks, people: People, ports: Ports, hand: Hand
) -> None:
    people(3)
    spring = walk()
    spring.write()
    spring.approve()
    closed = close(ports, START.date(), START.date() + timedelta(days=1))
    assert spring.schedule() == Later(START + timedelta(hours=6), "missed")
    assert spring.campaign.status == "missed"
    reason = "the calendar has blackout days for the whole window; it is free again from 2027-03-04 00:00 on (UTC)"
    assert spring.campaign.status_reason == reason
    with pytest.raises(Rejected) as refused:
        walk(name="Another")
    assert [(each.field, each.reason) for each in refused.value.errors] == [("window", reason)]
    calendar.remove(ports, SCOPE, "ann", closed)
    campaigns.resume(ports, SCOPE, spring.id, "ann")
    assert isinstance(spring.schedule(), Done)
    spring.send_all()
    assert len(left_at(ports, spring)) == 3


def test_the_forecast_says_who_has_no_free_moment(walk: Walks, people: People, ports: Ports) -> None:
    people(3, timezone="Europe/London")
    people(2, prefix="late", timezone="America/New_York")
    window = {"start": "2027-03-03T06:00:00Z", "days": 1, "hours": [9, 12]}
    spring = walk(window=window)
    spring.write()
    spring.schedule()
    busy = Entry(start=datetime(2027, 3, 3, 12, 30, tzinfo=UTC), end=datetime(2027, 3, 3, 20, tzinfo=UTC))
    calendar.enter(ports, SCOPE, "ann", busy)
    found = forecast(ports, SCOPE, spring.campaign)
    assert (found.people, found.gets, found.held) == (5, 3, {"busy": 2})
    spring.approve()
    assert isinstance(spring.schedule(), Done)
    spring.send_all()
    assert held(ports, spring) == {"busy": 2}


def test_a_calendar_that_cannot_be_read_stops_everything_and_loses_nobody(
    walk: Walks, people: People, ports: Ports, hand: Hand
) -> None:
    people(3)
    spring = walk()
    files = ChildCalendarFiles(zone("UTC") or pytest.fail("UTC"))
    gone = replace(ports, calendar=CaldavCalendar("http://127.0.0.1:9/cal", files, hand.now))
    spring.write()
    spring.approve()
    spring.ports = gone
    assert spring.schedule() == Later(START + timedelta(minutes=1), "calendar")
    assert "the calendar cannot be used just now" in (spring.campaign.status_reason or "")
    spring.ports = ports
    assert isinstance(spring.schedule(), Done)
    spring.ports = gone
    assert spring.send() == Later(START + timedelta(minutes=1), "unreachable")
    assert left_at(ports, spring) == []
    with pytest.raises(Unavailable):
        close(gone, START.date())
    spring.ports = ports
    spring.send_all()
    assert len(left_at(ports, spring)) == 3


WEEKLY = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:x\r\nDTSTAMP:20270101T000000Z\r\n"
    b"SUMMARY:Dr. Geheim\r\nDTSTART;VALUE=DATE:20270302\r\nRRULE:FREQ=WEEKLY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


class Published:
    """Endpoints of which one is a calendar."""

    def __init__(self) -> None:
        self.told = Told(200, {}, WEEKLY)

    def refusal(self, url: str) -> str | None:
        return None if url.startswith("https://calendar.example") else "must begin with https://"

    def ask(self, asking: Ask) -> Told:
        return self.told

    def post(self, post: Post) -> Posted:
        raise NotImplementedError


def test_another_calendar_counts_by_its_times_alone_and_is_read_again(ports: Ports, hand: Hand, tmp_path: Path) -> None:
    published = Published()
    open_ports = replace(ports, endpoints=published)
    made = feeds.subscribe(open_ports, SCOPE, "ann", FeedRequest(name="Team", url="webcal://calendar.example/s3cret"))
    year = START, START + timedelta(days=60)
    assert [each.start.date().day for each in calendar.taken(ports, SCOPE, *year)] == [2, 9, 16, 23, 30, 6, 13, 20, 27]
    shown = calendar.view(ports, SCOPE, *year).model_dump_json()
    assert "s3cret" not in shown
    assert "Geheim" not in shown
    published.told = Told(None, {}, b"", "no connection")
    calendar.refresh(open_ports, [SCOPE])
    assert calendar.view(ports, SCOPE, *year).feeds[0].trouble == "it gave nothing: no connection"
    assert len(list(calendar.taken(ports, SCOPE, *year))) == 9, "what was read before holds"
    published.told = Told(200, {}, WEEKLY.replace(b"WEEKLY", b"MONTHLY"))
    calendar.refresh(open_ports, [SCOPE])
    assert [each.start.date().day for each in calendar.taken(ports, SCOPE, *year)] == [2, 2]
    feeds.remove(ports, SCOPE, "ann", made.id)
    assert not calendar.taken(ports, SCOPE, *year)
    with pytest.raises(Missing):
        feeds.remove(ports, SCOPE, "ann", made.id)
    with pytest.raises(Rejected, match="url: it must begin with https"):
        feeds.subscribe(open_ports, SCOPE, "ann", FeedRequest(name="Team", url="http://169.254.169.254/"))
    with pytest.raises(Rejected, match="file: it is no iCalendar file"):
        feeds.bring_in(ports, SCOPE, "ann", "Team", b"<html>")
    assert b"Geheim" not in b"".join(each.read_bytes() for each in (tmp_path / "home").rglob("*") if each.is_file())


def test_a_calendar_that_hangs_takes_no_others_turn_and_keeps_no_message_waiting(
    walk: Walks, people: People, ports: Ports, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    published, asked = Published(), list[str]()
    slow = replace(ports, endpoints=published)
    people(1)
    walk()
    for n in range(3):
        feeds.subscribe(slow, SCOPE, "ann", FeedRequest(name=f"{n}", url=f"https://calendar.example/{n}"))
        hand.forward(seconds=1)

    def hang(asking: Ask) -> Told:
        asked.append(asking.url[-1])
        hand.forward(seconds=70)
        return Told(None, {}, b"", "it took too long")

    def reconciled(ports: Ports, scope: object) -> int:
        asked.append("messages")
        return 0

    monkeypatch.setattr(published, "ask", hang)
    monkeypatch.setattr("functions.sweep.unknown.reconcile", reconciled)
    sweep.reconcile(slow)
    assert asked == ["messages", "0", "1"]
    sweep.reconcile(slow)
    assert asked[3:] == ["messages", "2", "0"]
    archived = {"workspace": SCOPE.workspace, "archived_at": hand.now().isoformat()}
    ports.documents.put(SCOPE.agency, Kind.SCOPE, SCOPE.workspace, archived, "*")
    sweep.reconcile(slow)
    assert asked[6:] == ["messages"]


def test_a_window_beyond_all_dates_is_refused_in_words(walk: Walks, people: People, ports: Ports) -> None:
    people(1)
    far = {"start": "9999-12-31T20:00:00Z"}
    asked = AudienceRequest.model_validate({"segment": {"all": True}, "window": far})
    for begin in (lambda: walk(window=far), lambda: preview(ports, SCOPE, asked)):
        with pytest.raises(Rejected, match="more than 730 days ahead") as refused:
            begin()
        assert [each.field for each in refused.value.errors] == ["window.start"]


def test_an_entry_made_by_mistake_and_taken_out_again_holds_nobody(
    walk: Walks, people: People, ports: Ports, hand: Hand
) -> None:
    people(5)
    spring = walk()
    spring.plan()
    wrong = close(ports, START.date(), START.date() + timedelta(days=2))
    hand.forward(seconds=10)
    assert isinstance(spring.send(), Later)
    calendar.remove(ports, SCOPE, "ann", wrong)
    spring.send_all()
    assert held(ports, spring) == {}
    assert len(left_at(ports, spring)) == 5


def test_closed_first_days_and_a_late_entry_do_not_make_the_window_longer(
    walk: Walks, people: People, ports: Ports
) -> None:
    people(20)
    first = START.date()
    close(ports, first, first + timedelta(days=3))
    spring = walk(window={"start": START.isoformat(), "days": 5, "hours": [0, 24]})
    spring.plan()
    assert spring.campaign.opened_at == START
    close(ports, first + timedelta(days=4), first + timedelta(days=5))
    spring.send_all()
    assert left_at(ports, spring) == []
    assert held(ports, spring) == {"blackout": 20}


def unread(walk: Walk, hand: Hand, **time: float) -> None:
    """Once approved, its calendar cannot be read for so long."""
    ports = walk.ports
    files = ChildCalendarFiles(zone("UTC") or pytest.fail("UTC"))
    walk.ports = replace(ports, calendar=CaldavCalendar("http://127.0.0.1:9/cal", files, hand.now))
    hand.forward(**time)
    assert walk.schedule() == Later(hand.now() + timedelta(minutes=1), "calendar")
    walk.ports = ports
    hand.forward(minutes=1)


@pytest.mark.parametrize("start", [START, None])
def test_a_calendar_that_could_not_be_read_does_not_move_the_end_of_the_window(
    walk: Walks, people: People, ports: Ports, hand: Hand, start: datetime | None
) -> None:
    people(20)
    spring = walk(window={"start": start and start.isoformat(), "days": 1, "hours": [0, 24]})
    spring.write()
    spring.approve()
    unread(spring, hand, hours=20)
    assert isinstance(spring.schedule(), Done)
    assert spring.campaign.opened_at == START
    assert spring.campaign.first_due == START + timedelta(hours=20), "nobody has a slot that has passed"
    busy(ports, hand.now(), START + timedelta(hours=27))
    spring.send_all()
    assert left_at(ports, spring) == []
    assert held(ports, spring) == {"busy": 20}


@pytest.mark.parametrize("start", [START, None])
def test_a_calendar_that_could_not_be_read_until_the_window_was_over_asks_a_person(
    walk: Walks, people: People, ports: Ports, hand: Hand, start: datetime | None
) -> None:
    people(3)
    spring = walk(window={"start": start and start.isoformat(), "days": 1, "hours": [0, 24]})
    spring.write()
    spring.approve()
    unread(spring, hand, hours=23)
    hand.forward(hours=1)
    assert spring.schedule() == Later(hand.now() + timedelta(hours=6), "missed")
    assert (spring.campaign.status, spring.campaign.shards) == ("missed", 0)
    campaigns.resume(ports, SCOPE, spring.id, "ann")
    assert isinstance(spring.schedule(), Done)
    spring.send_all()
    assert len(left_at(ports, spring)) == 3


ONE_MORNING = {"window": {"start": "2027-03-03T06:00:00Z", "days": 1, "hours": [9, 12]}}


def test_who_was_planned_without_a_free_slot_gets_it_if_the_calendar_is_free_then(
    walk: Walks, people: People, ports: Ports
) -> None:
    people(3)
    day = datetime(2027, 3, 3, tzinfo=UTC)
    wrong = busy(ports, day.replace(hour=8), day.replace(hour=17))
    spring = walk(**ONE_MORNING)
    spring.plan()
    calendar.remove(ports, SCOPE, "ann", wrong)
    spring.send_all()
    assert held(ports, spring) == {}
    assert {each.hour for each in left_at(ports, spring)} == {9}
    assert len(left_at(ports, spring)) == 3


def test_who_was_planned_without_a_free_slot_uses_up_nobodys_budget_and_stays_within_it(
    walk: Walks, people: People, ports: Ports
) -> None:
    people(4, timezone="UTC")
    people(3, prefix="east", timezone="Asia/Kolkata")
    day = datetime(2027, 3, 3, tzinfo=UTC)
    wrong = busy(ports, day, day.replace(hour=8))  # a morning in India ends at 6:30
    window = {"start": "2027-03-03T00:00:00Z", "days": 1, "hours": [9, 12]}
    spring = walk(window=window, budget={"max_messages": 5})
    spring.plan()
    calendar.remove(ports, SCOPE, "ann", wrong)
    spring.send_all()
    assert held(ports, spring) == {"over_budget": 2}
    assert [each.hour for each in left_at(ports, spring)].count(9) == 4


class Interrupted(HostClock):
    """The clock that moves on while a sender keeps to its rate, and somebody enters an appointment just then."""

    def __init__(self, file: Path, hand: Hand, ports: Ports) -> None:
        super().__init__(file)
        self._hand, self._ports = hand, ports

    def pace(self, seconds: float) -> None:
        self._hand.forward(seconds=seconds)
        busy(self._ports, self._hand.now(), self._hand.now() + timedelta(hours=2))


class OneASecond(OutboxChannel):
    rate_per_second = 1.0


def test_a_journey_looks_into_the_calendar_before_each_window(
    people: People, ports: Ports, hand: Hand, tmp_path: Path
) -> None:
    for id in [id for id in (f"p{n:023}" for n in range(9000)) if lane_of(id) == 0][:60]:
        people(1, prefix=id, id=id)
    journeying = Journeying(ports, hand, tmp_path / "home" / "outbox")
    journeying.begin(WELCOME)
    slow = {"email": OneASecond(journeying.outbox)}
    journeying.turn(replace(ports, channels=slow, clock=Interrupted(tmp_path / "clock", hand, ports)))
    assert len(journeying.sent()) == 25, "the first window alone"
    hand.forward(hours=3)
    journeying.turn()
    assert len(journeying.sent()) == 60
