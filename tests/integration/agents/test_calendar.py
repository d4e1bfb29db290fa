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
from shared.domain.slots import zone
from shared.ports import Ask, Ports, Post, Posted, Told

from .conftest import SCOPE, START, Hand, Walk

People = Callable[..., list[Contact]]
Walks = Callable[..., Walk]
TWO_DAYS = {"window": {"days": 2, "hours": [0, 24]}}


def close(ports: Ports, first: date, last: date | None = None) -> str:
    return calendar.enter(ports, SCOPE, "ann", Entry(title="Closed", first_day=first, last_day=last))


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
