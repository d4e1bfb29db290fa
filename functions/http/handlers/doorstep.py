"""What a client sees behind the link of an invoice: what it says, its PDF, how it is paid."""

from __future__ import annotations

from functions.http.handlers.html import HTML
from functions.http.handlers.invoices import pdf_answer
from functions.http.handlers.links import link_of, nowhere
from shared.access.call import Answer, Call
from shared.agents.books import invoices, paper
from shared.agents.books import terms as billing
from shared.domain.faults import Missing
from shared.web.doorstep import invoice_page
from shared.web.pages import POLICY
from shared.web.plain import plain_page

QUIET = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
"""Whoever has the link has what is behind it: nothing hands the link on."""


def show(call: Call) -> Answer[str | bytes]:
    """The invoice behind a link, as a page or (`?format=pdf`) as PDF. Following it changes nothing."""
    link = link_of(call, "n")
    if link is None:
        gone = nowhere()
        return Answer(gone.body, gone.status, gone.content_type, gone.headers)
    try:
        found = invoices.get(call.ports, link.scope, link.campaign)
    except Missing:
        said = plain_page("This link has ended", "Ask whoever sent it to you for a new one.")
        return Answer(said, status=410, content_type=HTML, headers=QUIET)
    if call.query.get("format") == "pdf":
        shown = pdf_answer(paper.pdf(call.ports, link.scope, found), found)
        return Answer(shown.body, content_type="application/pdf", headers={**QUIET, **shown.headers})
    instead = invoices.replacing(call.ports, link.scope, found.id) if found.cancelled_by else None
    page = invoice_page(found, billing.today(call.ports), instead.number if instead else "")
    return Answer(page, content_type=HTML, headers=QUIET)
