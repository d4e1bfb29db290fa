"""Text messages are measured before anybody approves them: with everybody's own values, in the alphabet they need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from shared.adapters.channels.twilio import TwilioChannel
from shared.agents.generate import ASKED_AT_MOST, run
from shared.domain.address import person_of
from shared.domain.contact import Contact
from shared.domain.draft import Draft, Finding, draft_id
from shared.domain.names import Kind
from shared.domain.outcome import Done, Outcome, Refused
from shared.ports import Ports
from tests.contract.channel_homes import twilio_url
from tests.integration.generate.home import ORDER, SCOPE, accept, copy, opened
from tests.servers.models import ModelServer, Reply

GREETS = 'Dear {{ first_name | default("friend", true) }}, six evenings for your back'


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


@pytest.fixture
def ports(tmp_path: Path, server: ModelServer) -> Iterator[Ports]:
    channel = TwilioChannel(twilio_url(9).replace("most_segments=1", "most_segments=2"))
    with opened(tmp_path, server.url) as made:
        yield replace(made, channels={"sms": channel})


def people(ports: Ports, *names: str | None) -> None:
    for n, name in enumerate(names):
        email = f"p{n}@people.example"
        person = person_of(email, ports.keys.address)
        made = Contact(id=f"p{person[:23]}", person=person, email=email, first_name=name, created_at=ports.clock.now())
        ports.documents.put(SCOPE, Kind.CONTACT, made.id, made.model_dump(mode="json"))


def written(ports: Ports, server: ModelServer, subject: str) -> tuple[Outcome, dict[str, Finding]]:
    """What became of the step, and the findings about text messages by rule."""
    server.script(*[Reply({"text": subject, "language": "en", "notes": []})] * ASKED_AT_MOST)
    accept(ports, channels=["sms"], variants=1)
    outcome = run(ports, dict(ORDER))
    document = ports.documents.get(SCOPE, Kind.DRAFT, draft_id("spring", 1, "A"))
    found = Draft.model_validate(document.body).findings if document else []
    return outcome, {each.rule: each for each in found if each.rule.startswith("sms-")}


def test_segments_and_cost_are_told_for_everybodys_own_values(ports: Ports, server: ModelServer) -> None:
    people(ports, "Ada", "Ben", None, "J" * 90)
    outcome, found = written(ports, server, GREETS)
    assert outcome == Done({"version": 1})
    assert set(found) == {"sms-segments"}
    assert found["sms-segments"].reason == "1 to 2 segments for each of 4 people, 0.04 € in all"
    assert found["sms-segments"].severity == "info"


def test_one_name_that_is_not_in_the_alphabet_makes_that_persons_text_ucs_2(ports: Ports, server: ModelServer) -> None:
    people(ports, "Ada", "Zoë", "Łukasz")
    _, found = written(ports, server, GREETS)
    assert found["sms-segments"].reason == "1 to 2 segments for each of 3 people, 0.04 € in all"
    assert "sms-alphabet" not in found


def test_a_character_of_the_text_itself_that_makes_it_ucs_2_is_named(ports: Ports, server: ModelServer) -> None:
    people(ports, "Ada")
    _, found = written(ports, server, "Six evenings — for your back")
    assert "'—' is not in the GSM alphabet" in found["sms-alphabet"].reason
    assert found["sms-segments"].reason == "2 segments for each of 1 people, 0.02 € in all"


def test_those_for_whom_it_is_too_long_are_counted_before_the_approval(ports: Ports, server: ModelServer) -> None:
    people(ports, "Ada", "J" * 300, "Ł" * 100, "B" * 600)
    outcome, found = written(ports, server, GREETS)
    assert outcome == Done({"version": 1})
    warning = found["sms-long-for-some"]
    assert (warning.severity, warning.reason) == (
        "warning",
        "for 3 of 4 people it takes more than 2 segments: they would not get it",
    )
    assert found["sms-segments"].reason.startswith("1 segment for each of 1 people")


def test_a_text_that_is_too_long_for_anybody_is_written_again_and_then_refused(
    ports: Ports, server: ModelServer
) -> None:
    people(ports, "Ada")
    outcome, _ = written(ports, server, "Six evenings for your back " * 12)
    assert isinstance(outcome, Refused)
    assert "as a text message it takes 3 segments; most_segments is 2" in outcome.reason
    second = server.requests[1]["messages"][1]["content"]
    assert "as a text message it takes 3 segments" in second, "the writer is told"


def test_mail_is_not_measured(ports: Ports, server: ModelServer) -> None:
    people(ports, "Ada")
    server.script(Reply(copy(subject="Six evenings — for your back")))
    accept(ports, variants=1)
    assert run(ports, dict(ORDER)) == Done({"version": 1})
    document = ports.documents.get(SCOPE, Kind.DRAFT, draft_id("spring", 1, "A"))
    assert document
    assert not [each for each in document.body["findings"] if each["rule"].startswith("sms-")]
