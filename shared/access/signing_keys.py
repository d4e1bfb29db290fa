"""The keys with which an issuer of tokens signs, from its OpenID configuration (OpenID Connect Discovery 1.0).

Kept for twelve hours. A key that is not among them may be new, so they are fetched again, but not more often than every
five minutes, whatever strangers write into their tokens; and after a failure not for half a minute."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from shared.access.problem import Refusal

Fetch = Callable[[str], bytes]
"""What an `https:` address answers with. Raises OSError."""

KEPT = timedelta(hours=12)
AGAIN = timedelta(minutes=5)
AFTER_FAILURE = timedelta(seconds=30)
_LONGEST = timedelta(days=2)
"""What keys hold that cannot be fetched again: an outage there is none here."""


@dataclass
class Issuer:
    """One issuer as it said last: `name` is the `iss` of its tokens; `keys` by `kid`."""

    configuration: str
    name: str = ""
    keys: dict[str, Any] = field(default_factory=dict)
    fetched_at: datetime | None = None
    failed_at: datetime | None = None

    def older_than(self, age: timedelta, now: datetime) -> bool:
        """Whether what it said is older, or it has said nothing."""
        return self.fetched_at is None or now - self.fetched_at >= age


class SigningKeys:
    """The issuers below one authority, such as https://login.microsoftonline.com. Threads may share it."""

    def __init__(self, authority: str, fetch: Fetch) -> None:
        self._authority, self._fetch, self._lock = authority.rstrip("/"), fetch, Lock()
        self._issuers: dict[str, Issuer] = {}

    def issuer(self, directory: str, first_version: bool, now: datetime) -> Issuer:
        """Who signs for a directory; tokens of version 1.0 have an issuer of their own. Raises Refusal (503)."""
        version = "" if first_version else "/v2.0"
        where = f"{self._authority}/{directory}{version}/.well-known/openid-configuration"
        with self._lock:
            found = self._issuers.setdefault(where, Issuer(where))
            if found.older_than(KEPT, now):
                self._refresh(found, now)
            if found.older_than(_LONGEST, now):
                seconds = str(int(AFTER_FAILURE.total_seconds()))
                reason = "the keys of Entra ID cannot be fetched just now, so no token of it can be checked"
                raise Refusal(503, "keys-unavailable", "Authorization", reason, {"Retry-After": seconds})
            return found

    def key(self, issuer: Issuer, kid: str, now: datetime) -> Any | None:
        """The public key of this id; None if the issuer shows none."""
        with self._lock:
            if kid not in issuer.keys and issuer.older_than(AGAIN, now):
                self._refresh(issuer, now)
            return issuer.keys.get(kid)

    def _refresh(self, issuer: Issuer, now: datetime) -> None:
        if issuer.failed_at is not None and now - issuer.failed_at < AFTER_FAILURE:
            return
        try:
            said = json.loads(self._fetch(issuer.configuration))
            keys = _public_keys(json.loads(self._fetch(_https(said["jwks_uri"]))))
            issuer.name, issuer.keys = str(said["issuer"]), keys
            issuer.fetched_at, issuer.failed_at = now, None
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            issuer.failed_at = now


def _public_keys(said: dict[str, Any]) -> dict[str, Any]:
    import jwt

    found = {}
    for each in said["keys"]:
        if each.get("kty") == "RSA" and each.get("use", "sig") == "sig" and "kid" in each:
            with suppress(jwt.PyJWTError):  # one that cannot be used is as good as none
                found[str(each["kid"])] = jwt.PyJWK(each, algorithm="RS256").key
    return found


def _https(address: str) -> str:
    if not address.startswith("https://"):
        raise ValueError("keys are fetched over https only")
    return address
