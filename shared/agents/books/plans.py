"""Agreed dates become invoices: each instalment one, under an id that follows from plan and key, once for ever."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import uuid_utils

from shared.agents.books import invoices
from shared.agents.books import terms as billing
from shared.agents.records import Records
from shared.domain.faults import FieldError, Rejected
from shared.domain.invoice import Invoice, InvoiceRequest
from shared.domain.invoice_plan import Instalment, Plan, PlanRequest, Schedule, instalments
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Order, Ports, Stale

PLANS = Records(Kind.INVOICE_PLAN, Plan)
_MORNING = time(9)


def agree(ports: Ports, scope: Scope, by: str, request: PlanRequest, id: str = "", contract: str = "") -> Plan:
    """A plan from agreed lines and dates; one of this `id` that is there already is only shown. Raises Conflict without
    terms, Rejected for days that are past: what leaves by itself would leave at once."""
    if id and ports.documents.get(scope, Kind.INVOICE_PLAN, id) is not None:
        return PLANS.load(ports, scope, id)
    terms = billing.required(ports, scope)
    _check_ahead(request.schedule, billing.today(ports))
    currency = request.currency or terms.currency
    made = Plan(
        id=id or uuid_utils.uuid7().hex, deal=request.deal, contract=contract, buyer=request.buyer,
        currency=currency, language=request.language or terms.language,
        instalments=instalments(request.lines, currency, request.schedule),
        created_at=ports.clock.now(), created_by=by,
    )  # fmt: skip
    made.next_at = morning(ports, made.instalments[0].on)
    try:
        ports.documents.put(scope, Kind.INVOICE_PLAN, made.id, made.model_dump(mode="json"))
    except Stale:
        return PLANS.load(ports, scope, made.id)
    ports.journal.append(scope, f"plan/{made.id}", made.created_at, by, "agreed", {"invoices": len(made.instalments)})
    return made


def end(ports: Ports, scope: Scope, by: str, id: str) -> Plan:
    """Make no more invoices of it. Those that are made stay; drafts among them may be thrown away then. Repeatable.
    Raises Missing."""

    def put(found: Plan) -> None:
        found.status, found.next_at = "ended", None

    ended = PLANS.change(ports, scope, id, put)
    ports.journal.append(scope, f"plan/{id}", ports.clock.now(), by, "ended", {})
    return ended


def listing(ports: Ports, scope: Scope, limit: int = 50, cursor: str | None = None) -> tuple[list[Plan], str | None]:
    """Newest first, and the cursor of the next page. Raises Rejected for a wrong one."""
    return PLANS.page(ports, scope, (), Order("created_at", descending=True), limit, cursor)


def make_due(ports: Ports, scope: Scope, now: datetime) -> int:
    """Draft what is due by now, of every plan; how many plans were looked at."""
    due = Filter("next_at", "le", now.isoformat(timespec="seconds").replace("+00:00", "Z"))
    found, _ = PLANS.page(ports, scope, [due], limit=100)
    for each in found:
        _make(ports, scope, each, now)
    return len(found)


def _make(ports: Ports, scope: Scope, plan: Plan, now: datetime) -> None:
    made = {
        each.key: _drafted(ports, scope, plan, each).id
        for each in plan.instalments
        if each.key not in plan.made and morning(ports, each.on) <= now
    }

    def put(found: Plan) -> None:
        found.made |= made
        open_ = [each for each in found.instalments if each.key not in found.made]
        if found.status != "ended":
            found.next_at = morning(ports, open_[0].on) if open_ else None
            found.status = "active" if open_ else "done"

    PLANS.change(ports, scope, plan.id, put)


def _drafted(ports: Ports, scope: Scope, plan: Plan, due: Instalment) -> Invoice:
    """Repeatable: the id follows from plan and instalment."""
    request = InvoiceRequest(
        buyer=plan.buyer, lines=due.lines, supply_from=due.supply_from, supply_to=due.supply_to,
        currency=plan.currency, language=plan.language, deal=plan.deal, purpose=due.title,
    )  # fmt: skip
    more = {"plan": plan.id, "contract": plan.contract, "next_at": ports.clock.now().replace(microsecond=0)}
    return invoices.draft(ports, scope, "schedule", request, f"{plan.id}-{due.key}", **more)


def _check_ahead(schedule: Schedule, today: date) -> None:
    days = {f"schedule.parts[{n}].on": part.on for n, part in enumerate(schedule.parts)}
    if schedule.monthly_from:
        days["schedule.monthly_from"] = schedule.monthly_from
    if past := [FieldError(at, f"{day} is past; bill it by an invoice") for at, day in days.items() if day < today]:
        raise Rejected(*past)


def morning(ports: Ports, day: date) -> datetime:
    """Nine o'clock of that day at home, in UTC."""
    return datetime.combine(day, _MORNING, ZoneInfo(ports.timezone)).astimezone(ZoneInfo("UTC"))
