"""Light steps, many in one turn: what comes of a run is what comes of it when each has a turn of its own."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from shared.domain.run import Run
from shared.ports import Ports
from shared.process import runs
from shared.process.steps.value import Value
from tests.integration.agents.conftest import SCOPE, Hand
from tests.integration.process.played import Played

LATER = "${{ 1 / (run.attempt - 1) }}"
VALUES = ["${{ len(steps) }}", "${{ run.attempt + 1 }}", "${{ 1 / 0 }}", LATER, "${{ inputs.large }}"]
"""`len(steps)` is none of a text or list, so it fails, as the divisions do, one of them at first only."""


def value(id: str, value: Any, *needs: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "type": "value", "with": {"value": value}, "needs": list(needs), **more}


def stop(*needs: str) -> dict[str, Any]:
    """It fails when all others have ended, so that the run can be retried."""
    return value("stop", "${{ 1 / 0 }}", *needs, when="${{ true }}")


STANDS: dict[str, Any] = {
    "steps": [
        value("a", LATER, on_error="continue"),
        value("b", "${{ run.attempt }}", "a"),
        value("c", "${{ steps.b.outputs.value }}", "b", foreach={"items": "${{ [1] }}"}),
        value("d", "${{ steps.b.outputs.value }}", "a", "b", when="${{ run.attempt == 2 }}"),
        stop("c", "d"),
    ],
    "finally": [value("z", "${{ run.attempt }}")],
}
"""The second attempt does only `a` and `d` anew: `b` stands, with what `c` was given."""


@st.composite
def plans(draw: st.DrawFn) -> dict[str, Any]:
    """Graphs of light steps and a loop or two. What fails stops nobody: otherwise it is chance who began before."""
    count, last = draw(st.integers(1, 12)), draw(st.integers(0, 2))
    made: list[dict[str, Any]] = []
    for at in range(count + last):
        first = count if at >= count else 0
        needs = sorted(draw(st.sets(st.integers(first, at - 1), max_size=3))) if at > first else []
        drawn = draw(st.sampled_from([*VALUES, *(f"${{{{ steps.s{each}.outputs.value }}}}" for each in needs)]))
        when = draw(st.sampled_from([None, None, "${{ false }}", "${{ run.attempt == 1 }}"]))
        loop = {"foreach": {"items": "${{ [1, 2] }}"}} if draw(st.integers(0, 5)) == 0 else {}
        more = {"on_error": "continue", **loop, **({"when": when} if when else {})}
        made.append(value(f"s{at}", drawn, *(f"s{each}" for each in needs), **more))
    inputs = {"large": {"type": "text", "default": "x" * draw(st.sampled_from([1, 90_000]))}}
    first = [*made[:count], stop(*(each["id"] for each in made[:count]))]
    return {"inputs": inputs, "steps": first, "finally": made[count:], "at_once": draw(st.integers(1, 4))}


def came_of_it(ports: Ports, hand: Hand, plan: dict[str, Any]) -> list[Any]:
    played = Played(ports, hand, plan)
    found = told(ports, played.play())
    runs.retry(ports, SCOPE, played.id, "owner")
    return [found, told(ports, played.retried())]


def told(ports: Ports, run: Run) -> list[Any]:
    steps = runs.steps(ports, SCOPE, run.id)
    return [
        (run.status, run.status_reason),
        *((each.step, each.item, each.status, each.why, each.outputs, each.inputs, each.tried) for each in steps),
    ]


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plans())
@example(STANDS)
def test_together_or_one_by_one_is_the_same_also_over_a_retry(ports: Ports, hand: Hand, plan: dict[str, Any]) -> None:
    together = came_of_it(ports, hand, plan)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Value, "light", False)
        assert came_of_it(ports, hand, plan) == together


def test_many_light_steps_are_few_turns_and_each_can_be_seen(ports: Ports, hand: Hand) -> None:
    chain = [
        {"id": f"s{n}", "type": "value", "needs": [f"s{n - 1}"] if n else [], "with": {"value": f"${{{{ {n} }}}}"}}
        for n in range(250)
    ]
    played = Played(ports, hand, {"steps": chain})
    assert played.play().status == "done"
    assert [order.get("op") for order in played.asked] == ["begin", "stretch", "stretch", "stretch", "end"]
    steps = runs.steps(ports, SCOPE, played.id)
    assert [each.outputs["value"] for each in steps] == list(range(250))
    assert all(len(each.tries) == 1 and each.tries[0].outcome == "done" and each.ended_at for each in steps)
    facts = [fact for fact in ports.journal.read(SCOPE, f"run/{played.id}") if fact.what == "step-ends"]
    assert sum(len(fact.data["done"]) for fact in facts) == 250


def test_who_pauses_or_skips_is_heard_by_light_steps(ports: Ports, hand: Hand) -> None:
    plan = {"steps": [{"id": id, "type": "value", "with": {"value": 1}} for id in ("a", "b")]}
    played = Played(ports, hand, plan)
    runs.pause(ports, SCOPE, played.id, "owner")
    runs.skip(ports, SCOPE, played.id, "owner", "b", "not today")
    assert played.play().status == "paused"
    runs.resume(ports, SCOPE, played.id, "owner")
    assert played.ring().status == "done"
    assert played.states() == {"a": "done", "b": "skipped"}
