"""The form for strangers over HTTP: without a script, as JSON, closed, hostile, and too often."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from shared import wiring
from shared.domain.links import Link, sign
from shared.domain.names import Kind
from shared.domain.scope import Scope
from tests.integration.agents.conftest import Hand

from .conftest import Answered, Edge

FORM = "application/x-www-form-urlencoded"
SAID = {"name": "Ada Halm", "email": "ada@halm.example", "message": "We need a <b>new</b> web site & a logo."}


@pytest.fixture
def door(edge: Edge) -> str:
    """The path of the open form."""
    answer = edge.ask("PUT", "/api/v1/inbound/settings", {"open": True, "title": "Write to Practice"})
    assert answer.status == 200, answer.body
    return urlsplit(answer.json["url"]).path


def post(edge: Edge, door: str, **changes: str) -> Answered:
    return edge.ask("POST", door, urlencode({**SAID, **changes}).encode(), token=None, Content_Type=FORM)


def kept(edge: Edge) -> list[dict[str, str]]:
    found: list[dict[str, str]] = edge.ask("GET", "/api/v1/inbound").json["items"]
    return found


def test_a_person_without_a_script_writes_and_the_agency_sees_it(edge: Edge, door: str) -> None:
    shown = edge.ask("GET", door, token=None)
    assert shown.status == 200
    assert b"Write to Practice" in shown.body
    assert b"<script" not in shown.body
    assert post(edge, door).status == 200
    assert b"arrived already" in post(edge, door).body
    (found,) = kept(edge)
    assert (found["state"], found["text"]) == ("taken_in", SAID["message"])
    for page in ("/inbound", f"/deals/{found['deal']}"):
        shown = edge.ask("GET", page)
        assert b"We need a &lt;b&gt;new&lt;/b&gt; web site &amp; a logo." in shown.body
    assert edge.ask("POST", f"/inbound/{found['id']}/decision", b"decision=take").status == 303
    assert kept(edge)[0]["decided_by"] == "owner"


def test_what_is_wrong_is_said_on_the_form_and_nothing_that_was_written_is_lost(edge: Edge, door: str) -> None:
    answer = post(edge, door, email="no address", website="javascript:alert(1)", message='"><script>x()</script>' * 3)
    assert answer.status == 400
    for told in (b"Your e-mail address: ", b"Web site (if you like): ", b"&quot;&gt;&lt;script&gt;x()"):
        assert told in answer.body
    assert b"<script>" not in answer.body
    long = post(edge, door, message="x" * 10_001)
    assert (long.status, b"10000 characters" in long.body) == (400, True)
    assert kept(edge) == []


def test_a_message_of_a_megabyte_is_refused_with_its_size(edge: Edge, door: str) -> None:
    assert post(edge, door, message="x" * 1_000_000).status == 413
    assert kept(edge) == []


def test_a_system_is_told_what_became_of_it(edge: Edge, door: str) -> None:
    def system(**changes: object) -> Answered:
        return edge.ask("POST", door, {**SAID, **changes}, token=None, Content_Type="application/json")

    first, again = system(reference="crm-1"), system(reference="crm-1", message="Changed on the way")
    assert (first.status, first.json["state"], first.json["again"]) == (201, "received", False)
    assert (again.status, again.json["id"], again.json["again"]) == (200, first.json["id"], True)
    spam = system(message="https://a.b https://c.d https://e.f https://g.h")
    assert (spam.json["state"], spam.json["why"]) == ("quarantined", ["it has 4 links"])
    assert set(system(colour="red", email="x").fields) == {"colour", "email"}
    assert edge.ask("POST", door, b"{", token=None, Content_Type="application/json").status == 400


def test_a_closed_form_an_old_link_and_anothers_link_take_nothing(edge: Edge, door: str) -> None:
    fresh = urlsplit(edge.ask("POST", "/api/v1/inbound/links").json["url"]).path
    assert (post(edge, door).status, post(edge, fresh).status) == (410, 200)
    edge.ask("PUT", "/api/v1/inbound/settings", {"open": False})
    assert edge.ask("GET", fresh, token=None).status == 410
    assert edge.ask("POST", fresh, SAID, token=None, Content_Type="application/json").status == 404
    other = sign(Link("p", Scope("local", "main"), "", 1, ""), wiring.ports().keys.link)
    assert post(edge, f"/api/f/{other}").status == 404
    assert len(kept(edge)) == 1


@pytest.fixture
def held(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that stands still, however slow the machine is."""
    Hand(tmp_path / "clock")
    monkeypatch.setenv("HOST_CLOCK", str(tmp_path / "clock"))


def test_who_writes_too_often_is_asked_to_come_again(held: None, edge: Edge, door: str) -> None:
    answers = [
        edge.ask(
            "POST",
            door,
            urlencode({**SAID, "message": f"{n}"}).encode(),
            token=None,
            Content_Type=FORM,
            X_Forwarded_For="203.0.113.9",
        )
        for n in range(12)
    ]
    assert [each.status for each in answers] == [200] * 10 + [429] * 2
    assert int(answers[-1].headers["Retry-After"]) >= 1
    found = wiring.ports().documents.find(Scope("local", "main"), Kind.DEAL, limit=100).documents
    assert len(found) == 1, "one person, one open deal"


def test_consent_needs_somebody_who_asks_to_confirm_it(edge: Edge) -> None:
    answer = edge.ask("PUT", "/api/v1/inbound/settings", {"open": True, "consent": "You may write to me."})
    assert (answer.status, list(answer.fields)) == (400, ["consent"])
