"""The edge in the real host: what was accepted is carried on, what was answered is answered again, after any kill."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx2
import pytest

from shared import wiring
from shared.agents.contacts import accept_import
from shared.domain.scope import Scope
from tests.e2e.campaign.baton import CSV, Baton

SCOPE = Scope("local", "main")


@pytest.fixture
def baton(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Baton]:
    monkeypatch.setenv("BATON_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("HOST_CLOCK", raising=False)
    wiring.close()
    baton = Baton(tmp_path)
    yield baton
    wiring.close()
    if baton.host:
        baton.host.stop()


def test_the_sweep_starts_what_was_accepted_by_a_process_that_died_before_it_started_the_flow(baton: Baton) -> None:
    rows = "ann@x.example,Ann,UTC,yes\n"
    accepted = accept_import(wiring.ports(), SCOPE, "test", (CSV + rows).encode(), "text/csv")
    wiring.close()
    host = baton.start().host
    assert host
    assert baton.ask("GET", f"contacts/imports/{accepted.id}")["status"] == "running"
    host.set_clock(mode="run", until=(datetime.fromisoformat(host.clock()["now"]) + timedelta(minutes=6)).isoformat())
    assert baton.imported(accepted.id)["created"] == 1


def test_an_answer_is_given_again_after_a_kill(baton: Baton) -> None:
    baton.start()
    options = {"content": CSV + "ann@x.example,Ann,UTC,yes\n", "headers": {"Idempotency-Key": "k"}}
    first = baton.raw("POST", "contacts/imports", **options)
    baton.kill()
    baton.start()
    again = baton.raw("POST", "contacts/imports", **options)
    assert (again.status_code, again.content, again.headers["location"]) == (
        202,
        first.content,
        first.headers["location"],
    )
    assert baton.imported(first.json()["id"])["created"] == 1
    assert len(baton.ask("GET", "contacts/imports")["items"]) == 1


def test_signing_in_over_the_wire(baton: Baton) -> None:
    host = baton.start().host
    assert host
    link = baton.ask("POST", "sign-in-links")["url"]
    with httpx2.Client() as browser:
        assert browser.get(link).status_code == 200
        assert browser.get(str(host.http.base_url) + "/api/v1/campaigns").json() == {"items": [], "cursor": None}
        assert browser.get(link).status_code == 401
    assert "token=" not in "\n".join(host.log)
