"""Histories of each version of the flows, replayed against today's code: a difference is a new version or a bug
(design 4.8, docs/decisions/0034)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from function_app import FLOWS
from tests.e2e.host.process import ROOT

from .stage import flat, replay

GOLDEN = sorted((Path(__file__).parent / "golden").rglob("*.json"))
HANDLES = {
    module.bp._function_builders[0]._function.get_trigger().orchestration: (
        module.bp._function_builders[0]._function.get_user_function()
    )
    for module in FLOWS
}
VERSION = json.loads((ROOT / "host.json").read_text())["extensions"]["durableTask"]["defaultVersion"]
KINDS = {0: 4, 2: 7, 5: 10}
STARTED = 12
CREATED = frozenset(KINDS.values())
CHANGED = """the flow {orchestrator} does not ask for what it asked for in version {version}, so instances of that
version which are under way would break. If that is meant: raise defaultVersion in host.json, keep the old flow for
context.version {version}, and record goldens of the new version (docs/decisions/0034)."""


def load(path: Path) -> dict[str, Any]:
    golden: dict[str, Any] = json.loads(path.read_text())
    return golden


def created(history: list[dict[str, Any]]) -> list[tuple[int, int, str | None]]:
    """(id, kind, name) of everything that was asked for."""
    return [(each["EventId"], each["EventType"], each.get("Name")) for each in history if each["EventType"] in CREATED]


def asked(answer: dict[str, Any]) -> list[tuple[int, int, str | None]]:
    return [(n, KINDS[each["actionType"]], each.get("functionName")) for n, each in enumerate(flat(answer["actions"]))]


def test_each_flow_has_a_golden_history_of_the_version_that_instances_get() -> None:
    recorded = {load(path)["orchestrator"] for path in GOLDEN if path.parent.name == VERSION}
    assert recorded == set(HANDLES), "python -m tests.flows.record"


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_history_lies_with_its_version(path: Path) -> None:
    (started,) = (each for each in load(path)["history"] if each["EventType"] == 0)
    assert started["Version"] == path.parent.name


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_flow_still_asks_for_the_same_at_every_turn(path: Path) -> None:
    golden = load(path)
    history = golden["history"]
    later_turns = [n for n, each in enumerate(history) if each["EventType"] == STARTED][1:]
    for end in (*later_turns, len(history)):
        seen = history[:end]
        answer = replay(HANDLES[golden["orchestrator"]], golden["instance"], golden["input"], seen)
        assert asked(answer) == created(seen), CHANGED.format(**golden, version=path.parent.name)
    assert answer["isDone"]
    assert answer.get("output") == golden["output"]


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_history_holds_ids_and_no_personal_data(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"@|example|User\d|Praxis", text)
    assert max(len(each.get("Input") or "") for each in load(path)["history"]) < 16_384


def test_a_changed_flow_is_noticed() -> None:
    golden = load(next(path for path in GOLDEN if path.stem == "campaign"))
    renamed = json.loads(json.dumps(golden["history"]).replace('"analyze"', '"analyse"'))
    answer = replay(HANDLES["campaign"], golden["instance"], golden["input"], renamed)
    assert asked(answer) != created(renamed)
