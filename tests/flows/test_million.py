"""What a campaign for a million costs, counted with the real flows and the real plan (bench B12)."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from functions.orchestrators import campaign, distribution

from .live import Live
from .stage import EPOCH, done, later

ORDER = {"scope": ["local", "main"], "campaign": "c1"}
pytestmark = [pytest.mark.timeout(400), pytest.mark.long]
ROOT = Path(__file__).parents[2]
Shards = list[tuple[str, int]]


@pytest.fixture(scope="module")
def planned() -> dict[str, Any]:
    return plan(1_000_000)


def plan(people: int) -> dict[str, Any]:
    """The distributions of so many people over seven days, planned in a process of its own."""
    command = [sys.executable, "-m", "tests.flows.planning_child", str(people)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=300)
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def played(distributions: list[Shards]) -> list[Live]:
    """The campaign, approved after a day, and its distributions."""
    scheduled = [later(EPOCH, days=1), done(distributions=len(distributions))]
    answers = {"generate": [done()], "schedule": scheduled, "analyze": [later(EPOCH, days=10), done()]}
    parent = Live(campaign, ORDER, lambda name, given, now: answers[name].pop(0))
    return [parent, *(child(distributions[order["distribution"]], order) for order in parent.children)]


def child(shards: Shards, order: dict[str, Any]) -> Live:
    def answer(name: str, given: dict[str, Any], now: datetime) -> Any:
        return done() if name == "distribute" else done(shards=shards)

    return Live(distribution, order, answer, datetime.fromisoformat(shards[0][0]) - timedelta(hours=1))


@pytest.mark.nightly
def test_a_million_recipients_cost_five_thousand_actions_at_most(planned: dict[str, Any]) -> None:
    """By Microsoft's definition; a message is what the scheduler hands to a worker: an activity or an instance."""
    shards = [shard for each in planned["distributions"] for shard in each]
    assert 1000 <= len(shards) <= 1100
    instances = played(planned["distributions"])
    assert sum(each.counts["activity"] for each in instances) >= len(shards)
    assert sum(each.actions for each in instances) <= 5000
    assert sum(each.counts["activity"] + each.counts["start"] for each in instances) <= 2500
    assert max(each.events for each in instances) <= 1000


@pytest.mark.nightly
def test_the_guide_says_what_is_counted(planned: dict[str, Any]) -> None:
    """The table of costs; the requests for a thousand are counted in tests/contract/test_ledger_tables.py."""
    plans = [plan(1_000), plan(100_000), planned]
    actions = [sum(each.actions for each in played(found["distributions"])) for found in plans]
    assert row("Actions of the Durable Task Scheduler") == actions
    thousand, *more = row("Requests to the ledger's table")
    assert f"takes {thousand} requests" in (ROOT / "docs" / "azure.md").read_text()
    assert more == [thousand * 100, thousand * 1000]


def test_a_hundred_thousand_cost_a_tenth_of_it() -> None:
    """What CI looks at each time; the million takes a minute to plan."""
    found = plan(100_000)
    assert (
        sum(each.actions for each in played(found["distributions"])) == row("Actions of the Durable Task Scheduler")[1]
    )
    assert found["grown_mb"] <= 60


def row(beginning: str) -> list[int]:
    """The three numbers of a row of the guide."""
    (line,) = (each for each in (ROOT / "docs" / "deploy.md").read_text().splitlines() if f"| {beginning}" in each)
    return [int(cell.replace(",", "")) for cell in line.split("|")[2:5]]


@pytest.mark.nightly
def test_a_million_recipients_are_planned_in_a_few_tens_of_megabytes(planned: dict[str, Any]) -> None:
    assert planned["grown_mb"] <= 60


def test_the_count_is_what_full_histories_hold() -> None:
    """`Live` against the extension's own protocol, replayed turn by turn."""
    from .test_flows import Script, stage

    shards: Shards = [((EPOCH + timedelta(minutes=2 * n)).isoformat(), n) for n in range(20)]
    whole = stage(distribution, Script(schedule=[done(shards=shards)], distribute=[done()]), distribution=0).play()
    kinds = [event["EventType"] for event in whole.history]
    live = child(shards, {**ORDER, "distribution": 0})
    assert live.counts["activity"] == kinds.count(4)
    assert live.counts["timer"] == kinds.count(10) + 1  # it begins an hour early and so waits for the first, too
    assert live.events >= len(whole.history)
