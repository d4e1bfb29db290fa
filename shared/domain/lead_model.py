"""A logistic model over the factors of closed deals: fitted, compared with the score on deals that were held out, and
used only if it is better there (S1.17). Plain Newton steps; a few numbers, no dependency."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from math import exp
from typing import NamedTuple

from shared.domain.lead_criteria import Fit

ENOUGH = 200
"""Closed deals below which nothing is fitted."""
_RIDGE = 1.0
_STEPS = 25
_BETTER = 0.01


class Closed(NamedTuple):
    """A deal that was won or lost, with the factors that its lead had (None: missing) and its score."""

    id: str
    factors: Mapping[str, float | None]
    score: float
    won: bool


class Comparison(NamedTuple):
    """What came of it, fit for a person; `fit` None: it is not used."""

    says: str
    fit: Fit | None


def compared(deals: Sequence[Closed]) -> Comparison:
    """Fit on three quarters, look at the last one (by the hash of the id), use it only if it sorts better there and is
    calibrated."""
    won = sum(each.won for each in deals)
    if len(deals) < ENOUGH:
        return Comparison(f"{len(deals)} closed deals; below {ENOUGH} the score alone is used.", None)
    if min(won, len(deals) - won) < 20:
        return Comparison(f"{won} of {len(deals)} were won: of each kind 20 are needed.", None)
    held = [each for each in deals if _held_out(each.id)]
    fit = fitted([each for each in deals if not _held_out(each.id)], held)
    figures = (
        f"on {fit.held_out} deals held out: AUC {fit.auc:.3f} of the model, {fit.auc_of_score:.3f} of the score; "
        f"calibration off by {fit.calibration:.3f}"
    )
    if fit.auc < fit.auc_of_score + _BETTER or fit.calibration > 0.1:
        return Comparison(f"The score alone is used: the model is not better ({figures}).", None)
    return Comparison(f"The model is used: it is better ({figures}).", fit)


def fitted(train: Sequence[Closed], held: Sequence[Closed]) -> Fit:
    """Penalised maximum likelihood; a missing factor counts as the mean of those that are known."""
    names = sorted({name for each in train for name in each.factors})
    means = {name: _mean([v for each in train if (v := each.factors.get(name)) is not None]) for name in names}
    rows = [_row(each, names, means) for each in train]
    beta = _newton(rows, [each.won for each in train])
    chances = [_chance(beta, _row(each, names, means)) for each in held]
    outcomes = [each.won for each in held]
    return Fit(
        intercept=round(beta[0], 6),
        weights={name: round(value, 6) for name, value in zip(names, beta[1:], strict=True)},
        means={name: round(value, 6) for name, value in means.items()},
        deals=len(train) + len(held),
        held_out=len(held),
        auc=round(auc(chances, outcomes), 4),
        auc_of_score=round(auc([each.score for each in held], outcomes), 4),
        calibration=round(calibration(chances, outcomes), 4),
    )


def auc(values: Sequence[float], won: Sequence[bool]) -> float:
    """How often one that was won stands above one that was lost; ties count half (Mann and Whitney)."""
    order = sorted(range(len(values)), key=lambda n: values[n])
    ranks = [0.0] * len(values)
    at = 0
    while at < len(order):
        end = at
        while end < len(order) and values[order[end]] == values[order[at]]:
            end += 1
        for n in order[at:end]:
            ranks[n] = (at + end + 1) / 2
        at = end
    wins = sum(won)
    losses = len(won) - wins
    if not wins or not losses:
        return 0.5
    return (sum(rank for rank, each in zip(ranks, won, strict=True) if each) - wins * (wins + 1) / 2) / (wins * losses)


def calibration(chances: Sequence[float], won: Sequence[bool], bins: int = 5) -> float:
    """Expected calibration error over bins of equally many."""
    order = sorted(range(len(chances)), key=lambda n: chances[n])
    off = 0.0
    for n in range(bins):
        part = order[n * len(order) // bins : (n + 1) * len(order) // bins]
        if part:
            off += abs(sum(chances[each] for each in part) - sum(won[each] for each in part))
    return off / max(1, len(order))


def _held_out(id: str) -> bool:
    return hashlib.sha256(id.encode()).digest()[0] % 4 == 0


def _row(deal: Closed, names: Sequence[str], means: Mapping[str, float]) -> list[float]:
    given = (deal.factors.get(name) for name in names)
    return [1.0, *(means[name] if value is None else value for name, value in zip(names, given, strict=True))]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _chance(beta: Sequence[float], row: Sequence[float]) -> float:
    total = sum(b * x for b, x in zip(beta, row, strict=True))
    return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


def _newton(rows: Sequence[Sequence[float]], won: Sequence[bool]) -> list[float]:
    width = len(rows[0])
    beta = [0.0] * width
    for _ in range(_STEPS):
        gradient = [-_RIDGE * b if n else 0.0 for n, b in enumerate(beta)]
        hessian = [[_RIDGE if n == m and n else 0.0 for m in range(width)] for n in range(width)]
        for row, each in zip(rows, won, strict=True):
            p = _chance(beta, row)
            for n, x in enumerate(row):
                gradient[n] += (each - p) * x
                for m in range(n + 1):
                    hessian[n][m] += p * (1 - p) * x * row[m]
        for n in range(width):
            for m in range(n):
                hessian[m][n] = hessian[n][m]
        step = _solved(hessian, gradient)
        beta = [b + s for b, s in zip(beta, step, strict=True)]
        if max(map(abs, step)) < 1e-9:
            break
    return beta


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Gauss with the largest pivot; a column without one counts for nothing."""
    size = len(right)
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for n in range(size):
        best = max(range(n, size), key=lambda m: abs(rows[m][n]))
        rows[n], rows[best] = rows[best], rows[n]
        if abs(rows[n][n]) < 1e-12:
            rows[n][n] = 1.0
            continue
        for m in range(n + 1, size):
            share = rows[m][n] / rows[n][n]
            rows[m] = [a - share * b for a, b in zip(rows[m], rows[n], strict=True)]
    found = [0.0] * size
    for n in reversed(range(size)):
        found[n] = (rows[n][size] - sum(rows[n][m] * found[m] for m in range(n + 1, size))) / rows[n][n]
    return found
