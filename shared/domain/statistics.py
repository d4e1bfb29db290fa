"""The few statistics that reports need: how sure is a rate, and is one rate really above another?"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

CONFIDENCE = 0.95
FLOOR = 100
"""Fewer than this many people in a group, and nothing is said about a difference."""


@dataclass(frozen=True)
class Proportion:
    """`count` of `of` people."""

    count: int
    of: int

    @property
    def value(self) -> float:
        return self.count / self.of if self.of else 0.0


class Interval(NamedTuple):
    """Where the true value lies, with the confidence asked for."""

    low: float
    high: float


def wilson(proportion: Proportion, confidence: float = CONFIDENCE) -> Interval:
    """Wilson's score interval of a rate (E. B. Wilson, 1927); sound for small numbers and for 0 and 100 %.

    Nobody asked: the interval is everything, 0 to 1."""
    count, of = proportion.count, proportion.of
    if of == 0:
        return Interval(0.0, 1.0)
    z = _z(confidence)
    centre = (count + z * z / 2) / (of + z * z)
    half = z / (of + z * z) * sqrt(count * (of - count) / of + z * z / 4)
    low = 0.0 if count == 0 else max(0.0, centre - half)
    return Interval(low, 1.0 if count == of else min(1.0, centre + half))


def difference(one: Proportion, other: Proportion, confidence: float = CONFIDENCE) -> Interval:
    """The interval of `one - other`, built from both Wilson intervals (R. G. Newcombe, 1998, method 10)."""
    gap = one.value - other.value
    (low1, high1), (low2, high2) = wilson(one, confidence), wilson(other, confidence)
    below = sqrt((one.value - low1) ** 2 + (high2 - other.value) ** 2)
    above = sqrt((high1 - one.value) ** 2 + (other.value - low2) ** 2)
    return Interval(gap - below, gap + above)


def ahead(one: Proportion, other: Proportion, comparisons: int = 1) -> bool | None:
    """Is `one` truly above `other`? None below the sample floor: not enough data to say either.

    With several comparisons at once each is held to a stricter confidence (Bonferroni), so that many variants do not
    make a winner by chance."""
    if min(one.of, other.of) < FLOOR:
        return None
    return difference(one, other, 1 - (1 - CONFIDENCE) / comparisons).low > 0


def _z(confidence: float) -> float:
    return NormalDist().inv_cdf(1 - (1 - confidence) / 2)
