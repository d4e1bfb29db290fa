"""The execution summary of a run as a paper: what happened, how long it took, checksums, who decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from shared.domain.figures import lasted, octets
from shared.domain.run_summary import Decided, FileTold, RunSummary, StepTold, ValueTold
from shared.render.paper import Bar, Cell, Code, Mark, Paper, Part, Tone

_TONES: Mapping[str, Tone] = {
    "done": "good", "failed": "bad", "cancelled": "bad", "skipped": "quiet", "not-begun": "quiet", "asking": "bad",
}  # fmt: skip
_WAITING = ("approve", "wait", "process")
"""Types whose time is not their own: their bars do not make the others small."""
_MEANING = (
    "Times are of this machine's clock. A checksum is the SHA-256 of the file, byte for byte: whoever holds the file "
    "can recompute it. Seconds of a step add up its attempts, waits within them included; a bar in grey stands for "
    "waiting, for a person, an hour or another run, and is cut off at the length of the longest work. Of the data "
    "themselves only counts are told here, and what was given as sensitive is not shown."
)


def summary_paper(told: RunSummary, timezone: str) -> Paper:
    """Times in `timezone`."""
    told_at = _Moment(timezone)
    parts = (
        _steps(told), _values("Given", told.inputs), _values("Gave", told.outputs), _troubles(told, told_at),
        _decisions(told, told_at), _sent(told, told_at), _left(told), _programs(told), _files(told),
        _history(told, told_at),
    )  # fmt: skip
    return Paper(
        kind="Execution summary", title=told.title, sentence=told.sentence, tone=_TONES.get(told.status, "plain"),
        facts=list(_facts(told, told_at)), parts=[each for each in parts if each.rows], meaning=_MEANING,
        footer=f"Run {told.run}, process {told.process}, version {told.version[:12]}",
    )  # fmt: skip


class _Moment:
    """Times as they are written in one zone."""

    def __init__(self, timezone: str) -> None:
        self.name, self._zone = timezone, ZoneInfo(timezone)

    def __call__(self, at: datetime | None) -> str:
        return f"{at.astimezone(self._zone):%Y-%m-%d %H:%M:%S}" if at else "–"


def _facts(told: RunSummary, at: _Moment) -> Iterator[tuple[str, Cell]]:
    yield "Run", Code(told.run)
    yield "Process", f"{told.process}, attempt {told.attempt}"
    yield "Version (SHA-256)", Code(told.version)
    yield "Started by", _starter(told)
    yield "Taken in", f"{at(told.created_at)} ({at.name})"
    took = f", after {lasted(told.seconds)}" if told.seconds is not None else ""
    yield "Began, ended", f"{at(told.started_at)}, {at(told.ended_at)}{took}"
    if told.sla:
        due = f", due {at(told.due_at)}" if told.due_at else ""
        yield "Time that the plan allows", Mark(f"{told.sla}{due}", "bad" if told.sla == "breached" else "plain")
    figures = told.figures
    yield (
        "Resources",
        f"{figures.cpu_seconds:,.1f} s of CPU, {_peak(figures.peak_bytes)} at most, {figures.tries:,} tries",
    )
    if figures.received:
        yield "Rows", f"{figures.received:,} read = {figures.kept:,} kept + {figures.quarantined:,} in quarantine"
    if told.fixed or told.undone:
        yield "Since then", f"rows put right {told.fixed} times, undone {told.undone} times"
    yield "Journal", _journal(told)


def _journal(told: RunSummary) -> Cell:
    journal = told.journal
    if journal.holds:
        return Mark(f"{journal.facts:,} facts, the chain holds; head {journal.head[:16]}", "good")
    return Mark(f"THE CHAIN DOES NOT HOLD: {journal.problem}", "bad")


def _starter(told: RunSummary) -> str:
    about = ", ".join(f"{name} {value}" for name, value in told.trigger_about.items())
    what = {"person": "", "process": " (a step of another run)"}.get(told.trigger, f" (trigger {told.trigger})")
    within = f", part of the run {told.parent}" if told.parent else ""
    return f"{told.started_by}{what}{': ' + about if about else ''}{within}"


def _peak(size: int | None) -> str:
    return octets(size) if size else "memory not measured"


def _steps(told: RunSummary) -> Part:
    own = [each.seconds for each in told.steps if each.item is None and each.type not in _WAITING]
    longest = max(own, default=0) or max((each.seconds for each in told.steps), default=0) or 1
    more = f"{told.more_items:,} more items of loops are counted, not listed." if told.more_items else ""
    return Part(
        "Steps", ("Step", "Type", "State", "Duration", "CPU", "Memory", "Tries", "Rows in", "out", "quarantine"),
        (11, 7, 10, 16, 4, 5, 3, 5, 5, 5), [_step(each, longest) for each in told.steps], more, (4, 5, 6, 7, 8, 9),
    )  # fmt: skip


def _step(each: StepTold, longest: float) -> tuple[Cell, ...]:
    waiting, failed = each.type in _WAITING, each.status in ("failed", "cancelled")
    bar = Bar(each.seconds / longest, lasted(each.seconds), "quiet" if waiting else "bad" if failed else "plain")
    state = each.status.replace("-", " ")
    items = ", ".join(f"{count:,} {name}" for name, count in each.items.items())
    said = f"{state}: {items}" if items else f"{state}: {each.why}" if each.why and each.status == "skipped" else state
    rows = (_count(each.rows_in), _count(each.rows_out), _count(each.quarantined))
    cpu, peak = f"{each.cpu_seconds:,.1f} s" if each.tried else "", octets(each.peak_bytes) if each.peak_bytes else ""
    tone: Tone = _TONES.get(each.status, "plain")
    return (
        _name(each),
        each.type,
        Mark(said, tone),
        bar if each.began_at else "",
        cpu,
        peak,
        str(each.tried or ""),
        *rows,
    )


def _name(each: StepTold) -> str:
    title = f" ({each.title})" if each.title and each.item is None else ""
    return f"{_place(each.step, each.item)}{title}"


def _place(step: str, item: int | None) -> str:
    return step if item is None else f"{step}.{item}"


def _count(number: int | None) -> str:
    return "" if number is None else f"{number:,}"


def _values(heading: str, values: list[ValueTold]) -> Part:
    rows = [(each.name, each.value, Code(each.files[0].sha256) if len(each.files) == 1 else "") for each in values]
    return Part(heading, ("Name", "Value", "SHA-256"), (4, 8, 9), rows)


def _troubles(told: RunSummary, at: _Moment) -> Part:
    rows = [
        (_place(step.step, step.item), str(each.attempt), at(each.at), each.outcome, each.error or "", each.message)
        for step in told.steps
        for each in step.tries
        if each.error or each.outcome in ("failed", "interrupted")
    ]
    return Part(
        "Attempts that did not succeed", ("Step", "Attempt", "At", "End", "Class", "Why"), (5, 2, 5, 3, 3, 14), rows
    )


def _decisions(told: RunSummary, at: _Moment) -> Part:
    ordered = sorted(told.decisions, key=lambda each: each.at or each.asked_at or told.created_at)
    head = ("What", "Step", "Decision", "By", "At", "Had waited", "Reason", "Shown (SHA-256)")
    rows = [_decision(each, at) for each in ordered]
    return Part("Who decided what", head, (3, 4, 3, 4, 5, 3, 6, 7), rows)


def _decision(each: Decided, at: _Moment) -> tuple[Cell, ...]:
    by = "nobody in time" if each.by == "flow" else each.by or ""
    waited = lasted(each.waited) if each.waited is not None else ""
    said = Mark(each.decision or "not decided yet", "quiet" if each.decision else "bad")
    return each.kind, each.step or "", said, by, at(each.at), waited, each.reason, Code(each.digest or "")


def _sent(told: RunSummary, at: _Moment) -> Part:
    states = "; ".join(
        f"{_place(each.step, each.item)} by {each.channel}: "
        + ", ".join(f"{n:,} {state}" for state, n in each.states.items())
        for each in told.sent
    )
    rows = [
        (
            _place(each.step, each.item),
            each.channel,
            row.state + (f": {row.reason}" if row.reason else ""),
            str(row.attempt),
            at(row.at),
            Code(row.key),
        )
        for each in told.sent
        for row in each.rows
    ]
    return Part(
        "What was sent, row by row of the ledger",
        ("Step", "By", "State", "Attempt", "At", "Effect key"),
        (5, 3, 4, 2, 5, 9),
        rows,
        states,
    )


def _left(told: RunSummary) -> Part:
    rows = [(_place(each.step, each.item), what) for each in told.steps for what in each.left]
    return Part("What left the machine or was changed outside", ("Step", "What"), (4, 17), rows)


def _programs(told: RunSummary) -> Part:
    rows = [
        (
            _place(step.step, step.item),
            pin.kind,
            pin.name,
            pin.trust,
            "" if pin.level is None else str(pin.level),
            Code(pin.pinned),
        )
        for step in told.steps
        if (pin := step.pin) is not None and step.item is None
    ]
    return Part(
        "Programs that ran", ("Step", "Kind", "Name", "Trust", "Sandbox level", "Pinned"), (4, 3, 5, 3, 2, 9), rows
    )


def _files(told: RunSummary) -> Part:
    rows = [row for step in told.steps for row in _of_step(step)]
    more = sum(each.more_files for each in told.steps)
    lead = f"{more:,} more are not listed." if more else ""
    return Part("Files by their checksums", ("Step", "", "Name", "Size", "SHA-256"), (5, 2, 7, 3, 10), rows, lead, (3,))


def _of_step(step: StepTold) -> Iterator[tuple[Cell, ...]]:
    for way, files in (("in", step.files_in), ("out", step.files_out)):
        for each in files:
            yield _place(step.step, step.item), way, each.name, _size(each), Code(each.sha256)


def _size(file: FileTold) -> str:
    return "" if file.bytes is None else octets(file.bytes)


def _history(told: RunSummary, at: _Moment) -> Part:
    rows = [(at(each.at), each.what.replace("-", " "), each.by, each.about) for each in told.history]
    return Part("What the journal says", ("At", "What", "By", ""), (4, 4, 4, 13), rows)
