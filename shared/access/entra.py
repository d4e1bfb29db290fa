"""Tokens of Entra ID (rule S2): signed by it, for us, by a tenant that is let in, and not over."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from shared.access.problem import unauthorized
from shared.access.signing_keys import Issuer, SigningKeys

_SKEW = 60
"""By so many seconds may clocks differ."""
_ID = re.compile(r"[0-9A-Za-z-]{1,64}")
_NEEDED = ["aud", "exp", "iss", "nbf", "oid", "tid"]
_WHOLE = {"user_impersonation", "access_as_user"}
"""Scopes under which a program may do all that its user may."""


class Identity(NamedTuple):
    """Whom a token is about: `id` is its object in the directory, `tenant` the agency here, `roles` as in the token."""

    id: str
    tenant: str
    roles: frozenset[str]


class Entra:
    """Looks at tokens. `tenants`: the agency here for each directory (`tid`) that is let in."""

    def __init__(self, tenants: Mapping[str, str], audiences: Collection[str], keys: SigningKeys) -> None:
        self._tenants, self._audiences, self._keys = tenants, audiences, keys

    def checked(self, token: str, now: datetime) -> Identity:
        """Whom the token is about. Raises Refusal: 401 naming what is wrong, 503 if its keys cannot be fetched."""
        import jwt

        try:
            header = jwt.get_unverified_header(token)
            unproved = jwt.decode(token, options={"verify_signature": False})
            if header.get("alg") != "RS256":
                raise unauthorized("the token is not signed with RS256")
            self._tenant_of(unproved)  # before anything is fetched: strangers choose no address
            issuer = self._keys.issuer(unproved["tid"], unproved.get("ver") == "1.0", now)
            return self.vouched(self._proved(token, header.get("kid"), issuer, now))
        except jwt.PyJWTError as error:
            raise unauthorized(f"the token is not valid: {_said(error)}") from None

    def vouched(self, claims: Mapping[str, Any]) -> Identity:
        """Whom claims are about that somebody has proved. Raises Refusal (401)."""
        tenant, id = self._tenant_of(claims), claims.get("oid")
        if not isinstance(id, str) or not _ID.fullmatch(id):
            raise unauthorized("the token has no oid")
        return Identity(id, tenant, _roles(claims))

    def _tenant_of(self, claims: Mapping[str, Any]) -> str:
        directory = claims.get("tid")
        if not isinstance(directory, str) or directory not in self._tenants:
            raise unauthorized("the token is of a tenant that is not let in")
        return self._tenants[directory]

    def _proved(self, token: str, kid: Any, issuer: Issuer, now: datetime) -> dict[str, Any]:
        import jwt

        key = self._keys.key(issuer, str(kid), now)
        if key is None:
            raise unauthorized("the token is signed with a key that its issuer does not show")
        # Time is the clock's: PyJWT would look at its own.
        options: Any = {"require": _NEEDED, "verify_exp": False, "verify_nbf": False, "verify_iat": False}
        claims: dict[str, Any] = jwt.decode(
            token, key, algorithms=["RS256"], audience=list(self._audiences), issuer=issuer.name, options=options
        )
        _check_time(claims, now)
        return claims


def _check_time(claims: Mapping[str, Any], now: datetime) -> None:
    begins, ends, at = claims["nbf"], claims["exp"], int(now.timestamp())
    if not all(isinstance(each, int) and not isinstance(each, bool) for each in (begins, ends)):
        raise unauthorized("the token's exp and nbf must be whole numbers")
    if at >= ends + _SKEW:
        raise unauthorized("the token is over")
    if at < begins - _SKEW:
        raise unauthorized("the token does not hold yet")


def _roles(claims: Mapping[str, Any]) -> frozenset[str]:
    """A program that asks for a user has the user's roles, but no more of them than its scopes name; scopes that cannot
    be read name none."""
    given = claims.get("roles") or []
    roles = frozenset(each for each in given if isinstance(each, str)) if isinstance(given, list) else frozenset[str]()
    if "scp" not in claims:
        return roles
    scopes = claims["scp"]
    named = frozenset(scopes.split()) if isinstance(scopes, str) else frozenset[str]()
    return roles if named & _WHOLE else roles & named


def _said(error: Exception) -> str:
    return str(error)[:200] or type(error).__name__
