"""How a run ended, in one sentence."""

from __future__ import annotations

from shared.domain.figures import lasted
from shared.domain.run_figures import RunFigures
from shared.domain.run_summary import RunSummary, StepTold


def sentence(told: RunSummary) -> str:
    """What happened first, then what of it matters."""
    return f"{_end(told)}{_steps(told.figures)}{_rows(told.figures)}.{_late(told)}{_after(told)}"


def _end(told: RunSummary) -> str:
    took = f" after {lasted(told.seconds)}" if told.seconds is not None else ""
    match told.status:
        case "done":
            return f"Done{took}: "
        case "failed":
            return f"Failed{took}: {told.reason or 'nobody knows why'}. "
        case "cancelled":
            return f"Cancelled{took}: {told.reason or 'no reason was given'}. "
        case "waiting":
            return "It has not begun: "
        case _:
            waits = next((each for each in told.steps if each.status in ("asking", "waiting")), None)
            return f"{told.status.capitalize()}{_waits(waits)}: "


def _waits(step: StepTold | None) -> str:
    if step is None:
        return ""
    on = "a person" if step.status == "asking" or step.type == "approve" else "what comes next"
    return f", {step.step} waits for {on}"


def _steps(figures: RunFigures) -> str:
    total = sum(figures.steps.values())
    rest = [
        f"{count:,} {state.replace('-', ' ')}"
        for state, count in sorted(figures.steps.items())
        if count and state != "done"
    ]
    done = f"{figures.steps.get('done', 0):,} of {total:,} steps done"
    return f"{done} ({', '.join(rest)})" if rest else done


def _rows(figures: RunFigures) -> str:
    if not figures.received:
        return ""
    return f"; {figures.received:,} rows read, {figures.quarantined:,} of them in quarantine"


def _late(told: RunSummary) -> str:
    return " It took longer than its plan allows." if told.sla == "breached" else ""


def _after(told: RunSummary) -> str:
    left = [each for step in told.steps for each in step.left]
    parts = []
    if told.status == "failed" and left:
        parts.append(f" What had left by then: {', '.join(left[:3])}{' and more' if len(left) > 3 else ''}.")
    if told.attempt > 1:
        parts.append(f" This was attempt {told.attempt}.")
    if told.undone:
        parts.append(f" It was undone {told.undone} time{'s' if told.undone > 1 else ''} since.")
    return "".join(parts)
