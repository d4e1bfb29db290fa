"""Deals over HTTP: from any stage to any other, with reasons where they are needed, and nothing lost of the story."""

from __future__ import annotations

from typing import Any

import pytest

from shared import wiring
from shared.domain.scope import Scope

from .conftest import Answered, Edge

SCOPE = Scope("local", "main")
DEAL = {"name": "A website", "company": "Praxis Holm", "value": "12000.50", "currency": "EUR"}


def post(edge: Edge, path: str, body: dict[str, Any]) -> Answered:
    return edge.ask("POST", f"/api/v1/deals{path}", body, Content_Type="application/json")


def deal(edge: Edge, **more: Any) -> dict[str, Any]:
    made = post(edge, "", DEAL | more)
    assert made.status == 201, made
    found: dict[str, Any] = made.json
    return found


def test_a_deal_goes_its_way_and_its_story_stays(edge: Edge) -> None:
    id = deal(edge, stage="signed")["id"]
    assert post(edge, f"/{id}/moves", {"to": "won"}).status == 200
    refused = post(edge, f"/{id}/moves", {"to": "needs"})
    assert (refused.status, list(refused.fields)) == (400, ["why"])
    assert list(post(edge, f"/{id}/moves", {"to": "lost"}).fields) == ["why"]
    post(edge, f"/{id}/moves", {"to": "lost", "why": "The deposit bounced"})
    back = post(edge, f"/{id}/moves", {"to": "deposit", "why": "It arrived"}).json
    assert [(each["from"], each["to"], each["why"]) for each in back["history"]] == [
        (None, "signed", ""),
        ("signed", "won", ""),
        ("won", "lost", "The deposit bounced"),
        ("lost", "deposit", "It arrived"),
    ]
    assert post(edge, f"/{id}/moves", {"to": "deposit"}).json == back
    noted = post(edge, f"/{id}/notes", {"text": "Ask for Anna"}).json
    assert [each["text"] for each in noted["notes"]] == ["Ask for Anna"]
    facts = wiring.ports().journal.read(SCOPE, f"deal/{id}")
    assert [each.what for each in facts] == ["created", "moved", "reversed", "reversed", "noted"]
    assert "bounced" not in str(facts)
    assert "Anna" not in str(facts)


def test_who_moves_what_somebody_else_has_moved_is_told(edge: Edge) -> None:
    id = deal(edge)["id"]
    post(edge, f"/{id}/moves", {"to": "needs", "from": "new"})
    late = post(edge, f"/{id}/moves", {"to": "contacted", "from": "new"})
    assert (late.status, late.json["difference"]) == (409, {"from": ["new", "needs"]})
    assert edge.ask("GET", f"/api/v1/deals/{id}").json["stage"] == "needs"


def test_deals_are_listed_by_stage_and_changed_by_name(edge: Edge) -> None:
    first, second = deal(edge)["id"], deal(edge, stage="needs", name="A shop")["id"]
    assert [each["id"] for each in edge.ask("GET", "/api/v1/deals").json["items"]] == [second, first]
    assert [each["id"] for each in edge.ask("GET", "/api/v1/deals?stage=new").json["items"]] == [first]
    assert list(edge.ask("GET", "/api/v1/deals?stage=old").fields) == ["stage"]
    wish = {"value": "9.5", "company": None, "close_on": "2027-05-01"}
    changed = edge.ask("PATCH", f"/api/v1/deals/{first}", wish, Content_Type="application/json").json
    assert (changed["value"], changed["company"], changed["close_on"], changed["name"]) == (
        "9.5",
        "",
        "2027-05-01",
        "A website",
    )
    assert [each["id"] for each in edge.ask("GET", "/api/v1/deals").json["items"]] == [first, second]
    assert edge.ask("GET", f"/api/v1/deals/{first}", Baton_Workspace="other").status == 404


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name": " "}, "name"),
        ({"value": "1e9"}, "value"),
        ({"value": "-5"}, "value"),
        ({"value": 12.5}, "value"),
        ({"currency": "euro"}, "currency"),
        ({"stage": "winning"}, "stage"),
        ({"stage": "lost"}, "why"),
        ({"lead": "nobody"}, "lead"),
        ({"contact": "../x"}, "contact"),
        ({"close_on": "31.02.2027"}, "close_on"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_begun(edge: Edge, more: dict[str, Any], field: str) -> None:
    refused = post(edge, "", DEAL | more)
    assert (refused.status, [each.split(".")[0] for each in refused.fields]) == (400, [field])
    assert edge.ask("GET", "/api/v1/deals").json["items"] == []
