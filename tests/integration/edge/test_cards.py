"""Cards over HTTP, on their page, at the texts of a piece, and with a picture that a model drew."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from shared import wiring
from shared.domain.scope import Scope
from shared.wiring import ports
from tests.servers.models import ModelServer

from .conftest import Answered, Edge
from .test_pieces import FORM, HTML, decide, made, show, write

SCOPE = Scope("local", "main")
QUOTE = {"words": {"template": "quote", "quote": "They found our voice."}, "alt": "Maja Holm praises us"}


def post(edge: Edge, body: dict[str, Any]) -> Answered:
    return edge.ask("POST", "/api/v1/cards", body, Content_Type="application/json")


def test_a_card_is_made_once_in_every_size_and_read_as_files(edge: Edge) -> None:
    card = post(edge, QUOTE)
    assert (card.status, [each["size"] for each in card.json["files"]]) == (201, ["link", "square", "story"])
    id = card.json["id"]
    for file, type, start in (("square.png", "image/png", b"\x89PNG"), ("story.svg", "image/svg+xml", b"<svg")):
        answer = edge.ask("GET", f"/api/v1/cards/{id}/{file}")
        assert (answer.status, answer.headers["Content-Type"]) == (200, type)
        assert answer.body.startswith(start)
    assert post(edge, QUOTE).json == card.json
    edge.ask("PUT", "/api/v1/brand", {"name": "N", "colours": {"primary": "#1d4e89"}}, Content_Type="application/json")
    assert post(edge, QUOTE).json["id"] != id
    assert len(edge.ask("GET", "/api/v1/cards").json["items"]) == 2
    assert edge.ask("GET", f"/api/v1/cards/{id}/poster.png").status == 404
    assert edge.ask("GET", f"/api/v1/cards/{id}/square.exe").status == 404
    assert edge.ask("GET", f"/api/v1/cards/{id}", Baton_Workspace="other").status == 404


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"template": "quote", "quote": "Great 🎉"}, "words.quote"),
        ({"template": "quote", "quote": "Hi {{ first_name }}"}, "words.quote.quote"),
        ({"template": "poster"}, "words"),
        ({"template": "event", "title": "T", "when": "W"}, "words.event.where"),
    ],
)
def test_what_cannot_be_drawn_is_named(edge: Edge, words: dict[str, Any], field: str) -> None:
    answer = post(edge, {"words": words, "alt": "a"})
    assert (answer.status, list(answer.fields)) == (400, [field])
    assert list(post(edge, {"words": QUOTE["words"]}).fields) == ["alt"]


def test_a_card_at_a_text_is_part_of_what_is_approved(edge: Edge) -> None:
    card = post(edge, QUOTE).json
    piece = write(edge, made(edge))
    before, path = piece["digest"], f"/api/v1/pieces/{piece['id']}/images"
    wish = {"text": "x-1-A", "cards": [card["id"]]}
    answer = edge.ask("PUT", path, wish, Content_Type="application/json")
    image = answer.json["texts"][1]["images"][0]
    assert (image["card"], image["alt"], set(image["files"])) == (card["id"], QUOTE["alt"], {"link", "square", "story"})
    assert answer.json["digest"] != before
    stale = {"decision": "approve", "digest": before}
    assert edge.ask("POST", f"/api/v1/pieces/{piece['id']}/approvals", stale).status == 409
    page = edge.ask("GET", f"/pieces/{piece['id']}", **HTML).body.decode()
    assert f'/api/v1/cards/{card["id"]}/link.png" alt="Maja Holm praises us"' in page
    rewritten = {"text": "x-1-A", "part": "hook", "comment": "shorter"}
    edge.ask("POST", f"/api/v1/pieces/{piece['id']}/parts", rewritten)
    assert write(edge, piece["id"])["texts"][1]["images"] == [image]
    gone = urlencode({"text": "x-1-A", "card": ""}).encode()
    assert edge.ask("POST", f"/pieces/{piece['id']}/images", gone, **FORM).status == 303
    assert show(edge, piece["id"])["texts"][1]["images"] == []
    assert list(edge.ask("PUT", path, {"text": "email-1-A", "cards": []}).fields) == ["text"]
    assert list(edge.ask("PUT", path, {"text": "x-1-A", "cards": ["none"]}).fields) == ["card"]
    assert decide(edge, piece["id"], "approve").json["status"] == "approved"
    late = edge.ask("PUT", path, wish, Content_Type="application/json")
    assert (late.status, list(late.fields)) == (409, ["cards"])


def test_the_page_makes_one(edge: Edge) -> None:
    form = {
        "template": "event",
        "event.title": "<b>Course</b>",
        "event.when": "Tue",
        "event.where": "Here",
        "alt": "<i>",
    }
    assert edge.ask("POST", "/cards", urlencode(form).encode(), **FORM).status == 303
    page = edge.ask("GET", "/cards", **HTML).body.decode()
    assert 'alt="&lt;i&gt;"' in page
    assert edge.ask("POST", "/cards", b"template=none&alt=a", **FORM).status == 400


PICTURE = {**QUOTE, "picture": "A lighthouse in the evening"}


def test_without_a_model_of_pictures_none_is_promised(edge: Edge) -> None:
    answer = post(edge, PICTURE)
    assert (answer.status, list(answer.fields)) == (409, ["picture"])
    assert edge.ask("GET", "/api/v1/cards").json["items"] == []


def test_a_model_draws_once_pays_once_and_is_named(home: Path, monkeypatch: pytest.MonkeyPatch, runner: Any) -> None:
    with ModelServer() as server:
        monkeypatch.setenv("BATON_MODEL_URL", server.url)
        monkeypatch.setenv("BATON_MODEL_NAME", f"{server.model} draw=image")
        wiring.close()
        edge = Edge(runner)
        too_much = {**PICTURE, "words": {"template": "quote", "quote": "漢字"}}
        assert post(edge, too_much).status == 400
        assert server.requests == []  # nothing is paid for words that cannot be drawn
        card = post(edge, PICTURE).json
        assert (card["picture"]["model"], card["picture"]["cost"]["calls"]) == ("image", 1)
        assert len(card["picture"]["asked"]) == 64
        assert len(server.requests) == 1
        assert post(edge, PICTURE).json == card
        ports().documents.delete(SCOPE, "card", card["id"])  # a crash before the card was kept
        assert post(edge, PICTURE).json["picture"] == card["picture"]
        assert len(server.requests) == 1
        drawn = edge.ask("GET", f"/api/v1/cards/{card['id']}/square.png").body
        assert b"compositeWithTrainedAlgorithmicMedia" in drawn
        budget = edge.ask("PUT", "/api/v1/budgets/agent-designer", {"calls": 1})
        assert budget.status == 200
        over = post(edge, {**PICTURE, "picture": "A tower"})
        assert (over.status, list(over.fields)) == (409, ["budget"])
        assert len(server.requests) == 1
