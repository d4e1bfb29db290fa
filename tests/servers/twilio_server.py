"""Twilio's Messages resource (2010-04-01) as far as Baton asks it, from its published API description. Strict: a wrong
login, a missing field or a malformed number is refused with Twilio's error codes."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.utils import format_datetime
from typing import Any
from uuid import uuid4

from tests.servers.provider import Asked, ProviderServer, Reply

SID = "AC" + "0123456789abcdef" * 2
TOKEN = "a secret / token"
NUMBER = "+15550100002"


@dataclass
class TwilioServer(ProviderServer):
    """`messages`, newest first, as the API shows them; `status` is the account's."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    callbacks: dict[str, str] = field(default_factory=dict)
    """Message -> where its sender wants to be told what becomes of it."""
    opted_out: set[str] = field(default_factory=set)
    status: str = "active"
    page: int = 1000
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def __post_init__(self) -> None:
        super().__init__()

    def answer(self, asked: Asked) -> Reply:
        login = base64.b64encode(f"{SID}:{TOKEN}".encode()).decode()
        if asked.headers.get("authorization") != f"Basic {login}":
            return _error(401, 20003)
        if asked.path == f"/2010-04-01/Accounts/{SID}.json":
            return Reply.of(200, {"sid": SID, "status": self.status, "type": "Full"})
        if asked.path != f"/2010-04-01/Accounts/{SID}/Messages.json":
            return _error(404, 20404)
        return self._create(asked) if asked.method == "POST" else self._list(asked)

    def _create(self, asked: Asked) -> Reply:
        form = asked.form()
        to, body = form.get("To", ""), form.get("Body", "")
        if asked.headers.get("content-type") != "application/x-www-form-urlencoded" or form.get("From") != NUMBER:
            return _error(400, 21212)
        if not re.fullmatch(r"\+[1-9]\d{6,14}", to):
            return _error(400, 21211)
        if not body:
            return _error(400, 21602)
        if len(body) > 1600:
            return _error(400, 21617)
        if to in self.opted_out:
            return _error(400, 21610)
        made = {
            "sid": f"SM{uuid4().hex}",
            "account_sid": SID,
            "to": to,
            "from": NUMBER,
            "body": body,
            "status": "queued",
            "direction": "outbound-api",
            "date_created": format_datetime(self.now()),
            "date_sent": None,
            "num_segments": "1",
            "price": None,
            "price_unit": "USD",
            "error_code": None,
            "error_message": None,
        }
        self.callbacks[made["sid"]] = form.get("StatusCallback", "")
        self.messages.insert(0, made)
        return Reply.of(201, made)

    def _list(self, asked: Asked) -> Reply:
        wanted, since = asked.query, asked.query.get("DateSent>", "2000-01-01")
        date.fromisoformat(since)
        found = [
            each
            for each in self.messages
            if each["to"] == wanted.get("To", each["to"]) and each["from"] == wanted.get("From", each["from"])
        ]
        first = int(wanted.get("Page", "0")) * self.page
        more = len(found) > first + self.page
        following = f"{asked.path}?To=%2B{wanted['To'][1:]}&Page={int(wanted.get('Page', '0')) + 1}" if more else None
        return Reply.of(200, {"messages": found[first : first + self.page], "next_page_uri": following})


def _error(status: int, code: int) -> Reply:
    words = {"code": code, "message": f"Error {code}", "more_info": f"https://www.twilio.com/docs/errors/{code}"}
    return Reply.of(status, {**words, "status": status})
