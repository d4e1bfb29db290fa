"""Which webhooks an event is to reach."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from shared.agents.events.feed import event_of
from shared.agents.events.subscriptions import every
from shared.domain.event import Event
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.domain.subscription import Delivery, Webhook
from shared.ports import Document, Ports, Stale

_AT_ONCE = 100


def route(ports: Ports, scope: Scope, hear: Callable[[Event], None] = lambda _: None) -> None:
    """A delivery for each new event and each webhook that wants it and was there when it happened. `hear` is told of
    each, too: again, if it raises or is killed."""
    hooks: Sequence[Webhook] | None = None
    for document in in_state(ports, scope, "new"):
        hooks = every(ports, scope) if hooks is None else hooks
        event = event_of(document)
        for hook in hooks:
            if hook.wants(event.type) and hook.created_at <= event.at:
                with suppress(Stale):
                    made = new_delivery(ports, hook, event)
                    ports.documents.put(scope, Kind.DELIVERY, made.id, made.model_dump(mode="json"))
        hear(event)
        move(ports, scope, document, "routed")


def new_delivery(ports: Ports, hook: Webhook, event: Event) -> Delivery:
    """This event on its way to this webhook, from now."""
    now = ports.clock.now()
    return Delivery(
        id=f"{hook.id}~{event.id}", webhook=hook.id, event=event.id, type=event.type, at=event.at, next_at=now
    )


def in_state(ports: Ports, scope: Scope, state: str) -> Iterator[Document]:
    """The events that are so far."""
    cursor = None
    while True:
        page = ports.documents.find(scope, Kind.EVENT, [Filter("state", "eq", state)], None, _AT_ONCE, cursor)
        yield from page.documents
        cursor = page.cursor
        if cursor is None:
            return


def move(ports: Ports, scope: Scope, document: Document, state: str) -> None:
    """The event is as far as this; a second one at it has done the same."""
    with suppress(Stale):
        ports.documents.put(scope, Kind.EVENT, document.id, {**document.body, "state": state}, document.rev)
