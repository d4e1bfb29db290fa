"""What the activity of a run does: begins it, does a step or an item, closes it. Everything that depends on data is
decided here, from documents (decision 41)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from shared.domain.names import Kind
from shared.domain.outcome import Done, Later, Outcome
from shared.domain.run import RUN_UNDER_WAY, Run
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Order, Ports
from shared.process.attempt import Doing, really
from shared.process.audit.summary import recorded
from shared.process.books import RUN_BOOK, graph_of_plan, note, plan_of, settle, stands, steps_of, take_turn
from shared.process.compensate import compensate, taken_back_as
from shared.process.declared import Plan
from shared.process.expressions import resolve
from shared.process.known import names_of, span
from shared.process.stretch import stretch
from shared.process.template import ExpressionError
from shared.process.turn import Turn

_FOR_A_TURN = timedelta(seconds=30)
_ON = [Filter("status", "in", list(RUN_UNDER_WAY))]


def run(ports: Ports, order: Mapping[str, Any], doing: Doing = really) -> Outcome:
    """Order: {scope, run, attempt}, and `step` and `item`, or `op`. Done says what the flow has to know; Later if it
    has to wait. A rehearsal brings its own way of `doing` a step."""
    scope, id, attempt = Scope(*order["scope"]), str(order["run"]), int(order["attempt"])
    found = RUN_BOOK.load(ports, scope, id)
    if found.attempt != attempt or found.status not in RUN_UNDER_WAY:
        return Done({"state": "cancelled"})
    plan = plan_of(ports, scope, found.process, found.digest)
    op = order.get("op", "do")
    if op == "compensate":
        return compensate(ports, scope, found, plan, doing)
    if op == "end":
        return _end(ports, scope, found, plan, doing is really)
    if op == "begin":
        return _begin(ports, scope, found, plan)
    if op == "stretch":
        return stretch(ports, scope, found, plan, order["steps"], doing)
    turn = Turn(ports, scope, found, plan, str(order["step"]), order.get("item"), doing)
    return {"do": turn.do, "join": turn.join, "child": turn.child, "give_up": turn.give_up}[op]()


def _begin(ports: Ports, scope: Scope, found: Run, plan: Plan) -> Outcome:
    """Its graph and what an earlier attempt has done; Later while others with its key are under way."""
    if found.cancelled_by:
        return _end(ports, scope, found, plan)
    if plan.concurrency and found.key is not None and not take_turn(ports, scope, found, plan.concurrency.at_most):
        return Later(ports.clock.now() + _FOR_A_TURN, "concurrency")
    now, first = ports.clock.now(), found.status == "waiting"

    def begin(run: Run) -> None:
        run.started_at = run.started_at or now
        run.due_at = run.due_at or _due(run, plan)
        run.status = "paused" if run.paused_by else "running"

    if first:
        note(ports, scope, found.id, "flow", "started", {"attempt": found.attempt, "digest": found.digest})
    settle(ports, scope, found.id, found.attempt, begin)
    graph = graph_of_plan(plan)
    return Done({"graph": graph.to_wire(), "done": _done_before(ports, scope, found, plan)})


def _due(run: Run, plan: Plan) -> datetime | None:
    """Each attempt has the whole time, from when it was asked for: what waits for others with its key uses it up."""
    return (run.retried_at or run.created_at) + span(plan.within) if plan.within else None


def _done_before(ports: Ports, scope: Scope, found: Run, plan: Plan) -> list[int]:
    if found.attempt == 1:
        return []
    done = {
        each.step: each.attempt
        for each in steps_of(ports, scope, found.id, filters=[Filter("status", "eq", "done")])
        if each.item is None and stands(each, found)
    }
    taken_back = {id for id in done if done.get(taken_back_as(id), 0) >= done[id]}
    return [at for at, step in enumerate(plan.steps) if step.id in done.keys() - taken_back]


def _end(ports: Ports, scope: Scope, found: Run, plan: Plan, is_kept: bool = True) -> Outcome:
    """Close it: cancelled, failed because a step failed that may not, or done with its outputs. What came of it is
    recorded, unless it is only rehearsed."""
    status, why, outputs = _judged(ports, scope, found, plan)
    now = ports.clock.now()

    def end(run: Run) -> None:
        run.status, run.status_reason, run.outputs, run.ended_at = status, why, outputs, now
        run.late = run.late or (run.due_at is not None and now > run.due_at)
        run.paused_by = None

    note(ports, scope, found.id, "flow", "ended", {"attempt": found.attempt, "status": status})
    end(found)
    figures = recorded(ports, scope, found, plan) if is_kept else None

    def close(run: Run) -> None:
        end(run)
        run.figures = figures

    settle(ports, scope, found.id, found.attempt, close)
    return Done({"status": status})


def _judged(ports: Ports, scope: Scope, found: Run, plan: Plan) -> tuple[Any, str | None, dict[str, Any]]:
    if found.cancelled_by:
        return "cancelled", found.reason or f"cancelled by {found.cancelled_by}", {}
    if failed := _fatal(ports, scope, found, plan):
        return "failed", failed, {}
    try:
        return "done", None, resolve(dict(plan.outputs), names_of(ports, scope, found, plan))
    except ExpressionError as error:
        return "failed", f"outputs.{'.'.join(map(str, error.path))}: {error}", {}


def _fatal(ports: Ports, scope: Scope, found: Run, plan: Plan) -> str | None:
    """Why the run failed, if it did."""
    goes_on = {step.id for step in (*plan.steps, *plan.last) if step.on_error == "continue"}
    for each in steps_of(ports, scope, found.id, filters=[Filter("status", "in", ["failed", "cancelled"])]):
        if each.attempt == found.attempt and each.item is None and each.step not in goes_on:
            return f"step {each.step}: {each.why}"
    return None


def give_up(ports: Ports, scope: Scope, id: str, attempt: int, why: str) -> Run:
    """Say on the run that its flow broke: this attempt will not end by itself any more."""

    def fail(run: Run) -> None:
        run.status, run.status_reason, run.ended_at = "failed", why, ports.clock.now()

    return settle(ports, scope, id, attempt, fail)


def late(ports: Ports, scope: Scope) -> None:
    """Mark the runs that are under way beyond their time (`within` of the plan); that is told as an event."""
    passed = [*_ON, Filter("late", "eq", False), Filter("due_at", "lt", ports.clock.now().isoformat())]

    def mark(run: Run) -> None:
        run.late = run.late or run.status in RUN_UNDER_WAY

    for document in ports.documents.find(scope, Kind.RUN, passed, limit=1000).documents:
        RUN_BOOK.change(ports, scope, document.id, mark)


def next_late(ports: Ports, scope: Scope) -> datetime | None:
    """When the next run is late, if it does not end before."""
    still = [*_ON, Filter("due_at", "ge", ports.clock.now().isoformat())]
    found = ports.documents.find(scope, Kind.RUN, still, Order("due_at"), 1).documents
    return Run.model_validate(found[0].body).due_at if found else None
