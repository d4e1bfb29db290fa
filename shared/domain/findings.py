"""Findings are rules with sample floors: what cannot be known from the numbers is said to be unknown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import comb

from shared.domain.figures import percent, spread
from shared.domain.report import Finding, Funnel, Hour, Slice, rate
from shared.domain.statistics import FLOOR, ahead

HOURS_FLOOR = 100
MACHINES_FLOOR = 50
UNSUBSCRIBE_LIMIT = 0.005
FAILURE_LIMIT = 0.02


def findings(
    funnel: Funnel, variants: Sequence[Slice], segments: Mapping[str, Sequence[Slice]], hours: Sequence[Hour]
) -> list[Finding]:
    """What the numbers say, what asks for action first."""
    made = [
        *_undecided(funnel),
        _failures(funnel),
        _unsubscribes(funnel),
        *_variants(variants),
        *(_segment(dimension, slices, funnel) for dimension, slices in segments.items() if len(slices) > 1),
        _machines(funnel),
        _best_hour(hours),
    ]
    return sorted(made, key=lambda finding: (finding.advice is None, not finding.enough))


def _too_little(rule: str, what: str, n: int, floor: int) -> Finding:
    text = f"Not enough data on {what}: {n} so far, {floor} needed."
    return Finding(rule=rule, n=n, floor=floor, enough=False, text=text)


def _undecided(funnel: Funnel) -> Iterator[Finding]:
    if n := funnel.unknown:
        text = f"{n} {'message' if n == 1 else 'messages'} may or may not have left; none was sent again."
        advice = "Look at the recipients listed as unknown and decide each."
        yield Finding(rule="unknown", n=n, floor=1, enough=True, text=text, advice=advice)


def _failures(funnel: Funnel) -> Finding:
    tried = funnel.sent + funnel.failed
    if tried < FLOOR:
        return _too_little("failures", "failed messages (tried)", tried, FLOOR)
    text, advice = f"{funnel.failed} of {tried} messages were refused for good.", None
    if funnel.failed / tried > FAILURE_LIMIT:
        advice = f"More than {percent(FAILURE_LIMIT)} failed: clean these addresses before the next campaign."
    return Finding(rule="failures", n=tried, floor=FLOOR, enough=True, text=text, advice=advice)


def _unsubscribes(funnel: Funnel) -> Finding:
    if funnel.sent < FLOOR:
        return _too_little("unsubscribes", "unsubscribes (people reached)", funnel.sent, FLOOR)
    share = funnel.unsubscribed / funnel.sent
    text, advice = f"{funnel.unsubscribed} of {funnel.sent} people unsubscribed ({percent(share)}).", None
    if share > UNSUBSCRIBE_LIMIT:
        advice = f"More than {percent(UNSUBSCRIBE_LIMIT)} unsubscribed: narrow the audience or write less often."
    return Finding(rule="unsubscribes", n=funnel.sent, floor=FLOOR, enough=True, text=text, advice=advice)


def _variants(variants: Sequence[Slice]) -> Iterator[Finding]:
    if len(variants) < 2:
        return
    smallest = min(variants, key=lambda each: each.sent)
    if smallest.sent < FLOOR:
        yield _too_little("variants", f"the variants (variant {smallest.name} reached)", smallest.sent, FLOOR)
        return
    best, *others = sorted(variants, key=lambda each: -each.clicked.value)
    pairs = comb(len(variants), 2)
    won = all(ahead(best.clicked.proportion, other.clicked.proportion, pairs) for other in others)
    text, advice = f"No variant is clearly ahead in clicks; {best.name} leads with {spread(best.clicked)}.", None
    if won:
        text = f"Variant {best.name} is ahead in clicks with {spread(best.clicked)}; " + _listed(others) + "."
        advice = f"Write the next one like variant {best.name}."
    yield Finding(rule="variants", n=smallest.sent, floor=FLOOR, enough=True, text=text, advice=advice)


def _listed(others: Sequence[Slice]) -> str:
    return ", ".join(f"{each.name} has {spread(each.clicked)}" for each in others)


def _segment(dimension: str, slices: Sequence[Slice], funnel: Funnel) -> Finding:
    """The group that clicked most, against everyone else together (a person can have several tags)."""
    rule = f"segment-{dimension}"
    large = [each for each in slices if each.sent >= FLOOR and funnel.sent - each.sent >= FLOOR]
    if not large:
        n = max(min(each.sent, funnel.sent - each.sent) for each in slices)
        return _too_little(rule, f"differences by {dimension} (people to compare)", n, FLOOR)
    best = max(large, key=lambda each: each.clicked.value)
    rest = rate(funnel.clicked - best.clicked.count, funnel.sent - best.sent)
    text, advice = f"No {dimension} clicked clearly more than the others.", None
    if ahead(best.clicked.proportion, rest.proportion, len(large)):
        text = f"{best.name} ({dimension}) clicked more: {spread(best.clicked)} against {spread(rest)} elsewhere."
        advice = f"Give {best.name} ({dimension}) a campaign of their own."
    return Finding(rule=rule, n=min(best.sent, rest.of), floor=FLOOR, enough=True, text=text, advice=advice)


def _machines(funnel: Funnel) -> Finding:
    fetched = funnel.opened + funnel.opened_by_machines
    if fetched < MACHINES_FLOOR:
        return _too_little("machines", "machines that open mail (openings)", fetched, MACHINES_FLOOR)
    share = percent(funnel.opened_by_machines / fetched)
    text = f"{funnel.opened_by_machines} of {fetched} openings ({share}) were machines only and are not counted."
    return Finding(rule="machines", n=fetched, floor=MACHINES_FLOOR, enough=True, text=text)


def _best_hour(hours: Sequence[Hour]) -> Finding:
    by_hour = [0] * 24
    for hour in hours:
        by_hour[hour.at.hour] += hour.opened
    opened = sum(by_hour)
    if opened < HOURS_FLOOR:
        return _too_little("hours", "the hours at which people read (openings)", opened, HOURS_FLOOR)
    best = max(range(24), key=by_hour.__getitem__)
    text = f"Most people opened between {best:02d}:00 and {best + 1:02d}:00: {by_hour[best]} of {opened}."
    return Finding(rule="hours", n=opened, floor=HOURS_FLOOR, enough=True, text=text)
