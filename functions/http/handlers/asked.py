"""Somebody without a login is asked to approve a campaign; and the page behind their link."""

from __future__ import annotations

from pydantic import ValidationError

from functions.flows import doorbells
from functions.http.handlers.html import HTML, see
from functions.http.handlers.links import link_of, nowhere
from shared.access.call import Answer, Call, Listing
from shared.access.problem import rejected
from shared.agents import campaigns
from shared.agents.campaigns import ask as asking
from shared.domain.approval import ApprovalRequest
from shared.domain.asked import AskedShown, AskRequest
from shared.domain.faults import Conflict
from shared.web.asked import question_page
from shared.web.pages import POLICY
from shared.web.plain import plain_page

_QUIET = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
"""Whoever has the link may decide: nothing hands the link on."""
_SAID = {"approve": "Approved", "reject": "Rejected", "changes": "Changes asked for"}


def ask(call: Call, body: AskRequest) -> Answer[AskedShown]:
    """Ask a colleague or client to decide, by a mail with a link.

    It shows exactly what is sealed. Half-way they are reminded once; when their time is over, whoever comes `then` is
    asked."""
    return Answer(asking.ask(call.ports, call.scope, call.path["id"], call.principal, body), status=201)


def listing(call: Call) -> Answer[Listing[AskedShown]]:
    """Who was asked, and what became of it, the newest first."""
    return Answer(Listing(items=asking.asked_about(call.ports, call.scope, call.path["id"])))


def take_back(call: Call) -> Answer[AskedShown]:
    """From now on the link leads nowhere."""
    return Answer(asking.take_back(call.ports, call.scope, call.path["id"], call.principal, call.path["asked"]))


def ask_form(call: Call) -> Answer[str]:
    """The same from the campaign's page."""
    found = campaigns.get(call.ports, call.scope, call.path["id"])
    given = {name: text for name, text in call.form.items() if text.strip()}
    try:
        body = AskRequest.model_validate(given)
    except ValidationError as error:
        raise rejected(error, "form") from None
    asking.ask(call.ports, call.scope, found.id, call.principal, body)
    return see(f"/campaigns/{found.id}#asked")


def take_back_form(call: Call) -> Answer[str]:
    """The same from the campaign's page."""
    asking.take_back(call.ports, call.scope, call.path["id"], call.principal, call.form.get("asked", ""))
    return see(f"/campaigns/{call.path['id']}#asked")


def show(call: Call) -> Answer[str]:
    """What is sealed, as whoever was asked sees it. Following the link decides nothing."""
    link = link_of(call, "a")
    if link is None:
        return nowhere()
    seen = asking.opened(call.ports, link)
    return _ended() if seen is None else _page(question_page(seen.campaign, seen.approval, seen.drafts))


def decide(call: Call) -> Answer[str]:
    """The decision of whoever holds the link, about exactly what they saw."""
    link = link_of(call, "a")
    if link is None:
        return nowhere()
    seen = asking.opened(call.ports, link)
    if seen is None:
        return _ended()
    given = {name: text for name, text in call.form.items() if name in ("decision", "digest", "comment") and text}
    try:
        wanted = ApprovalRequest.model_validate(given)
    except ValidationError as error:
        raise rejected(error, "form") from None
    try:
        decided = asking.answer(call.ports, link, seen, wanted)
    except Conflict as why:
        return _page(plain_page("Not decided", f"{why.error.reason}."), 409)
    done = plain_page(_SAID[wanted.decision], "Thank you. You can close this page.")
    return Answer(done, content_type=HTML, headers=_QUIET, ring=doorbells(link.scope, decided))


def _ended() -> Answer[str]:
    return _page(plain_page("This link has ended", "It was decided, changed or taken back, or is too old."), 410)


def _page(content: str, status: int = 200) -> Answer[str]:
    return Answer(content, status=status, content_type=HTML, headers=_QUIET)
