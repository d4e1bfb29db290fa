"""kill -9 in the midst of a run: it goes on by itself, and gives what it gives when nobody disturbs it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.campaign.baton import Baton
from tests.e2e.host.process import wait_for

INNER: dict[str, Any] = {
    "process": "inner",
    "title": "Inner",
    "inputs": {"x": {"type": "integer"}},
    "steps": [{"id": "double", "type": "value", "with": {"value": "${{ inputs.x * 2 }}"}}],
    "outputs": {"twice": "${{ steps.double.outputs.value }}"},
}
OUTER: dict[str, Any] = {
    "process": "outer",
    "title": "Outer",
    "at_once": 2,
    "steps": [
        {"id": "first", "type": "value", "with": {"value": [1, 2, 3]}},
        {
            "id": "loop",
            "type": "process",
            "needs": ["first"],
            "foreach": {"items": "${{ steps.first.outputs.value }}", "at_once": 2},
            "with": {"name": "inner", "inputs": {"x": "${{ item }}"}},
        },
        {"id": "pause", "type": "wait", "needs": ["first"], "with": {"for": "1h"}},
        {"id": "sum", "type": "value", "needs": ["loop", "pause"], "with": {"value": "${{ steps.loop.outputs }}"}},
    ],
    "finally": [{"id": "end", "type": "value", "with": {"value": "${{ steps.sum.state }}"}}],
    "outputs": {"all": "${{ steps.sum.outputs.value }}", "end": "${{ steps.end.outputs.value }}"},
}
WHOLE = {"all": [{"twice": 2}, {"twice": 4}, {"twice": 6}], "end": "done"}
PLACES = {*((id, None) for id in ("first", "loop", "pause", "sum", "end")), *(("loop", item) for item in range(3))}


@pytest.fixture
def baton(tmp_path: Path) -> Iterator[Baton]:
    baton = Baton(tmp_path).start()
    for plan in (INNER, OUTER):
        baton.ask("PUT", f"processes/{plan['process']}", content=json.dumps(plan))
    yield baton
    baton.kill()


@pytest.mark.parametrize("begun", [0, 3, *(pytest.param(n, marks=pytest.mark.nightly) for n in (1, 2, 4, 5, 6, 7, 8))])
def test_a_run_that_is_killed_gives_the_same(baton: Baton, begun: int) -> None:
    """The host dies as soon as so many of its steps have begun."""
    id = str(baton.ask("POST", "processes/outer/runs", {})["id"])
    wait_for(lambda: len(baton.ask("GET", f"runs/{id}/steps")) >= begun or None)
    baton.kill()
    baton.start()
    run = wait_for(lambda: _ended(baton, id), 60)
    assert (run["status"], run["outputs"]) == ("done", WHOLE)
    steps = baton.ask("GET", f"runs/{id}/steps")
    assert {(each["step"], each["item"]) for each in steps} == PLACES
    assert {each["status"] for each in steps} == {"done"}
    assert not list((baton.home / "work").glob("*")), "no folder of a step is left"


def _ended(baton: Baton, id: str) -> dict[str, Any] | None:
    found: dict[str, Any] = baton.ask("GET", f"runs/{id}")
    return found if found["status"] not in ("waiting", "running") else None
