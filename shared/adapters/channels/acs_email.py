"""E-mail by Azure Communication Services: REST, version 2025-09-01. Each effect is an operation with an id of our own
(`Operation-Id`), so what became of it can be asked without having seen an answer.

Written over plain HTTP: the client package polls inside its call and retries what may have been taken."""

from __future__ import annotations

import asyncio
import email.policy
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import AddressHeader
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

from shared.adapters._http.wire import Answer, Limits, Lost, NotSent, Request, Wire
from shared.adapters.channels._acs import Resource, error_code, repeatable_id, resource
from shared.adapters.channels._options import Options
from shared.adapters.channels._posting import PostingSession, asked, posting, refused, unknown
from shared.domain.connection import Connection
from shared.domain.scope import Scope
from shared.ports import NONE_SENT, Outgoing, Proof, Receipt, Sent

_SETTING = "BATON_EMAIL_URL"
_VERSION = "api-version=2025-09-01"
_CARRIED = ("List-Unsubscribe", "List-Unsubscribe-Post", "Auto-Submitted")
_ENDED: Mapping[str, Proof] = {"Succeeded": "accepted", "Failed": "failed", "Canceled": "failed"}


class AcsEmailChannel:
    """`acs:?rate_per_second=0.5&cost_per_message=0.00025&connections=4`, with the resource in CommunicationConnection.

    The rate is what a new resource may send (30 messages a minute). Raises ValueError naming what is wrong."""

    name = "acs"
    tariff = None
    reported_as = staticmethod(repeatable_id)

    def __init__(
        self,
        url: str,
        connection: Connection | None,
        public_url: str,
        now: Callable[[], datetime],
        limits: Limits | None = None,
    ) -> None:
        options = Options(_SETTING, url, ("acs",), "acs:?rate_per_second=0.5")
        self.rate_per_second = options.rate("0.5")
        self.cost_micros, self._connections = options.cost_micros(), options.connections()
        self._ca, self._limits, self._public_url = options.authorities(), limits, public_url
        options.end()
        if connection is None:
            raise options.wrong("needs CommunicationConnection (or CommunicationConnection__endpoint) beside it")
        self._resource = resource(connection, now)

    def refusal(self) -> str | None:
        """Mail to the world needs links that the world can reach (rules C5, C6)."""
        if self._resource.is_here or self._public_url.startswith("https://"):
            return None
        where = self._public_url or "nowhere"
        return (
            f"recipients could not unsubscribe: the links would lead to {where}. Set BATON_PUBLIC_URL to the https:// "
            f"address where they reach this server."
        )

    @contextmanager
    def session(self, scope: Scope) -> Iterator[PostingSession]:
        with posting(self._provider(scope), Wire(self._limits, self._ca)) as session:
            yield session

    def evidence(self, scope: Scope, keys: Sequence[str], sent: Mapping[str, Sent] = NONE_SENT) -> Mapping[str, Proof]:
        """By the status of each operation. One that is not found proves nothing: how long they are kept is not
        promised."""
        provider = self._provider(scope)
        return asked(Wire(self._limits, self._ca), lambda wire: provider.ended(wire, keys))

    def _provider(self, scope: Scope) -> _Provider:
        return _Provider(self._resource, scope, self.cost_micros, self._connections)


@dataclass
class _Provider:
    resource: Resource
    scope: Scope
    cost_micros: int
    connections: int
    repeatable: bool = False

    async def request(self, message: Outgoing) -> Request:
        headers = {"Operation-Id": repeatable_id(self.scope, message.key)}
        body = json.dumps(_as_json(message), ensure_ascii=False).encode(errors="replace")
        return await self.resource.request("POST", f"/emails:send?{_VERSION}", body, headers)

    def receipt(self, message: Outgoing, answer: Answer) -> Receipt:
        ours = repeatable_id(self.scope, message.key)
        if answer.status == 202:
            found = answer.json()
            id = found.get("id", ours) if isinstance(found, dict) else ours
            if not isinstance(id, str) or id.lower() != ours:
                return unknown(message, "202 for another operation")
            return Receipt(message.key, message.attempt, "submitted", provider_id=ours)
        if answer.status < 300 or answer.status == 409:
            return unknown(message, f"{answer.status} {error_code(answer)}".strip())
        return refused(message, answer, error_code(answer))

    def silence(self, message: Outgoing, lost: Lost) -> Receipt:
        return unknown(message, str(lost))

    async def unreachable(self, wire: Wire) -> str | None:
        """By asking for an operation that nobody began."""
        answer = await wire.ask(await self._question(repeatable_id(self.scope, "")))
        if answer.status in (401, 403):
            return f"Azure Communication Services refuses the access key or identity: {answer.status}"
        if answer.status >= 500:
            return f"Azure Communication Services answers {answer.status} {error_code(answer)}".strip()
        return None

    async def ended(self, wire: Wire, keys: Sequence[str]) -> dict[str, Proof]:
        """How operations ended, as far as the service says before it has had enough."""
        left, proofs = list(keys), dict[str, Proof]()

        async def work() -> None:
            while left:
                key = left.pop()
                try:
                    answer = await wire.ask(await self._question(repeatable_id(self.scope, key)))
                except (NotSent, Lost):
                    left.clear()
                    return
                if answer.status == 429 or answer.status >= 500:
                    left.clear()
                    return
                proof = self._proof(key, answer)
                if proof:
                    proofs[key] = proof

        await asyncio.gather(*(work() for _ in range(self.connections)))
        return proofs

    def _proof(self, key: str, answer: Answer) -> Proof | None:
        found = answer.json() if answer.status == 200 else None
        if not isinstance(found, dict) or str(found.get("id", "")).lower() != repeatable_id(self.scope, key):
            return None
        return _ENDED.get(str(found.get("status")))

    async def _question(self, operation: str) -> Request:
        return await self.resource.request("GET", f"/emails/operations/{operation}?{_VERSION}")


def _as_json(message: Outgoing) -> dict[str, Any]:
    """The mail in the service's form. It writes the From with the name that is set up there for the address."""
    parsed = BytesParser(policy=email.policy.default).parsebytes(message.message)
    sender, to, reply = (_addresses(parsed, header) for header in ("From", "To", "Reply-To"))
    name = to[0].get("displayName") if to else None
    return {
        "senderAddress": sender[0]["address"] if sender else message.sender,
        "recipients": {"to": [{"address": message.recipient, **({"displayName": name} if name else {})}]},
        "content": {"subject": str(parsed["Subject"] or ""), **_bodies(parsed)},
        "headers": {header: "".join(str(parsed[header]).split()) for header in _CARRIED if parsed[header]},
        **({"replyTo": reply} if reply else {}),
        "userEngagementTrackingDisabled": True,
    }


def _bodies(parsed: EmailMessage) -> dict[str, str]:
    found = {"plainText": parsed.get_body(("plain",)), "html": parsed.get_body(("html",))}
    return {name: str(part.get_content()).replace("\r\n", "\n") for name, part in found.items() if part}


def _addresses(parsed: EmailMessage, header: str) -> list[dict[str, str]]:
    found = parsed[header]
    addresses = found.addresses if isinstance(found, AddressHeader) else ()
    return [
        {"address": each.addr_spec, **({"displayName": each.display_name} if each.display_name else {})}
        for each in addresses
    ]
