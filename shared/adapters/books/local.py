"""Books on this machine: clients transfer to the account that stands on the invoice, and whoever reads the account (a
person, a bank's file, another program) tells what came. Programs sign by the Standard Webhooks specification."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from pydantic import TypeAdapter, ValidationError

from shared.domain.payment import PaymentRequest, Received
from shared.domain.scope import Scope
from shared.domain.webhook import verified_webhook, webhook_secret
from shared.ports.books import Bill, Forged, Presented

_NOTICES: TypeAdapter[list[PaymentRequest] | PaymentRequest] = TypeAdapter(list[PaymentRequest] | PaymentRequest)

MOST_TOLD = 1000


class LocalBooks:
    """No page of its own to pay on. `keys` are the home's link keys, newest last."""

    name = "local"

    def __init__(self, keys: Mapping[str, bytes], now: Callable[[], datetime]) -> None:
        self._keys, self._now = keys, now

    def present(self, scope: Scope, bill: Bill) -> Presented:
        return Presented(bill.number, None)

    def withdraw(self, scope: Scope, bill: Bill) -> None:
        pass

    def received(self, scope: Scope, bill: Bill) -> list[Received]:
        return []

    def notice(self, scope: Scope, headers: Mapping[str, str], body: bytes) -> list[Received]:
        secrets = [webhook_secret(key, f"payments|{scope}") for key in self._keys.values()]
        if verified_webhook(secrets, headers, body, self._now()) is None:
            raise Forged("webhook-signature")
        try:
            said = _NOTICES.validate_json(body)
        except ValidationError as error:
            first = error.errors()[0]
            raise ValueError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
        listed = said if isinstance(said, list) else [said]
        if len(listed) > MOST_TOLD:
            raise ValueError(f"has more than {MOST_TOLD} payments; tell them in parts")
        return [Received(**{**each.model_dump(), "at": each.at or self._now()}, source="notice") for each in listed]

    def secret(self, scope: Scope) -> str | None:
        return webhook_secret(list(self._keys.values())[-1], f"payments|{scope}")
