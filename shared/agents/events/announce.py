"""Events on the bus."""

from __future__ import annotations

from itertools import islice

from shared.agents.events.feed import event_of
from shared.agents.events.route import in_state, move
from shared.domain.names import EVENTS
from shared.domain.scope import Scope
from shared.ports import BusMessage, Document, Ports

_AT_ONCE = 100


def announce(ports: Ports, scope: Scope) -> None:
    """Send what was not sent yet to the topic `events`; a kill in between sends it again, under the same id."""
    waiting = in_state(ports, scope, "routed")
    while documents := list(islice(waiting, _AT_ONCE)):
        if ports.bus:
            ports.bus.send(scope, EVENTS, [_message(scope, each) for each in documents])
        for each in documents:
            move(ports, scope, each, "told")


def _message(scope: Scope, document: Document) -> BusMessage:
    event = event_of(document)
    return BusMessage(event.id, event.type, event.payload(scope))
