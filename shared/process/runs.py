"""Runs as people and other parts see them: begun with typed inputs, steered, read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import uuid_utils

from shared.agents.scopes import register
from shared.domain.faults import Conflict, FieldError, Missing, Rejected
from shared.domain.names import Kind
from shared.domain.run import (
    RUN_UNDER_WAY,
    Change,
    Fixing,
    Parent,
    Run,
    RunRequest,
    RunStep,
    Said,
    Skip,
    Verdict,
    step_id,
)
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Order, Ports, Stale
from shared.process.books import RUN_BOOK, graph_of_plan, note, plan_of, read_step, steps_of
from shared.process.course import after
from shared.process.declared import Plan
from shared.process.expressions import resolve
from shared.process.given import checked
from shared.process.known import names_of
from shared.process.store import ready
from shared.process.template import ExpressionError

DEEPEST = 5
"""Processes within processes."""


def begin(ports: Ports, scope: Scope, by: str, process: str, asked: RunRequest) -> Run:
    """As `start`, of the version that is asked for, the newest if none is."""
    return start(ports, scope, by, process, ready(ports, scope, process, asked.version or ""), asked.inputs)


def start(
    ports: Ports,
    scope: Scope,
    by: str,
    process: str,
    digest: str,
    inputs: dict[str, Any],
    *,
    id: str | None = None,
    trigger: str = "person",
    event: dict[str, Any] | None = None,
    parent: Parent | None = None,
) -> Run:
    """Take a run in; the caller starts its flow. With a given `id` it is the same run however often it is asked for.
    Raises Rejected for inputs that the plan does not take, Missing, and Conflict where its key is taken and the plan
    says `refuse`."""
    if id and (known := ports.documents.get(scope, Kind.RUN, id)):
        return Run.model_validate(known.body)
    plan, depth = plan_of(ports, scope, process, digest), _depth(ports, scope, parent)
    run = Run(
        id=id or uuid_utils.uuid7().hex, process=process, title=plan.title, digest=digest,
        inputs=checked(ports, scope, plan, inputs),
        sensitive=[name for name, each in plan.inputs.items() if each.sensitive],
        trigger=trigger, event=event or {}, parent=parent, depth=depth, created_at=ports.clock.now(), created_by=by,
    )  # fmt: skip
    run.key = _key(ports, scope, run, plan)
    register(ports, scope)
    try:
        ports.documents.put(scope, Kind.RUN, run.id, run.model_dump(mode="json"))
    except Stale:
        return read(ports, scope, run.id)
    note(ports, scope, run.id, by, "taken-in", {"process": process, "digest": digest, "trigger": trigger})
    return run


def _depth(ports: Ports, scope: Scope, parent: Parent | None) -> int:
    if parent is None:
        return 0
    depth = RUN_BOOK.load(ports, scope, parent.run).depth + 1
    if depth > DEEPEST:
        raise Rejected(FieldError("process", f"processes within processes go at most {DEEPEST} deep"))
    return depth


def _key(ports: Ports, scope: Scope, run: Run, plan: Plan) -> str | None:
    """Its concurrency key. Raises Rejected, and Conflict if it is taken and nobody is to wait."""
    wish = plan.concurrency
    if wish is None:
        return None
    try:
        key = str(resolve(wish.key, names_of(ports, scope, run, plan)))[:100]
    except ExpressionError as error:
        raise Rejected(FieldError("concurrency.key", str(error))) from None
    if wish.otherwise == "refuse" and len(_same(ports, scope, run.process, key)) >= wish.at_most:
        raise Conflict("concurrency", f"a run of {run.process} with the key {key!r} is under way")
    return key


def _same(ports: Ports, scope: Scope, process: str, key: str) -> list[str]:
    on = [Filter("process", "eq", process), Filter("key", "eq", key), Filter("status", "in", list(RUN_UNDER_WAY))]
    return [document.id for document in ports.documents.find(scope, Kind.RUN, on, limit=101).documents]


def read(ports: Ports, scope: Scope, id: str) -> Run:
    """As it stands, sensitive inputs and all: show `Run.shown()`. Raises Missing."""
    return RUN_BOOK.load(ports, scope, id)


def listing(
    ports: Ports, scope: Scope, filters: Sequence[Filter], limit: int, cursor: str | None
) -> tuple[list[Run], str | None]:
    """Runs, newest first. Raises Rejected for a cursor that is none."""
    try:
        page = ports.documents.find(scope, Kind.RUN, filters, Order("created_at", descending=True), limit, cursor)
    except ValueError as error:
        raise Rejected(FieldError("query", str(error))) from None
    return [Run.model_validate(document.body) for document in page.documents], page.cursor


def steps(ports: Ports, scope: Scope, id: str) -> list[RunStep]:
    """Its steps and their items that have begun, in the order of the plan. Raises Missing."""
    run = read(ports, scope, id)
    plan = plan_of(ports, scope, run.process, run.digest)
    place = {step.id: n for n, step in enumerate((*plan.steps, *plan.last))}
    found = steps_of(ports, scope, id)
    return sorted(found, key=lambda each: (place.get(each.step, len(place)), each.step, each.item or -1))


def pause(ports: Ports, scope: Scope, id: str, by: str, reason: str | None = None) -> list[Run]:
    """No step begins any more, here and in the processes within; what is under way ends. The caller rings them."""

    def stop(run: Run) -> None:
        _under_way(run)
        run.paused_by, run.reason = by, reason
        run.status = "paused" if run.started_at else run.status

    return _steered(ports, scope, id, by, "paused", stop)


def resume(ports: Ports, scope: Scope, id: str, by: str) -> list[Run]:
    """Go on."""

    def go_on(run: Run) -> None:
        _under_way(run)
        run.paused_by, run.reason = None, None
        run.status = "running" if run.started_at else run.status

    return _steered(ports, scope, id, by, "resumed", go_on)


def cancel(ports: Ports, scope: Scope, id: str, by: str, reason: str | None = None) -> list[Run]:
    """No step begins any more but those of `finally`."""

    def stop(run: Run) -> None:
        _under_way(run)
        run.cancelled_by, run.reason, run.paused_by = run.cancelled_by or by, reason, None
        run.status = "running" if run.started_at else run.status

    return _steered(ports, scope, id, by, "cancelled", stop)


def retry(ports: Ports, scope: Scope, id: str, by: str, step: str | None = None, fixing: Fixing | None = None) -> Run:
    """A new attempt at a run that has ended: what is done stays done; with `step`, that step and all that need it are
    done anew, and with `fixing` that step reads only the rows that were put right. What an attempt before was to do
    anew and did not come to is still due. The caller starts its flow. Raises Missing, Conflict and Rejected."""
    run = read(ports, scope, id)
    anew, due = _from(graph_ids(plan_of(ports, scope, run.process, run.digest)), step), _due(ports, scope, run)
    fixes = [each for each in run.fixes if each.step in due and (each.step not in anew or _of_another(each, fixing))]
    now = ports.clock.now()

    def begin(run: Run) -> None:
        if run.status in RUN_UNDER_WAY:
            raise Conflict("status", f"the run is {run.status}; a step of it is retried by settling it")
        if run.status == "done" and step is None:
            raise Conflict("status", "the run is done; say from which step it is to be done anew")
        run.attempt, run.status, run.status_reason = run.attempt + 1, "waiting", None
        run.again, run.fixes = sorted({*anew, *due}), [*fixes, fixing] if fixing else fixes
        run.started_at = run.ended_at = run.due_at = run.cancelled_by = run.paused_by = run.reason = None
        run.was_late, run.late, run.retried_at = run.was_late or run.late, False, now
        run.outputs, run.figures, run.fixed = {}, None, run.fixed + bool(fixing)

    changed = RUN_BOOK.change(ports, scope, id, begin)
    what = {"step": step, **({"fix": fixing.file.sha256} if fixing else {})} if step else {}
    note(ports, scope, id, by, "fixed" if fixing else "retried", {"attempt": changed.attempt, **what})
    return changed


def _of_another(each: Fixing, fixing: Fixing | None) -> bool:
    """Whether it is of another item of the loop that the new one is of."""
    return fixing is not None and each.step == fixing.step and each.item != fixing.item


def _due(ports: Ports, scope: Scope, run: Run) -> set[str]:
    """What the present attempt was to do anew and has not done."""
    if not run.again:
        return set()
    found = steps_of(ports, scope, run.id, filters=[Filter("status", "eq", "done")])
    return set(run.again) - {each.step for each in found if each.item is None and each.attempt == run.attempt}


def graph_ids(plan: Plan) -> Callable[[str], list[str]]:
    """From a step to it and all that need it, by their ids. Raises KeyError."""
    graph = graph_of_plan(plan)
    at = {node.id: n for n, node in enumerate(graph.nodes)}
    return lambda step: sorted(graph.nodes[each].id for each in after(graph, at[step]))


def skip(ports: Ports, scope: Scope, id: str, by: str, step: str, reason: str) -> list[Run]:
    """A step that has not ended is not to be done; those that need it are skipped, too."""
    plan = plan_of_run(ports, scope, id)
    _known(plan, step)
    now = ports.clock.now()

    def leave_out(run: Run) -> None:
        _under_way(run)
        found = read_step(ports, scope, id, step)
        if found and found.attempt == run.attempt and found.status in ("done", "failed"):
            raise Conflict("step", f"{step} is {found.status}")
        run.skips[step] = Skip(by=by, at=now, reason=reason)

    return _steered(ports, scope, id, by, "skipped", leave_out, step=step)


def settle_step(ports: Ports, scope: Scope, id: str, by: str, verdict: Verdict) -> list[Run]:
    """What a person decides about a step that asks: do it again, take it as done, let it fail."""
    _known(plan_of_run(ports, scope, id), verdict.step)
    asks = read_step(ports, scope, id, verdict.step, verdict.item)
    if asks is None or asks.status != "asking":
        raise Conflict("step", f"{verdict.step} asks nothing")
    said = Said(decision=verdict.decision, by=by, at=ports.clock.now(), asked=asks.tried, reason=verdict.reason or "")

    def decide(run: Run) -> None:
        _under_way(run)
        run.said[step_id(id, asks.step, asks.item)] = said

    return _steered(ports, scope, id, by, f"settled-{verdict.decision}", decide, step=verdict.step)


def change_inputs(ports: Ports, scope: Scope, id: str, by: str, inputs: dict[str, Any]) -> Run:
    """Other values of some inputs, for steps that have not begun. Raises Rejected, Conflict, Missing."""
    plan, now = plan_of_run(ports, scope, id), ports.clock.now()

    def change(run: Run) -> None:
        _under_way(run)
        run.inputs = checked(ports, scope, plan, {**run.inputs, **inputs})
        run.changes = [*run.changes, Change(at=now, by=by, names=sorted(inputs))][-100:]

    changed = RUN_BOOK.change(ports, scope, id, change)
    note(ports, scope, id, by, "inputs", {"names": sorted(inputs)})
    return changed


def plan_of_run(ports: Ports, scope: Scope, id: str) -> Plan:
    """The version of the plan that this run follows."""
    run = read(ports, scope, id)
    return plan_of(ports, scope, run.process, run.digest)


def _steered(
    ports: Ports, scope: Scope, id: str, by: str, what: str, mutate: Callable[[Run], None], **about: str
) -> list[Run]:
    """The run, changed, and then those within it; who did it stands in the journal."""
    changed = [RUN_BOOK.change(ports, scope, id, mutate)]
    note(ports, scope, id, by, what, {"attempt": changed[0].attempt, **about})
    return changed if about else [*changed, *_within(ports, scope, id, mutate)]


def _within(ports: Ports, scope: Scope, id: str, mutate: Callable[[Run], None]) -> Iterator[Run]:
    on = [Filter("parent.run", "eq", id), Filter("status", "in", list(RUN_UNDER_WAY))]
    for document in ports.documents.find(scope, Kind.RUN, on, limit=1000).documents:
        try:
            yield RUN_BOOK.change(ports, scope, document.id, mutate)
        except Conflict:
            continue  # it has ended meanwhile
        yield from _within(ports, scope, document.id, mutate)


def _under_way(run: Run) -> None:
    if run.status not in RUN_UNDER_WAY:
        raise Conflict("status", f"the run is {run.status}")


def _known(plan: Plan, step: str) -> None:
    if step not in {each.id for each in (*plan.steps, *plan.last)}:
        raise Missing("step", step)


def _from(anew: Callable[[str], list[str]], step: str | None) -> list[str]:
    if step is None:
        return []
    try:
        return anew(step)
    except KeyError:
        raise Missing("step", step) from None
