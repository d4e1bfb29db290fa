"""One campaign on Azure's homes, all of them over wires that fail, and the same on one machine: the same certificate.

Both are killed once. The one on Azure's side leaves nothing on its disk, which there is gone with the instance."""

from __future__ import annotations

import os
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.e2e.campaign.azure import azure, failing
from tests.e2e.campaign.baton import Baton, sink
from tests.e2e.campaign.test_models import COPY
from tests.e2e.host.process import ROOT, wait_for
from tests.servers.models import Reply, script
from tests.servers.smtp_sink import count, kept

SAMPLE = (ROOT / "samples" / "contacts.csv").read_bytes().splitlines(keepends=True)
"""Of the demo, broken rows and all."""
IDLE = {f"AzureWebJobs.{name}.Disabled": "true" for name in ("sweep", "mailbox", "reconcile")}
"""Timers that would ask the homes a thousand times in the three days in which reactions are counted."""
START, MORNING, EVENING = "virtual=2027-03-02T03:00:00Z", "2027-03-02T06:00:00Z", "2027-03-03T06:00:00Z"
MODEL_TROUBLE = (script.failing(429, 1), script.failing(503), Reply(then="reset"), Reply(COPY, delay=0.3))


@dataclass(frozen=True)
class Outcome:
    """What a campaign came to, without its ids: of two runs from one start these are equal, or one of them is wrong."""

    certificate: dict[str, Any]
    verdicts: dict[str, tuple[str, str | None]]
    """By address: the state, and the reason if held."""
    imported: dict[str, Any]
    funnel: dict[str, Any]
    timeline: Counter[tuple[str, str]]
    mails: Counter[str]
    """In the sink, by address."""
    most: int
    """Mails of one effect key."""


@pytest.mark.nightly
@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_campaign_on_azure_comes_to_the_same_certificate_as_on_one_machine(tmp_path: Path) -> None:
    compare(tmp_path, people=40, share=0.1, seed=1)


@pytest.mark.long
@pytest.mark.nightly
@pytest.mark.timeout(900)
def test_a_larger_one_does_on_wires_that_fail_at_random(tmp_path: Path) -> None:
    """CHAOS_SEED repeats a run, as far as threads let it be repeated."""
    seed = int(os.environ.get("CHAOS_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 32)
    print(f"CHAOS_SEED={seed}")
    compare(tmp_path, people=400, share=0.15, seed=seed)


def compare(folder: Path, people: int, share: float, seed: int) -> None:
    with azure(folder) as homes:
        homes.models.script(Reply(COPY))
        here = campaign(folder / "here", homes.settings_of_one_machine, people, leaves_files=True)
        homes.models.script(*MODEL_TROUBLE)
        for number, wire in enumerate(homes.wires.values()):
            wire.fate = failing(seed + number, share)
        there = campaign(folder / "there", homes.settings, people, leaves_files=False)
        assert len(homes.models.requests) == 1 + len(MODEL_TROUBLE), "after a kill the tape answers"
        assert all(len(wire.seen) > 20 for wire in homes.wires.values())
    assert here == there
    assert here.certificate["sent_once"] == here.mails.total() > people / 2
    assert here.most == 1
    assert here.certificate["held"]
    assert here.funnel["unsubscribed"] == 2


def campaign(folder: Path, settings: dict[str, str], people: int, leaves_files: bool) -> Outcome:
    mails = folder / "mails"
    with sink(mails) as url:
        # Held, or time would run away between a start and the next request, to whatever the campaign waits for.
        baton = Baton(folder, "--clock", START, "--hold", BATON_SMTP_URL=url, **IDLE, **settings).start()
        _let_pass(baton, MORNING)
        rows = b"".join(SAMPLE[: people + 1])
        taken = baton.ask("POST", "contacts/imports", content=rows, headers={"Content-Type": "text/csv"})
        imported = baton.imported(taken["id"], seconds=120)
        id = baton.create(variants=1, window={"days": 1, "hours": [9, 18]})
        _come_to(baton, id, "awaiting_approval")
        baton.kill()
        baton.start()
        baton.approve(id)
        _let_pass(baton, EVENING)
        _come_to(baton, id, "analyzing")
        _unsubscribe_twice(baton, mails)
        _let_pass(baton)
        baton.until(id, "completed", seconds=400, every=0.25)
        found = _outcome(baton, id, imported, mails)
        baton.kill()
    assert baton.home.exists() == leaves_files
    return found


def _let_pass(baton: Baton, until: str | None = None) -> None:
    assert baton.host
    baton.host.set_clock(mode="run", **({"until": until} if until else {}))


def _come_to(baton: Baton, id: str, status: str) -> None:
    """Minute by minute, for steps that met a fault are repeated later, and time must not run away from a question."""

    def look() -> bool | None:
        assert baton.host
        if baton.campaign(id)["status"] == status:
            return True
        clock = baton.host.clock()
        if clock["mode"] == "hold":
            _let_pass(baton, (datetime.fromisoformat(clock["now"]) + timedelta(minutes=1)).isoformat())
        return None

    wait_for(look, 400, every=0.25)


def _unsubscribe_twice(baton: Baton, mails: Path) -> None:
    """Two people do, each by a request that arrives twice (rule U4)."""
    assert baton.host
    for letter in sorted(kept(mails), key=lambda each: each.recipient)[:2]:
        header = message_from_bytes(letter.message, policy=policy.default)["List-Unsubscribe"]
        path = urlsplit(re.findall(r"<(http[^>]+)>", header)[0]).path
        for _ in range(2):
            baton.host.http.post(path, data={"List-Unsubscribe": "One-Click"}).raise_for_status()


def _outcome(baton: Baton, id: str, imported: dict[str, Any], mails: Path) -> Outcome:
    certificate, report = baton.certificate(id), baton.ask("GET", f"campaigns/{id}/report", params={"format": "json"})
    timeline = baton.ask("GET", f"campaigns/{id}/timeline")["items"]
    return Outcome(
        {name: value for name, value in certificate.items() if name not in ("campaign", "recounted_at")},
        {row["email"]: (row["state"], row["held"]) for row in _recipients(baton, id)},
        {name: value for name, value in imported.items() if name not in ("id", "created_at", "finished_at")},
        report["funnel"],
        Counter((fact["what"], fact["by"]) for fact in timeline),
        Counter(each.recipient for each in kept(mails)),
        max(count(mails).values()),
    )


def _recipients(baton: Baton, id: str) -> Iterator[dict[str, Any]]:
    query = {"limit": "100"}
    while True:
        page = baton.ask("GET", f"campaigns/{id}/recipients", params=query)
        yield from page["items"]
        if page["cursor"] is None:
            return
        query["cursor"] = page["cursor"]
