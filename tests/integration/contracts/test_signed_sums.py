"""What both sides have signed stands on the money page, to the cent, in the place of what was accepted."""

from __future__ import annotations

from decimal import Decimal

from shared.agents.books import plans, summary
from shared.domain.line_items import billed, totals
from shared.domain.takings import Chosen
from shared.ports import Ports

from .conftest import SCOPE, accepted, begun, sent, sign


def test_signed_is_the_contract_and_its_plan_bills_exactly_that(ports: Ports) -> None:
    _, proposal = accepted(ports)
    made = begun(ports, proposal)
    sent(ports, made.id)
    sign(ports, made.id, "client")
    assert summary.read(ports, SCOPE).total[0].sums["signed"] == 0, "one signature is none"
    sign(ports, made.id, "agency", "Anna Nord")
    once, monthly = (totals(billed(made.content.lines, each), "EUR") for each in ("once", "monthly"))
    [part] = summary.read(ports, SCOPE).total
    assert (part.sums["signed"], part.sums["signed_monthly"]) == (once.gross, monthly.gross)
    assert part.sums["quoted"] == once.gross > Decimal(0)
    [entry, *_] = summary.opened(ports, SCOPE, Chosen(what="signed"))
    assert (entry.kind, entry.id, entry.href) == ("contract", made.id, f"/contracts/{made.id}")
    plan = plans.PLANS.load(ports, SCOPE, made.id)
    parts = [totals(each.lines, "EUR").net for each in plan.instalments if each.key.startswith("part")]
    assert sum(parts) == entry.net
