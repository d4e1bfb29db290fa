"""Messages that are to leave once more, because they were proved never to have left or a person wants it: to whom they
still go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from shared.agents.journeys.known import Looked
from shared.domain.campaign import JourneyMail
from shared.domain.journey import Plan
from shared.domain.journey_steps import Stands
from shared.domain.names import Kind
from shared.domain.position import LEFT, Position, position_id
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import LedgerRow, Ports

_TOGETHER = 396
_WENT_TO_THE_END = (f"{LEFT}.end", f"{LEFT}.stop")


class Sorted(NamedTuple):
    """`leaves`: their readers have gone on; `held`: their readers have left the journey. A message whose reader rests
    at it is in neither: it leaves when that reader is taken on."""

    leaves: list[LedgerRow]
    held: list[LedgerRow]


def sort(ports: Ports, scope: Scope, plan: Plan, steps: Stands, mail: JourneyMail, rows: Sequence[LedgerRow]) -> Sorted:
    """Whoever answered, booked, bought or opted out does not get it, be it that they left long ago or just now; nor
    does whoever has come in anew since. Whom an erasure took out the gate knows."""
    found = Sorted([], [])
    for first in range(0, len(rows), _TOGETHER):
        batch = rows[first : first + _TOGETHER]
        positions = _positions(ports, scope, plan.journey, batch)
        looked = Looked(ports, scope, plan, steps, list(positions.values()))
        for row in batch:
            fate = _fate(row, positions.get(row.contact), mail, looked)
            if fate != "rests":
                (found.leaves if fate == "leaves" else found.held).append(row)
    return found


def _positions(ports: Ports, scope: Scope, journey: str, rows: Sequence[LedgerRow]) -> dict[str, Position]:
    ids = [position_id(journey, row.contact) for row in rows]
    page = ports.documents.find(scope, Kind.POSITION, [Filter("id", "in", ids)], limit=len(ids))
    return {each.body["contact"]: Position.model_validate(each.body) for each in page.documents}


def _fate(
    row: LedgerRow, position: Position | None, mail: JourneyMail, looked: Looked
) -> Literal["leaves", "held", "rests"]:
    if position is None:
        return "leaves"
    time_through = row.shard % mail.rounds + 1
    taken_out = position.next_at is None and position.stands not in _WENT_TO_THE_END
    if position.entry != time_through or taken_out or looked.of(position).stop:
        return "held"
    return "rests" if position.step == mail.mail and mail.mail not in position.had else "leaves"
