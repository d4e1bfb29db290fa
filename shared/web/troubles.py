"""What went wrong in a run, and what is done again if it is retried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from shared.domain.run import Run, RunStep
from shared.process.course import after
from shared.process.declared import Plan
from shared.process.plan import graph_of

_MOST = 20


class Trouble(NamedTuple):
    """A step that failed. `left`: what had left the machine by then; `anew`: what is done again with it."""

    step: str
    title: str
    item: int | None
    message: str
    kind: str
    field: str
    left: list[str]
    safe: bool
    traceback: str
    anew: list[str]


def troubles(run: Run, plan: Plan, steps: Sequence[RunStep], names: Mapping[str, str]) -> list[Trouble]:
    """Steps, and items of loops, that failed in its present attempt; `names`: what steps are called."""
    failed = [each for each in steps if each.status == "failed" and each.attempt == run.attempt]
    in_items = {each.step for each in failed if each.item is not None}
    graph = graph_of(plan.model_dump(mode="json", by_alias=True))
    at = {node.id: n for n, node in enumerate(graph.nodes)}

    def trouble(step: RunStep) -> Trouble:
        failure = next((each.failure for each in reversed(step.tries) if each.failure), None)
        anew = sorted(after(graph, at[step.step]) - {at[step.step]}) if step.step in at else []
        return Trouble(
            step.step, names.get(step.step, step.step), step.item, failure.message if failure else step.why,
            failure.kind if failure else "", failure.field if failure else "", failure.left if failure else [],
            failure.safe_to_retry if failure else True, failure.traceback if failure else "",
            [names[graph.nodes[each].id] for each in anew],
        )  # fmt: skip

    return [trouble(each) for each in failed if each.item is not None or each.step not in in_items][:_MOST]
