"""Stripe's payment links and Checkout sessions as far as Baton asks them, in the JSON of its API reference. Strict: a
wrong key, a missing field or a price that is no whole number is refused with Stripe's error objects; the same
Idempotency-Key answers the same, and another request under it is an error."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from tests.servers.provider import Asked, ProviderServer, Reply

KEY, SECRET = "sk_test_a/b c", "whsec_a secret/with signs"


@dataclass
class StripeServer(ProviderServer):
    """`links` by id; `pay` is what a client does on the page behind one."""

    links: dict[str, dict[str, Any]] = field(default_factory=dict)
    sessions: list[dict[str, Any]] = field(default_factory=list)
    refunds: list[dict[str, Any]] = field(default_factory=list)
    keys: dict[str, tuple[bytes, Reply]] = field(default_factory=dict)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def __post_init__(self) -> None:
        super().__init__()

    @property
    def setting(self) -> str:
        """For BATON_BOOKS_URL."""
        return f"stripe+http://{quote(KEY, safe='')}:{quote(SECRET, safe='')}@127.0.0.1:{self.port}"

    def answer(self, asked: Asked) -> Reply:
        if asked.headers.get("authorization") != f"Bearer {KEY}":
            return _error(401, "invalid_request_error", "Invalid API Key provided")
        key = asked.headers.get("idempotency-key", "")
        if asked.method == "POST" and key in self.keys:
            before, reply = self.keys[key]
            return reply if before == asked.body else _error(400, "idempotency_error", "other parameters")
        reply = self._answer(asked)
        if asked.method == "POST" and key and reply.status < 500:
            self.keys[key] = (asked.body, reply)
        return reply

    def _answer(self, asked: Asked) -> Reply:
        if asked.method == "POST" and asked.path == "/v1/payment_links":
            return self._create(asked.form())
        if asked.method == "POST" and (found := re.fullmatch(r"/v1/payment_links/(\w+)", asked.path)):
            if found[1] not in self.links:
                return _error(404, "invalid_request_error", f"No such payment_link: '{found[1]}'")
            self.links[found[1]]["active"] = asked.form().get("active") != "false"
            return Reply.of(200, self.links[found[1]])
        if asked.method == "GET" and asked.path == "/v1/checkout/sessions":
            [(name, wanted)] = [pair for pair in asked.query.items() if pair[0] in ("payment_link", "payment_intent")]
            return _list(asked.path, [each for each in self.sessions if each[name] == wanted])
        if asked.method == "GET" and asked.path == "/v1/refunds":
            return _list(
                asked.path, [each for each in self.refunds if each["payment_intent"] == asked.query["payment_intent"]]
            )
        return _error(404, "invalid_request_error", "Unrecognized request URL")

    def _create(self, form: dict[str, str]) -> Reply:
        price = "line_items[0][price_data]"
        wanted = (
            f"{price}[currency]",
            f"{price}[unit_amount]",
            f"{price}[product_data][name]",
            "line_items[0][quantity]",
        )
        for name in wanted:
            if not form.get(name):
                return _error(400, "invalid_request_error", f"Missing required param: {name}.")
        if not re.fullmatch("[0-9]{1,12}", form[f"{price}[unit_amount]"]):
            return _error(400, "invalid_request_error", f"Invalid integer: {form[f'{price}[unit_amount]']}")
        id = f"plink_{uuid4().hex[:24]}"
        self.links[id] = {
            "id": id,
            "object": "payment_link",
            "active": True,
            "currency": form[f"{price}[currency]"],
            "livemode": False,
            "metadata": {name[9:-1]: text for name, text in form.items() if name.startswith("metadata[")},
            "restrictions": {"completed_sessions": {"count": 0, "limit": 1}},
            "url": f"https://buy.stripe.com/test_{id[6:]}",
        }
        self.links[id]["_amount"] = int(form[f"{price}[unit_amount]"])
        return Reply.of(200, {name: value for name, value in self.links[id].items() if name != "_amount"})

    def pay(self, link: str, **changed: Any) -> dict[str, Any]:
        """A completed Checkout session; what is `changed` is not as the link says."""
        of = self.links[link]
        made = {
            "id": f"cs_test_{uuid4().hex[:24]}",
            "object": "checkout.session",
            "amount_total": of["_amount"],
            "created": int(self.now().timestamp()),
            "currency": of["currency"],
            "metadata": of["metadata"],
            "payment_intent": f"pi_{uuid4().hex[:24]}",
            "payment_link": link,
            "payment_status": "paid",
            "status": "complete",
            **changed,
        }
        self.sessions.append(made)
        return made

    def refund(self, session: dict[str, Any], coins: int, status: str = "succeeded") -> dict[str, Any]:
        """Money of a payment goes back."""
        made = {
            "id": f"re_{uuid4().hex[:24]}", "object": "refund", "amount": coins, "currency": session["currency"],
            "payment_intent": session["payment_intent"], "status": status, "metadata": {},
        }  # fmt: skip
        self.refunds.append(made)
        return made

    def charge(self, session: dict[str, Any]) -> dict[str, Any]:
        """What `charge.refunded` is about."""
        back = [each for each in self.refunds if each["payment_intent"] == session["payment_intent"]]
        gone = sum(each["amount"] for each in back if each["status"] == "succeeded")
        return {
            "id": "ch_1", "object": "charge", "amount": session["amount_total"], "amount_refunded": gone,
            "payment_intent": session["payment_intent"], "metadata": session["metadata"],
        }  # fmt: skip

    def event(self, session: dict[str, Any], type: str = "checkout.session.completed") -> tuple[bytes, dict[str, str]]:
        """The body of a webhook and its headers, signed now."""
        said = {"id": f"evt_{uuid4().hex[:24]}", "object": "event", "type": type, "data": {"object": session}}
        body = json.dumps(said).encode()
        return body, {"stripe-signature": signature(body, self.now())}


def signature(body: bytes, at: datetime, secret: str = SECRET) -> str:
    """As docs.stripe.com/webhooks#verify-manually has it."""
    seconds = str(int(at.timestamp()))
    made = hmac.new(secret.encode(), seconds.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={made},v0=0"


def _list(path: str, found: list[dict[str, Any]]) -> Reply:
    return Reply.of(200, {"object": "list", "url": path, "has_more": False, "data": found[::-1]})


def _error(status: int, type: str, message: str) -> Reply:
    return Reply.of(status, {"error": {"type": type, "message": message}})
