"""Asking Azure Communication Services: where it is, as whom, and under which repeatable ids."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from shared.adapters._azure.identity import credential
from shared.adapters._http.wire import Answer, NotSent, Request
from shared.domain.connection import Connection
from shared.domain.loopback import is_loopback
from shared.domain.scope import Scope

CONNECTION = "CommunicationConnection"
_AUDIENCE = "https://communication.azure.com//.default"
_OURS = UUID("5a8d6cf0-6f0e-4f9c-9a57-1d6f7f0c6d1b")
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,60}")


@dataclass(frozen=True)
class Resource:
    """A Communication Services resource: `base` without a slash at its end; `key` None: the identity is asked for."""

    base: str
    key: bytes | None = field(repr=False)
    connection: Connection = field(repr=False)
    now: Callable[[], datetime]

    async def request(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> Request:
        """A signed request; `path` with its query. Raises NotSent without a token."""
        given = {"Content-Type": "application/json", "Accept": "application/json", **(headers or {})}
        signed = self._signed(method, path, body) if self.key is not None else await self._token()
        return Request(method, self.base + path, {**given, **signed}, body)

    @property
    def is_here(self) -> bool:
        """On this machine, as in tests."""
        return is_loopback(urlsplit(self.base).hostname or "")

    def _signed(self, method: str, path: str, body: bytes) -> dict[str, str]:
        """HMAC-SHA256 over verb, path and query, date, host and the body's digest."""
        date, host = format_datetime(self.now().astimezone(UTC), usegmt=True), urlsplit(self.base).netloc
        content = base64.b64encode(hashlib.sha256(body).digest()).decode()
        text = f"{method}\n{path}\n{date};{host};{content}"
        signature = base64.b64encode(hmac.new(self.key or b"", text.encode(), hashlib.sha256).digest()).decode()
        return {
            "x-ms-date": date,
            "x-ms-content-sha256": content,
            "Authorization": f"HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature={signature}",
        }

    async def _token(self) -> dict[str, str]:
        from azure.core.exceptions import AzureError

        try:
            token = await asyncio.to_thread(credential(self.connection).get_token, _AUDIENCE)
        except (AzureError, ValueError) as fault:
            raise NotSent(f"no token of Entra ID: {str(fault).splitlines()[0][:120]}") from None
        return {"Authorization": f"Bearer {token.token}"}


def resource(connection: Connection, now: Callable[[], datetime]) -> Resource:
    """Raises ValueError that begins with the setting's name, and repeats no secret."""
    endpoint, key = connection.endpoint or "", None
    if connection.secret is not None:
        parts = dict(part.partition("=")[::2] for part in connection.secret.split(";"))
        named = {name.strip().lower(): value.strip() for name, value in parts.items()}
        endpoint, key = named.get("endpoint", ""), _decoded(named.get("accesskey", ""))
    found = urlsplit(endpoint)
    if found.scheme not in ("http", "https") or not found.hostname:
        raise ValueError(f"{CONNECTION}: the endpoint must be a URL such as https://name.communication.azure.com")
    if found.scheme != "https" and not is_loopback(found.hostname):
        raise ValueError(f"{CONNECTION}: the endpoint must be asked over https")
    return Resource(f"{found.scheme}://{found.netloc}", key, connection, now)


def repeatable_id(scope: Scope, key: str) -> str:
    """The id under which this effect is known there: the same whenever it is asked for."""
    return str(uuid5(_OURS, f"{scope}|{key}"))


def error_code(answer: Answer) -> str:
    """The code that the service gives, never its words: they may hold an address."""
    found = answer.json()
    inner = found.get("error") if isinstance(found, dict) else None
    code = answer.headers.get("x-ms-error-code") or (inner.get("code") if isinstance(inner, dict) else None)
    return code if isinstance(code, str) and _CODE.fullmatch(code) else ""


def _decoded(key: str) -> bytes:
    try:
        decoded = base64.b64decode(key, validate=True)
    except (binascii.Error, ValueError):
        decoded = b""
    if not decoded:
        raise ValueError(f"{CONNECTION}: the access key must be base64")
    return decoded
