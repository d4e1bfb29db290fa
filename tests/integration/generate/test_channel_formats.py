"""Each channel's campaign is written in its own format: a text message, a post by its network's rules, else a mail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shared.adapters.channels.mastodon import MastodonChannel
from shared.adapters.channels.twilio import TwilioChannel
from shared.agents.generate import run
from shared.domain.campaign import CampaignRequest
from shared.domain.draft import Draft, draft_id
from shared.domain.names import Kind
from shared.domain.outcome import Done, Refused
from shared.domain.part import PartRequest
from shared.domain.wording import ShortCopy
from shared.ports import Ports
from shared.render.forms import post, shown, text_message
from shared.render.personal import Personal, sample_fields
from tests.contract.channel_homes import twilio_url
from tests.integration.generate.home import ORDER, REQUEST, SCOPE, accept, opened
from tests.servers.models import ModelServer, Reply

from .test_pieces import GOOD

POSTED: dict[str, Any] = {"channels": ["social"], "segment": {"own": True}, "variants": 1}


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


@pytest.fixture
def ports(tmp_path: Path, server: ModelServer) -> Iterator[Ports]:
    network = MastodonChannel("mastodon+http://token@127.0.0.1:9")
    with opened(tmp_path, server.url) as made:
        yield replace(made, channels={"sms": TwilioChannel(twilio_url(9)), "social": network})


def draft(ports: Ports, version: int = 1) -> Draft:
    found = ports.documents.get(SCOPE, Kind.DRAFT, draft_id("spring", version, "A"))
    assert found
    return Draft.model_validate(found.body)


def test_a_post_is_written_laid_out_and_leaves_as_one(ports: Ports, server: ModelServer) -> None:
    server.script(Reply({**GOOD, "hashtags": ["backs"]}))
    accept(ports, **POSTED)
    assert run(ports, dict(ORDER)) == Done({"version": 1})
    found = draft(ports)
    assert isinstance(found.words, ShortCopy)
    assert found.words.format == "mastodon"
    assert found.text == (
        "Six evenings, eight people\n\nIt starts on Tuesday 3 March at 18:30.\n\n"
        "Book a place: https://practice.example/course\n\n#backs"
    )
    assert not found.blocked
    assert any("facts.0" in claim.sources for claim in found.claims)
    rendered = Personal(found).render(sample_fields(), ["#"], "", "")
    assert post(found, rendered) == found.text
    asked = server.requests[0]["messages"][1]["content"]
    assert '"most":500' in asked.replace(" ", "")


def test_a_post_that_its_network_does_not_take_is_asked_for_again_and_then_refused(
    ports: Ports, server: ModelServer
) -> None:
    long = {
        **GOOD,
        "paragraphs": ["Six evenings, eight people, one physiotherapist who watches every movement. " * 3] * 3,
    }
    server.script(*[Reply(long)] * 3)
    accept(ports, **POSTED)
    refused = run(ports, dict(ORDER))
    assert isinstance(refused, Refused)
    assert "the network takes 500" in refused.reason
    assert "the network takes 500" in server.requests[1]["messages"][1]["content"]


def test_a_text_message_is_what_leaves_with_its_segments(ports: Ports, server: ModelServer) -> None:
    says = 'Dear {{ first_name | default("friend", true) }}, six evenings, eight people.'
    server.script(Reply({"text": says, "language": "en", "notes": []}))
    accept(ports, channels=["sms"], variants=1)
    assert run(ports, dict(ORDER)) == Done({"version": 1})
    found, request = draft(ports), CampaignRequest.model_validate({**REQUEST, "channels": ["sms"]})
    rendered = Personal(found).render({**sample_fields(), "first_name": "Anna"}, ["#"], "", "")
    whole = (
        "The Practice: Dear Anna, six evenings, eight people. https://practice.example/course\nReply STOP to opt out"
    )
    assert text_message(request, found, rendered) == rendered.text == whole
    assert shown(request, found, rendered).subject == "Text message, 1 segment (GSM-7)"
    assert (found.html, found.preheader) == ("", "")


def test_one_part_of_a_post_is_said_otherwise(ports: Ports, server: ModelServer) -> None:
    server.script(Reply(GOOD), Reply({"text": "Six evenings", "notes": []}))
    accept(ports, **POSTED)
    run(ports, dict(ORDER))
    before = draft(ports)
    wish(ports, PartRequest(part="hook", comment="shorter"))
    assert run(ports, dict(ORDER)) == Done({"version": 2})
    after = draft(ports, 2)
    assert after.text == before.text.replace("Six evenings, eight people", "Six evenings", 1)
    assert after.words
    assert before.words
    assert after.words.words == before.words.words | {"hook": "Six evenings"}
    assert after.cost["calls"] == 2


def wish(ports: Ports, part: PartRequest) -> None:
    found = ports.documents.get(SCOPE, Kind.CAMPAIGN, "spring")
    assert found
    ports.documents.put(SCOPE, Kind.CAMPAIGN, "spring", {**found.body, "part_wish": part.model_dump()}, found.rev)
