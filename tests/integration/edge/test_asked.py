"""Somebody without a login is asked by mail to approve a campaign: what they see and decide, and what becomes of it."""

from __future__ import annotations

import email
import re
from datetime import timedelta
from email import policy
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from shared import wiring
from shared.agents.campaigns import ask
from shared.agents.contacts.suppression import suppress
from shared.domain.address import person_of
from shared.domain.names import Kind

from .conftest import Edge
from .test_campaigns import SCOPE, people, waiting

__all__ = ["people", "waiting"]
FORM = {"Content_Type": "application/x-www-form-urlencoded"}
CLIENT, BOSS = "client@client.example", "boss@agency.example"


def mails(home: Path) -> list[tuple[str, str]]:
    """To whom, and the link in it, in the order in which they left."""
    found = []
    for file in sorted((home / "outbox").rglob("*.eml"), key=lambda each: each.stat().st_mtime_ns):
        mail = email.message_from_bytes(file.read_bytes(), policy=policy.default)
        body = mail.get_body(("plain",))
        assert body is not None
        link = re.search(r"https?://\S+/api/a/\S+", body.get_content())
        found.append((str(mail["To"]), urlsplit(link[0]).path if link else ""))
    return found


def later(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, **passed: float) -> None:
    """The clock of the host says so."""
    clock = tmp_path / "clock"
    now = wiring.ports().clock.now() + timedelta(**passed)
    clock.write_bytes((int(now.timestamp()) * 1_000_000_000).to_bytes(8, "little", signed=True))
    monkeypatch.setenv("HOST_CLOCK", str(clock))
    wiring.close()


def asked(edge: Edge, waiting: str, **more: Any) -> dict[str, Any]:
    made = edge.ask("POST", f"{waiting}/asked", {"to": CLIENT, **more})
    assert (made.status, made.json["state"], made.json["mail"]) == (201, "waiting", "accepted")
    return dict(made.json)


def test_the_client_sees_what_is_sealed_and_nobody_elses_data_and_decides(edge: Edge, waiting: str, home: Path) -> None:
    asked(edge, waiting)
    [(to, link)] = mails(home)
    assert to == CLIENT
    page = edge.ask("GET", link, token=None)
    shown, digest = page.body.decode(), edge.ask("GET", waiting).json["digest"]
    assert (page.status, page.headers["Cache-Control"], digest in shown) == (200, "no-store", True)
    assert edge.ask("GET", f"{waiting}/drafts").json["items"][0]["subject"] in shown
    assert "x.example" not in shown, "no reader is named"
    assert edge.ask("GET", waiting).json["status"] == "awaiting_approval", "following the link decides nothing"
    said = urlencode({"decision": "approve", "digest": digest, "comment": "fine"}).encode()
    assert edge.ask("POST", link, said, token=None, **FORM).status == 200
    assert edge.ask("GET", waiting).json["status"] == "holding"
    decided = edge.ask("GET", f"{waiting}/approvals").json
    [listed] = edge.ask("GET", f"{waiting}/asked").json["items"]
    assert (decided["decision"], decided["by"]) == ("approve", f"link:{listed['id']}")
    assert listed["state"] == "approved"


def test_only_who_may_approve_hands_that_on(edge: Edge, waiting: str, home: Path) -> None:
    """Otherwise an operator would ask themselves, and approve what they wrote."""
    wanted = {"name": "CRM", "scopes": ["reader", "operator"], "workspaces": ["main"]}
    operator = edge.ask("POST", "/api/v1/keys", wanted).json["key"]
    own = {"to": "operator@agency.example"}
    assert edge.ask("POST", f"{waiting}/asked", own, token=operator, origin="https://baton.example").status == 403
    assert mails(home) == []


def test_a_link_ends_with_what_it_was_about_and_when_it_is_taken_back(edge: Edge, waiting: str, home: Path) -> None:
    made = asked(edge, waiting)
    [(_, link)] = mails(home)
    assert edge.ask("DELETE", f"{waiting}/asked/{made['id']}").json["state"] == "taken back"
    assert edge.ask("GET", link, token=None).status == 410
    asked(edge, waiting)
    second = mails(home)[-1][1]
    assert edge.ask("PATCH", f"{waiting}/drafts/A", {"parts": {"closing": "See you."}}).status == 202
    digest = edge.ask("GET", waiting).json["digest"]
    late = urlencode({"decision": "approve", "digest": digest}).encode()
    assert edge.ask("POST", second, late, token=None, **FORM).status == 409, "it is being written again"
    assert edge.ask("POST", f"{waiting}/asked", {"to": CLIENT}).status == 409
    assert edge.ask("GET", second[:-4] + "AAAA", token=None).status == 404


def test_who_is_silent_is_reminded_once_and_then_the_next_is_asked_once(
    edge: Edge, waiting: str, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked(edge, waiting, days=2, then=BOSS)
    ask.look_after(wiring.ports(), SCOPE)
    assert [to for to, _ in mails(home)] == [CLIENT]
    later(monkeypatch, tmp_path, hours=25)
    for _ in range(2):
        ask.look_after(wiring.ports(), SCOPE)
    assert [to for to, _ in mails(home)] == [CLIENT, CLIENT]
    later(monkeypatch, tmp_path, hours=24)
    for _ in range(2):
        ask.look_after(wiring.ports(), SCOPE)
    assert [to for to, _ in mails(home)] == [CLIENT, CLIENT, BOSS]
    assert edge.ask("GET", mails(home)[0][1], token=None).status == 410
    assert edge.ask("GET", mails(home)[2][1], token=None).status == 200
    states = [each["state"] for each in edge.ask("GET", f"{waiting}/asked").json["items"]]
    assert states == ["waiting", "ended"]


def test_one_who_wants_no_mail_any_more_keeps_nobody_else_waiting(
    edge: Edge, waiting: str, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked(edge, waiting, days=2)
    asked(edge, waiting, days=2, to=BOSS)
    ports = wiring.ports()
    suppress(ports, SCOPE, person_of(CLIENT, ports.keys.address), "unsubscribed", channel="email")
    later(monkeypatch, tmp_path, hours=25)
    ask.look_after(wiring.ports(), SCOPE)
    assert [to for to, _ in mails(home)] == [CLIENT, BOSS, BOSS]


def test_killed_between_the_mail_and_its_note_nobody_is_reminded_twice(
    edge: Edge, waiting: str, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = asked(edge, waiting, days=2)
    later(monkeypatch, tmp_path, hours=25)
    ask.look_after(wiring.ports(), SCOPE)
    ports = wiring.ports()
    kept = ports.documents.get(SCOPE, Kind.ASKED, made["id"])
    assert kept is not None
    ports.documents.put(SCOPE, Kind.ASKED, made["id"], {**kept.body, "reminded_at": None}, kept.rev)
    ask.look_after(ports, SCOPE)
    assert len(mails(home)) == 2
