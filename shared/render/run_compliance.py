"""The compliance report as a paper for an auditor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

from shared.domain.figures import lasted, percent
from shared.domain.run_compliance import ComplianceReport, Span, Totals, VersionTotals
from shared.render.paper import Bar, Cell, Code, Mark, Paper, Part

_MEANING = (
    "Each run counts on the day on which it was taken in, with what came of it by now. Late: it, or an attempt before, "
    "took longer than its plan allows. Errors are tries of steps, most of which were repeated with success. What got "
    "worse: at least 20 runs on either side, half as much again, and beyond chance at 95 % over all comparisons "
    "together. Runs that were removed because their time of storage was over are not in it, nor is anything of their "
    "data. A program at a pinned hash is byte for byte that one; untrusted ones are refused."
)
_OTHERS = ("waiting", "running", "paused")


def compliance_paper(report: ComplianceReport) -> Paper:
    """A summary first, then what is behind it."""
    parts = (
        _worse(report), _versions(report), _errors(report), _failing(report), _approvers(report), _programs(report),
        _journal(report),
    )  # fmt: skip
    broken = report.journal.broken
    return Paper(
        kind="Compliance report of declared processes",
        title=f"{report.process or 'All processes'}, {_day(report.since)} to {_day(report.until)}",
        sentence=report.sentence, tone="bad" if broken or report.worse else "good", facts=list(_facts(report)),
        parts=[each for each in parts if each.rows or each.lead], meaning=_MEANING,
        footer=f"Compliance report, {report.since} to {report.until}, made {_made(report)}",
    )  # fmt: skip


def _day(day: object) -> str:
    return f"{day:%-d %B %Y}"


def _made(report: ComplianceReport) -> str:
    return f"{report.made_at.astimezone(ZoneInfo(report.timezone)):%Y-%m-%d %H:%M} ({report.timezone})"


def _facts(report: ComplianceReport) -> Iterator[tuple[str, Cell]]:
    totals = report.totals
    yield "Made", _made(report)
    yield "Runs", f"{totals.runs:,} = {_states(totals)}; {totals.within:,} of them steps of another run"
    timed = totals.kept + totals.breached
    late = Mark(f"{totals.kept:,} kept, {totals.breached:,} late", "bad" if totals.breached else "plain")
    yield "Times that plans allow", late if timed else "no plan sets one, or no run has ended"
    yield "Begun again", f"{totals.retried:,} attempts beyond the first; {totals.tries:,} tries of steps in all"
    yield "Errors", f"{sum(totals.errors.values()):,} tries failed: {_classes(totals.errors)}"
    rows = f"{totals.received:,} read, {totals.quarantined:,} in quarantine{_share(totals)}"
    yield "Rows", f"{rows}; put right {totals.fixed:,} times"
    yield "Undone", f"{totals.undone:,} times"
    yield "Notices sent", _classes(totals.sent)
    checked = report.journal
    said = f"{checked.runs:,} chains recomputed, {checked.facts:,} facts; {checked.not_holding:,} do not hold"
    yield "Journal", Mark(said, "bad" if checked.broken else "good")
    if checked.not_checked:
        yield "", f"{checked.not_checked:,} more chains were not recomputed; ask for fewer days"


def _states(totals: Totals) -> str:
    return " + ".join(f"{count:,} {state}" for state, count in sorted(totals.states.items())) or "none"


def _classes(counts: Mapping[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return ", ".join(f"{count:,} {name}" for name, count in ordered) or "none"


def _share(totals: Totals) -> str:
    return f" ({percent(totals.quarantined / totals.received)})" if totals.received else ""


def _worse(report: ComplianceReport) -> Part:
    lead = f"Compared with {_day(report.before)} and the days after it, as many as these. "
    lead += f"{report.compared:,} comparisons had enough runs."
    rows = [(each.process, each.text.partition(": ")[2]) for each in report.worse]
    return Part("What got worse", ("Process", "What"), (3, 12), rows, lead)


def _versions(report: ComplianceReport) -> Part:
    head = (
        "Process",
        "Version",
        "Runs",
        "done",
        "failed",
        "cancelled",
        "under way",
        "Late",
        "On average",
        "Quarantine",
    )
    most = max((each.totals.runs for each in report.versions), default=1)
    rows = [_version(each, most) for each in report.versions]
    return Part("Processes and their versions", head, (8, 5, 8, 3, 3, 3, 3, 3, 4, 4), rows, "", (3, 4, 5, 6, 7, 8, 9))


def _version(each: VersionTotals, most: int) -> tuple[Cell, ...]:
    totals = each.totals
    states = totals.states
    under_way = sum(states.get(name, 0) for name in _OTHERS)
    ended = (f"{states.get(name, 0):,}" for name in ("done", "failed", "cancelled"))
    took = lasted(totals.mean_seconds) if totals.mean_seconds is not None else ""
    rate = percent(totals.quarantined / totals.received) if totals.received else ""
    late = f"{totals.breached:,}" if totals.kept + totals.breached else ""
    bar = Bar(totals.runs / most, f"{totals.runs:,}")
    return (each.process, Code(each.version[:12]), bar, *ended, f"{under_way:,}", late, took, rate)


def _errors(report: ComplianceReport) -> Part:
    most = max((sum(each.errors.values()) for each in report.spans), default=0) or 1
    rows = [_span(each, most) for each in report.spans]
    head = ("From", "Runs", "failed", "Tries that failed", "Classes")
    return Part("Errors over time", head, (3, 2, 2, 6, 9), rows, "", (1, 2))


def _span(each: Span, most: int) -> tuple[Cell, ...]:
    errors = sum(each.errors.values())
    bar = Bar(errors / most, f"{errors:,}", "bad")
    return str(each.start), f"{each.runs:,}", f"{each.failed:,}", bar, _classes(each.errors) if errors else ""


def _failing(report: ComplianceReport) -> Part:
    most = max((each.runs for each in report.failing), default=1)
    rows = [
        (each.process, each.step, Bar(each.runs / most, f"{each.runs:,} of {each.of:,}", "bad"),
         _classes(each.errors), each.advice)
        for each in report.failing
    ]  # fmt: skip
    head = ("Process", "Step", "In runs", "Classes", "What may help")
    return Part("Steps that fail most often", head, (4, 4, 6, 5, 10), rows)


def _approvers(report: ComplianceReport) -> Part:
    rows = [
        (each.process, "nobody in time" if each.by == "flow" else each.by, _classes(each.decisions),
         lasted(each.mean_waited), lasted(each.longest_waited))
        for each in report.approvers
    ]  # fmt: skip
    head = ("Process", "By", "Decisions", "Waited on average", "at most")
    return Part("Who approved", head, (5, 4, 6, 3, 3), rows, "", (3, 4))


def _programs(report: ComplianceReport) -> Part:
    rows = [
        (f"{each.process}, {each.step}", Code(each.version[:12]), f"{each.pin.kind} {each.pin.name}",
         Mark(each.pin.trust, "bad" if each.pin.trust == "untrusted" else "plain"), f"{each.runs:,}",
         Code(each.pin.pinned))
        for each in report.programs
    ]  # fmt: skip
    head = ("Step", "Version", "Program", "Trust", "Runs", "Pinned")
    return Part("Programs that these versions run", head, (6, 4, 6, 3, 2, 10), rows, "", (4,))


def _journal(report: ComplianceReport) -> Part:
    rows = [(Code(each.run), Mark(each.problem, "bad")) for each in report.journal.broken]
    return Part("Chains of the journal that do not hold", ("Run", "Problem"), (4, 10), rows)
