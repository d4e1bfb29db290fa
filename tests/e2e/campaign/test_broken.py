"""A step that can never succeed: the flow gives up, and the campaign says so instead of hanging."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.e2e.cli.command import baton as command
from tests.e2e.host.process import wait_for
from tests.servers.smtp_sink import count

from .baton import Baton, sink

PEOPLE = 300
ZONES = ("UTC", "America/Los_Angeles")
"""Their mornings are eight hours apart: half have got it when the flow breaks."""
HEADINGS = "email,timezone,consent\n"


def test_a_flow_that_used_up_its_tries_is_shown_as_failed(tmp_path: Path) -> None:
    baton = Baton(tmp_path).start()
    baton.imported(baton.import_people(3))
    (baton.home / "files" / "local" / "main" / "campaigns").write_text("a file where a folder has to be")
    id = baton.create()
    assert baton.host
    later = datetime.fromisoformat(baton.host.clock()["now"]) + timedelta(hours=4)
    baton.host.set_clock(mode="run", until=later.isoformat())
    failed = baton.until(id, "failed", seconds=90)
    assert failed["status_reason"] == "a step kept failing or was stopped; the log has the rest"
    baton.kill()


def test_a_flow_that_was_terminated_is_shown_as_failed(tmp_path: Path) -> None:
    baton = Baton(tmp_path).start()
    baton.imported(baton.import_people(3))
    id = baton.create()
    baton.until(id, "awaiting_approval")
    assert baton.host
    assert baton.host.manage("POST", f"instances/local~main~campaign~{id}~1/terminate").is_success
    later = datetime.fromisoformat(baton.host.clock()["now"]) + timedelta(hours=4)
    baton.host.set_clock(mode="run", until=later.isoformat())
    assert "kept failing or was stopped" in baton.until(id, "failed", seconds=90)["status_reason"]
    baton.kill()


def pass_hours(baton: Baton, hours: float) -> None:
    """Everything up to then comes to pass."""
    assert baton.host
    then = datetime.fromisoformat(baton.host.clock()["now"]) + timedelta(hours=hours)
    baton.host.set_clock(mode="run", until=then.isoformat())
    wait_for(lambda: datetime.fromisoformat(baton.host.clock()["now"]) >= then or None, 90)  # type: ignore[union-attr]


def by_api(baton: Baton, id: str) -> None:
    assert baton.ask("POST", f"campaigns/{id}/resume")["attempt"] == 2


def by_page(baton: Baton, id: str) -> None:
    assert baton.host
    headers = {"Authorization": f"Bearer {(baton.home / 'owner.token').read_text().strip()}"}
    assert "Resume" in baton.host.http.get(f"/campaigns/{id}", headers=headers).text
    assert baton.host.http.post(f"/campaigns/{id}/resume", headers=headers).status_code == 303


def by_command(baton: Baton, id: str) -> None:
    assert baton.host
    token = (baton.home / "owner.token").read_text().strip()
    at = ("--url", str(baton.host.http.base_url), "--token", token)
    assert f"campaign resume {id}" in command("campaign", "show", id, *at).text
    ran = command("campaign", "resume", id, *at)
    assert ran.code == 0, ran.err


@pytest.mark.parametrize(
    "resume", [by_page, *(pytest.param(by, marks=pytest.mark.nightly) for by in (by_api, by_command))]
)
def test_a_failed_campaign_that_goes_on_and_is_killed_reaches_everyone_once(
    resume: Callable[[Baton, str], None], tmp_path: Path
) -> None:
    mails, early = tmp_path / "mails", "virtual=2027-03-02T08:00:00Z"
    with sink(mails) as url:
        baton = Baton(tmp_path, "--clock", early, BATON_SMTP_URL=url).start()
        assert baton.host
        rows = "".join(f"u{n}@people.example,{ZONES[n % 2]},yes\n" for n in range(PEOPLE))
        taken = baton.ask("POST", "contacts/imports", content=HEADINGS + rows, headers={"Content-Type": "text/csv"})
        baton.imported(taken["id"])
        id = baton.create(undo_minutes=0, window={"days": 1, "hours": [9, 12]})
        baton.until(id, "awaiting_approval")
        baton.host.set_clock(mode="hold")
        baton.approve(id)
        wait_for(lambda: baton.campaign(id)["shards"] or None)
        pass_hours(baton, 6)
        assert count(mails).total() == PEOPLE / 2
        assert baton.host.manage("POST", f"instances/local~main~campaign~{id}~1/terminate").is_success
        pass_hours(baton, 0.6)  # a flow that breaks is noticed within half an hour
        baton.until(id, "failed")
        resume(baton, id)
        baton.host.set_clock(mode="run")
        wait_for(lambda: count(mails).total() > PEOPLE / 2 or None, 90)
        baton.kill()
        baton.start()
        baton.until(id, "completed", seconds=90)
        found, got = baton.certificate(id), count(mails)
        baton.kill()
    assert max(got.values()) == 1
    assert found["sent_once"] <= len(got) <= PEOPLE
    assert (found["planned"], found["sent_twice"], found["remaining"]) == (PEOPLE, 0, 0)
    assert found["sent_once"] + found["unknown"] == PEOPLE
    assert found["unknown"] <= 100
