"""The inbox of everything that awaits a person's decision, over HTTP and as a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from functions.flows import doorbells, piece_flow, run_flow
from functions.http.handlers.as_seen import as_seen
from functions.http.handlers.billing import stirred
from functions.http.handlers.budgets import waiting_for_money
from functions.http.handlers.html import html, see
from shared.access.call import Answer, Call, Listing, Paging, Start
from shared.access.problem import Refusal, rejected
from shared.agents import campaigns, pieces
from shared.domain import client_view
from shared.domain.campaign import Campaign
from shared.domain.inbox import Asked, Decided, Decision
from shared.domain.invoice import Invoice
from shared.domain.piece import Piece
from shared.process import inbox
from shared.process.approvals import Answered
from shared.web.inbox import row, sentence

_GIVEN = "given."


def listing(call: Call, query: Paging) -> Answer[Listing[Asked]]:
    """What awaits a decision: by law, budgets that stopped, webhooks, proposals, invoices, campaigns, pieces, steps."""
    items, cursor = inbox.waiting(call.ports, call.scope, query.limit, query.cursor)
    return Answer(Listing(items=asked_of(call, items), cursor=cursor))


def decide(call: Call, body: Decision) -> Answer[Decided]:
    """Answer the question about a campaign or piece, the budget that it waits for, a review, a breach, or of a step."""
    found = _decided(call, body)
    return Answer(inbox.decided(found), start=_flows(call, found), ring=_bells(call, found, body))


def page(call: Call, query: Paging) -> Answer[str]:
    """What waits for a decision."""
    found, cursor = inbox.waiting(call.ports, call.scope, query.limit, query.cursor)
    asked = asked_of(call, found)
    zone = ZoneInfo(call.ports.timezone)
    rows = [row(each, _subject(call, each), zone) for each in asked]
    said = sentence(asked, bool(cursor or query.cursor), "approver" in call.permissions)
    return html(call, "approvals", here="approvals", rows=rows, cursor=cursor, sentence=said)


def asked_of(call: Call, found: list[Asked]) -> list[Asked]:
    """What of it the caller sees: all of it, or, without being a reader, what is theirs to decide, without costs."""
    if "reader" in call.permissions:
        return found
    return [client_view.asked(each) for each in found if inbox.whose(each) in call.permissions]


def form(call: Call) -> Answer[str]:
    """The same decision, from the page."""
    fields = call.form
    to_run = fields.pop("back", "") == "run"
    try:
        given = Decision.model_validate(_of_form(fields))
    except ValidationError as error:
        raise rejected(error, "form") from None
    found = _decided(call, given)
    back = f"/runs/{found.run.id}" if to_run and isinstance(found, Answered) else "/approvals"
    return see(back, start=_flows(call, found), ring=_bells(call, found, given))


def _decided(call: Call, decision: Decision) -> inbox.Decidable:
    wanted = inbox.who(call.ports, call.scope, call.path["subject"], decision)
    if wanted not in call.permissions:
        raise Refusal(403, "forbidden", "role", f"{call.principal} is not {wanted}, which this needs")
    return inbox.decide(call.ports, call.scope, call.path["subject"], call.principal, decision)


def _of_form(fields: Mapping[str, str]) -> dict[str, Any]:
    """The fields of the page; what a step asks for stands under `given.NAME`."""
    told = {name: value for name, value in fields.items() if value.strip()}
    given = {name.removeprefix(_GIVEN): value for name, value in told.items() if name.startswith(_GIVEN)}
    return {**{name: value for name, value in told.items() if not name.startswith(_GIVEN)}, "given": given}


def _subject(call: Call, asked: Asked) -> Campaign | Piece | None:
    if asked.kind == "campaign":
        return as_seen(call, campaigns.get(call.ports, call.scope, asked.subject), client_view.campaign)
    return pieces.get(call.ports, call.scope, asked.subject) if asked.kind == "piece" else None


def _flows(call: Call, found: inbox.Decidable) -> list[Start]:
    return stirred(call.ports, call.scope) if isinstance(found, Invoice) else []


def _bells(call: Call, found: inbox.Decidable, decision: Decision) -> list[str]:
    if decision.decision == "raise":
        return waiting_for_money(call)
    if isinstance(found, Invoice):
        return [each.instance_id for each in _flows(call, found)]
    if isinstance(found, Answered):
        return [run_flow(call.scope, found.run).instance_id]
    if isinstance(found, Campaign):
        return doorbells(call.scope, found)
    return [piece_flow(call.scope, found).instance_id] if isinstance(found, Piece) else []
