"""The triggers of a workspace, what each has done, and the run that a cause starts: one, however often it is told."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from shared.domain.faults import Conflict, FieldError, Missing, Rejected
from shared.domain.names import Kind
from shared.domain.process import Process
from shared.domain.run import Run
from shared.domain.scope import Scope
from shared.domain.trigger import NotStarted, TriggerState
from shared.ports import Ports, Stale
from shared.process import runs
from shared.process.books import plan_of
from shared.process.declared import Plan, Trigger
from shared.process.expressions import resolve
from shared.process.known import about
from shared.process.template import ExpressionError

BY = "trigger"


class Cause(NamedTuple):
    """A trigger of the newest version of a process. Its `key` stays the same as long as its cause does, wherever in the
    plan it stands and whatever its `with` holds."""

    process: Process
    trigger: Trigger
    key: str

    @property
    def since(self) -> datetime:
        """When this version was put."""
        return self.process.versions[0].at  # type: ignore[return-value]

    @property
    def id(self) -> str:
        """Of the document that says what it has done."""
        return f"{self.process.name}~{self.key}"


def causes_of(process: Process, plan: Plan) -> Iterator[Cause]:
    """Those of one plan; of two that are the same the second has a number."""
    known = Counter[str]()
    for trigger in plan.triggers:
        words = trigger.model_dump_json(exclude={"given"}, exclude_none=True)
        key = hashlib.sha256(words.encode()).hexdigest()[:16]
        known[key] += 1
        yield Cause(process, trigger, key if known[key] == 1 else f"{key}-{known[key]}")


def triggered(ports: Ports, scope: Scope) -> Iterator[Cause]:
    """All triggers of the workspace's own processes, each as its newest version has it."""
    cursor = None
    while True:
        page = ports.documents.find(scope, Kind.PROCESS, cursor=cursor)
        for document in page.documents:
            process = Process.model_validate(document.body)
            if process.triggers:
                yield from causes_of(process, plan_of(ports, scope, process.name, process.digest))
        cursor = page.cursor
        if cursor is None:
            return


def stands(ports: Ports, scope: Scope, cause: Cause) -> TriggerState:
    """What it has done so far."""
    document = ports.documents.get(scope, Kind.TRIGGER, cause.id)
    return TriggerState.model_validate(document.body) if document else TriggerState(process=cause.process.name)


def change(ports: Ports, scope: Scope, cause: Cause, mutate: Callable[[TriggerState], None]) -> None:
    """Write down what it has done; on a race again, over what the other wrote."""
    while True:
        document = ports.documents.get(scope, Kind.TRIGGER, cause.id)
        before = TriggerState.model_validate(document.body) if document else TriggerState(process=cause.process.name)
        state = before.model_copy(deep=True)
        mutate(state)
        if state == before:
            return
        try:
            rev = document.rev if document else None
            ports.documents.put(scope, Kind.TRIGGER, cause.id, state.model_dump(mode="json"), rev)
        except Stale:
            continue
        return


def run_id(scope: Scope, cause: Cause, occurrence: str) -> str:
    """Of the run that this starts: made of the process, the trigger and what happened, so it is started once."""
    words = (*scope, cause.process.name, cause.key, occurrence)
    return hashlib.sha256("\n".join(words).encode(errors="replace")).hexdigest()[:32]


def begin(
    ports: Ports,
    scope: Scope,
    cause: Cause,
    id: str,
    event: dict[str, Any],
    more: Mapping[str, Any] | None = None,
    by: str = BY,
) -> Run:
    """The run of this id, with the trigger's `with` and `more` as inputs: made now, or by an earlier call. Raises
    Rejected, Conflict, Missing."""
    try:
        here = about(ports, id, cause.process.name, 1, ports.clock.now())
        given = resolve(cause.trigger.given, {"event": event, "run": here})
    except ExpressionError as error:
        raise Rejected(FieldError(".".join(["with", *map(str, error.path)]), str(error))) from None
    name, digest = cause.process.name, cause.process.digest
    return runs.start(
        ports, scope, by, name, digest, {**given, **(more or {})}, id=id, trigger=cause.trigger.kind, event=event
    )


def fire(
    ports: Ports,
    scope: Scope,
    cause: Cause,
    id: str,
    event: dict[str, Any],
    more: Callable[[], Mapping[str, Any]] = dict,
) -> None:
    """As `begin`, but what refuses the run is written down, on the trigger and in the journal."""
    try:
        if ports.documents.get(scope, Kind.RUN, id) is None:
            begin(ports, scope, cause, id, event, more())
    except (Rejected, Conflict, Missing) as fault:
        refuse(ports, scope, cause, fault)
    else:
        change(ports, scope, cause, lambda state: _started(state, id, ports.clock.now()))


def refuse(ports: Ports, scope: Scope, cause: Cause, fault: Rejected | Conflict | Missing) -> None:
    """Write down that nothing was started, and why."""
    said = NotStarted(at=ports.clock.now(), **_why(fault)._asdict())
    change(ports, scope, cause, lambda state: setattr(state, "refused", said))
    told = {"trigger": cause.key, "kind": cause.trigger.kind, "field": said.field}
    ports.journal.append(scope, f"process/{cause.process.name}", said.at, BY, "not-started", told)


def _started(state: TriggerState, id: str, now: datetime) -> None:
    if state.run != id:
        state.run, state.at = id, now
    state.refused = None


def _why(fault: Rejected | Conflict | Missing) -> FieldError:
    """The first thing that was wrong; what a key holds may be anybody's and is not said."""
    if isinstance(fault, Rejected):
        return fault.errors[0]
    if isinstance(fault, Conflict):
        return FieldError("concurrency", "another run with the same key is under way")
    return FieldError("process", str(fault))
