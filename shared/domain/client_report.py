"""A report as it leaves the house: nothing that points at a person, and nothing of what it cost the agency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from shared.domain.conversion import Value
from shared.domain.findings import findings
from shared.domain.money import UNIT
from shared.domain.report import Report, Slice
from shared.domain.revenue import REST, Purse, Revenue, Share, together
from shared.domain.summary import sentences

LEAST = 5
"""Groups of fewer people are not shown: who knows the audience would know whom they mean."""
OTHER = "other_reasons"


def for_client(report: Report) -> Report:
    """Without groups of fewer than five people, alone or told by subtraction; reasons for holding that fewer share are
    one; sentences and findings rest on no more than what is left. Costs stay with the agency."""
    held = reasons(report.funnel.held)
    funnel = report.funnel.model_copy(update={"held": held})
    certificate = report.certificate.model_copy(update={"held": held})
    variants = report.variants if all(each.sent >= LEAST for each in report.variants) else []
    segments = {name: kept for name, each in report.segments.items() if (kept := _slices(name, each, funnel.sent))}
    hours = report.hours if funnel.sent >= LEAST else []
    said = findings(funnel, variants, segments, hours)
    return report.model_copy(
        update={
            "sentences": sentences(certificate, funnel, said, final=report.final, simulated=report.simulated),
            "certificate": certificate,
            "funnel": funnel,
            "variants": variants,
            "segments": segments,
            "hours": hours,
            "findings": said,
            "cost_micros": None,
            "revenue": _revenue(report.revenue, variants, segments) if report.revenue else None,
        }
    )


def reasons(held: Mapping[str, int]) -> dict[str, int]:
    """What fewer than five share is told together: that one person had their data erased is nobody's business."""
    kept = {code: n for code, n in held.items() if n >= LEAST}
    rest = sum(held.values()) - sum(kept.values())
    return kept | ({OTHER: rest} if rest else {})


def _slices(dimension: str, slices: Sequence[Slice], sent: int) -> list[Slice]:
    """Those of five people and more. Where everybody is in one slice at most, what is left over must not tell a small
    one either: then the smallest of those shown goes as well."""
    kept = [each for each in slices if each.sent >= LEAST]
    left = sent - sum(each.sent for each in kept)
    if dimension != "tag" and kept and 0 < left < LEAST:
        kept.remove(min(kept, key=lambda each: each.sent))
    return kept


def _revenue(found: Revenue, variants: Sequence[Slice], segments: Mapping[str, Sequence[Slice]]) -> Revenue:
    shown = {name: _shares(found.segments.get(name, []), each) for name, each in segments.items()}
    return found.model_copy(
        update={
            "variants": _shares(found.variants, variants),
            "segments": {name: each for name, each in shown.items() if each},
            "costs": [],
        }
    )


def _shares(shares: Sequence[Share], slices: Sequence[Slice]) -> list[Share]:
    """Of groups that are shown, with five orders and more; the others are one line, which takes in the smallest of
    those until it has as many, too."""
    names = {each.name for each in slices}
    kept = sorted((each for each in shares if each.name in names and _rows(each) >= LEAST), key=_rows, reverse=True)
    rest = [each for each in shares if each not in kept]
    while rest and kept and sum(map(_rows, rest)) < LEAST:
        rest.append(kept.pop())
    return [*kept, *([Share(name=REST, values=_sum(rest))] if rest else [])] if kept else []


def _rows(share: Share) -> int:
    return sum(each.rows for each in share.values)


def _sum(shares: Sequence[Share]) -> list[Value]:
    return together(map(_purse, shares)).values()


def _purse(share: Share) -> Purse:
    made = Purse()
    for each in share.values:
        made.add(each.currency, int(Decimal(each.value) * UNIT), each.rows)
    return made
