"""What else a campaign can be written from and into, replayed: one part, a text message, the words of a piece."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shared.adapters.channels.twilio import TwilioChannel
from shared.agents import pieces
from shared.agents.generate import pieces as writing
from shared.agents.generate import run
from shared.agents.records import change
from shared.agents.replay import replay
from shared.domain.address import person_of
from shared.domain.contact import Contact
from shared.domain.names import Kind
from shared.domain.outcome import Done
from shared.domain.part import PartRequest
from shared.domain.piece import PartWish, PieceDecision, PieceRequest, question_of
from shared.ports import Ports
from tests.contract.channel_homes import twilio_url
from tests.integration.generate.home import ORDER, REQUEST, SCOPE, accept, copy, opened
from tests.integration.generate.test_pieces import PLAN
from tests.servers.models import ModelServer, Reply

OTHER = copy(subject="Is your back ready?", paragraphs=["Six evenings with one physiotherapist, eight people."])


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


@pytest.fixture
def ports(tmp_path: Path, server: ModelServer) -> Iterator[Ports]:
    with opened(tmp_path, server.url) as made:
        yield replace(made, channels={"sms": TwilioChannel(twilio_url(9))})


def steps(ports: Ports, id: str = "spring") -> list[str]:
    """Every step of a replay that finds all of them as they were."""
    found = replay(ports, SCOPE, id)
    assert found.same, found
    return [each.step for each in found.steps]


def test_one_part_of_one_variant_by_a_model_and_then_by_hand(ports: Ports, server: ModelServer) -> None:
    server.script(Reply(copy()), Reply(OTHER), Reply({"text": "Six evenings", "notes": []}))
    accept(ports)
    assert run(ports, dict(ORDER)) == Done({"version": 1})
    for version, wish in enumerate([{"comment": "shorter"}, {"text": "Six evenings, eight people"}], 2):
        said = PartRequest.model_validate({"part": "subject", **wish})
        change(ports, SCOPE, "spring", lambda each, said=said: setattr(each, "part_wish", said))  # type: ignore[misc]
        assert run(ports, dict(ORDER)) == Done({"version": version})
    assert [each for each in steps(ports) if "version 1" not in each] == [
        "version 2, variant A, the part, try 1",
        *(f"version {n}, draft {variant}" for n in (2, 3) for variant in "AB"),
    ]
    assert len(server.requests) == 3


def test_a_text_message_is_counted_for_the_people_of_then(ports: Ports, server: ModelServer) -> None:
    person(ports, 1)
    text = 'Dear {{ first_name | default("friend", true) }}, six evenings, eight people.'
    server.script(Reply({"text": text, "language": "en", "notes": []}))
    accept(ports, channels=["sms"], variants=1)
    assert run(ports, dict(ORDER)) == Done({"version": 1})
    person(ports, 2)
    assert steps(ports) == ["version 1, variant A, try 1", "version 1, draft A"]


def person(ports: Ports, n: int) -> None:
    email = f"p{n}@people.example"
    key = person_of(email, ports.keys.address)
    made = Contact(id=f"p{key[:23]}", person=key, email=email, first_name="J" * 9 * n, created_at=ports.clock.now())
    ports.documents.put(SCOPE, Kind.CONTACT, made.id, made.model_dump(mode="json"))


def test_the_words_of_a_piece_as_they_were_taken(ports: Ports, server: ModelServer) -> None:
    asked = {"name": "Course", "brief": REQUEST["brief"], "sender": "The Practice", "formats": ["email"]}
    piece = pieces.accept(ports, SCOPE, "ann", PieceRequest.model_validate(asked)).id
    server.script(Reply(PLAN), Reply(copy()))
    write(ports, piece)
    seen = question_of(pieces.get(ports, SCOPE, piece)) or ""
    pieces.decide(ports, SCOPE, piece, "ann", PieceDecision(decision="approve", digest=seen))
    accept(ports, variants=1, piece={"id": piece, "audience": 1})
    assert run(ports, dict(ORDER)) == Done({"version": 1})
    pieces.rewrite(ports, SCOPE, piece, "ann", PartWish(text="email-1-A", part="headline", comment="calmer"))
    server.script(Reply({"text": "Six evenings", "notes": []}))
    write(ports, piece)
    assert steps(ports) == ["version 1, draft A"]
    assert steps(ports, piece)[-1] == "text email-1-A"


def write(ports: Ports, piece: str) -> None:
    turn = pieces.get(ports, SCOPE, piece).turn
    order: dict[str, Any] = {"scope": [*SCOPE], "piece": piece, "instance": f"local~main~piece~{piece}~{turn}"}
    while True:
        done = writing.run(ports, order)
        assert isinstance(done, Done)
        if not done.data["left"]:
            return
