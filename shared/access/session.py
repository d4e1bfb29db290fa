"""Signing in to the pages: a link that works once becomes a cookie that works for a while. Both are signed texts."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http.cookies import CookieError, SimpleCookie
from typing import Literal

from shared.access.problem import Refusal
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Documents, Stale

COOKIE = "baton_session"
LINK_LIFE = timedelta(minutes=15)
SESSION_LIFE = timedelta(hours=12)

_Use = Literal["link", "cookie"]


def sign_in_token(principal: str, nonce: str, now: datetime, keys: Mapping[str, bytes]) -> str:
    """What a one-time sign-in link carries; `nonce` makes it the only one of its kind."""
    return _sign("link", f"{principal}|{nonce}|{int((now + LINK_LIFE).timestamp())}", keys)


def redeem(documents: Documents, scope: Scope, token: str, now: datetime, keys: Mapping[str, bytes]) -> str:
    """Use up a sign-in link; returns the cookie's value. Raises Refusal (401) if it is not one, too old or used."""
    found = _verified("link", token, now, keys)
    if found is None:
        raise Refusal(401, "sign-in", "token", "this sign-in link is not valid or too old; ask for a new one")
    principal, nonce, _ = found
    try:
        documents.put(scope, Kind.SIGN_IN, nonce, {"principal": principal, "at": now.isoformat()})
    except Stale:
        raise Refusal(401, "sign-in", "token", "this sign-in link was used already; ask for a new one") from None
    return session_of(principal, nonce, now, keys)


def session_of(
    principal: str, nonce: str, now: datetime, keys: Mapping[str, bytes], life: timedelta = SESSION_LIFE
) -> str:
    """The cookie's value for a principal who has shown who they are."""
    return _sign("cookie", f"{principal}|{nonce}|{int((now + life).timestamp())}", keys)


def set_cookie(value: str, secure: bool, life: timedelta = SESSION_LIFE) -> str:
    """The Set-Cookie header: out of reach of scripts and of other sites. Without a life left, it ends the session."""
    attributes = f"Path=/; Max-Age={int(life.total_seconds())}; HttpOnly; SameSite=Strict"
    return f"{COOKIE}={value}; {attributes}{'; Secure' if secure else ''}"


def signed_in(cookie_header: str, now: datetime, keys: Mapping[str, bytes]) -> str | None:
    """The principal whose session the Cookie header carries, if it holds and has not ended."""
    try:
        morsel = SimpleCookie(cookie_header).get(COOKIE)
    except CookieError:
        return None
    found = _verified("cookie", morsel.value, now, keys) if morsel else None
    return found[0] if found else None


def _sign(use: _Use, payload: str, keys: Mapping[str, bytes]) -> str:
    key_id = list(keys)[-1]
    text = f"{key_id}|{payload}".encode()
    return f"{_b64(text)}.{_b64(_mac(use, text, keys[key_id]))}"


def _verified(use: _Use, token: str, now: datetime, keys: Mapping[str, bytes]) -> tuple[str, str, str] | None:
    try:
        text, mac = (base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in token.split("."))
        key_id, principal, nonce, expires = text.decode("ascii").split("|")
        held = hmac.compare_digest(mac, _mac(use, text, keys[key_id]))
        return (principal, nonce, expires) if held and now < datetime.fromtimestamp(int(expires), UTC) else None
    except (ValueError, KeyError):
        return None


def _mac(use: _Use, text: bytes, key: bytes) -> bytes:
    return hmac.new(key, b"baton-%b-1|" % use.encode() + text, hashlib.sha256).digest()


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
