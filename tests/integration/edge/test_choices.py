"""The page of choices over HTTP: no login, nothing revealed, and it does what it says."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest

from shared import wiring
from shared.agents.contacts import find_by_address, get_contact
from shared.domain.links import Link, sign
from shared.domain.names import Kind

from .conftest import Edge
from .test_links import CAMPAIGN, SCOPE, person, suppressed, token

__all__ = ["person"]


def form(page: bytes, **changes: str) -> dict[str, str]:
    """What a browser would send of the page's first form."""
    html = page.decode().split("</form>")[0]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', html))
    fields |= dict.fromkeys(re.findall(r'name="([^"]+)" value="on" checked', html), "on")
    fields["frequency"] = "any"
    return {**fields, "do": "save", **changes}


def post(edge: Edge, path: str, fields: dict[str, str]) -> bytes:
    answer = edge.ask("POST", path, urlencode(fields).encode(), token=None)
    assert answer.status == 200
    assert "Set-Cookie" not in answer.headers
    return answer.body


def test_a_person_says_no_and_comes_back_on_the_page(edge: Edge, person: str) -> None:
    path = f"/api/p/{token('p', person)}"
    shown = edge.ask("GET", path, token=None)
    assert (shown.status, shown.headers["Cache-Control"]) == (200, "no-store")
    assert b"ann@" not in shown.body, "a link that is passed on gives no address away"
    off = form(shown.body)
    del off["email"]
    gone = post(edge, path, off)
    assert b"Saved" in gone
    contact = find_by_address(wiring.ports(), SCOPE, "ann@x.example")
    assert contact
    assert contact.consent["email"].status == "withdrawn"
    back = post(edge, path, form(gone, email="on"))
    assert b'value="on" checked' in back
    contact = find_by_address(wiring.ports(), SCOPE, "ann@x.example")
    assert contact
    assert (contact.consent["email"].status, contact.consent["email"].basis) == ("granted", "explicit")
    assert not get_contact(wiring.ports(), SCOPE, contact.id).suppressed
    evidence = edge.ask("GET", f"/api/v1/contacts/{contact.id}/consents").json["items"]
    assert [(each["method"], each["verified"]) for each in evidence] == [
        ("import", True),
        ("preferences", True),
        ("preferences", True),
    ]


def test_stop_everything_is_one_press(edge: Edge, person: str) -> None:
    path = f"/api/p/{token('p', person)}"
    assert b"Nothing more will be sent" in post(edge, path, {"do": "stop"})
    assert suppressed(person)


def test_how_often_is_kept_on_the_contact(edge: Edge, person: str) -> None:
    path = f"/api/p/{token('p', person)}"
    page = post(edge, path, form(edge.ask("GET", path, token=None).body, frequency="1 in 7 days"))
    assert b'value="1 in 7 days" selected' in page
    contact = find_by_address(wiring.ports(), SCOPE, "ann@x.example")
    assert contact
    assert contact.frequency
    assert (contact.frequency.most, contact.frequency.days) == (1, 7)
    (said,) = [
        each
        for each in edge.ask("GET", f"/api/v1/contacts/{contact.id}/consents").json["items"]
        if each["status"] == "limited"
    ]
    assert (said["frequency"], said["wording"], said["verified"]) == (
        "1 in 7 days",
        "How often, at most: Once a week",
        True,
    )


@pytest.mark.parametrize("body", [b"", b"\xff=", b"do=save", b"do=save&once=x&shown_on=email&shown_off=", b"email=on"])
def test_rule_u2_what_is_not_a_whole_form_changes_nothing(edge: Edge, person: str, body: bytes) -> None:
    path = f"/api/p/{token('p', person)}"
    edge.ask("POST", path, body, token=None)
    edge.ask("GET", path, token=None)
    assert not suppressed(person)
    found = wiring.ports().documents.find(SCOPE.agency, Kind.SUPPRESSION).documents
    assert found == []


def test_every_token_that_is_not_ours_gets_the_same_page(edge: Edge, person: str) -> None:
    old = sign(Link("p", SCOPE, CAMPAIGN, 0, person), {"0": b"o" * 32})
    forged = ("forged", token("u", person), token("p", person)[:-2], token("p", person)[2:], old, "%00", "ä" * 300)
    answers = [edge.ask(method, f"/api/p/{each}", token=None) for method in ("GET", "POST") for each in forged]
    assert {(answer.status, answer.body) for answer in answers} == {(404, answers[0].body)}
    assert b"leads nowhere" in answers[0].body


def test_a_page_for_somebody_who_is_not_on_file_looks_like_anybodys(edge: Edge, person: str) -> None:
    nobody = edge.ask("GET", f"/api/p/{token('p', 'z' * 32)}", token=None)
    somebody = edge.ask("GET", f"/api/p/{token('p', person)}", token=None)
    once = re.compile(rb'name="once" value="\w+"')
    assert once.sub(b"", nobody.body) == once.sub(b"", somebody.body)


def test_the_page_speaks_german_where_the_browser_does(edge: Edge, person: str) -> None:
    page = edge.ask("GET", f"/api/p/{token('p', person)}", token=None, Accept_Language="de-AT,de;q=0.9,en;q=0.5").body
    assert b'<html lang="de">' in page
    assert "Alles beenden" in page.decode()


def test_what_a_form_claims_cannot_become_markup_or_another_topic(edge: Edge, person: str) -> None:
    path = f"/api/p/{token('p', person)}"
    fields = form(edge.ask("GET", path, token=None).body, **{"topic:<script>": "on"})
    fields["shown_off"] = "topic:<script> sms topic:made-up"
    fields |= {"sms": "on", "topic:made-up": "on"}
    page = post(edge, path, fields)
    assert b"<script" not in page
    contact = find_by_address(wiring.ports(), SCOPE, "ann@x.example")
    assert contact
    assert "sms" not in contact.consent
