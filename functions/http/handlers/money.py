"""What was quoted, signed, invoiced, paid and is overdue, over HTTP and as a page."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict

from functions.http.handlers.html import html
from shared.access.call import Answer, Call
from shared.agents.books import summary as books
from shared.domain.payment import STATES
from shared.domain.takings import Chosen, Entry, Takings, total_of
from shared.render.invoice_words import money_text
from shared.web import takings as shown

_COLUMNS = ("quoted", "signed", "invoiced", "paid", "open", "overdue", "cost")


class Opened(BaseModel):
    """The documents of a figure, newest first, and their sum by currency."""

    model_config = ConfigDict(extra="forbid")

    items: list[Entry]
    sums: dict[str, Decimal]


def summary(call: Call) -> Answer[Takings]:
    """The figures in all, by client and by month, each the sum of documents."""
    return Answer(books.read(call.ports, call.scope))


def entries(call: Call, query: Chosen) -> Answer[Opened]:
    """The documents that a figure is the sum of: by what it is, client, month and currency."""
    found = books.opened(call.ports, call.scope, query)
    return Answer(Opened(items=found, sums=total_of(found)))


def table(call: Call, query: Chosen) -> Answer[bytes]:
    """The same as CSV."""
    return _csv(books.listed(books.opened(call.ports, call.scope, query)), "money.csv")


def accountant(call: Call) -> Answer[bytes]:
    """Invoices as CSV for an accountant: a row for each document and rate of VAT."""
    return _csv(books.accountant(call.ports, call.scope), "invoices.csv")


def page(call: Call) -> Answer[str]:
    """The figures as a page; each leads to its documents."""
    found = books.read(call.ports, call.scope)
    words = {"names": shown.NAMES, "columns": _COLUMNS, "drawn": shown.DRAWN, "states": STATES}
    more = {"charts": shown.charts(found.months), "opened": shown.opened, "sum": in_words}
    return html(call, "takings", here="money", takings=found, **words, **more)


def opened(call: Call, query: Chosen) -> Answer[str]:
    """The documents of one figure, and their sum, as a page."""
    found = books.opened(call.ports, call.scope, query)
    said = {"sentence": shown.sentence(query), "query": urlencode(query.model_dump(exclude_none=True))}
    more = {"names": shown.NAMES, "sum": in_words}
    return html(
        call, "takings_opened", here="money", entries=found, totals=total_of(found), chosen=query, **said, **more
    )


def in_words(value: Decimal, currency: str) -> str:
    """1,234.50 EUR."""
    return money_text(value, currency, "en")


def _csv(content: bytes, name: str) -> Answer[bytes]:
    named = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Answer(content, content_type="text/csv; charset=utf-8", headers=named, shows_data=True)
