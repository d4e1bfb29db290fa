"""Who calls. On one machine there is one principal, the owner: by the token in the home directory, or by the session
cookie of the pages; both only on the loopback (design 5)."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

from shared.access.problem import Refusal
from shared.access.route import Role
from shared.access.session import signed_in

_PROXIED = frozenset({"forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"})
"""What proxies add to a request that they pass on."""


class Principal(NamedTuple):
    """A caller: never an address. `roles` are what it may be."""

    name: str
    tenant: str
    roles: frozenset[Role]


OWNER = Principal("owner", "local", frozenset({"reader", "operator", "approver"}))


class Credentials(NamedTuple):
    """What callers are checked against: the owner's token and the keys that sign sessions."""

    owner_token: str
    keys: Mapping[str, bytes]


class Request(NamedTuple):
    """The parts of a request that say who sent it. Header names are lower-case."""

    method: str
    url: str
    headers: Mapping[str, str]


def authenticate(request: Request, credentials: Credentials, now: datetime) -> Principal:
    """The caller. Raises Refusal: 401 if it cannot be told, 403 if it may not come from where it comes from."""
    bearer = request.headers.get("authorization")
    cookie = request.headers.get("cookie")
    if bearer is not None:
        _check_token(bearer, credentials.owner_token)
    elif cookie is not None and signed_in(cookie, now, credentials.keys) == OWNER.name:
        _check_same_origin(request)
    else:
        raise _unknown("is required: the owner token, as 'Bearer …', or a signed-in session")
    _check_loopback(request)
    return OWNER


def permit(principal: Principal, role: Role) -> None:
    """Raises Refusal (403) if the principal may not be what the row asks for."""
    if role not in principal.roles:
        raise Refusal(403, "forbidden", "role", f"{principal.name} is not {role}, which this needs")


def _check_token(bearer: str, token: str) -> None:
    scheme, _, given = bearer.partition(" ")
    if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(errors="replace"), token.encode()):
        raise _unknown("does not hold the owner token")


def _unknown(reason: str) -> Refusal:
    return Refusal(401, "unauthorized", "Authorization", reason, {"WWW-Authenticate": 'Bearer realm="baton"'})


def _check_same_origin(request: Request) -> None:
    """A browser sends the cookie along whoever wrote the page: what changes something must come from our own."""
    if request.method in ("GET", "HEAD"):
        return
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site not in (None, "same-origin") or (site is None and origin != _origin(request.url)):
        raise Refusal(403, "cross-site", "Origin", "a signed-in session may change things from Baton's own pages only")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _check_loopback(request: Request) -> None:
    """The host in the URL is the one the client asked for: another name is a proxy, or a page that rebinds DNS."""
    host = urlsplit(request.url).hostname or ""
    if not _is_loopback(host) or not _PROXIED.isdisjoint(request.headers):
        raise Refusal(403, "not-loopback", "Host", "the owner is let in over the loopback only (http://127.0.0.1:…)")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
