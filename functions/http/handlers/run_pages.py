"""The pages of runs: how each stands, step by step, and what its steps said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from functions.http.handlers.html import html
from functions.http.handlers.runs import NewsQuery, RunsQuery
from shared.access.call import Answer, Call
from shared.domain.inbox import Asked
from shared.domain.run import RUN_UNDER_WAY, Run, RunFile, RunStep, step_id
from shared.process import approvals, runs, watching
from shared.process.declared import Plan
from shared.web import runs as view
from shared.web.graph import picture
from shared.web.inbox import ANSWERS
from shared.web.quarantine import SAMPLE, quarantines
from shared.web.run_words import RUN_WORDS
from shared.web.step import of_step, values

_MOST_ITEMS = 100


class RunQuery(BaseModel):
    """Which step, and which item of it, is shown in full."""

    model_config = ConfigDict(extra="forbid")

    step: Annotated[str, Field(max_length=60)] = ""
    item: Annotated[int, Field(ge=0)] | None = None


class SeenQuery(BaseModel):
    """The token of what is on the screen."""

    model_config = ConfigDict(extra="forbid")

    seen: Annotated[str, Field(max_length=2000)] = ""


class ListQuery(RunsQuery):
    """As a browser sends it: nothing chosen is all of them."""

    @field_validator("process", "status", mode="before")
    @classmethod
    def _empty_is_none(cls, value: str) -> str | None:
        return value or None


class LogQuery(NewsQuery):
    """As a browser sends it: no step chosen is all of them."""

    @field_validator("step", mode="before")
    @classmethod
    def _empty_is_none(cls, value: str) -> str | None:
        return value or None


def overview(call: Call, query: ListQuery) -> Answer[str]:
    """Runs, newest first; of a process, or in a state."""
    found, cursor = runs.listing(call.ports, call.scope, query.filters(), query.limit, query.cursor)
    asking, now = watching.asking(call.ports, call.scope), call.ports.clock.now()
    rows = [view.row(each.shown(), each.id in asking, now) for each in found]
    chosen = {"process": query.process, "status": query.status}
    sentence = view.overview(rows, query.process)
    return html(call, "runs", here="processes", rows=rows, cursor=cursor, words=RUN_WORDS, sentence=sentence, **chosen)


def show(call: Call, query: RunQuery) -> Answer[str]:
    """One run: how it stands, its graph and steps, what went wrong, what is asked, and one step in full."""
    run, plan, steps, asked = _all(call)
    chosen = [each for each in steps if each.step == query.step and each.item == query.item]
    declared = next((each for each in (*plan.steps, *plan.last) if each.id == query.step), None)
    items = [each for each in steps if each.step == query.step and each.item is not None][:_MOST_ITEMS]
    shown = of_step(declared, chosen[0] if chosen else None, items, run) if declared else None
    return html(
        call,
        "run",
        here="processes",
        plan=plan,
        approvals=[{"asked": each, "may": each.sealed["who"] in call.permissions} for each in asked],
        questions=[each for each in steps if each.status == "asking"],
        answers=ANSWERS,
        quarantines=quarantines(steps, _sampler(call)) if run.parent is None else [],
        inputs=values(run.inputs),
        outputs=values(run.outputs),
        chosen=shown,
        **_live(call, run, plan, steps, asked),
    )


def live(call: Call, query: SeenQuery) -> Answer[str | None]:
    """What has changed since: nothing (204), how far it is, or so much that the page is to be loaded again."""
    run, plan, steps, asked = _all(call)
    shown = _live(call, run, plan, steps, asked)
    now = shown["standing"].token
    if now == query.seen:
        return Answer(None, status=204)
    if now.partition(":")[0] != query.seen.partition(":")[0]:
        return Answer(None, headers={"HX-Refresh": "true"})
    made = html(call, "run_live", **shown)
    return Answer(made.body, content_type=made.content_type, headers=made.headers)


def logs(call: Call, query: LogQuery) -> Answer[str]:
    """What the steps said, oldest first; a run under way is followed."""
    run, id = _run(call), call.path["id"]
    found = watching.lines(call.ports, call.scope, id, query.cursor, query.limit, query.step)
    plan = runs.plan_of_run(call.ports, call.scope, id)
    more = len(found.lines) >= query.limit
    shown = {"lines": found.lines, "cursor": found.cursor, "step": query.step, "more": more}
    steps = [each.id for each in (*plan.steps, *plan.last)]
    on = run.status in RUN_UNDER_WAY
    return html(call, "run_logs", here="processes", run=run, steps=steps, on=on, begun=query.cursor is None, **shown)


def _run(call: Call) -> Run:
    return runs.read(call.ports, call.scope, call.path["id"]).shown()


def _all(call: Call) -> tuple[Run, Plan, list[RunStep], list[Asked]]:
    run = _run(call)
    plan, steps = runs.plan_of_run(call.ports, call.scope, run.id), runs.steps(call.ports, call.scope, run.id)
    return run, plan, steps, list(_asked(call, run, steps))


def _asked(call: Call, run: Run, steps: list[RunStep]) -> list[Asked]:
    """The questions of its steps that wait for an approval."""
    if run.status not in RUN_UNDER_WAY or run.cancelled_by:
        return []
    waiting = [each for each in steps if each.type == "approve" and each.status == "waiting"]
    found = (approvals.asked_by(call.ports, call.scope, step_id(each.run, each.step, each.item)) for each in waiting)
    return [each for each in found if each]


def _live(call: Call, run: Run, plan: Plan, steps: list[RunStep], asked: list[Asked]) -> dict[str, Any]:
    now = call.ports.clock.now()
    standing = view.standing(run, plan, steps, [each.sealed["step"] for each in asked], now)
    return {"run": run, "standing": standing, "picture": picture(plan, standing.marks), "now": now}


def _sampler(call: Call) -> Callable[[RunFile], bytes] | None:
    """Reads the beginning of a file, for whoever may have the whole of it."""
    if "operator" not in call.permissions:
        return None
    return lambda file: call.ports.files.get(call.scope, file.file, 0, SAMPLE)
