"""Signed links: nobody signs in, nothing is revealed, and the reader always gets an answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shared import wiring
from shared.agents.contacts import accept_import, find_by_address, run
from shared.domain.links import Link, Purpose, sign
from shared.domain.names import Kind
from shared.domain.scope import Scope

from .conftest import Edge

SCOPE = Scope("local", "main")
CAMPAIGN = "0" * 32
ONE_CLICK = b"List-Unsubscribe=One-Click"


@pytest.fixture
def person(home: Path) -> str:
    ports = wiring.ports()
    id = accept_import(ports, SCOPE, "test", b"email,consent\nann@x.example,yes\n", "text/csv").id
    for op in ({"op": "split"}, {"op": "batch", "batch": 0}, {"op": "finish"}):
        run(ports, {"scope": list(SCOPE), "import": id, **op})
    found = find_by_address(ports, SCOPE, "ann@x.example")
    assert found
    return found.person


def token(purpose: Purpose, person: str) -> str:
    return sign(Link(purpose, SCOPE, CAMPAIGN, 0, person), wiring.ports().keys.link)


def suppressed(person: str) -> bool:
    return wiring.ports().documents.get(SCOPE.agency, Kind.SUPPRESSION, person) is not None


def test_rule_u2_following_the_unsubscribe_link_decides_nothing(edge: Edge, person: str) -> None:
    for method in ("GET", "HEAD"):
        answer = edge.ask(method, f"/api/u/{token('u', person)}", token=None)
        assert answer.status == 200
    assert b'<form method="post">' in answer.body
    assert not suppressed(person)


@pytest.mark.parametrize("body", [ONE_CLICK, b"", b"\xff", b"anything=else"])
def test_rule_u1_the_button_and_the_mail_program_unsubscribe_at_once(edge: Edge, person: str, body: bytes) -> None:
    answer = edge.ask("POST", f"/api/u/{token('u', person)}", body, token=None)
    assert answer.status == 200
    assert "Set-Cookie" not in answer.headers
    assert suppressed(person)
    again = edge.ask("POST", f"/api/u/{token('u', person)}", body, token=None)
    assert again == answer


def test_rule_u3_u4_an_unsubscribe_link_looks_the_same_whoever_it_is_for(edge: Edge, person: str) -> None:
    nobody = token("u", "z" * 32)
    wrong = ("forged", token("o", person), token("u", person)[:-2], "%00", "ä" * 300)
    for method in ("GET", "POST"):
        right = edge.ask(method, f"/api/u/{token('u', person)}", token=None)
        for other in (nobody, *wrong):
            assert edge.ask(method, f"/api/u/{other}", token=None) == right
    assert b"ann" not in right.body


def test_an_opening_is_answered_with_a_picture_whatever_the_token(edge: Edge, person: str) -> None:
    for each in (token("o", person), token("c", person), "forged"):
        answer = edge.ask("GET", f"/api/o/{each}", token=None)
        assert (answer.status, answer.headers["Content-Type"]) == (200, "image/gif")
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.body.startswith(b"GIF89a")


def test_a_click_link_that_is_not_ours_leads_nowhere(edge: Edge, person: str) -> None:
    for each in (token("c", person), token("o", person), "forged", "https:%2F%2Fevil.example"):
        answer = edge.ask("GET", f"/api/c/{each}", token=None)
        assert (answer.status, answer.headers.get("Location")) == (404, None)
        assert answer.headers["Content-Type"].startswith("text/html")


def test_nothing_of_a_link_gets_into_the_log(edge: Edge, person: str, caplog: pytest.LogCaptureFixture) -> None:
    stored = wiring.ports().documents.get(SCOPE, Kind.CONTACT, f"p{person[:23]}")
    assert stored
    wiring.ports().documents.put(SCOPE, Kind.CONTACT, stored.id, {"email": "canary@x.example"}, "*")
    answer = edge.ask("POST", f"/api/u/{token('u', person)}", ONE_CLICK, token=None)
    assert answer.status == 500
    assert suppressed(person)
    assert json.loads(caplog.records[-1].message)["route"] == "links_unsubscribe"
    assert "canary" not in caplog.text
    assert token("u", person) not in caplog.text


def test_rule_g1_evidence_of_a_consent_is_recorded_and_exported(edge: Edge, person: str) -> None:
    path = f"/api/v1/contacts/p{person[:23]}/consents"
    refused = edge.ask("POST", path, {"status": "granted"})
    assert (refused.status, "wording is required" in refused.body.decode()) == (400, True)
    made = edge.ask("POST", path, {"status": "granted", "wording": "Write to me", "ip": "203.0.113.7"})
    assert (made.status, made.json["verified"], made.json["wording"]) == (201, True, "Write to me")
    edge.ask("POST", f"/api/u/{token('u', person)}", ONE_CLICK, token=None)
    found = edge.ask("GET", path).json["items"]
    assert [(each["method"], each["verified"]) for each in found] == [("import", True), ("api", True), ("link", True)]
    assert edge.ask("POST", path, {"status": "granted", "wording": "Yes"}).status == 409
    assert edge.ask("GET", "/api/v1/contacts/nobody/consents").status == 404
    assert edge.ask("GET", path, Baton_Workspace="other").status == 404
