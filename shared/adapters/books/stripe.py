"""Stripe: a payment link for each invoice, and its signed webhooks (docs.stripe.com/payment-links, …/webhooks).

A link is for one payment of one sum. What was paid is read off completed Checkout sessions, whose id is the payment's
reference: an event that is delivered again, late or out of order is the same payment."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import unquote, urlsplit

from shared.domain.faults import Unavailable
from shared.domain.loopback import is_loopback
from shared.domain.payment import Received, Refund
from shared.domain.scope import Scope, parse_scope
from shared.ports.books import Bill, Declined, Forged, Presented

TOLERANCE = 300
"""Seconds; as Stripe's own library has it."""
_WHOLE = frozenset(
    ("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF")
)
"""docs.stripe.com/currencies#zero-decimal. Without ISK and UGX, which it counts in hundredths (#special-cases); with
MGA, though ISO 4217 has hundredths of it."""
_THOUSANDTHS = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])
"""#three-decimal: the last digit has to be 0."""
_LATER = (408, 409, 429)
"""Timeout, conflict, too many requests: no refusal of what was asked."""
_PAID = ("checkout.session.completed", "checkout.session.async_payment_succeeded")
_REFUNDED = ("charge.refunded", "charge.refund.updated", "refund.created", "refund.updated", "refund.failed")
_STATES: Mapping[str, str] = {"succeeded": "done", "failed": "failed", "canceled": "failed"}
"""Of a refund; what is pending or requires action is under way."""


class StripeBooks:
    """`url` is `stripe://KEY:WEBHOOK_SECRET@api.stripe.com`; `stripe+http://…@127.0.0.1:PORT` for a server on this
    machine. Raises ValueError naming the setting."""

    name = "stripe"

    def __init__(self, url: str, now: Callable[[], datetime]) -> None:
        parts = urlsplit(url)
        plain = parts.scheme == "stripe+http"
        if parts.scheme not in ("stripe", "stripe+http") or not (parts.hostname and parts.username and parts.password):
            raise ValueError("BATON_BOOKS_URL: must look like stripe://KEY:WEBHOOK_SECRET@api.stripe.com")
        if plain and not is_loopback(parts.hostname):
            raise ValueError("BATON_BOOKS_URL: stripe+http is for this machine only; use stripe://")
        port = f":{parts.port}" if parts.port else ""
        self._base = f"{'http' if plain else 'https'}://{parts.hostname}{port}"
        self._key, self._secret, self._now = unquote(parts.username), unquote(parts.password), now

    def present(self, scope: Scope, bill: Bill) -> Presented:
        about = {"tenant": scope.tenant, "workspace": scope.workspace, "invoice": bill.id, "number": bill.number}
        coins = _coins(bill.open, bill.currency)
        product = {"name": f"{bill.number} {bill.title}".strip()[:250]}
        item = {
            "quantity": 1,
            "price_data": {"currency": bill.currency.lower(), "unit_amount": coins, "product_data": product},
        }
        asked = {
            "line_items": [item], "metadata": about, "restrictions": {"completed_sessions": {"limit": 1}},
            "payment_intent_data": {"metadata": about},
        }  # fmt: skip
        with _asking():
            made = self._client().v1.payment_links.create(asked, {"idempotency_key": _key(scope, bill, coins)})
        return Presented(made.id, made.url)

    def withdraw(self, scope: Scope, bill: Bill) -> None:
        if bill.reference:
            with _asking():
                self._client().v1.payment_links.update(bill.reference, {"active": False})

    def received(self, scope: Scope, bill: Bill) -> list[Received]:
        if not bill.reference:
            return []
        with _asking():
            asked = {"payment_link": bill.reference, "limit": 100}
            found = self._client().v1.checkout.sessions.list(asked)
            return [*self._payments([each.to_dict() for each in found.auto_paging_iter()])]

    def notice(self, scope: Scope, headers: Mapping[str, str], body: bytes) -> list[Received]:
        signature = headers.get("stripe-signature", "")
        if not self._signed(signature, body):
            raise Forged("stripe-signature")
        event = json.loads(body)
        if not isinstance(event, dict):
            raise ValueError("must be an event of Stripe")
        if event.get("type") in _REFUNDED:
            session = self._session(str(event["data"]["object"].get("payment_intent") or ""))
        elif event.get("type") in _PAID:
            session = event["data"]["object"]
        else:
            return []
        about = session.get("metadata") or {}
        if about.get("tenant") != scope.tenant or not about.get("workspace"):
            return []
        workspace = parse_scope(scope.tenant, str(about["workspace"])).workspace
        refunded = event["type"] in _REFUNDED
        made = self._payments([session]) if refunded else _payments([session])
        return [each.model_copy(update={"workspace": workspace}) for each in made]

    def secret(self, scope: Scope) -> str | None:
        return None

    def _session(self, intent: str) -> Mapping[str, Any]:
        """The session in which was paid what an event of a refund is about: it names the payment only by its intent. A
        charge that is not of a link of ours has none."""
        if not intent:
            return {}
        with _asking():
            found = self._client().v1.checkout.sessions.list({"payment_intent": intent, "limit": 1})
            return next((dict(each.to_dict()) for each in found.data), {})

    def _payments(self, sessions: Iterable[Mapping[str, Any]]) -> Iterator[Received]:
        """With what went back of each, as it stands now: events of refunds may come in any order."""
        for session in sessions:
            for each in _payments([session]):
                intent = session.get("payment_intent")
                refunds = tuple(self._refunds(intent, each.currency)) if intent else ()
                yield each.model_copy(update={"refunds": refunds})

    def _refunds(self, intent: str, currency: str) -> Iterator[Refund]:
        with _asking():
            found = self._client().v1.refunds.list({"payment_intent": intent, "limit": 100})
            for each in found.auto_paging_iter():
                state = _STATES.get(str(each.status), "under_way")
                said = {"id": each.id, "amount": _amount(int(each.amount), currency), "state": state}
                yield Refund.model_validate(said)

    def _signed(self, signature: str, body: bytes) -> bool:
        """The library checks the signature, the home's clock the time."""
        from stripe import SignatureVerificationError, WebhookSignature

        try:
            WebhookSignature.verify_header(body.decode(), signature, self._secret, tolerance=None)
            at = next(part.partition("=")[2] for part in signature.split(",") if part.startswith("t="))
            return abs(self._now().timestamp() - int(at)) <= TOLERANCE
        except (SignatureVerificationError, ValueError, StopIteration):
            return False

    def _client(self) -> Any:
        from stripe import StripeClient

        return StripeClient(self._key, base_addresses={"api": self._base}, max_network_retries=1)


class _asking:
    """What Stripe does not answer is asked again later; what it refuses is said."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        from stripe import StripeError

        if isinstance(error, StripeError):
            refused = 400 <= (error.http_status or 0) < 500 and error.http_status not in _LATER
            fault = Declined if refused else Unavailable
            raise fault(f"stripe: {error.code or type(error).__name__}") from None


def _payments(sessions: Any) -> Iterator[Received]:
    """Those that are paid; a session that waits for a bank is not (`payment_status`)."""
    for session in sessions:
        if session.get("status") == "complete" and session.get("payment_status") == "paid":
            currency = str(session["currency"]).upper()
            about = session.get("metadata") or {}
            yield Received(
                source="stripe", reference=session["id"], amount=_amount(int(session["amount_total"]), currency),
                currency=currency, at=datetime.fromtimestamp(int(session["created"]), UTC),
                invoice=str(about.get("invoice", ""))[:200],
            )  # fmt: skip


def _digits(currency: str) -> int:
    return 0 if currency in _WHOLE else 3 if currency in _THOUSANDTHS else 2


def _coins(amount: Decimal, currency: str) -> int:
    """As Stripe counts them. Raises Declined for a sum that it cannot say."""
    coins = amount.scaleb(_digits(currency))
    if currency in _THOUSANDTHS and coins % 10:
        raise Declined(f"stripe: the last digit of {amount:f} {currency} would have to be 0")
    if coins % 1:
        raise Declined(f"stripe: {amount:f} {currency} is finer than it can ask for")
    return int(coins)


def _amount(coins: int, currency: str) -> Decimal:
    return Decimal(coins).scaleb(-_digits(currency))


def _key(scope: Scope, bill: Bill, coins: int) -> str:
    """Stripe answers the same to the same key for a day; after that the reference is on record here."""
    said = f"{scope}|{bill.id}|{bill.number}|{coins}|{bill.currency}"
    return f"baton-{hashlib.sha256(said.encode()).hexdigest()[:32]}"
