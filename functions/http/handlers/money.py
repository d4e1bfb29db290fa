"""What was invoiced, came in and is missing, over HTTP and as a page."""

from __future__ import annotations

from functions.http.handlers.html import html
from shared.access.call import Answer, Call
from shared.agents.books import summary as books
from shared.domain.payment import STATES
from shared.domain.takings import Takings
from shared.render.invoice_words import money_text


def summary(call: Call) -> Answer[Takings]:
    """Sums by client and month, each the sum of documents that are named."""
    return Answer(books.read(call.ports, call.scope))


def accountant(call: Call) -> Answer[bytes]:
    """The same as CSV for an accountant: a row for each document and rate of VAT."""
    named = {"Content-Disposition": 'attachment; filename="invoices.csv"'}
    return Answer(
        books.accountant(call.ports, call.scope), content_type="text/csv; charset=utf-8", headers=named, shows_data=True
    )


def page(call: Call) -> Answer[str]:
    """The same as a page; every sum leads to its documents."""
    found = books.read(call.ports, call.scope)
    return html(
        call, "takings", here="money", takings=found, states=STATES, sum=lambda value, of: money_text(value, of, "en")
    )
