"""What has got worse than it was in the time before: shares by Newcombe's interval, times by Welch's standard error,
each held to the stricter confidence that so many comparisons at once need (Bonferroni)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

from shared.domain.figures import lasted, percent
from shared.domain.run_compliance import Worse
from shared.domain.statistics import CONFIDENCE, Proportion, difference
from shared.process.audit.tally import Mean, Tally

FEWEST = 20
"""Runs (or rows) on either side; with fewer nothing is said."""
NOTABLE = 1.5
"""Times as much: what is less may be beyond chance, and still nobody's concern."""


class _Shares(NamedTuple):
    process: str
    what: str
    now: Proportion
    before: Proportion


class _Times(NamedTuple):
    process: str
    now: Mean
    before: Mean


def worse(now: Mapping[str, Tally], before: Mapping[str, Tally]) -> tuple[list[Worse], int]:
    """By process, what stands out most first; and how many comparisons there were enough runs for."""
    shares = [each for name in now if name in before for each in _shares(name, now[name], before[name])]
    shares = [each for each in shares if min(each.now.of, each.before.of) >= FEWEST]
    times = [_Times(name, now[name].mean(), before[name].mean()) for name in now if name in before]
    times = [each for each in times if min(each.now.n, each.before.n) >= FEWEST]
    compared = len(shares) + len(times)
    confidence = 1 - (1 - CONFIDENCE) / max(1, compared)
    found = [_of_shares(each) for each in shares if _is_more(each, confidence)]
    found += [_of_times(each) for each in times if _is_longer(each, confidence)]
    return sorted(found, key=lambda each: each.now / each.before if each.before else 1e9, reverse=True), compared


def _shares(name: str, now: Tally, before: Tally) -> Iterator[_Shares]:
    def share(what: str, count: str, of: str = "runs") -> _Shares:
        pair = (Proportion(each.counts[count], each.counts[of]) for each in (now, before))
        return _Shares(name, what, *pair)

    failed = (Proportion(each.states["failed"], each.counts["runs"]) for each in (now, before))
    yield _Shares(name, "runs that failed", *failed)
    yield share("runs that were late", "breached")
    yield share("rows in quarantine", "quarantined", "received")
    for step in sorted({*now.failed_in, *before.failed_in}):
        pair = (Proportion(each.failed_in[step], each.counts["runs"]) for each in (now, before))
        yield _Shares(name, f"runs in which step {step} failed at least once", *pair)


def _is_more(each: _Shares, confidence: float) -> bool:
    notable = each.now.value >= NOTABLE * each.before.value
    return notable and difference(each.now, each.before, confidence).low > 0


def _is_longer(each: _Times, confidence: float) -> bool:
    error = sqrt(each.now.variance + each.before.variance)
    beyond = NormalDist().inv_cdf(1 - (1 - confidence) / 2) * error
    return each.now.value >= NOTABLE * each.before.value and each.now.value - each.before.value > max(beyond, 1.0)


def _of_shares(each: _Shares) -> Worse:
    now, before = each.now, each.before
    text = (
        f"{each.process}: {each.what} {percent(now.value)} ({now.count:,} of {now.of:,}), "
        f"before {percent(before.value)} ({before.count:,} of {before.of:,})"
    )
    return Worse(
        process=each.process, what=each.what, now=now.value, before=before.value, of_now=now.of, of_before=before.of,
        text=text,
    )  # fmt: skip


def _of_times(each: _Times) -> Worse:
    now, before = each.now, each.before
    text = (
        f"{each.process}: takes {lasted(now.value)} on average ({now.n:,} runs), "
        f"before {lasted(before.value)} ({before.n:,})"
    )
    return Worse(
        process=each.process, what="seconds", now=round(now.value, 3), before=round(before.value, 3), of_now=now.n,
        of_before=before.n, text=text,
    )  # fmt: skip
