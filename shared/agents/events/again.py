"""Deliveries as people look at them, and sending them again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from shared.agents.events.deliver import BOOK, deliver_now
from shared.agents.events.feed import event_of
from shared.agents.events.route import new_delivery
from shared.agents.events.subscriptions import HOOKS
from shared.domain.event import Event, stamp
from shared.domain.faults import Conflict, FieldError, Rejected
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.domain.subscription import Delivery, DeliveryState, Webhook
from shared.ports import Order, Ports


def deliveries(
    ports: Ports, scope: Scope, hook: str, state: DeliveryState | None, limit: int, cursor: str | None = None
) -> tuple[list[Delivery], str | None]:
    """Those of one webhook, newest event first. Raises Missing, and Rejected for a cursor that is none."""
    HOOKS.load(ports, scope, hook)
    asked = [Filter("webhook", "eq", hook), *([Filter("state", "eq", state)] if state else [])]
    try:
        page = ports.documents.find(scope, Kind.DELIVERY, asked, Order("at", descending=True), limit, cursor)
    except ValueError as error:
        raise Rejected(FieldError("cursor", str(error))) from None
    return [Delivery.model_validate(each.body) for each in page.documents], page.cursor


def again(ports: Ports, scope: Scope, hook: str, event: str, by: str) -> Delivery:
    """Send one again, at once, whatever became of it. Raises Missing, and Conflict while the webhook is off."""
    _on(ports, scope, hook)
    now, id = ports.clock.now(), f"{hook}~{event}"

    def mutate(delivery: Delivery) -> None:
        delivery.state, delivery.next_at, delivery.begun_at, delivery.tries = "waiting", now, None, 0

    BOOK.change(ports, scope, id, mutate)
    ports.journal.append(scope, "webhooks", now, by, "replayed", {"webhook": hook, "event": event})
    return deliver_now(ports, scope, id)


def again_since(ports: Ports, scope: Scope, hook: str, since: datetime, by: str) -> int:
    """Send everything again that the webhook wants and that happened since then, also from before it was there; the
    next sweep begins. Returns how many. Raises as `again`."""
    found, sent = _on(ports, scope, hook), 0
    for event in _since(ports, scope, since):
        if found.wants(event.type):
            made = new_delivery(ports, found, event)
            old = ports.documents.get(scope, Kind.DELIVERY, made.id)
            log = Delivery.model_validate(old.body).log if old else []
            body = made.model_copy(update={"log": log}).model_dump(mode="json")
            ports.documents.put(scope, Kind.DELIVERY, made.id, body, "*")
            sent += 1
    ports.journal.append(scope, "webhooks", ports.clock.now(), by, "replayed", {"webhook": hook, "events": sent})
    return sent


def _on(ports: Ports, scope: Scope, hook: str) -> Webhook:
    found = HOOKS.load(ports, scope, hook)
    if not found.enabled:
        raise Conflict("enabled", "the webhook is turned off; turn it on first")
    return found


def _since(ports: Ports, scope: Scope, since: datetime) -> Iterator[Event]:
    cursor = None
    while True:
        asked = [Filter("at", "ge", stamp(since))]
        page = ports.documents.find(scope, Kind.EVENT, asked, Order("at"), 100, cursor)
        yield from (event_of(each) for each in page.documents)
        cursor = page.cursor
        if cursor is None:
            return
