"""Signed webhooks by the Standard Webhooks specification 1.0: one event a message, to one endpoint.

The id of an event is the effect key, so an endpoint that keeps to the specification takes it once, however often it is
sent; that is why an event without a 2xx may simply be sent again, for about three days, as the ledger does."""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address

from shared.adapters._http.guard import Resolve, resolve
from shared.adapters._http.wire import Answer, GuardedWire, Limits, Lost, NotSent, Request, Wire, place
from shared.adapters.channels._options import Options
from shared.adapters.channels._posting import PostingSession, deferred, posting, refused
from shared.domain.scope import Scope
from shared.domain.webhook import sign_webhook
from shared.ports import NONE_SENT, Outgoing, Proof, Receipt, Sent

_URL, _SECRET = "BATON_WEBHOOK_URL", "BATON_WEBHOOK_SECRET"
_PREFIX = "whsec_"
GONE = "the webhook's endpoint answered 410 Gone: it wants no more events"


class WebhookChannel:
    """`https://host/path#rate_per_second=10&cost_per_message=0&connections=4&allow=10.0.0.5:8443`; options stand behind
    the #, because the query is the endpoint's. `allow` opens one address and port that is not of the open internet.

    `secret` is `whsec_` and base64 of 24 to 64 bytes; two, separated by a space, while one replaces the other. Raises
    ValueError naming what is wrong."""

    name = "webhook"
    tariff = None
    reported_as = None

    def __init__(
        self,
        url: str,
        secret: str | None,
        now: Callable[[], datetime],
        limits: Limits | None = None,
        resolve: Resolve = resolve,
    ) -> None:
        options = Options(_URL, url, ("https", "http"), "https://host/path", behind_hash=True)
        self._allowed = [_endpoint(options, text)] if (text := options.text("allow")) else []
        self._url = options.target() if not self._allowed else options.parts._replace(fragment="").geturl()
        self.rate_per_second, self.cost_micros = options.rate("10"), options.cost_micros()
        self._connections, self._ca, self._limits = options.connections(), options.authorities(), limits
        options.end()
        self._secrets, self._now, self._resolve = _secrets(secret), now, resolve
        self._state = _State()

    def refusal(self) -> str | None:
        """After 410 Gone, until this process is started anew."""
        return f"{GONE}. Set BATON_WEBHOOK_URL to one that does, and restart." if self._state.gone else None

    @contextmanager
    def session(self, scope: Scope) -> Iterator[PostingSession]:
        wire = GuardedWire(self._limits, self._ca, self._allowed, self._resolve)
        provider = _Provider(
            self._url, self._secrets, self._now, self._state, wire, self.cost_micros, self._connections
        )
        with posting(provider, wire) as session:
            yield session

    def evidence(self, scope: Scope, keys: Sequence[str], sent: Mapping[str, Sent] = NONE_SENT) -> Mapping[str, Proof]:
        """An endpoint cannot be asked."""
        return {}


@dataclass
class _State:
    gone: bool = False


@dataclass
class _Provider:
    url: str
    secrets: Sequence[str]
    now: Callable[[], datetime]
    state: _State
    wire: GuardedWire
    cost_micros: int
    connections: int
    repeatable: bool = False

    async def request(self, message: Outgoing) -> Request:
        if not message.key.isalnum():
            raise ValueError("the id of an event must be letters and digits")
        if self.state.gone:
            raise NotSent(GONE)
        signed = [sign_webhook(secret, message.key, self.now(), message.message) for secret in self.secrets]
        signature = " ".join(each["webhook-signature"] for each in signed)
        headers = {"Content-Type": "application/json", **signed[0], "webhook-signature": signature}
        return Request("POST", self.url, headers, message.message)

    def receipt(self, message: Outgoing, answer: Answer) -> Receipt:
        if 200 <= answer.status < 300:
            return Receipt(message.key, message.attempt, "accepted", provider_id=message.key)
        if answer.status == 410:
            self.state.gone = True
        if answer.status == 410 or answer.status >= 500:
            return deferred(message, str(answer.status), answer.retry_after)
        return refused(message, answer, "")

    def silence(self, message: Outgoing, lost: Lost) -> Receipt:
        return deferred(message, str(lost))

    async def unreachable(self, wire: Wire) -> str | None:
        if self.state.gone:
            return GONE
        host, port = place(self.url)
        return await connectable(await self.wire.address(host, port), port)


async def connectable(host: str, port: int, seconds: float = 10.0) -> str | None:
    """Why there is no connection, None if there is one."""
    try:
        async with asyncio.timeout(seconds):
            _, writer = await asyncio.open_connection(host, port)
            writer.close()
            await writer.wait_closed()
    except (OSError, TimeoutError):
        return "no connection"
    return None


def _secrets(text: str | None) -> list[str]:
    secrets = (text or "").split()
    for each in secrets:
        try:
            key = base64.b64decode(each.removeprefix(_PREFIX), validate=True) if each.startswith(_PREFIX) else b""
        except (binascii.Error, ValueError):
            key = b""
        if not 24 <= len(key) <= 64:
            raise ValueError(f"{_SECRET}: must be {_PREFIX} and base64 of 24 to 64 bytes")
    if not secrets:
        raise ValueError(f"{_SECRET}: is needed beside {_URL}: it signs what is sent")
    return secrets


def _endpoint(options: Options, text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    try:
        return str(ip_address(host.strip("[]"))), int(port)
    except ValueError:
        raise options.wrong("allow must be an address and a port, as in 10.0.0.5:8443") from None
