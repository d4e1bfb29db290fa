"""Orders over HTTP."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from functions.http.handlers.html import html
from shared.access.call import Answer, Call, Listing, Paging
from shared.access.upload import filled_in, uploaded
from shared.agents import conversions
from shared.agents.conversions.record import Numbered
from shared.domain.conversion import Basis, Conversion, ConversionRequest, Taken
from shared.domain.revenue import Orders


class DryRunQuery(BaseModel):
    """With `dry_run` nothing is written: it is said what would be."""

    model_config = ConfigDict(extra="forbid")

    dry_run: bool = False


class ConversionQuery(Paging):
    """Those of a campaign, or attributed by a click, by an arrival, or not at all."""

    campaign: str | None = None
    basis: Basis | None = None


def record(call: Call, body: ConversionRequest, query: DryRunQuery) -> Answer[Taken]:
    """Record orders, refunds and corrections, each once by its number; what contradicts the record is refused."""
    rows = [Numbered(n, row) for n, row in enumerate(body.rows, 1)]
    return Answer(conversions.record(call.ports, call.scope, call.principal, rows, dry_run=query.dry_run))


def bring_in(call: Call, body: bytes, query: DryRunQuery) -> Answer[Taken]:
    """The same from a CSV file; errors name the line."""
    rows, faults = conversions.read_orders(body)
    return Answer(conversions.record(call.ports, call.scope, call.principal, rows, faults, query.dry_run))


def listing(call: Call, query: ConversionQuery) -> Answer[Listing[Conversion]]:
    """Orders, newest first, with what each is attributed to and why."""
    items, cursor = conversions.listing(call.ports, call.scope, query.campaign, query.basis, query.limit, query.cursor)
    return Answer(Listing(items=items, cursor=cursor))


def summary(call: Call) -> Answer[Orders]:
    """Every order in exactly one part: a campaign, or why it is attributed to none; the parts add up to the total."""
    return Answer(conversions.orders(call.ports, call.scope))


def page(call: Call) -> Answer[str]:
    """The same as a page."""
    return _page(call, None)


def bring_in_form(call: Call, body: bytes) -> Answer[str]:
    """A file of orders from the page: what would become of its rows, or what became of them."""
    kind = call.headers.get("content-type", "")
    rows, faults = conversions.read_orders(uploaded(body, kind, "file").data)
    dry_run = filled_in(body, kind).get("what") != "take"
    return _page(call, conversions.record(call.ports, call.scope, call.principal, rows, faults, dry_run))


def _page(call: Call, taken: Taken | None) -> Answer[str]:
    return html(call, "orders", here="orders", orders=conversions.orders(call.ports, call.scope), taken=taken)
