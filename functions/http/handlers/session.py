"""Signing in to the pages with a link that works once."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from urllib.parse import urlsplit

import uuid_utils
from pydantic import BaseModel, Field

from shared.access import session
from shared.access.call import Answer, Call
from shared.access.principal import OWNER
from shared.access.problem import Refusal
from shared.domain.scope import SHARED_WORKSPACE, Scope
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
        raise Refusal(
            403, "forbidden", "role", "with a token of Entra ID, it is the platform that signs in to the pages"
        )
    now = call.ports.clock.now()
    token = session.sign_in_token(call.principal, uuid_utils.uuid7().hex, now, call.ports.keys.field)
    at = urlsplit(call.url)
    url = f"{at.scheme}://{at.netloc}/signin?token={token}"
    return Answer(SignInLink(url=url, expires_at=now + session.LINK_LIFE), status=201)


def sign_in(call: Call, query: SignInQuery) -> Answer[str]:
    """Use a sign-in link up and go to the pages, signed in."""
    agency = Scope(OWNER.tenant, SHARED_WORKSPACE)
    now, keys = call.ports.clock.now(), call.ports.keys.field
    cookie = session.set_cookie(
        session.redeem(call.ports.documents, agency, query.token, now, keys), urlsplit(call.url).scheme == "https"
    )
    # A page and not a redirect: after a redirect from elsewhere, a SameSite=Strict cookie is not sent.
    page = plain_page("Signed in", "On to Baton …", forward="/")
    return Answer(page, content_type="text/html; charset=utf-8", headers={"Set-Cookie": cookie})
