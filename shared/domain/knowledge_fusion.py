"""Several rankings of the same things become one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from typing import TypeVar

Thing = TypeVar("Thing", bound=Hashable)
_K = 60
"""The constant of the paper: how much less the first place counts than it would alone."""


def fused(rankings: Sequence[Sequence[Thing]]) -> list[tuple[Thing, float]]:
    """Reciprocal rank fusion (Cormack, Clarke and Buettcher, SIGIR 2009): things with their scores, best first. Only
    places count, so that a score of words and an angle between vectors need not be compared."""
    scores: dict[Thing, float] = defaultdict(float)
    for ranking in rankings:
        for place, thing in enumerate(dict.fromkeys(ranking), start=1):
            scores[thing] += 1 / (_K + place)
    return sorted(scores.items(), key=lambda each: -each[1])
