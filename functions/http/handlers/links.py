"""Signed links in messages. Whoever follows one has no login; whatever the token, nothing is revealed (rules U1-U5)."""

from __future__ import annotations

import base64

from shared.access.call import Answer, Call
from shared.agents import analyze, contacts
from shared.agents.contacts.consents import Trace
from shared.domain.links import Link, Purpose, verify, with_click
from shared.domain.machine import is_simulated
from shared.logs import log
from shared.web.plain import plain_page

HTML = "text/html; charset=utf-8"
_PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


def ask_unsubscribe(call: Call) -> Answer[str]:
    """A page with a button: scanners follow links, so following one decides nothing (rule U2)."""
    sentence = "Press the button and no further message will be sent to you."
    return Answer(plain_page("Unsubscribe", sentence, button="Unsubscribe"), content_type=HTML)


def unsubscribe(call: Call) -> Answer[str]:
    """Unsubscribe at once, whatever the form says (RFC 8058 sends List-Unsubscribe=One-Click)."""
    link = link_of(call, "u")
    if link:
        contacts.unsubscribe(call.ports, link, is_simulated(call.headers.get("user-agent", "")), trace(call))
    page = plain_page("You are unsubscribed", "No further message will be sent to you.")
    return Answer(page, content_type=HTML)


def opened(call: Call) -> Answer[bytes]:
    """One transparent point; that it was fetched is counted."""
    link = link_of(call, "o")
    if link:
        _track(call, link)
    return Answer(_PIXEL, content_type="image/gif", headers={"Pragma": "no-cache"})


def clicked(call: Call) -> Answer[str]:
    """On to where the approved message pointed; the click is counted.

    An address that leaves the place for it (`baton_click=`) gets the token, so that an order can name it."""
    link = link_of(call, "c")
    target = analyze.click_target(call.ports, link) if link else None
    if link is None or target is None:
        return nowhere()
    _track(call, link)
    return Answer("", status=302, content_type=HTML, headers={"Location": with_click(target, call.path["token"])})


def nowhere() -> Answer[str]:
    """The same for every token that is not ours: forged, cut, of another purpose, or signed with a key of long ago."""
    return Answer(plain_page("Not found", "This link leads nowhere."), status=404, content_type=HTML)


def trace(call: Call) -> Trace:
    """Who asked, for the evidence. The front end appends the address that it saw; what comes before is anybody's."""
    ip = call.headers.get("x-forwarded-for", "").rpartition(",")[2].strip() or None
    return Trace(ip, call.headers.get("user-agent") or None)


def link_of(call: Call, purpose: Purpose) -> Link | None:
    """The link behind the request's token, if it is one of ours for this purpose."""
    return verify(call.path["token"], purpose, call.ports.keys.link)


def _track(call: Call, link: Link) -> None:
    try:
        analyze.track(call.ports, link, call.headers.get("user-agent", ""), call.method)
    except Exception:  # a reader gets the picture and the page even if nobody can count
        log().error("not counted", route=link.purpose, scope=str(link.scope), exc_info=True)
