"""Who calls: the owner on this machine, a person or a program with a token of Entra ID, or another system with a key.

What somebody brings decides how it is looked at: a text that begins with `baton_` is a machine key, with `batonm_` a
member's token, one with two dots a token of Entra ID, any other the owner's token; without one, the session cookie of
the pages, or what Easy Auth says."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Mapping
from datetime import datetime
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

from shared.access import easy_auth, machine_keys, members
from shared.access.entra import Entra, Identity
from shared.access.problem import Refusal, unauthorized
from shared.access.roles import ROLES, Grant, grants_in, grants_of, permitted
from shared.access.route import Permission
from shared.access.session import signed_in
from shared.ports import Documents

_PROXIED = frozenset({"forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"})
"""What proxies add to a request that they pass on."""


class Principal(NamedTuple):
    """A caller: never an address."""

    name: str
    tenant: str
    grants: tuple[Grant, ...]

    def permissions(self, workspace: str) -> frozenset[Permission]:
        """What it may do there; nothing where it has no grant."""
        return permitted(self.grants, workspace)

    @property
    def only_workspace(self) -> str | None:
        """The one workspace that it sees, if it is one."""
        seen = {grant.workspace for grant in self.grants}
        return seen.pop() if len(seen) == 1 else None


PUBLIC = Principal("public", "nobody", ())
OWNER = Principal("owner", "local", (Grant(ROLES["owner"]),))


class Credentials(NamedTuple):
    """What callers are checked against. `owner_token` None: there is no owner here; `entra` None: no token of Entra ID
    is taken; `easy_auth`: the platform in front of the app has signed people in, so its headers are believed;
    `tenants`: the agencies that are served, whose keys are taken."""

    owner_token: str | None
    keys: Mapping[str, bytes]
    documents: Documents
    entra: Entra | None = None
    easy_auth: bool = False
    tenants: Collection[str] = (OWNER.tenant,)


class Request(NamedTuple):
    """The parts of a request that say who sent it. Header names are lower-case."""

    method: str
    url: str
    headers: Mapping[str, str]


def authenticate(request: Request, credentials: Credentials, now: datetime) -> Principal:
    """The caller. Raises Refusal: 401 if it cannot be told, 403 if it may not come from where it comes from, 503 if
    what tells it cannot be reached."""
    bearer = request.headers.get("authorization")
    if bearer is not None:
        return _bearing(request, _token_in(bearer), credentials, now)
    if credentials.easy_auth and easy_auth.HEADER in request.headers and credentials.entra:
        check_same_origin(request)
        return _of_entra(credentials.entra.vouched(easy_auth.claims(request.headers[easy_auth.HEADER])))
    session = signed_in(request.headers.get("cookie", ""), now, credentials.keys)
    if session == OWNER.name:
        check_same_origin(request)
        return _owner(request)
    if session is not None:
        check_same_origin(request)
        return _of_member(members.of_session(credentials.documents, session, credentials.tenants, now))
    raise unauthorized("is required: a token, as 'Bearer …', or a signed-in session", given=False)


def permit(principal: Principal, workspace: str, permission: Permission) -> None:
    """Raises Refusal (403) if the principal may not be what the row asks for in this workspace."""
    if permission not in principal.permissions(workspace):
        raise Refusal(403, "forbidden", "role", f"{principal.name} is not {permission}, which this needs")


def check_same_origin(request: Request) -> None:
    """A browser sends the cookie along whoever wrote the page: what changes something must come from our own. Raises
    Refusal (403)."""
    if request.method in ("GET", "HEAD"):
        return
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site not in (None, "same-origin") or (site is None and origin != _origin(request.url)):
        raise Refusal(403, "cross-site", "Origin", "a signed-in session may change things from Baton's own pages only")


def _bearing(request: Request, token: str, credentials: Credentials, now: datetime) -> Principal:
    if token.startswith(machine_keys.PREFIX):
        key = machine_keys.used(credentials.documents, token, credentials.tenants, now)
        scopes: frozenset[Permission] = frozenset(key.scopes) | {"guest"}
        return Principal(
            f"{machine_keys.BY_KEY}{key.id}", key.tenant, tuple(Grant(scopes, each) for each in key.workspaces)
        )
    if token.startswith(members.PREFIX):
        return _of_member(members.of_token(credentials.documents, token, credentials.tenants, now))
    if credentials.entra and token.count(".") == 2:
        return _of_entra(credentials.entra.checked(token, now))
    owners = credentials.owner_token
    if owners is None or not hmac.compare_digest(token.encode(errors="replace"), owners.encode()):
        raise unauthorized("does not hold a token that is known here")
    return _owner(request)


def _of_entra(identity: Identity) -> Principal:
    return Principal(f"entra:{identity.id}", identity.tenant, grants_of(identity.roles))


def _of_member(found: members.Known) -> Principal:
    places = None if found.member.everywhere else found.member.workspaces
    return Principal(f"{members.BY_MEMBER}{found.member.id}", found.tenant, grants_in(found.member.role, places))


def _owner(request: Request) -> Principal:
    _check_loopback(request)
    return OWNER


def _token_in(bearer: str) -> str:
    scheme, _, token = bearer.partition(" ")
    if scheme.lower() != "bearer":
        raise unauthorized("must be 'Bearer …'")
    return token.strip()


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
