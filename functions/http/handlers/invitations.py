"""The page behind a link that lets somebody in. Following it decides nothing; its button uses it up."""

from __future__ import annotations

from html import escape

from pydantic import BaseModel, ConfigDict, ValidationError

from functions.http.handlers.html import HTML
from functions.http.handlers.links import link_of, nowhere
from functions.http.handlers.members import places
from functions.http.handlers.session import is_secure
from shared.access import members, session
from shared.access.call import Answer, Call
from shared.access.principal import Request, check_same_origin
from shared.access.problem import Refusal, rejected
from shared.domain.actor_names import OwnName
from shared.domain.links import Link
from shared.domain.member import Member
from shared.web.members import MAY, role_with_article
from shared.web.pages import POLICY
from shared.web.plain import plain_page

_QUIET = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}
"""Whoever has the link is let in: nothing hands it on. To ourselves the origin is told, for we ask for it."""
_FIELD = (
    "width:100%;box-sizing:border-box;height:auto;font:inherit;padding:.6rem .8rem;border-radius:10px;border:1px solid;"
    "background:transparent;color:inherit"
)
_FORM = """<form method="post"><label class="ask" for="name">Your name</label>
<input id="name" name="name" maxlength="60" required autocomplete="name" value="{name}" style="{field}">
<button>Come in</button></form>
<p style="font-size:.85rem">You will be signed in on this device. The link works once and is yours alone.</p>
"""
_WELCOME = """<p><a href="/" style="display:inline-block;padding:.6rem 1.4rem;border-radius:10px;text-decoration:none;
 background:var(--accent);color:var(--on-accent)">On to Baton</a></p>
<h2>Your token</h2>
<p>It signs you in on another device, or from a program on your own. It is shown this once: keep it where you keep
passwords, or ask for a new link when you need one.</p>
<p class="words" id="token" style="font-family:ui-monospace,monospace;overflow-wrap:anywhere">{token}</p>
"""


class _Accepted(BaseModel):
    """What is filled in."""

    model_config = ConfigDict(extra="forbid")

    name: OwnName


def show(call: Call) -> Answer[str]:
    """Who is let in, where and as what."""
    link = link_of(call, "i")
    if link is None:
        return nowhere()
    member = members.opened(call.ports, link)
    return _page(_question(call, link, member)) if member else _ended()


def accept(call: Call) -> Answer[str]:
    """Come in: a session for this browser, and a token that is shown this once."""
    check_same_origin(Request(call.method, call.url, call.headers))
    link = link_of(call, "i")
    if link is None:
        return nowhere()
    try:
        given = _Accepted.model_validate({"name": call.form.get("name", "")})
        found = members.accept(call.ports, link, given.name)
    except ValidationError as error:
        raise rejected(error, "form") from None
    except Refusal as refused:
        if refused.problem.status != 410:
            raise
        return _ended()
    welcome = plain_page(
        f"Welcome, {found.member.name}",
        "You are signed in on this device for two weeks.",
        content=_WELCOME.format(token=escape(found.token)),
    )
    cookie = session.set_cookie(found.session, is_secure(call), members.LIFE)
    return Answer(welcome, content_type=HTML, headers={**_QUIET, "Set-Cookie": cookie}, shown_once=True)


def _question(call: Call, link: Link, member: Member) -> str:
    where = places(call, link.scope.tenant, member)
    said = f"To work together on {where}, as {role_with_article(member.role)}: you {MAY[member.role]}."
    return plain_page("You are invited", said, content=_FORM.format(name=escape(member.name), field=_FIELD))


def _ended() -> Answer[str]:
    said = "It was used, taken back, or is too old. Ask whoever sent it for a new one."
    return _page(plain_page("This link opens no more", said), 410)


def _page(content: str, status: int = 200) -> Answer[str]:
    return Answer(content, status=status, content_type=HTML, headers=_QUIET)
