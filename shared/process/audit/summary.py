"""The execution summary of one run, put together from its documents, the ledger and the journal."""

from __future__ import annotations

import hashlib
from collections import Counter, deque
from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from shared.domain.approval import StepApproval
from shared.domain.names import Kind
from shared.domain.run import RUN_UNDER_WAY, Run
from shared.domain.run_figures import Answered, RunFigures
from shared.domain.run_summary import (
    Decided,
    Happened,
    JournalTold,
    LedgerTold,
    RunSummary,
    SentTold,
)
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Fact, LedgerRow, Ports
from shared.process.audit.reading import Reading
from shared.process.audit.sentence import sentence
from shared.process.audit.told import value_told
from shared.process.audit.veil import Veil
from shared.process.books import RUN_BOOK, note, notices_of, plan_of, step_key, steps_of
from shared.process.declared import Plan

_MOST_ROWS = 100
_MOST_FACTS = 300
_ABOUT = ("type", "id", "at", "subject", "folder", "path", "missed", "since")
"""Of what a trigger told."""


def summary(ports: Ports, scope: Scope, id: str) -> RunSummary:
    """As the run stands now. Raises Missing."""
    run = RUN_BOOK.load(ports, scope, id)
    return summary_of(ports, scope, run, plan_of(ports, scope, run.process, run.digest))


def recorded(ports: Ports, scope: Scope, run: Run, plan: Plan) -> RunFigures:
    """Keep the summary of an attempt that ends now among the files of the run, and its SHA-256 in the journal: what was
    known at the end can be held against what is told later."""
    told = summary_of(ports, scope, run, plan)
    data = told.model_dump_json(indent=1).encode()
    ports.files.put(scope, f"runs/{run.id}/summary-{run.attempt}.json", data)
    about = {"attempt": run.attempt, "sha256": hashlib.sha256(data).hexdigest()}
    note(ports, scope, run.id, "flow", "summary", about)
    return told.figures


def figures_of(ports: Ports, scope: Scope, run: Run) -> RunFigures:
    """As they were counted at its end; now, for one that is under way."""
    if run.figures is not None and run.status not in RUN_UNDER_WAY:
        return run.figures
    plan = plan_of(ports, scope, run.process, run.digest)
    reading = Reading(run, plan, steps_of(ports, scope, run.id))
    sent = _added(_sent(ports, scope, run, reading))
    return reading.figures(_answered(_approvals(ports, scope, run.id)), sent)


def summary_of(ports: Ports, scope: Scope, run: Run, plan: Plan) -> RunSummary:
    """Of this run as it is given."""
    veil, reading = Veil(run), Reading(run, plan, steps_of(ports, scope, run.id))
    approvals, sent = _approvals(ports, scope, run.id), list(_sent(ports, scope, run, reading))
    shown, steps = run.shown(), reading.steps()
    told = RunSummary(
        run=run.id, process=run.process, title=run.title, version=run.digest, sentence="", status=run.status,
        reason=veil(run.status_reason) if run.status_reason else None, attempt=run.attempt,
        started_by=run.created_by, trigger=run.trigger,
        trigger_about={name: veil(str(run.event[name])) for name in _ABOUT if name in run.event},
        parent=run.parent.run if run.parent else None, created_at=run.created_at, started_at=run.started_at,
        ended_at=run.ended_at, seconds=_seconds(run.started_at, run.ended_at), due_at=run.due_at,
        sla=_sla(run, plan), undone=run.undone, fixed=run.fixed,
        figures=reading.figures(_answered(approvals), _added(sent)),
        inputs=[value_told(name, value, veil, True) for name, value in shown.inputs.items()],
        outputs=[value_told(name, value, veil, False) for name, value in run.outputs.items()],
        steps=steps, more_items=reading.more_items,
        decisions=[*_decided(run, veil), *(_asked(each, veil) for each in approvals)], sent=sent,
        history=_history(ports, scope, run.id), journal=_journal(ports, scope, run.id),
    )  # fmt: skip
    return told.model_copy(update={"sentence": sentence(told)})


def _seconds(since: datetime | None, until: datetime | None) -> float | None:
    return round((until - since).total_seconds(), 3) if since and until else None


def _sla(run: Run, plan: Plan) -> Literal["kept", "breached", "open"] | None:
    if run.late or run.was_late:
        return "breached"
    if plan.within is None:
        return None
    return "open" if run.status in RUN_UNDER_WAY else "kept"


def _approvals(ports: Ports, scope: Scope, run: str) -> list[StepApproval]:
    """Every question of its steps, decided or not, in the order in which they were asked."""
    found: list[StepApproval] = []
    cursor = None
    while True:
        page = ports.documents.find(
            scope, Kind.APPROVAL, [Filter("id", "prefix", f"{run}~")], limit=1000, cursor=cursor
        )
        found += [StepApproval.model_validate(each.body) for each in page.documents]
        cursor = page.cursor
        if cursor is None:
            return sorted(found, key=lambda each: (each.asked_at, each.subject, each.version))


def _answered(approvals: list[StepApproval]) -> list[Answered]:
    return [
        Answered(step=each.subject.split("~")[1], decision=each.decision, by=each.by or "", waited=_waited(each) or 0)
        for each in approvals
        if each.decision
    ]


def _waited(asked: StepApproval) -> float | None:
    return _seconds(asked.asked_at, asked.at)


def _asked(asked: StepApproval, veil: Veil) -> Decided:
    return Decided(
        kind="approval", step=_place(asked.subject), decision=asked.decision, by=asked.by, at=asked.at,
        asked_at=asked.asked_at, waited=_waited(asked), reason=veil(asked.comment or ""), digest=asked.digest,
    )  # fmt: skip


def _place(id: str) -> str:
    """`step` or `step.item`, of the id of a step's document."""
    return ".".join(id.split("~")[1:])


def _decided(run: Run, veil: Veil) -> Iterator[Decided]:
    """What people said of steps that asked, and which they left out."""
    for id, said in run.said.items():
        yield Decided(
            kind="question", step=_place(id), decision=said.decision, by=said.by, at=said.at, reason=veil(said.reason)
        )
    for step, skip in run.skips.items():
        yield Decided(kind="skip", step=step, decision="skip", by=skip.by, at=skip.at, reason=veil(skip.reason))
    for change in run.changes:
        names = ", ".join(change.names)
        yield Decided(kind="inputs", step=None, decision="changed", by=change.by, at=change.at, reason=names)


def _sent(ports: Ports, scope: Scope, run: Run, reading: Reading) -> Iterator[SentTold]:
    for step, item, channel in reading.senders:
        place = notices_of(step_key(scope, run.id, step, item))
        tally = {state: n for state, n in ports.ledger.tally(scope, place).items() if n and "." not in state}
        if tally:
            rows = ports.ledger.of_shard(scope, place, 0, limit=_MOST_ROWS)
            yield SentTold(step=step, item=item, channel=channel, states=tally, rows=[_row(each) for each in rows])


def _row(row: LedgerRow) -> LedgerTold:
    return LedgerTold(
        key=row.key, state=row.state, attempt=row.attempt, at=row.settled_at or row.intended_at, reason=row.held or ""
    )


def _added(sent: Iterator[SentTold] | list[SentTold]) -> Counter[str]:
    return sum((Counter(each.states) for each in sent), Counter[str]())


def _history(ports: Ports, scope: Scope, run: str) -> list[Happened]:
    """What the journal says of it but for the ends of steps; the last ones, if it is very much."""
    last: deque[Fact] = deque(maxlen=_MOST_FACTS)
    last.extend(each for each in _facts(ports, scope, run) if not each.what.startswith("step-"))
    return [Happened(at=each.at, what=each.what, by=each.by, about=_about(each)) for each in last]


def _about(fact: Fact) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in fact.data.items() if value is not None)


def _facts(ports: Ports, scope: Scope, run: str) -> Iterator[Fact]:
    after = 0
    while found := ports.journal.read(scope, f"run/{run}", after):
        yield from found
        after = found[-1].seq


def _journal(ports: Ports, scope: Scope, run: str) -> JournalTold:
    head = deque(_facts(ports, scope, run), maxlen=1)
    seq, hash = (head[0].seq, head[0].hash) if head else (0, "")
    try:
        return JournalTold(holds=True, facts=ports.journal.verify(scope, f"run/{run}"), head=hash)
    except ValueError as error:
        return JournalTold(holds=False, facts=seq, head=hash, problem=str(error)[:300])
