"""Journeys over real local stores: who goes where, which mails leave, and that none leaves twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from local.cli.journey import _SKETCH
from shared.agents import campaigns, generate, journeys, schedule
from shared.agents.analyze import track
from shared.agents.contacts.suppression import suppress
from shared.agents.journeys import EventTold
from shared.agents.mailbox import read_all
from shared.domain.address import person_of
from shared.domain.approval import ApprovalRequest
from shared.domain.contact import Contact
from shared.domain.engagement import Engagement
from shared.domain.faults import Conflict
from shared.domain.journey_steps import described, mails, stands
from shared.domain.links import Link
from shared.domain.names import Kind
from shared.domain.outcome import Done, Later
from shared.domain.position import shard_of
from shared.ports import Ports, Stale
from shared.process.problems import Invalid
from tests.e2e.host.process import ROOT

from .conftest import SCOPE, START, Hand

WELCOME = """
journey: welcome
title: Welcome
enter:
  segment: {all: true}
sender: {name: Praxis, address: hallo@praxis.example, postal_address: "1 Mill Road, Leeds"}
hours: [0, 24]
steps:
  - send: hello
    text:
      subject: Good that you are here
      greeting: 'Hello {{ first_name | default("there", true) }},'
      paragraphs: [This is how the course works.]
      link: {text: See the course, url: "https://praxis.example/course"}
  - wait: 3 days
  - if: {clicked: hello}
    then:
      - tag: keen
      - send: offer
        text:
          subject: Your place
          paragraphs: [There is a place for you.]
          link: {text: Book it, url: "https://praxis.example/book"}
    else:
      - wait: until tuesday 10:00
      - send: reminder
        text:
          subject: Still there?
          paragraphs: [The course begins soon.]
          link: {text: See the course, url: "https://praxis.example/course"}
  - wait: 1 day
"""


class Journeying:
    """A journey that is walked as its flow would, and the mails that it left."""

    def __init__(self, ports: Ports, hand: Hand, outbox: Path) -> None:
        self.ports, self.hand, self.outbox = ports, hand, outbox

    def put(self, text: str = WELCOME) -> None:
        plan = journeys.load(text.encode())
        self.approve(
            [each.id for each in journeys.put(self.ports, SCOPE, "owner", plan.journey, plan, text.encode())[1]]
        )

    def approve(self, ids: list[str]) -> None:
        for id in ids:
            order = {"scope": list(SCOPE), "campaign": id, "instance": f"local~main~campaign~{id}~1"}
            assert isinstance(generate.run(self.ports, order), Done)
            schedule.run(self.ports, order)
            asked = campaigns.approval(self.ports, SCOPE, id)
            assert asked is not None
            wish = ApprovalRequest(decision="approve", digest=asked.digest)
            campaigns.decide(self.ports, SCOPE, id, "boss", wish)
            assert schedule.run(self.ports, order) == Done({"next": "end"})

    def begin(self, text: str = WELCOME) -> Journeying:
        self.put(text)
        journeys.start(self.ports, SCOPE, "welcome", "owner")
        return self

    def turn(self, ports: Ports | None = None) -> Done | Later:
        order = {"scope": list(SCOPE), "journey": "welcome", "attempt": 1, "instance": "local~main~journey~welcome~1"}
        while isinstance(outcome := journeys.run(ports or self.ports, order, read_all), Later):
            if outcome.why != "running":
                break
        assert isinstance(outcome, Done | Later)
        return outcome

    def change(self, text: str) -> None:
        """A new plan whose mails are approved at once; the next turn puts it into effect."""
        plan = journeys.load(text.encode())
        made = journeys.change(self.ports, SCOPE, "welcome", "owner", plan, text.encode())
        self.approve([each.id for each in made.written])

    def campaign(self, mail: str) -> str:
        return journeys.get(self.ports, SCOPE, "welcome").mails[mail]

    def held(self, campaign: str) -> dict[str, int]:
        return campaigns.certificate(self.ports, SCOPE, campaign).held

    def until(self, at: datetime) -> None:
        """As the flow sleeps and wakes."""
        while isinstance(outcome := self.turn(), Later) and outcome.at <= at:
            self.hand.set(max(outcome.at, self.hand.now() + timedelta(seconds=1)))
        self.hand.set(at)

    def sent(self) -> list[tuple[str, str]]:
        """(address, subject) of each mail in the outbox."""
        found = []
        for file in sorted(self.outbox.rglob("*.eml")):
            lines = file.read_text().split("\n\n")[0].splitlines()
            heads = dict(line.split(": ", 1) for line in lines if ": " in line)
            found.append((heads["To"].rpartition("<")[2].strip(">"), heads["Subject"]))
        return sorted(found)

    def click(self, person: Contact, mail: str, purpose: Any = "c") -> None:
        campaign = journeys.get(self.ports, SCOPE, "welcome").mails[mail]
        link = Link(purpose, SCOPE, campaign, shard_of(person.id, 1, 1), person.person)
        track(self.ports, link, "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", "GET")

    def path(self, person: Contact) -> list[tuple[str, str]]:
        walked = journeys.walked(self.ports, SCOPE, "welcome", person.id)
        return [(each.step, each.what) for each in walked.position.path]

    def counts(self) -> dict[str, int]:
        drawn = journeys.drawn(self.ports, SCOPE, "welcome")
        return {each.name: each.people for each in drawn.steps if each.people} | {
            f"left {k}": n for k, n in drawn.left.items()
        }


@pytest.fixture
def journeying(ports: Ports, hand: Hand, tmp_path: Path) -> Journeying:
    return Journeying(ports, hand, tmp_path / "home" / "outbox")


People = Callable[..., list[Contact]]


def test_each_goes_their_way_and_gets_each_mail_once(journeying: Journeying, people: People) -> None:
    keen, calm, gone = people(3)
    journeying.begin()
    journeying.turn()
    assert [subject for _, subject in journeying.sent()] == ["Good that you are here"] * 3
    assert journeying.counts() == {"wait-3-days": 3}
    ahead = campaigns.explain(journeying.ports, SCOPE, journeying.campaign("offer"), keen.id).sentence
    assert "has not come to it: nothing was sent to them." in ahead
    journeying.hand.forward(hours=2)
    journeying.click(keen, "hello")
    suppress(journeying.ports, SCOPE, gone.person, "unsubscribed")
    journeying.until(START + timedelta(days=3, minutes=1))
    assert journeying.counts() == {"wait-1-day": 1, "wait-until-tuesday-10-00": 1, "left opt_out": 1}
    journeying.until(START + timedelta(days=14))
    assert journeying.counts() == {"left end": 2, "left opt_out": 1}
    assert isinstance(journeying.turn(), Done)
    assert journeys.get(journeying.ports, SCOPE, "welcome").status == "completed"
    sent = dict.fromkeys(journeying.sent())
    assert len(sent) == len(journeying.sent()) == 5
    assert ("u0@people.example", "Your place") in sent
    assert ("u1@people.example", "Still there?") in sent
    book = journeying.ports.documents.get(SCOPE, Kind.CONTACT, keen.id)
    assert book is not None
    assert book.body["tags"] == ["keen"]
    walked = journeys.walked(journeying.ports, SCOPE, "welcome", calm.id)
    assert [each.what for each in walked.position.path] == [
        "entered", "sent", "waits", "no", "waits", "sent", "waits", "left",
    ]  # fmt: skip
    assert walked.position.path[5].moment == datetime(2027, 3, 9, 10, tzinfo=UTC)
    assert "a message" in walked.mails["reminder"] or "“Welcome" in walked.mails["reminder"]


def test_nobody_goes_on_who_answered_booked_or_bought(journeying: Journeying, people: People) -> None:
    answers, books, stays = people(3)
    journeying.begin()
    journeying.turn()
    campaign = journeys.get(journeying.ports, SCOPE, "welcome").mails["hello"]
    row = journeying.ports.ledger.of_shard(SCOPE, campaign, shard_of(answers.id, 1, 1))
    key = next(each.key for each in row if each.contact == answers.id)
    reply = Engagement(
        campaign=campaign, key=key, person=answers.person, what="reply", human=1, first_at=START, last_at=START
    )
    id = f"{campaign}-{key}-reply"
    journeying.ports.documents.put(SCOPE, Kind.ENGAGEMENT, id, reply.model_dump(mode="json"))
    journeying.hand.forward(hours=1)
    journeys.tell(journeying.ports, SCOPE, EventTold(event="booking", contact=books.id))
    journeying.until(START + timedelta(days=3, minutes=1))
    assert journeying.path(answers)[-1] == ("wait-3-days", "left")
    assert journeying.counts() == {"left reply": 1, "left booking": 1, "wait-until-tuesday-10-00": 1}
    assert journeying.path(stays)[-1] == ("wait-until-tuesday-10-00", "waits")


def test_a_mail_that_waits_for_its_hour_does_not_leave_once_its_reader_left(
    journeying: Journeying, people: People
) -> None:
    (sleeper,) = people(1, timezone="Pacific/Auckland")
    journeying.begin(WELCOME.replace("hours: [0, 24]", "hours: [9, 18]"))
    journeying.turn()
    assert journeying.sent() == []
    assert journeying.path(sleeper)[-1] == ("hello", "waits")
    journeys.tell(journeying.ports, SCOPE, EventTold(event="booking", contact=sleeper.id))
    journeying.until(START + timedelta(days=1))
    assert journeying.sent() == []
    campaign = journeys.get(journeying.ports, SCOPE, "welcome").mails["hello"]
    assert campaigns.certificate(journeying.ports, SCOPE, campaign).held == {"left_journey": 1}


def test_a_change_says_whom_it_affects_and_sends_nobody_a_mail_again(journeying: Journeying, people: People) -> None:
    (keen, calm) = people(2)
    journeying.begin()
    journeying.turn()
    journeying.hand.forward(hours=2)
    journeying.click(keen, "hello")
    other = WELCOME.replace("Good that you are here", "Welcome here").replace("  - wait: 3 days\n", "")
    plan = journeys.load(other.encode())
    foreseen = journeys.foresee(journeying.ports, SCOPE, "welcome", plan)
    assert (foreseen.people, foreseen.under_way, foreseen.had, foreseen.new_mails) == (2, 2, {"hello": 2}, ["hello"])
    assert [(each.step, each.change) for each in foreseen.affected] == [("wait-3-days", "taken away")]
    assert "when their wait is over" in foreseen.affected[0].then
    made = journeys.change(journeying.ports, SCOPE, "welcome", "owner", plan, other.encode())
    journeying.turn()
    assert journeys.get(journeying.ports, SCOPE, "welcome").version == 1
    journeying.approve([each.id for each in made.written])
    journeying.until(START + timedelta(days=14))
    assert journeys.get(journeying.ports, SCOPE, "welcome").version == 2
    assert sorted(subject for _, subject in journeying.sent()) == [
        "Good that you are here", "Good that you are here", "Still there?", "Your place",
    ]  # fmt: skip
    assert journeying.path(calm)[-1][1] == "left"


class Killed(BaseException):
    """The host is gone."""


class Deadly:
    """A store before whose first call by a name, with such arguments, something happens."""

    def __init__(self, real: Any, name: str, about: str, happens: Callable[[], None]) -> None:
        self._real, self._name, self._about, self._happens = real, name, about, happens

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._real, name)
        return self._asked(real) if name == self._name else real

    def _asked(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def asked(*given: Any, **named: Any) -> Any:
            if self._name and self._about in repr(given):
                self._name = ""
                self._happens()
            return real(*given, **named)

        return asked


def _dies() -> None:
    raise Killed


NEW = WELCOME.replace("Good that you are here", "Welcome here")


@pytest.mark.parametrize("before", ["the receipt", "the position"])
def test_a_mail_that_left_just_before_its_words_were_changed_does_not_leave_in_the_new_ones(
    journeying: Journeying, people: People, before: str
) -> None:
    (reader,) = people(1)
    often = "  every: 1 day\nsender:"
    journeying.begin(WELCOME.replace("sender:", often))
    ports, old = journeying.ports, journeying.campaign("hello")
    dying = {
        "the receipt": {"ledger": Deadly(ports.ledger, "settle", "accepted", _dies)},
        "the position": {"documents": Deadly(ports.documents, "batch", "'had': {'hello'", _dies)},
    }
    with pytest.raises(Killed):
        journeying.turn(replace(ports, **dying[before]))  # type: ignore[arg-type]
    assert [subject for _, subject in journeying.sent()] == ["Good that you are here"]
    assert journeying.path(reader) == [("hello", "entered")]
    journeying.change(NEW.replace("sender:", often))
    journeying.until(START + timedelta(hours=1))
    assert journeys.get(ports, SCOPE, "welcome").version == 2
    assert [subject for _, subject in journeying.sent()] == ["Good that you are here"]
    assert journeying.path(reader)[-2:] == [("hello", "sent"), ("wait-3-days", "waits")]
    assert journeying.campaign("hello") != old
    people(1, prefix="w")
    journeying.until(START + timedelta(days=1, hours=1))
    assert journeying.sent() == [
        ("u0@people.example", "Good that you are here"), ("w0@people.example", "Welcome here"),
    ]  # fmt: skip
    proof = campaigns.certificate(ports, SCOPE, old)
    assert (proof.planned, proof.sent_once, proof.held) == (1, 1, {})


def test_a_mail_that_left_just_before_its_reader_moved_does_not_leave_to_the_new_address(
    journeying: Journeying, people: People
) -> None:
    (reader,) = people(1)
    journeying.begin()
    ports = journeying.ports
    dying = Deadly(ports.documents, "batch", "'had': {'hello'", _dies)
    with pytest.raises(Killed):
        journeying.turn(replace(ports, documents=dying))  # type: ignore[arg-type]
    (moved,) = people(1, email="new@people.example", person=person_of("new@people.example", ports.keys.address))
    assert moved.id == reader.id
    journeying.until(START + timedelta(hours=1))
    assert journeying.sent() == [("u0@people.example", "Good that you are here")]
    journeying.until(START + timedelta(days=14))
    assert sorted(journeying.sent())[0] == ("new@people.example", "Still there?")


def test_who_waits_for_the_hour_of_a_mail_gets_it_in_its_new_words_only(journeying: Journeying, people: People) -> None:
    (sleeper,) = people(1, timezone="Pacific/Auckland")
    journeying.begin(WELCOME.replace("[0, 24]", "[9, 18]"))
    journeying.turn()
    assert journeying.path(sleeper)[-1] == ("hello", "waits")
    old = journeying.campaign("hello")
    journeying.change(NEW.replace("[0, 24]", "[9, 18]"))
    journeying.until(START + timedelta(days=1))
    assert [subject for _, subject in journeying.sent()] == ["Welcome here"]
    assert journeying.held(old) == {"journey_changed": 1}
    assert journeying.held(journeying.campaign("hello")) == {}
    assert campaigns.get(journeying.ports, SCOPE, old).status == "completed"
    assert campaigns.get(journeying.ports, SCOPE, journeying.campaign("hello")).status == "sending"
    journeying.until(START + timedelta(days=14))
    assert isinstance(journeying.turn(), Done)


def test_a_sender_of_the_old_version_that_was_held_up_sends_nothing_more(
    journeying: Journeying, people: People
) -> None:
    people(3)
    journeying.begin()
    old = journeying.campaign("hello")

    def meanwhile() -> None:
        journeying.change(NEW)
        journeying.turn()

    late = replace(journeying.ports, ledger=Deadly(journeying.ports.ledger, "plan", "", meanwhile))  # type: ignore[arg-type]
    with pytest.raises(Stale):
        journeying.turn(late)
    assert [subject for _, subject in journeying.sent()] == ["Welcome here"] * 3
    assert journeying.held(old) == {"journey_changed": 3}


def test_other_people_need_another_approval(journeying: Journeying, people: People) -> None:
    few, everybody = WELCOME.replace("{all: true}", "{where: [{field: tags, op: has, value: vip}]}"), WELCOME
    people(2)
    people(1, prefix="v", tags=["vip"])
    journeying.put(few)
    plan = journeys.load(everybody.encode())
    made = journeys.put(journeying.ports, SCOPE, "owner", "welcome", plan, everybody.encode())
    with pytest.raises(Conflict, match="hello \\(generating\\)"):
        journeys.start(journeying.ports, SCOPE, "welcome", "owner")
    journeying.put(few)
    assert all(campaigns.get(journeying.ports, SCOPE, each.id).status == "cancelled" for each in made.written)
    journeys.start(journeying.ports, SCOPE, "welcome", "owner")
    journeying.turn()
    assert len(journeying.sent()) == 1
    written = journeys.change(journeying.ports, SCOPE, "welcome", "owner", plan, everybody.encode()).written
    assert len(written) == 3
    journeying.turn()
    assert (journeys.get(journeying.ports, SCOPE, "welcome").version, len(journeying.sent())) == (3, 1)
    asked = campaigns.approval(journeying.ports, SCOPE, journeying.campaign("hello"))
    assert asked is not None
    assert asked.sealed["enter"]["segment"]["where"][0]["value"] == "vip"


def test_a_draft_that_is_put_as_it_was_before_can_be_started(journeying: Journeying, people: People) -> None:
    people(1)
    journeying.put()
    journeying.put(NEW)
    journeying.put()
    journeying.put()
    journeys.start(journeying.ports, SCOPE, "welcome", "owner")
    journeying.turn()
    assert [subject for _, subject in journeying.sent()] == ["Good that you are here"]


def test_words_that_come_back_reach_who_waits_and_nobody_twice(journeying: Journeying, people: People) -> None:
    people(1)
    people(1, prefix="s", timezone="Pacific/Auckland")
    at_day = [text.replace("[0, 24]", "[9, 18]") for text in (WELCOME, NEW, WELCOME)]
    journeying.begin(at_day[0])
    journeying.turn()
    for text in at_day[1:]:
        journeying.change(text)
        journeying.turn()
    journeying.until(START + timedelta(days=1))
    assert journeys.get(journeying.ports, SCOPE, "welcome").version == 3
    assert journeying.sent() == [(f"{name}0@people.example", "Good that you are here") for name in "su"]


def test_a_mail_that_a_person_paused_stays_so_when_its_journey_goes_on(journeying: Journeying, people: People) -> None:
    people(1)
    journeying.begin()
    ports, (hello, offer) = journeying.ports, map(journeying.campaign, ("hello", "offer"))
    campaigns.pause(ports, SCOPE, hello, "owner")
    journeys.pause(ports, SCOPE, "welcome", "owner")
    journeys.pause(ports, SCOPE, "welcome", "owner")
    assert campaigns.get(ports, SCOPE, offer).paused
    journeys.resume(ports, SCOPE, "welcome", "owner")
    assert not campaigns.get(ports, SCOPE, offer).paused
    journeying.turn()
    assert journeying.sent() == []
    campaigns.resume(ports, SCOPE, hello, "owner")
    journeying.until(START + timedelta(hours=1))
    assert len(journeying.sent()) == 1


def test_people_come_again_when_the_plan_says_so_and_have_a_row_for_each_time(
    journeying: Journeying, people: People
) -> None:
    people(2)
    journeying.begin(WELCOME.replace("hours: [0, 24]", "hours: [0, 24]\nagain: {after: 30 days, most: 2}"))
    journeying.until(START + timedelta(days=90))
    assert sorted(subject for _, subject in journeying.sent()) == ["Good that you are here"] * 4 + ["Still there?"] * 4
    campaign = journeys.get(journeying.ports, SCOPE, "welcome").mails["hello"]
    proof = campaigns.certificate(journeying.ports, SCOPE, campaign)
    assert (proof.planned, proof.sent_once) == (4, 4)


def test_the_journeys_own_cap_and_its_pause_hold_mails_back(journeying: Journeying, people: People) -> None:
    people(1)
    text = WELCOME.replace("  - wait: 3 days\n", "  - wait: 2 hours\n").replace("until tuesday 10:00", "3 hours")
    journeying.begin(text.replace("steps:", "cap: {most: 1, days: 5}\nsteps:"))
    journeying.until(START + timedelta(days=4))
    assert len(journeying.sent()) == 1
    journeys.pause(journeying.ports, SCOPE, "welcome", "owner")
    journeying.hand.forward(days=3)
    assert journeying.turn().why == "paused"  # type: ignore[union-attr]
    assert len(journeying.sent()) == 1
    journeys.resume(journeying.ports, SCOPE, "welcome", "owner")
    journeying.turn()
    assert len(journeying.sent()) == 2


def test_what_is_stopped_sends_nothing_more_and_an_unapproved_mail_lets_nobody_in(
    journeying: Journeying, people: People
) -> None:
    people(1, timezone="Pacific/Auckland")
    plan = journeys.load(WELCOME.encode())
    journeys.put(journeying.ports, SCOPE, "owner", "welcome", plan, WELCOME.encode())
    with pytest.raises(Conflict, match=r"hello \(generating\), offer \(generating\), reminder \(generating\)"):
        journeys.start(journeying.ports, SCOPE, "welcome", "owner")
    journeying.approve(list(journeys.get(journeying.ports, SCOPE, "welcome").mails.values()))
    journeys.start(journeying.ports, SCOPE, "welcome", "owner")
    journeys.stop(journeying.ports, SCOPE, "welcome", "owner")
    assert isinstance(journeying.turn(), Done)
    assert journeying.sent() == []


def test_everything_wrong_with_a_text_is_said_with_its_place() -> None:
    wrong = (
        WELCOME.replace("{clicked: hello}", "{clicked: helo}")
        .replace("wait: 1 day", "wait: a day")
        .replace("send: offer", "send: hello")
    )
    with pytest.raises(Invalid) as caught:
        journeys.load(wrong.encode())
    (only,) = caught.value.problems
    assert (only.field, only.line) == ("steps[3].wait", 31)
    with pytest.raises(Invalid) as caught:
        journeys.load(wrong.replace("a day", "1 day").encode())
    said = {each.field: (each.message, each.suggestion) for each in caught.value.problems}
    assert said == {
        "steps[2].if.clicked": ("no mail `helo` comes before", "did you mean `hello`?"),
        "steps[2].then[1].send": ("there is a mail `hello` already: each has its name", None),
    }


def test_the_example_of_the_page_and_the_sketch_of_the_command_are_journeys() -> None:
    page = (ROOT / "docs" / "journeys.md").read_text()
    plan = journeys.load(page.partition("```yaml\n")[2].partition("```")[0].encode())
    said = [described(each) for each in stands(plan).values()]
    assert said[:4] == ["send hello", "wait 3 days", "if clicked hello", "tag keen"]
    assert said[-3:] == ["if country eq NZ", "stop", "tag welcomed"]
    sketch = _SKETCH.format(name="first", title="First").encode()
    assert list(mails(journeys.load(sketch))) == ["hello", "offer", "reminder"]
