"""How a run stands, in words and marks, and what can be done about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from shared.domain.run import RUN_UNDER_WAY, Run, RunStep
from shared.process.compensate import taken_back_as
from shared.process.declared import Plan, Step
from shared.web.graph import Mark, title_of
from shared.web.run_words import RUN_COLOURS, RUN_WORDS, STEP_COLOURS, STEP_WORDS, begun_by, lasted
from shared.web.troubles import Trouble, troubles

Action = Literal["pause", "resume", "cancel", "retry", "undo", "skip"]

_NOT_BEGUN = Mark("not begun", "none", "soft")
_DUE = Mark("to do again", "none", "soft")
_TAKEN_BACK = Mark("taken back", "skipped", "soft")
_APPROVAL = Mark("to be approved", "asking", "held")
_MOST = 20
_FEW = 200
"""Steps and items, of which a page may ask every second."""


class Line(NamedTuple):
    """A step in the table, begun or not. `seconds` of all its tries; `tried`: how often."""

    id: str
    title: str
    type: str
    mark: Mark
    why: str
    tried: int
    seconds: float
    cpu_seconds: float
    peak_bytes: int | None
    progress: str


class Standing(NamedTuple):
    """All that the page of a run says of how it stands."""

    sentence: str
    lines: list[Line]
    parts: list[dict[str, Any]]
    marks: dict[str, Mark]
    troubles: list[Trouble]
    left: list[tuple[str, str]]
    """What has left the machine, or was changed outside, and by which step."""
    actions: list[Action]
    token: str
    poll: int | None


class Row(NamedTuple):
    """One line of the list of runs."""

    run: Run
    word: str
    colour: str
    begun_by: str
    lasted: str


def row(run: Run, asks: bool, now: datetime) -> Row:
    """A run in the list; `asks`: it waits for a person."""
    on = asks and run.status in RUN_UNDER_WAY
    word, colour = ("Waits for somebody", "held") if on else (RUN_WORDS[run.status], RUN_COLOURS[run.status])
    return Row(run, word, colour, begun_by(run), lasted(run, now))


def overview(rows: Sequence[Row], process: str | None) -> str:
    """The first sentence of the list."""
    of = f" of {process}" if process else ""
    counts = Counter(row.word for row in rows)
    for word, one, many in _FIRST:
        if n := counts[word]:
            return f"{n} run{'' if n == 1 else 's'}{of} {one if n == 1 else many}."
    return f"Nothing{of} is under way." if rows else f"No run{of} yet."


_FIRST = (
    ("Waits for somebody", "waits for somebody", "wait for somebody"),
    ("Under way", "is under way", "are under way"),
    ("Waits to begin", "waits to begin", "wait to begin"),
)


def standing(run: Run, plan: Plan, steps: Sequence[RunStep], asked: Sequence[str], now: datetime) -> Standing:
    """How a run stands. `asked`: the steps that wait for a person's approval."""
    whole, items = {each.step: each for each in steps if each.item is None}, _items(steps)
    all_steps = [*plan.steps, *plan.last]
    marks = {
        id: _mark(run, whole.get(id), whole.get(taken_back_as(id)), asked, items.get(id, Counter()))
        for id in (step.id for step in all_steps)
    }
    names = {step.id: title_of(step) for step in all_steps}
    return Standing(
        sentence=_sentence(run, marks, names, now),
        lines=[_line(step, marks[step.id], whole.get(step.id)) for step in all_steps],
        parts=_parts(marks),
        marks=marks,
        troubles=troubles(run, plan, steps, names),
        left=[(names.get(each.step, each.step), left) for each in steps for left in each.left][:_MOST],
        actions=actions(run),
        token=_token(run, steps, asked),
        poll=(1 if len(steps) <= _FEW else 5) if run.status in RUN_UNDER_WAY else None,
    )


def actions(run: Run) -> list[Action]:
    """What can be done about it now."""
    if run.status in RUN_UNDER_WAY:
        if run.cancelled_by:
            return ["skip"]
        return ["resume" if run.paused_by else "pause", "cancel", "skip"]
    return ["retry", "undo"] if run.parent is None else ["retry"]


def _mark(run: Run, step: RunStep | None, undone: RunStep | None, asked: Sequence[str], items: Counter[str]) -> Mark:
    if step is None:
        return _NOT_BEGUN
    if undone and undone.status == "done" and undone.attempt >= step.attempt:
        return _TAKEN_BACK
    if _is_due(run, step):
        return _DUE
    if step.step in asked:
        return _APPROVAL
    more = f"{items['done']:,} of {step.items:,}" if step.items else ""
    if items["asking"]:
        return Mark("an item asks a person", "asking", "held", more)
    return Mark(STEP_WORDS[step.status], step.status, STEP_COLOURS[step.status], more)


def _is_due(run: Run, step: RunStep) -> bool:
    """Whether an earlier attempt's end of it does not count any more."""
    before = step.attempt < run.attempt and run.status in RUN_UNDER_WAY
    return before and (step.status != "done" or step.step in run.again)


def _items(steps: Iterable[RunStep]) -> dict[str, Counter[str]]:
    """Of loops, how many items are in which state."""
    found: dict[str, Counter[str]] = {}
    for each in steps:
        if each.item is not None:
            found.setdefault(each.step, Counter())[each.status] += 1
    return found


def _line(declared: Step, mark: Mark, step: RunStep | None) -> Line:
    about = (declared.id, title_of(declared), declared.type, mark)
    if step is None:
        return Line(*about, "", 0, 0.0, 0.0, None, "")
    seconds, cpu = (sum(getattr(each, name) for each in step.tries) for name in ("seconds", "cpu_seconds"))
    peak = max((each.peak_bytes for each in step.tries if each.peak_bytes), default=None)
    far = step.progress if step.status == "running" else None
    said = f"{far.done:,}{f' of {far.total:,}' if far.total else ''} {far.unit}" if far else ""
    return Line(*about, step.why, step.tried, seconds, cpu, peak, said)


def _parts(marks: Mapping[str, Mark]) -> list[dict[str, Any]]:
    """The bar: how many steps stand how."""
    counts = Counter((mark.word, mark.colour if mark.icon != "none" else "rest") for mark in marks.values())
    ranked = sorted(counts.items(), key=lambda each: (each[0][0] != "done", each[0][1] == "rest", each[0]))
    return [{"label": word, "colour": colour, "n": n} for (word, colour), n in ranked]


def _sentence(run: Run, marks: Mapping[str, Mark], names: Mapping[str, str], now: datetime) -> str:
    done = sum(mark.word == "done" for mark in marks.values())
    far = f"{done:,} of {len(marks):,} steps {'is' if done == 1 else 'are'} done"
    on = {
        icon: [names[id] for id, mark in marks.items() if mark.icon == icon] for icon in ("asking", "running", "failed")
    }
    why = f": {run.reason}" if run.reason else ""
    if run.status == "done":
        again = f", at the {_nth(run.attempt)} attempt" if run.attempt > 1 else ""
        return f"Done in {lasted(run, now)}{again}."
    if run.status == "failed":
        where = f"It stopped at “{on['failed'][0]}”" if on["failed"] else "It failed"
        return f"{where}; {far}." if on["failed"] else f"{where}: {run.status_reason or 'nobody knows why'}."
    if run.status == "cancelled":
        return f"Cancelled by {run.cancelled_by or 'somebody'}{why}. {far}."
    if run.cancelled_by:
        return f"It is being cancelled by {run.cancelled_by}{why}."
    if run.paused_by:
        return f"Paused by {run.paused_by}{why}. {far}."
    if on["asking"]:
        return f"It waits for somebody at “{on['asking'][0]}”; {far}."
    if run.status == "waiting":
        return (
            "It waits for its turn: another run with the same key is under way." if run.key else "It is about to begin."
        )
    now_on = f"; now: {', '.join(on['running'][:3])}" if on["running"] else ""
    return f"{far}{now_on}."


def _nth(n: int) -> str:
    return {2: "second", 3: "third"}.get(n, f"{n}th")


def _token(run: Run, steps: Sequence[RunStep], asked: Sequence[str]) -> str:
    """Changes whenever the live part would; its beginning, up to the colon, whenever the whole page would."""
    asking = "".join(sorted(asked)) + "".join(sorted(each.step for each in steps if each.status == "asking"))
    whole = f"{run.status}-{run.attempt}-{bool(run.paused_by):d}{bool(run.cancelled_by):d}-{asking}"
    counts = Counter(f"{each.status}" for each in steps)
    far = sum(each.progress.done for each in steps if each.progress)
    return f"{whole}:{'-'.join(f'{status}.{n}' for status, n in sorted(counts.items()))}-{far}"
