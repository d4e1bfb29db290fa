"""A sequence for a deal: its mails are approved before, and an answer ends it, whatever is being written meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.adapters.mailboxes.maildir import Maildir
from shared.agents import campaigns, deals, generate, house, inbound, journeys, mailbox
from shared.agents.contacts.suppression import suppress
from shared.agents.deals import needs
from shared.agents.deals.asking import answer as fill_in
from shared.agents.deals.asking import opened
from shared.agents.thread import thread
from shared.domain.address import effect_key, person_of
from shared.domain.campaign import Sender
from shared.domain.contact import Contact
from shared.domain.deal import Deal, DealRequest, OutreachToMany
from shared.domain.engagement import Engagement
from shared.domain.faults import Conflict, Rejected
from shared.domain.house import House
from shared.domain.inbound import InboundRequest, InboundSettings
from shared.domain.lead import Lead
from shared.domain.links import Link
from shared.domain.names import Kind
from shared.domain.needs import AskNeeds
from shared.domain.outcome import Later
from shared.domain.scope import Scope
from shared.ports import PlannedRow, Ports

from .conftest import SCOPE, START, Hand
from .test_journeys import WELCOME, Journeying

SEQUENCE = (
    WELCOME.partition("  - if: {clicked")[0].replace(
        "enter:\n  segment: {all: true}", "enter: {event: outreach}\nstop_on: [reply, booking, opt_out]"
    )
    + """\
  - send: again
    text:
      subject: Shall I call you?
      paragraphs: [Tell me when.]
      link: {text: Choose a time, url: "https://praxis.example/book"}
"""
)
People = Callable[..., list[Contact]]


@pytest.fixture
def journeying(ports: Ports, hand: Hand, tmp_path: Path) -> Journeying:
    return Journeying(ports, hand, tmp_path / "home" / "outbox")


def about(ports: Ports, contact: str) -> Deal:
    return deals.create(ports, SCOPE, "owner", DealRequest(name="A website", contact=contact))


def answer(journeying: Journeying, person: Contact, mail: str) -> None:
    """As the mailbox reports it."""
    campaign = journeying.campaign(mail)
    key = effect_key(SCOPE, campaign, "1", "email", person.person)
    said = Engagement(
        campaign=campaign, key=key, person=person.person, what="reply", human=1, first_at=START, last_at=START
    )
    journeying.ports.documents.put(SCOPE, Kind.ENGAGEMENT, f"{campaign}-{key}-reply", said.model_dump(mode="json"))


def test_an_answer_that_comes_while_the_next_mail_is_written_ends_the_sequence(
    journeying: Journeying, people: People
) -> None:
    ports = journeying.ports
    answers, silent = people(2)
    journeying.begin(SEQUENCE)
    made = {each.id: about(ports, each.id) for each in (answers, silent)}
    for each in made.values():
        deals.reach_out(ports, SCOPE, each.id, "owner", "welcome")
    journeying.turn()
    assert len(journeying.sent()) == 2
    journeying.hand.forward(days=2)
    anew = SEQUENCE.replace("Shall I call you?", "May I call you?")
    plan = journeys.load(anew.encode())
    being_written = [each.id for each in journeys.change(ports, SCOPE, "welcome", "o", plan, anew.encode()).written]
    order = {"scope": list(SCOPE), "campaign": being_written[0], "instance": "local~main~campaign~x~1"}
    answer(journeying, answers, "hello")
    generate.run(ports, order)
    journeying.approve(being_written)
    journeying.until(START + timedelta(days=5))
    assert [subject for _, subject in journeying.sent()].count("May I call you?") == 1
    assert (silent.email, "May I call you?") in journeying.sent()
    assert journeying.counts().get("left reply") == 1
    told = [(each.what, each.href) for each in thread(ports, SCOPE, made[answers.id].id)]
    assert ("reaction", f"/campaigns/{journeying.campaign('hello')}") in told
    assert ("outreach", f"/journeys/welcome/people/{answers.id}") in told
    assert sum(what == "mail" for what, _ in told) == 1


def test_whoever_writes_by_another_way_than_an_answer_gets_no_next_mail(
    journeying: Journeying, people: People, tmp_path: Path
) -> None:
    ports, everybody = journeying.ports, people(4)
    fills_in, mails, writes, before = everybody
    for each in everybody:
        ports.documents.put(SCOPE, Kind.IDENTITY, each.person, {"contact": each.id}, "*")
    sender = Sender(name="Praxis", address="info@praxis.example", postal_address="1 Mill Road, Leeds")
    house.write(ports, SCOPE, "owner", House(sender=sender))
    inbound.write(ports, SCOPE, "owner", InboundSettings(open=True, address="hello@praxis.example"))
    inbound.receive(ports, SCOPE, "form", InboundRequest(name="B", email=before.email, message="We need a site."))
    journeying.hand.forward(hours=1)
    journeying.begin(SEQUENCE)
    made = {each.id: about(ports, each.id).id for each in everybody}
    for deal in made.values():
        deals.reach_out(ports, SCOPE, deal, "owner", "welcome")
    journeying.turn()
    assert len(journeying.sent()) == 4

    deals.ask(ports, SCOPE, made[fills_in.id], "owner", AskNeeds())
    (asking,) = needs.kept(ports, SCOPE, made[fills_in.id]).askings
    link = Link("r", SCOPE, made[fills_in.id], 0, asking.id)
    seen = opened(ports, link)
    assert seen
    fill_in(ports, link, seen, {"budget": "5,000 EUR"}, "")
    box = tmp_path / "box"
    (box / "new").mkdir(parents=True)
    letter = f"From: {mails.email}\r\nTo: hello@praxis.example\r\nMessage-ID: <1@x.example>\r\n\r\nYes, call me.\r\n"
    (box / "new" / "1").write_bytes(letter.encode())
    assert mailbox.read(replace(ports, mailbox=Maildir(box))) == (1, 1)
    links = "https://a.example https://b.example https://c.example https://d.example"
    said = InboundRequest(name="W", email=writes.email, message=f"Call me. {links}")
    assert inbound.receive(ports, SCOPE, "form", said).inbound.state == "quarantined", "a person looks first"

    journeying.until(START + timedelta(days=5))
    assert [to for to, subject in journeying.sent() if subject == "Shall I call you?"] == [before.email]
    assert journeying.counts().get("left reply") == 3


class Between:
    """The real ledger; right after it has planned somebody's mail, something happens."""

    def __init__(self, ports: Ports, happens: Callable[[str, str], None]) -> None:
        self._ledger, self._happens = ports.ledger, happens

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    def plan(self, scope: Scope, campaign: str, shard: int, rows: Sequence[PlannedRow]) -> None:
        self._ledger.plan(scope, campaign, shard, rows)
        for row in rows:
            self._happens(campaign, row.contact)


@pytest.mark.parametrize("killed", [False, True])
def test_what_stops_a_sequence_stops_it_between_the_plan_and_the_claim(
    journeying: Journeying, people: People, killed: bool
) -> None:
    ports = journeying.ports
    answers, books, objects, bounces, loses, silent = everybody = people(6)
    journeying.begin(SEQUENCE)
    made = {each.id: about(ports, each.id) for each in everybody}
    for each in made.values():
        deals.reach_out(ports, SCOPE, each.id, "owner", "welcome")
    journeying.turn()
    happens: dict[str, Callable[[], object]] = {
        answers.id: lambda: answer(journeying, answers, "hello"),
        books.id: lambda: journeys.tell(ports, SCOPE, journeys.EventTold(event="booking", contact=books.id)),
        objects.id: lambda: suppress(ports, SCOPE, objects.person, "unsubscribed"),
        bounces.id: lambda: suppress(ports, SCOPE, bounces.person, "bounced"),
        loses.id: lambda: deals.move(ports, SCOPE, made[loses.id].id, "lost", "owner", "They have no money"),
    }

    def now(campaign: str, contact: str) -> None:
        if campaign == journeying.campaign("again") and contact in happens:
            happens.pop(contact)()
            if killed:
                raise KeyboardInterrupt

    journeying.hand.forward(days=3, minutes=1)
    while happens:
        try:
            journeying.turn(replace(ports, ledger=Between(ports, now)))
        except KeyboardInterrupt:
            continue
    journeying.turn()
    assert [to for to, subject in journeying.sent() if subject == "Shall I call you?"] == [silent.email]
    left = {each: n for each, n in journeying.counts().items() if each.startswith("left ")}
    assert left == {f"left {why}": 1 for why in ("reply", "booking", "opt_out", "bounce", "deal_closed", "end")}
    assert journeying.held(journeying.campaign("again")) == {"left_journey": 5}
    assert journeying.path(answers)[-1][1] == "left"


def test_an_answer_in_the_mailbox_counts_before_anybody_has_read_it(
    journeying: Journeying, people: People, tmp_path: Path
) -> None:
    ports = replace(journeying.ports, mailbox=Maildir(tmp_path / "mail"))
    answers, silent = people(2)
    journeying.begin(SEQUENCE)
    for each in (answers, silent):
        deals.reach_out(ports, SCOPE, about(ports, each.id).id, "owner", "welcome")
    journeying.turn(ports)
    assert not (tmp_path / "mail").exists(), "nobody can have answered before the first mail"
    (left,) = (each for each in journeying.outbox.rglob("*.eml") if answers.email in each.read_text())
    named = next(line for line in left.read_text().splitlines() if line.lower().startswith("message-id: "))
    blocked = tmp_path / "mail"
    blocked.write_text("no folder")
    journeying.hand.forward(days=3, minutes=1)
    waits = journeying.turn(ports)
    assert isinstance(waits, Later)
    assert len(journeying.sent()) == 2
    assert "not known who has answered" in str(campaigns.get(ports, SCOPE, journeying.campaign("again")).status_reason)
    blocked.unlink()
    (blocked / "new").mkdir(parents=True)
    said = f"From: {answers.email}\r\nIn-Reply-To: {named.partition(': ')[2]}\r\n\r\nCall me.\r\n"
    (blocked / "new" / "1").write_bytes(said.encode())
    journeying.hand.forward(minutes=1)
    journeying.turn(ports)
    assert [to for to, subject in journeying.sent() if subject == "Shall I call you?"] == [silent.email]
    assert journeying.counts().get("left reply") == 1


def test_an_answer_to_a_mail_that_left_under_an_earlier_address_ends_the_sequence(
    journeying: Journeying, people: People
) -> None:
    ports = journeying.ports
    (person,) = people(1)
    third = SEQUENCE.rpartition("  - send: again")[2].replace("Shall I call you?", "Once more")
    journeying.begin(f"{SEQUENCE}  - wait: 3 days\n  - send: third{third}")
    deals.reach_out(ports, SCOPE, about(ports, person.id).id, "owner", "welcome")
    journeying.turn()
    (moved,) = people(1, email="new@people.example", person=person_of("new@people.example", ports.keys.address))
    journeying.until(START + timedelta(days=4))
    assert {to for to, _ in journeying.sent()} == {person.email, moved.email}
    answer(journeying, person, "hello")
    journeying.until(START + timedelta(days=9))
    assert (len(journeying.sent()), journeying.counts().get("left reply")) == (2, 1)


def test_those_of_the_best_score_are_written_to_first(journeying: Journeying, people: People) -> None:
    ports = journeying.ports
    low, high, none, lost = people(4)
    journeying.begin(SEQUENCE)
    made = {}
    for person, score in ((low, 20), (high, 80), (none, None), (lost, 99)):
        lead = f"lead-{score}"
        told = {"value": score, "missing": 0, "factors": [], "reason": "", "criteria": 1, "at": START}
        found = Lead.model_validate(
            {
                "id": lead,
                "name": lead,
                "score": told if score else None,
                "created_at": START,
                "created_by": "o",
                "changed_at": START,
            }
        )
        ports.documents.put(SCOPE, Kind.LEAD, lead, found.model_dump(mode="json"))
        request = DealRequest(name="A website", contact=person.id, lead=lead)
        made[person.id] = deals.create(ports, SCOPE, "owner", request).id
    deals.move(ports, SCOPE, made[lost.id], "lost", "owner", "They closed")
    wish = OutreachToMany(journey="welcome", most=2)
    first, _ = deals.reach_many(ports, SCOPE, "owner", wish)
    assert (first.begun, first.waiting) == ([made[high.id], made[low.id]], 1)
    journeying.turn()
    assert {to for to, _ in journeying.sent()} == {high.email, low.email}
    then, _ = deals.reach_many(ports, SCOPE, "owner", wish)
    assert (then.begun, then.left_out, then.waiting) == ([made[none.id]], {}, 0)


def test_deals_that_cannot_be_written_about_are_said_and_take_nobodys_place(
    journeying: Journeying, people: People
) -> None:
    ports = journeying.ports
    gone, here = people(2)
    journeying.begin(SEQUENCE)
    orphan, bare, good = about(ports, gone.id), about(ports, ""), about(ports, here.id)
    ports.documents.delete(SCOPE, Kind.CONTACT, gone.id)
    wish = OutreachToMany(journey="welcome", most=1)
    found, _ = deals.reach_many(ports, SCOPE, "owner", wish)
    assert (found.begun, found.waiting) == ([good.id], 0)
    assert "address book" in found.left_out[orphan.id]
    assert "no contact" in found.left_out[bare.id]
    again, _ = deals.reach_many(ports, SCOPE, "owner", wish)
    assert (again.begun, again.before, set(again.left_out)) == ([], 1, {orphan.id, bare.id})


def test_what_cannot_be_begun_is_said_and_nobody_is_written_to(journeying: Journeying, people: People) -> None:
    ports = journeying.ports
    (person,) = people(1)
    deal = about(ports, person.id)
    journeying.put(SEQUENCE.replace("[reply, booking, opt_out]", "[opt_out]"))
    with pytest.raises(Rejected, match="reply, booking"):
        deals.reach_out(ports, SCOPE, deal.id, "owner", "welcome")
    journeying.put(SEQUENCE)
    with pytest.raises(Conflict, match="draft"):
        deals.reach_out(ports, SCOPE, deal.id, "owner", "welcome")
    journeys.start(ports, SCOPE, "welcome", "owner")
    with pytest.raises(Rejected, match="no contact"):
        deals.reach_out(ports, SCOPE, about(ports, "").id, "owner", "welcome")
    deals.reach_out(ports, SCOPE, deal.id, "owner", "welcome")
    with pytest.raises(Conflict, match="already"):
        deals.reach_out(ports, SCOPE, deal.id, "owner", "welcome")
    deals.move(ports, SCOPE, deal.id, "lost", "owner", "They said no")
    with pytest.raises(Conflict, match="lost"):
        deals.reach_out(ports, SCOPE, deal.id, "owner", "welcome")


def test_two_sequences_that_begin_with_one_event_are_not_begun_by_it(journeying: Journeying, people: People) -> None:
    ports = journeying.ports
    (person,) = people(1)
    journeying.begin(SEQUENCE)
    other = SEQUENCE.replace("journey: welcome", "journey: other")
    made = journeys.put(ports, SCOPE, "owner", "other", journeys.load(other.encode()), other.encode())
    journeying.approve([each.id for each in made.written])
    journeys.start(ports, SCOPE, "other", "owner")
    deal = about(ports, person.id)
    with pytest.raises(Conflict, match="other would begin with the same event, 'outreach'"):
        deals.reach_out(ports, SCOPE, deal.id, "owner", "welcome")
    assert not deals.get(ports, SCOPE, deal.id).outreach
    assert not ports.documents.find(SCOPE, Kind.JOURNEY_EVENT).documents
    journeys.stop(ports, SCOPE, "other", "owner")
    deals.reach_out(ports, SCOPE, deal.id, "owner", "welcome")
    journeying.turn()
    assert len(journeying.sent()) == 1


def test_a_kill_while_one_reaches_out_loses_no_sequence(
    journeying: Journeying, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    ports = journeying.ports
    (person,) = people(1)
    journeying.begin(SEQUENCE)
    deal = about(ports, person.id)
    for place in (journeys, deals.outreach.DEALS.__class__):
        with monkeypatch.context() as killed:
            killed.setattr(place, "tell" if place is journeys else "change", _killed)
            with pytest.raises(KeyboardInterrupt):
                deals.reach_out(ports, SCOPE, deal.id, "owner", "welcome")
    assert len(deals.reach_out(ports, SCOPE, deal.id, "owner", "welcome").deal.outreach) == 1
    journeying.turn()
    assert len(journeying.sent()) == 1


def _killed(*_: object) -> None:
    raise KeyboardInterrupt
