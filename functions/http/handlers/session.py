"""Signing in to the pages with a link that works once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import urlsplit

import uuid_utils
from pydantic import BaseModel, Field

from functions.http.handlers.html import HTML, see
from shared.access import members, session
from shared.access.call import Answer, Call
from shared.access.principal import OWNER, Request, check_same_origin
from shared.access.problem import Refusal
from shared.domain.scope import SHARED_WORKSPACE, Scope
from shared.web.pages import POLICY
from shared.web.plain import plain_page


class SignInLink(BaseModel):
    """A link to open in the browser of the person who asked for it."""

    url: str
    expires_at: datetime


class SignInQuery(BaseModel):
    """What the link carries."""

    token: Annotated[str, Field(max_length=1000)]


def new_link(call: Call) -> Answer[SignInLink]:
    """Make a sign-in link; it works once, for 15 minutes. Only for the owner of this machine."""
    if call.principal != OWNER.name:
        reason = "it is for the owner of this machine; others sign in by the platform, or with their own token"
        raise Refusal(403, "forbidden", "role", reason)
    now = call.ports.clock.now()
    token = session.sign_in_token(call.principal, uuid_utils.uuid7().hex, now, call.ports.keys.field)
    at = urlsplit(call.url)
    url = f"{at.scheme}://{at.netloc}/signin?token={token}"
    return Answer(SignInLink(url=url, expires_at=now + session.LINK_LIFE), status=201)


def sign_in(call: Call, query: SignInQuery) -> Answer[str]:
    """Use a sign-in link up and go to the pages, signed in."""
    agency = Scope(OWNER.tenant, SHARED_WORKSPACE)
    now, keys = call.ports.clock.now(), call.ports.keys.field
    cookie = session.set_cookie(session.redeem(call.ports.documents, agency, query.token, now, keys), is_secure(call))
    # A page and not a redirect: after a redirect from elsewhere, a SameSite=Strict cookie is not sent.
    page = plain_page("Signed in", "On to Baton …", forward="/")
    return Answer(page, content_type="text/html; charset=utf-8", headers={"Set-Cookie": cookie})


def sign_in_form(call: Call) -> Answer[str]:
    """A member's token, typed in on another device, becomes a session of this browser."""
    check_same_origin(Request(call.method, call.url, call.headers))
    home = call.ports
    known = members.of_token(home.documents, call.form.get("token", "").strip(), home.tenants, home.clock.now())
    value = members.session(home, known.tenant, known.member.id)
    return see("/", headers={"Set-Cookie": session.set_cookie(value, is_secure(call), members.LIFE)})


def sign_out(call: Call) -> Answer[str]:
    """This browser is signed in no more; a member is in no browser any more, and no copy of the cookie is a session."""
    if call.principal.startswith(members.BY_MEMBER):
        members.end_sessions(call.ports, call.scope.tenant, call.principal.removeprefix(members.BY_MEMBER))
    ended = session.set_cookie("", is_secure(call), timedelta(0))
    page = plain_page("Signed out", "This browser shows nothing any more.")
    return Answer(page, content_type=HTML, headers={"Set-Cookie": ended, "Content-Security-Policy": POLICY})


def is_secure(call: Call) -> bool:
    """Whether the browser came over TLS, also through a proxy that ends it before the address that was set."""
    at, public = urlsplit(call.url), urlsplit(call.ports.public_url)
    return at.scheme == "https" or (public.scheme == "https" and at.hostname == public.hostname)
