"""A piece that is ready becomes a campaign's draft as it is, and the draft says where it comes from."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from shared import wiring
from shared.agents import generate, schedule

from .conftest import Answered, Edge
from .test_campaigns import REQUEST, SCOPE, people
from .test_pieces import HTML, decide, made, write

__all__ = ["people"]
FORM = "application/x-www-form-urlencoded"


def piece(edge: Edge, **more: Any) -> dict[str, Any]:
    return write(edge, made(edge, brief=REQUEST["brief"], sender=REQUEST["sender"]["name"], **more))


def started(edge: Edge, piece: str, **more: Any) -> Answered:
    return edge.ask("POST", "/api/v1/campaigns", {**REQUEST, "piece": {"id": piece}, "variants": 1, **more})


def drafted(edge: Edge, id: str) -> dict[str, Any]:
    order: dict[str, Any] = {"scope": list(SCOPE), "campaign": id, "instance": f"local~main~campaign~{id}~1"}
    generate.run(wiring.ports(), order)
    schedule.run(wiring.ports(), order)
    return dict(edge.ask("GET", f"/api/v1/campaigns/{id}/drafts").json["items"][0])


def test_its_words_are_taken_as_they_are_with_where_they_come_from(edge: Edge, people: None) -> None:
    found = piece(edge, formats=["email", "x"])
    wish = {"text": "email-1-A", "part": "closing", "comment": "more formal"}
    assert edge.ask("POST", f"/api/v1/pieces/{found['id']}/parts", wish).status == 202
    (text, _) = write(edge, found["id"])["texts"]
    id = started(edge, found["id"]).json["id"]
    draft = drafted(edge, id)
    kept = {name: draft["words"][name] for name in text["words"]}
    assert kept == text["words"]
    assert draft["origin"] == {"piece": found["id"], "text": "email-1-A", "version": 2}
    assert (draft["cost"], draft["written_by"]) == ({}, "built-in writer")
    assert edge.ask("GET", f"/api/v1/campaigns/{id}").json["status"] == "awaiting_approval"
    page = edge.ask("GET", f"/campaigns/{id}", **HTML).body.decode()
    assert f'<a href="/pieces/{found["id"]}#email-1-A">email-1-A</a>, version 2' in page


def test_only_what_is_ready_and_in_the_format_of_the_channel_can_be_handed_over(edge: Edge, people: None) -> None:
    post, waits = piece(edge, formats=["x"]), piece(edge, formats=["email"], plan="confirm")
    assert started(edge, "nobody").fields == {"piece.id": "there is no piece 'nobody'"}
    assert started(edge, post["id"]).fields["piece"] == "the piece has no text email-1-A; it has x-1-A"
    assert "the piece is awaiting_plan" in started(edge, waits["id"]).fields["piece"]
    one = piece(edge, formats=["email"])
    assert "no text email-1-B" in started(edge, one["id"], variants=2).fields["piece"]
    second = {**REQUEST, "variants": 1, "piece": {"id": one["id"], "audience": 2}}
    assert "no text email-2-A" in edge.ask("POST", "/api/v1/campaigns", second).fields["piece"]
    assert edge.ask("GET", "/api/v1/campaigns").json["items"] == []


def test_a_piece_that_was_rejected_meanwhile_fails_the_campaign_with_the_reason(edge: Edge, people: None) -> None:
    found = piece(edge, formats=["email"])
    id = started(edge, found["id"]).json["id"]
    assert decide(edge, found["id"], "reject").status == 200
    order: dict[str, Any] = {"scope": list(SCOPE), "campaign": id, "instance": f"local~main~campaign~{id}~1"}
    generate.run(wiring.ports(), order)
    campaign = edge.ask("GET", f"/api/v1/campaigns/{id}").json
    assert campaign["status"] == "failed"
    assert "the piece is rejected; only one that is ready can be handed over" in campaign["status_reason"]


def test_on_the_pages_a_piece_leads_to_a_campaign_with_its_words(edge: Edge, people: None) -> None:
    found = piece(edge, formats=["email"], audiences=["owners", "tenants"])
    page = edge.ask("GET", f"/pieces/{found['id']}", **HTML).body.decode()
    link = re.search(r'href="(/campaigns/new[?]piece=[^"]+)"', page)
    assert link
    form = edge.ask("GET", link[1], **HTML).body.decode()
    assert 'name="goal"' not in form, "its brief is the piece's"
    assert '<option value="2">tenants</option>' in form
    fields = {"name": "Spring", "channel": "email", "piece": found["id"], "piece_audience": "2", "variants": "1"}
    fields |= {"sender": "The Practice", "from_address": "we@practice.example", "postal": "1 Main Street, Town"}
    no = {**fields, "variants": "2"}
    refused = edge.ask("POST", "/campaigns", urlencode(no).encode(), Content_Type=FORM)
    assert refused.status == 400
    assert "The piece: the piece has no text email-2-B" in refused.body.decode()
    assert f'name="piece" value="{found["id"]}"' in refused.body.decode()
    made = edge.ask("POST", "/campaigns", urlencode(fields).encode(), Content_Type=FORM)
    assert made.status == 303
    draft = drafted(edge, made.headers["Location"].rpartition("/")[2])
    assert draft["origin"] == {"piece": found["id"], "text": "email-2-A", "version": 1}


def test_what_would_be_different_today_is_no_page_where_no_model_was_asked(edge: Edge, people: None) -> None:
    found = piece(edge, formats=["email"])
    assert "/replays/" not in edge.ask("GET", f"/pieces/{found['id']}", **HTML).body.decode()
    refused = edge.ask("GET", f"/replays/{found['id']}", **HTML)
    assert refused.status == 409
    assert "no model was asked for it" in refused.body.decode()
    assert edge.ask("GET", "/replays/nobody", **HTML).status == 404
