"""Azure Communication Services as far as Baton asks it: e-mail (2025-09-01) and SMS (2026-01-23), from the published
REST specification. Strict: a wrong signature, api-version, id or shape is refused."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from tests.servers.provider import Asked, ProviderServer, Reply

KEY = base64.b64encode(b"the access key of a resource on the loopback").decode()
TOKEN = "a-token-of-entra-id"
NUMBER = "+15550100001"


@dataclass
class Operation:
    """One e-mail that was taken."""

    message: dict[str, Any]
    status: str = "Running"
    error: dict[str, Any] | None = None


@dataclass
class Text:
    """One text message that was taken."""

    to: str
    message: str
    id: str
    request: str


@dataclass
class AcsServer(ProviderServer):
    """`operations` by id, `texts` in order. What an operation becomes is what tests make of its `status`."""

    operations: dict[str, Operation] = field(default_factory=dict)
    texts: dict[str, Text] = field(default_factory=dict)
    first_status: str = "Running"
    duplicates: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    @property
    def connection(self) -> str:
        return f"endpoint={self.url}/;accesskey={KEY}"

    def answer(self, asked: Asked) -> Reply:
        if not self._is_let_in(asked):
            return _error(401, "Denied")
        if (asked.method, asked.path) == ("POST", "/emails:send"):
            return self._send_mail(asked)
        if asked.method == "GET" and asked.path.startswith("/emails/operations/"):
            return self._operation(asked)
        if (asked.method, asked.path) == ("POST", "/sms"):
            return self._send_text(asked)
        if (asked.method, asked.path) == ("POST", "/sms/optouts:check"):
            recipients = asked.json()["recipients"]
            return Reply.of(
                200, {"value": [{**each, "httpStatusCode": 200, "isOptedOut": False} for each in recipients]}
            )
        return _error(404, "NotFound")

    def sends(self, asked: Asked) -> bool:
        return asked.path in ("/emails:send", "/sms")

    def _is_let_in(self, asked: Asked) -> bool:
        given = asked.headers.get("authorization", "")
        if given.startswith("Bearer "):
            return given == f"Bearer {TOKEN}"
        digest = base64.b64encode(hashlib.sha256(asked.body).digest()).decode()
        if asked.headers.get("x-ms-content-sha256") != digest:
            return False
        text = f"{asked.method}\n{asked.target}\n{asked.headers['x-ms-date']};{asked.headers['host']};{digest}"
        signature = base64.b64encode(hmac.new(base64.b64decode(KEY), text.encode(), hashlib.sha256).digest()).decode()
        return given == f"HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature={signature}"

    def _send_mail(self, asked: Asked) -> Reply:
        if asked.query.get("api-version") != "2025-09-01":
            return _error(400, "UnsupportedApiVersion")
        message, id = asked.json(), str(UUID(asked.headers["operation-id"]))
        if problem := _wrong_mail(message):
            return _error(400, problem)
        if id in self.operations:
            self.duplicates += 1
        self.operations.setdefault(id, Operation(message, self.first_status))
        where = f"{self.url}/emails/operations/{id}?api-version=2025-09-01"
        return Reply.of(202, {"id": id, "status": "Running", "error": None}, Operation_Location=where, Retry_After="30")

    def _operation(self, asked: Asked) -> Reply:
        id = asked.path.rpartition("/")[2]
        found = self.operations.get(id)
        if found is None:
            return _error(404, "OperationNotFound")
        return Reply.of(200, {"id": id, "status": found.status, "error": found.error})

    def _send_text(self, asked: Asked) -> Reply:
        message = asked.json()
        recipients = message.get("smsRecipients")
        if asked.query.get("api-version") != "2026-01-23" or message.get("from") != NUMBER:
            return _error(400, "BadRequest")
        if not isinstance(recipients, list) or not 1 <= len(recipients) <= 100 or len(message["message"]) > 2048:
            return _error(400, "BadRequest")
        return Reply.of(202, {"value": [self._text(each, message["message"]) for each in recipients]})

    def _text(self, recipient: dict[str, str], message: str) -> dict[str, Any]:
        to, request = recipient["to"], str(UUID(recipient["repeatabilityRequestId"]))
        assert recipient["repeatabilityFirstSent"].endswith(" GMT")
        if not re.fullmatch(r"\+[1-9]\d{6,14}", to):
            return {"to": to, "httpStatusCode": 400, "successful": False, "errorMessage": "Invalid To phone number."}
        if request in self.texts:
            self.duplicates += 1
        found = self.texts.setdefault(request, Text(to, message, f"Outgoing_{uuid4().hex}", request))
        return {
            "to": to,
            "messageId": found.id,
            "httpStatusCode": 202,
            "repeatabilityResult": "accepted",
            "successful": True,
        }


def _wrong_mail(message: Any) -> str | None:
    known = {
        "senderAddress",
        "content",
        "recipients",
        "headers",
        "replyTo",
        "attachments",
        "userEngagementTrackingDisabled",
    }
    if not isinstance(message, dict) or not set(message) <= known:
        return "InvalidRequest"
    content, to = message.get("content", {}), message.get("recipients", {}).get("to")
    if not isinstance(content.get("subject"), str) or not (content.get("html") or content.get("plainText")):
        return "InvalidContent"
    if not isinstance(to, list) or not all(re.fullmatch(r"[^@\s]+@[^@\s]+", each["address"]) for each in to):
        return "InvalidRecipient"
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", str(message.get("senderAddress"))):
        return "InvalidSender"
    headers = message.get("headers", {})
    return None if all(isinstance(value, str) and "\n" not in value for value in headers.values()) else "InvalidHeader"


def _error(status: int, code: str) -> Reply:
    return Reply.of(status, {"error": {"code": code, "message": f"{code}."}}, x_ms_error_code=code)
