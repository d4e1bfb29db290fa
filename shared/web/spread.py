"""Things in a row, each as near as it can be to where it would like to stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Thing(NamedTuple):
    """`wish`: where its middle would like to be; `weight`: how much it would."""

    width: float
    wish: float
    weight: float = 1.0


def spread(things: Sequence[Thing], gap: float, room: float) -> list[float]:
    """The middles, in this order, at least `gap` from one to the next, within 0 … `room` (which must suffice): those
    with the least squares of the distances to the wishes. Isotonic regression by pooling neighbours that are out of
    order (Barlow et al. 1972), in linear time."""
    least = _least(things, gap)
    pools: list[tuple[float, float, int]] = []
    for thing, offset in zip(things, least, strict=True):
        pools.append((thing.wish - offset, thing.weight, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (a, wa, na), (b, wb, nb) = pools[-2:]
            pools[-2:] = [((a * wa + b * wb) / (wa + wb), wa + wb, na + nb)]
    free = room - width_of(things, gap)
    moved = [min(max(at, 0.0), free) for at, _, count in pools for _ in range(count)]
    return [offset + at for offset, at in zip(least, moved, strict=True)]


def width_of(things: Sequence[Thing], gap: float) -> float:
    """The least room that they need."""
    return sum(each.width for each in things) + gap * max(len(things) - 1, 0)


def _least(things: Sequence[Thing], gap: float) -> list[float]:
    """Their middles if all stand as far left as they can."""
    found, left = [], 0.0
    for each in things:
        found.append(left + each.width / 2)
        left += each.width + gap
    return found
