"""Text messages by Azure Communication Services: REST, version 2026-01-23. Every message has a repeatability id of our
own, under which the service takes it once however often it is asked (OASIS Repeatable Requests 1.0)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

from shared.adapters._http.wire import Answer, Limits, Lost, Request, Wire
from shared.adapters.channels._acs import Resource, error_code, repeatable_id, resource
from shared.adapters.channels._options import Options
from shared.adapters.channels._posting import PostingSession, deferred, failed, posting, refused, unknown
from shared.adapters.channels._texting import SETTING, cost_of, most_micros, tariff_of, text_of
from shared.domain.connection import Connection
from shared.domain.scope import Scope
from shared.domain.sms import Tariff
from shared.ports import NONE_SENT, Outgoing, Proof, Receipt, Sent

_VERSION = "api-version=2026-01-23"


class AcsSmsChannel:
    """`acs:+15550100001?rate_per_second=1&cost_per_segment=0.0075&most_segments=2`: the number (or short code, or
    name) that sends, of the resource in CommunicationConnection. Raises ValueError naming what is wrong."""

    name = "acssms"
    reported_as = None

    def __init__(
        self,
        url: str,
        connection: Connection | None,
        now: Callable[[], datetime],
        limits: Limits | None = None,
    ) -> None:
        options = Options(SETTING, url, ("acs",), "acs:+15550100001")
        self._sender = options.parts.path
        self.rate_per_second, self._connections = options.rate("1"), options.connections()
        self.tariff, self._ca, self._limits = tariff_of(options), options.authorities(), limits
        self.cost_micros = most_micros(self.tariff)
        options.end()
        if not self._sender:
            raise options.wrong("must name the number that sends, as in acs:+15550100001")
        if connection is None:
            raise options.wrong("needs CommunicationConnection (or CommunicationConnection__endpoint) beside it")
        self._resource, self._now = resource(connection, now), now

    def refusal(self) -> str | None:
        """None: whoever gets a text message can always answer STOP."""
        return None

    @contextmanager
    def session(self, scope: Scope) -> Iterator[PostingSession]:
        provider = _Provider(self._resource, scope, self._sender, self.tariff, self._now(), self._connections)
        with posting(provider, Wire(self._limits, self._ca)) as session:
            yield session

    def evidence(self, scope: Scope, keys: Sequence[str], sent: Mapping[str, Sent] = NONE_SENT) -> Mapping[str, Proof]:
        """The service cannot be asked; delivery events of Event Grid tell more."""
        return {}


@dataclass
class _Provider:
    resource: Resource
    scope: Scope
    sender: str
    tariff: Tariff
    began: datetime
    connections: int
    cost_micros: int = 0
    repeatable: bool = True

    async def request(self, message: Outgoing) -> Request:
        recipient = {
            "to": message.recipient,
            "repeatabilityRequestId": repeatable_id(self.scope, message.key),
            "repeatabilityFirstSent": format_datetime(self.began.astimezone(UTC), usegmt=True),
        }
        asked = {
            "from": self.sender,
            "message": text_of(message, self.tariff),
            "smsRecipients": [recipient],
            "smsSendOptions": {"enableDeliveryReport": True, "tag": message.name or message.key},
        }
        return await self.resource.request("POST", f"/sms?{_VERSION}", json.dumps(asked).encode())

    def receipt(self, message: Outgoing, answer: Answer) -> Receipt:
        if answer.status != 202:
            if answer.status < 300:
                return unknown(message, str(answer.status))
            return refused(message, answer, error_code(answer))
        found = answer.json()
        items = found.get("value") if isinstance(found, dict) else None
        if not isinstance(items, list) or len(items) != 1 or not isinstance(items[0], dict):
            return unknown(message, "202 without a result")
        return self._of_item(message, items[0])

    def _of_item(self, message: Outgoing, item: dict[str, object]) -> Receipt:
        """The result for the one recipient."""
        status, id = item.get("httpStatusCode"), item.get("messageId")
        if item.get("to") != message.recipient or not isinstance(status, int):
            return unknown(message, "202 with a result for somebody else")
        if item.get("successful") is True and status == 202 and isinstance(id, str) and id:
            cost = cost_of(message, self.tariff)
            return Receipt(message.key, message.attempt, "accepted", provider_id=id[:200], cost_micros=cost)
        if status in (408, 429):
            return deferred(message, str(status))
        return failed(message, str(status)) if 400 <= status < 500 else unknown(message, str(status))

    def silence(self, message: Outgoing, lost: Lost) -> Receipt:
        return unknown(message, str(lost))

    async def unreachable(self, wire: Wire) -> str | None:
        """By asking which numbers opted out, of one that is nobody's."""
        asked = {"from": self.sender, "recipients": [{"to": "+15550100000"}]}
        body = json.dumps(asked).encode()
        answer = await wire.ask(await self.resource.request("POST", f"/sms/optouts:check?{_VERSION}", body))
        if answer.status in (401, 403):
            return f"Azure Communication Services refuses the access key or identity: {answer.status}"
        if answer.status >= 500:
            return f"Azure Communication Services answers {answer.status} {error_code(answer)}".strip()
        return None
