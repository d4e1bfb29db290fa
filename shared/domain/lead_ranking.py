"""What other criteria would do to the order of leads, before they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict

SHOWN = 20
"""Of so many at the top it is said who comes and who goes."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Moved(_Strict):
    """A lead whose place changes. Places count from one."""

    id: str
    name: str
    before: int
    after: int
    points_before: float
    points_after: float


class Ranking(_Strict):
    """`moved` of `leads` change their place; `items`: those that are among the first now or then. `whole`: these are
    all the scored leads there are."""

    leads: int
    whole: bool
    moved: int
    items: list[Moved]


def ranking(names: Mapping[str, str], before: Mapping[str, float], after: Mapping[str, float], whole: bool) -> Ranking:
    """Compare two orders of the same leads, the best score first, ties by id."""
    then, now = _places(before), _places(after)
    moved = [
        Moved(id=id, name=names[id], before=then[id], after=now[id], points_before=before[id], points_after=after[id])
        for id in sorted(now, key=now.__getitem__)
        if now[id] != then[id]
    ]
    shown = [each for each in moved if min(each.before, each.after) <= SHOWN]
    return Ranking(leads=len(names), whole=whole, moved=len(moved), items=shown[: 2 * SHOWN])


def _places(points: Mapping[str, float]) -> dict[str, int]:
    order: Sequence[str] = sorted(points, key=lambda id: (-points[id], id))
    return {id: n for n, id in enumerate(order, 1)}
