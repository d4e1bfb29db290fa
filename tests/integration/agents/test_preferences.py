"""The page of choices as the gate sees it: what a person said last of their own accord is what happens to them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress as ignoring
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.agents import campaigns, facts, policy
from shared.agents.contacts import accept_import, history, opt_in, preferences, run, unsubscribe
from shared.agents.contacts.consents import Trace
from shared.agents.contacts.suppression import suppress
from shared.agents.contacts.withdrawals import withdrawn
from shared.agents.facts import NOT_SUPPRESSED, Ground, Row, Suppressed, facts_of, suppressions
from shared.agents.feedback.texts import take_text
from shared.domain.choices import Chosen, chosen
from shared.domain.contact import Consent, Contact
from shared.domain.faults import Conflict
from shared.domain.gate import decide
from shared.domain.links import Link
from shared.domain.names import Kind
from shared.domain.opt_in import OptInRequest
from shared.domain.policy import Policy
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.domain.slots import zone
from shared.ports import Ports

from .conftest import SCOPE, START, Hand, Walk, request

People = Callable[..., list[Contact]]
Walks = Callable[..., Walk]


def link(person: str, campaign: str = "c1", scope: Scope = SCOPE) -> Link:
    return Link("p", scope, campaign, 0, person)


def save(ports: Ports, at: Link, on: str = "", off: str = "", frequency: str | None = None, once: str = "") -> None:
    """What a form says that changes these boxes."""
    said = Chosen(once or uuid4().hex, frozenset(on.split()), frozenset(off.split()), frequency)
    preferences.choose(ports, at, said, preferences.choices(ports, at), Trace("203.0.113.7", "browser"))


def stops(ports: Ports, scope: Scope, person: str, **changes: Any) -> dict[str, Suppressed]:
    return suppressions(ports, scope, [person], request(**changes), {})


def held(ports: Ports, walk: Walk) -> dict[str, int]:
    return campaigns.certificate(ports, SCOPE, walk.id).held


def test_a_topic_that_somebody_declines_is_held_and_another_is_not(
    walk: Walks, people: People, ports: Ports, hand: Hand
) -> None:
    declined, _ = people(2)
    spring = walk(topic="events")
    spring.plan()
    save(ports, link(declined.person), off="topic:events")
    spring.send_all()
    assert held(ports, spring) == {"topic_off": 1}
    hand.forward(hours=2)
    offers = walk(name="Offers", topic="offers")
    offers.plan()
    offers.send_all()
    assert held(ports, offers) == {}


def test_how_often_is_one_more_cap_that_is_reserved_across_campaigns(
    walk: Walks, people: People, ports: Ports, hand: Hand, tmp_path: Path
) -> None:
    seldom, _ = people(2)
    save(ports, link(seldom.person), frequency="1 in 7 days")
    for name in ("One", "Two"):
        campaign = walk(name=name)
        campaign.plan()
        campaign.send_all()
        hand.forward(hours=3)
    assert held(ports, campaign) == {"capped": 1}
    assert len(campaign.outbox(tmp_path)) == 3
    save(ports, link(seldom.person), frequency="any")
    three = walk(name="Three")
    three.plan()
    three.send_all()
    assert len(three.outbox(tmp_path)) == 5


def test_stopping_everything_and_coming_back_leaves_evidence_of_both(
    walk: Walks, people: People, ports: Ports, hand: Hand, tmp_path: Path
) -> None:
    (person,) = people(1)
    at = link(person.person)
    preferences.stop(ports, at, uuid4().hex, Trace())
    assert preferences.choices(ports, at).channels == {"email": False}
    hand.forward(seconds=1)
    save(ports, at, on="email")
    assert preferences.choices(ports, at).channels == {"email": True}
    stopped, again = history(ports, SCOPE, person.id)
    assert (stopped.status, stopped.channel, stopped.method, stopped.verified) == (
        "withdrawn",
        "all",
        "preferences",
        True,
    )
    assert (again.status, again.channel, again.verified) == ("granted", "email", True)
    assert again.wording
    assert "may send me offers and news by e-mail" in again.wording
    assert again.before == stopped.id
    spring = walk()
    spring.plan()
    spring.send_all()
    assert len(spring.outbox(tmp_path)) == 1


def test_coming_back_to_one_client_is_no_word_to_another(people: People, ports: Ports) -> None:
    (person,) = people(1)
    other = Scope("local", "other")
    unsubscribe(ports, link(person.person)._replace(purpose="u"))
    save(ports, link(person.person), on="email")
    assert stops(ports, SCOPE, person.person) == {}
    assert stops(ports, other, person.person)[person.person].reach == "all"
    assert stops(ports, SCOPE, person.person, channels=["sms"])[person.person].reach == "channel"


def test_a_form_that_is_sent_again_after_a_later_no_does_not_undo_it(people: People, ports: Ports, hand: Hand) -> None:
    (person,) = people(1)
    at, once = link(person.person), uuid4().hex
    unsubscribe(ports, at._replace(purpose="u"))
    hand.forward(seconds=1)
    save(ports, at, on="email", once=once)
    hand.forward(seconds=1)
    unsubscribe(ports, at._replace(purpose="u"))
    save(ports, at, on="email", once=once)
    assert preferences.choices(ports, at).channels == {"email": False}
    assert [each.status for each in history(ports, SCOPE, person.id)] == ["withdrawn", "granted", "withdrawn"]
    assert all(each.verified for each in history(ports, SCOPE, person.id))


def test_a_page_from_before_a_no_does_not_undo_it_when_something_else_is_saved(people: People, ports: Ports) -> None:
    (person,) = people(1)
    at = link(person.person)
    unsubscribe(ports, at._replace(purpose="u"))
    form = {"do": "save", "once": "0" * 32, "shown_on": "email", "shown_off": "", "email": "on", "frequency": "any"}
    said = chosen({**form, "shown_frequency": "1 in 7 days"})
    assert said
    preferences.choose(ports, at, said, preferences.choices(ports, at), Trace())
    assert preferences.choices(ports, at).channels == {"email": False}


def test_what_a_mail_server_said_of_an_address_is_not_the_persons_to_undo(people: People, ports: Ports) -> None:
    (person,) = people(1)
    at = link(person.person)
    suppress(ports, SCOPE, person.person, "bounced")
    save(ports, at, on="email")
    assert preferences.choices(ports, at).channels == {"email": False}


def test_a_bounce_after_they_came_back_stops_again(people: People, ports: Ports) -> None:
    (person,) = people(1)
    at = link(person.person)
    preferences.stop(ports, at, uuid4().hex, Trace())
    save(ports, at, on="email")
    suppress(ports, SCOPE, person.person, "bounced")
    assert preferences.choices(ports, at).channels == {"email": False}


@pytest.mark.parametrize("how", ["stopped", "complained", "refused"])
def test_rule_g1_a_no_by_text_complaint_or_provider_leaves_evidence_too(
    people: People, ports: Ports, hand: Hand, how: str
) -> None:
    (person,) = people(1)
    for _ in range(2):
        withdrawn(ports, SCOPE, person.person, how, "c1")  # type: ignore[arg-type]
    (said,) = history(ports, SCOPE, person.id)
    assert (said.status, said.channel, said.campaign, said.verified) == ("withdrawn", "all", "c1", True)
    assert stops(ports, SCOPE, person.person)[person.person].reach == "all"
    hand.forward(seconds=1)
    save(ports, link(person.person), on="email")
    hand.forward(seconds=1)
    withdrawn(ports, SCOPE, person.person, how, "c1")  # type: ignore[arg-type]
    assert [each.status for each in history(ports, SCOPE, person.id)] == ["withdrawn", "granted", "withdrawn"]


def test_who_said_stop_by_telephone_may_come_back_by_mail_alone(
    walk: Walks, people: People, ports: Ports, hand: Hand
) -> None:
    both = {"email": Consent(status="granted"), "sms": Consent(status="granted")}
    ann, ben = (people(1, prefix=name, phone="+4915123456789", consent=both)[0] for name in ("ann", "ben"))
    assert take_text(ports, [SCOPE], "+4915123456789", "STOP")
    assert preferences.choices(ports, link(ann.person)).channels == {"email": False, "sms": False}
    hand.forward(seconds=1)
    save(ports, link(ann.person), on="email")
    assert preferences.choices(ports, link(ann.person)).channels == {"email": True, "sms": False}
    assert preferences.choices(ports, link(ben.person)).channels == {"email": False, "sms": False}
    spring = walk()
    spring.plan()
    spring.send_all()
    assert held(ports, spring) == {"suppressed": 1}


def test_nobody_can_tell_from_the_page_who_is_in_the_address_book(ports: Ports) -> None:
    at = link("z" * 32)
    assert preferences.choices(ports, at).channels == {"email": True}
    preferences.stop(ports, at, uuid4().hex, Trace())
    assert preferences.choices(ports, at).channels == {"email": False}


def test_topics_are_those_of_the_policy_of_the_mail_and_those_declined(
    walk: Walks, people: People, ports: Ports
) -> None:
    (person,) = people(1, attributes={"language": "de"})
    spring = walk(topic="events")
    policy.write(ports, SCOPE, "ann", Policy(topics=["news", "events"]))
    at = link(person.person, spring.id)
    save(ports, link(person.person), off="topic:old")
    found = preferences.choices(ports, at)
    assert found.topics == {"events": True, "news": True, "old": False}
    assert (found.sender, found.language) == ("Praxis", "de")


ASK = OptInRequest.model_validate(
    {
        "sender": {"name": "Praxis", "address": "hallo@praxis.example", "postal_address": "1 Mill Road"},
        "wording": "Praxis may send me offers by e-mail",
    }
)
YES, NO = "yes", "no"
WORDS = ("one-click", "page stop", "page off", "page topic off", "page on", "STOP", "complaint", "old form", "other on")
OTHERS = ("import yes", "import no", "bounce", "ask", "confirm", "old link")
ACTS = st.lists(st.sampled_from((*WORDS, *OTHERS)), min_size=1, max_size=8)


@given(acts=ACTS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_sequence_of_acts_makes_the_gate_send_to_somebody_whose_last_own_word_was_no(
    ports: Ports, acts: list[str]
) -> None:
    name = f"{uuid4().hex}@people.example"
    _bring_in(ports, name, YES)
    found = ports.documents.find(SCOPE, Kind.CONTACT, [Filter("email", "eq", name)]).documents[0]
    contact = Contact.model_validate(found.body)
    at, last, topic, lawful = link(contact.person), None, True, True
    forms: list[str] = []
    links: list[Link] = []
    confirmed = False
    for act in acts:
        match act:
            case "one-click":
                unsubscribe(ports, at._replace(purpose="u"))
                last = NO
            case "page stop":
                preferences.stop(ports, at, uuid4().hex, Trace())
                last = NO
            case "page off":
                save(ports, at, off="email")
                last = NO
            case "page topic off":
                save(ports, at, off="topic:events")
                topic = False
            case "page on":
                forms.append(uuid4().hex)
                save(ports, at, on="email", once=forms[-1])
                last = YES
            case "old form" if forms:
                save(ports, at, on="email", once=forms[0])
            case "other on":
                save(ports, at._replace(scope=Scope("local", "other")), on="email")
            case "STOP" | "complaint":
                withdrawn(ports, SCOPE, contact.person, "stopped" if act == "STOP" else "complained", "c1")
                last = NO
            case "import yes" | "import no":
                _bring_in(ports, name, act.split()[1])
                lawful = lawful and act == "import yes"
            case "bounce":
                suppress(ports, SCOPE, contact.person, "bounced")
            case "ask":
                with ignoring(Conflict):
                    links.append(opt_in.link_of(SCOPE, opt_in.ask(ports, SCOPE, contact.id, "ann", ASK)))
            case "confirm" if links:
                if opt_in.confirm(ports, links[-1], Trace()) == "confirmed" and not confirmed:
                    last, confirmed = YES, True
            case "old link" if links:
                opt_in.confirm(ports, links[0]._replace(person="z" * 32), Trace())
    leaves = _leaves(ports, contact, "events")
    if last == NO or not topic:
        assert not leaves
    if last in (None, YES) and topic and lawful and "bounce" not in acts:
        assert leaves, "and who wants it gets it"
    assert all(each.verified for each in history(ports, SCOPE, contact.id))


def _leaves(ports: Ports, contact: Contact, topic: str) -> bool:
    """What the gate says of a campaign that is in order in every other way."""
    campaign = campaigns.accept(ports, SCOPE, "ann", request(name=uuid4().hex, topic=topic))
    ground = Ground(campaign, True, policy.standing(ports, SCOPE, "praxis.example"), (), START + timedelta(hours=1))
    known = facts.people(ports, SCOPE, [contact.id]).get(contact.id)
    stopped = suppressions(ports, SCOPE, [contact.person], campaign.request, {}).get(contact.person, NOT_SUPPRESSED)
    return decide(facts_of(ground, Row(contact.person, "e" * 32, zone("UTC")), known, stopped, [])).state == "intent"


def _bring_in(ports: Ports, name: str, consent: str) -> None:
    made = accept_import(ports, SCOPE, "ann", f"email,consent\n{name},{consent}\n".encode(), "text/csv")
    for step in ({"op": "split"}, {"op": "batch", "batch": 0}, {"op": "finish"}):
        run(ports, {"scope": list(SCOPE), "import": made.id, **step})


def test_consent_that_is_to_be_confirmed_is_held_with_its_own_reason(walk: Walks, people: People, ports: Ports) -> None:
    waiting, _ = people(1, consent={"email": Consent(status="pending")})[0], people(1, prefix="v")
    spring = walk()
    spring.plan()
    save(ports, link(waiting.person), on="email")
    spring.send_all()
    assert held(ports, spring) == {"pending": 1}
    assert preferences.choices(ports, link(waiting.person)).waiting
