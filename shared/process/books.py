"""The documents of runs: the run itself, its steps, its plan."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from threading import Lock
from typing import Any

from shared.agents.records import Records
from shared.domain.faults import Missing
from shared.domain.names import Kind, instance_id
from shared.domain.run import RUN_UNDER_WAY, STEP_ENDED, Run, RunStep, step_id
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Ports, Stale
from shared.process.declared import Plan
from shared.process.plan import Graph, graph_of
from shared.process.steps import is_light

RUN_BOOK = Records(Kind.RUN, Run)
_MOST_PLANS = 20
_PLANS: dict[tuple[Scope, str, str], Plan] = {}
_READING = Lock()


def plan_of(ports: Ports, scope: Scope, process: str, digest: str) -> Plan:
    """A version of a process; it never changes, so the last ones read are kept in memory. Raises Missing."""
    key = (scope, process, digest)
    with _READING:
        if key not in _PLANS:
            try:
                data = ports.files.get(scope, f"processes/{process}/{digest}.json")
            except FileNotFoundError:
                raise Missing("process", f"{process} {digest[:12]}") from None
            while len(_PLANS) >= _MOST_PLANS:
                del _PLANS[next(iter(_PLANS))]
            _PLANS[key] = Plan.model_validate_json(data)
        return _PLANS[key]


def graph_of_plan(plan: Plan) -> Graph:
    """What the orchestrator is told of it."""
    types = {step.type for step in plan.by_id.values()}
    return graph_of(plan.model_dump(mode="json", by_alias=True), {each for each in types if is_light(each)})


class Book:
    """What a turn reads and writes of one run: the documents of its steps, and the journal."""

    def __init__(self, ports: Ports, scope: Scope, run: str) -> None:
        self._ports, self._scope, self._run = ports, scope, run

    def read(self, step: str, item: int | None = None) -> RunStep | None:
        """As `read_step`."""
        return read_step(self._ports, self._scope, self._run, step, item)

    def write(self, step: RunStep) -> None:
        """As `write_step`."""
        write_step(self._ports, self._scope, step)

    def note(self, by: str, what: str, data: Mapping[str, Any]) -> None:
        """As `note`."""
        note(self._ports, self._scope, self._run, by, what, data)


def steps_of(
    ports: Ports, scope: Scope, run: str, step: str | None = None, filters: Sequence[Filter] = ()
) -> Iterator[RunStep]:
    """The documents of its steps and items, or of one step's items, by id."""
    prefix, cursor = f"{run}~" if step is None else f"{run}~{step}~", None
    while True:
        page = ports.documents.find(
            scope, Kind.RUN_STEP, [Filter("id", "prefix", prefix), *filters], limit=1000, cursor=cursor
        )
        yield from (RunStep.model_validate(document.body) for document in page.documents)
        cursor = page.cursor
        if cursor is None:
            return


def read_step(ports: Ports, scope: Scope, run: str, step: str, item: int | None = None) -> RunStep | None:
    """As it stands; None before it began."""
    found = ports.documents.get(scope, Kind.RUN_STEP, step_id(run, step, item))
    return RunStep.model_validate(found.body) if found else None


def write_step(ports: Ports, scope: Scope, step: RunStep) -> None:
    """Only the activity that does the step writes its document."""
    ports.documents.put(
        scope, Kind.RUN_STEP, step_id(step.run, step.step, step.item), step.model_dump(mode="json"), "*"
    )


def step_key(scope: Scope, run: str, step: str, item: int | None) -> str:
    """The same for every attempt at this step (and item) of this run: effects outside are told apart by it."""
    return hashlib.sha256("\n".join((*scope, run, step, str(item))).encode()).hexdigest()


def notices_of(key: str) -> str:
    """Where in the ledger (as a campaign, shard 0) the notices of the step with this key are."""
    return f"notice-{key[:24]}"


def settle(ports: Ports, scope: Scope, id: str, attempt: int, mutate: Callable[[Run], None]) -> Run:
    """Change the run if this attempt is the present one and has not ended."""

    def change(run: Run) -> None:
        if run.attempt == attempt and run.status in RUN_UNDER_WAY:
            mutate(run)

    return RUN_BOOK.change(ports, scope, id, change)


def instance_of(scope: Scope, run: Run) -> str:
    """The flow of its present attempt."""
    return instance_id(scope, "run", run.id, run.attempt)


def has_ended(step: RunStep, attempt: int) -> bool:
    """In this attempt of the run."""
    return step.attempt == attempt and step.status in STEP_ENDED


def stands(step: RunStep, run: Run) -> bool:
    """An earlier attempt of the run has done it, and the present one is not to do it anew."""
    return step.status == "done" and step.attempt < run.attempt and not is_wanted_anew(step, run)


def is_wanted_anew(step: RunStep, run: Run) -> bool:
    """Whether the present attempt is to do it anew; of a loop that reads, only the items with rows that were put
    right."""
    fixed = [each.item for each in run.fixes if each.step == step.step] if step.item is not None else []
    return step.item in fixed if fixed else step.step in run.again


def take_turn(ports: Ports, scope: Scope, run: Run, at_most: int) -> bool:
    """Hold one of the places of its concurrency key; True if it does. Places of runs that have ended are free."""
    id = f"{run.process}~{run.key}"
    while True:
        document = ports.documents.get(scope, Kind.RUN_KEY, id)
        before: list[str] = document.body["holders"] if document else []
        holders = [each for each in before if each != run.id and _is_on(ports, scope, each)]
        if len(holders) >= at_most:
            return False
        try:
            ports.documents.put(
                scope, Kind.RUN_KEY, id, {"holders": [*holders, run.id]}, document.rev if document else None
            )
        except Stale:
            continue
        return True


def _is_on(ports: Ports, scope: Scope, run: str) -> bool:
    found = ports.documents.get(scope, Kind.RUN, run)
    return found is not None and found.body["status"] in RUN_UNDER_WAY


def note(ports: Ports, scope: Scope, run: str, by: str, what: str, data: Mapping[str, Any]) -> None:
    """One fact on the run's stream of the journal: ids, codes and digests only."""
    ports.journal.append(scope, f"run/{run}", ports.clock.now(), by, what, data)
