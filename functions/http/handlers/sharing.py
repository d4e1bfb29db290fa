"""A client's link to the report of a campaign: made, taken back, opened."""

from __future__ import annotations

from pydantic import ValidationError

from functions.http.handlers.html import HTML, see
from functions.http.handlers.links import nowhere
from shared.access.call import Answer, Call, Listing
from shared.access.problem import rejected
from shared.agents.analyze import sharing
from shared.domain.links import verify
from shared.domain.share import Shared, ShareRequest
from shared.render.report import page
from shared.web.pages import POLICY
from shared.web.plain import plain_page

_KEPT_QUIET = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
"""Whoever has the link has the report: nothing hands the link on."""


def share(call: Call, body: ShareRequest) -> Answer[Shared]:
    """A new link to the report as a client may see it; whoever has it can read it until it ends or is taken back."""
    return Answer(sharing.share(call.ports, call.scope, call.path["id"], call.principal, body), status=201)


def listing(call: Call) -> Answer[Listing[Shared]]:
    """The links of a campaign, the newest first."""
    return Answer(Listing(items=sharing.shares(call.ports, call.scope, call.path["id"])))


def revoke(call: Call) -> Answer[Shared]:
    """Take a link back: from now on it leads nowhere."""
    return Answer(sharing.revoke(call.ports, call.scope, call.path["id"], call.principal, call.path["share"]))


def share_form(call: Call) -> Answer[str]:
    """The same from the page."""
    given = call.form.get("days", "").strip()
    try:
        asked = ShareRequest.model_validate({"days": given} if given else {})
    except ValidationError as error:
        raise rejected(error, "form") from None
    sharing.share(call.ports, call.scope, call.path["id"], call.principal, asked)
    return see(f"/campaigns/{call.path['id']}#share")


def revoke_form(call: Call) -> Answer[str]:
    """The same from the page."""
    sharing.revoke(call.ports, call.scope, call.path["id"], call.principal, call.form.get("share", ""))
    return see(f"/campaigns/{call.path['id']}#share")


def report(call: Call) -> Answer[str | bytes]:
    """The report behind a client's link, as a page or (`?format=pdf`) as PDF."""
    link = verify(call.path["token"], "s", call.ports.keys.link)
    if link is None:
        gone = nowhere()
        return Answer(gone.body, gone.status, gone.content_type, gone.headers)
    found = sharing.opened(call.ports, link)
    if found is None:
        said = plain_page("This link has ended", "Ask whoever sent it to you for a new one.")
        return Answer(said, status=410, content_type=HTML, headers=_KEPT_QUIET)
    if call.query.get("format") == "pdf":
        content = sharing.handed_over(call.ports, found.scope, found.report)
        named = {"Content-Disposition": 'inline; filename="report.pdf"'}
        return Answer(content, content_type="application/pdf", headers={**_KEPT_QUIET, **named})
    return Answer(page(found.report, pdf="?format=pdf"), content_type=HTML, headers=_KEPT_QUIET)
