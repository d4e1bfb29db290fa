"""A campaign that a model wrote over HTTPS, replayed by the command when the model is gone: the real host, one kill."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.e2e.campaign.baton import Baton
from tests.e2e.campaign.test_models import COPY, settings
from tests.e2e.cli.command import Ran
from tests.e2e.cli.command import baton as command
from tests.servers.models import ModelServer, Reply
from tests.servers.smtp_strict import authority


def test_a_campaign_is_replayed_when_its_model_is_gone_and_a_changed_prompt_is_named(tmp_path: Path) -> None:
    certified = authority(tmp_path)
    with ModelServer(tls=certified.context) as server:
        server.script(Reply({**COPY, "language": "de"}), Reply(COPY), Reply({**COPY, "headline": ""}))
        trusted = {"SSL_CERT_FILE": str(certified.ca_file), "REQUESTS_CA_BUNDLE": str(certified.ca_file)}
        baton = Baton(tmp_path, **settings("endpoint", server), **trusted).start()
        baton.imported(baton.import_people(3))
        campaign = baton.create(variants=2)
        baton.approve(campaign)
        baton.until(campaign, "analyzing", "completed", seconds=90)
    baton.kill()
    baton.start()
    before = whole(baton, campaign)

    replayed = run(baton, "replay", "Spring")
    assert replayed.code == 0, replayed
    assert "3 calls of models were answered from the tape" in replayed.text
    assert "The same, byte for byte." in replayed.text
    found = run(baton, "replay", campaign, "--json").json
    assert [(each["step"], each["state"]) for each in found["steps"]] == [
        ("version 1, variant A, try 1", "same"),
        ("version 1, variant A, try 2", "same"),
        ("version 1, variant B, try 1", "same"),
        ("version 1, draft A", "same"),
        ("version 1, draft B", "same"),
        ("version 1, the approved seal", "same"),
    ]
    assert len(server.requests) == 3
    assert whole(baton, campaign) == before

    told = "Never use exclamation marks."
    agent = baton.ask("GET", "agents/copywriter")["agent"]
    del agent["id"]
    baton.ask("PUT", "agents/copywriter", {**agent, "instructions": told})
    changed = run(baton, "replay", campaign)
    assert changed.code == 1
    assert "version 1, variant A, try 1: the prompt would not be the same" in changed.text
    assert "Never use exclamation marks." in changed.text
    assert "3 of 6 steps are not as they were; first: version 1, variant A, try 1" in " ".join(changed.err.split())
    baton.kill()


def test_what_is_not_there_is_refused_with_the_reason(tmp_path: Path) -> None:
    baton = Baton(tmp_path).start()
    missing = run(baton, "replay", "0" * 32)
    assert (missing.code, "there is no" in missing.err) == (2, True), missing
    task = baton.ask("POST", "tasks", {"agent": "analyst", "title": "March", "instructions": "What went well?"})
    early = run(baton, "replay", task["id"])
    assert (early.code, "it has not ended; the task is created" in early.err) == (2, True), early
    baton.kill()


def run(baton: Baton, *arguments: str) -> Ran:
    assert baton.host
    token = (baton.home / "owner.token").read_text().strip()
    return command(*arguments, "--url", str(baton.host.http.base_url), "--token", token)


def whole(baton: Baton, campaign: str) -> dict[str, Any]:
    """What people see of it, and what was paid."""
    paths = (f"campaigns/{campaign}", f"campaigns/{campaign}/drafts", "models/calls", "budgets", "campaigns")
    mails = sorted(str(each) for each in (baton.home / "outbox").rglob("*.eml"))
    return {**{path: baton.ask("GET", path) for path in paths}, "mails": mails}
