"""Events: read off what changed, told to other systems over the bus and to the webhooks that they asked for."""

from __future__ import annotations

from collections.abc import Callable

from shared.agents.events.announce import announce
from shared.agents.events.deliver import deliver, next_due
from shared.agents.events.feed import collect, forget, listing
from shared.agents.events.route import route
from shared.domain.event import Event
from shared.domain.scope import Scope
from shared.ports import Ports


def tell(ports: Ports, scope: Scope, hear: Callable[[Event], None] = lambda _: None) -> None:
    """Everything that changed since the last time is told; whoever is killed in the middle does it again. The bus comes
    last: when it is away (it raises), webhooks are not kept waiting. `hear`: who in the house is told, too."""
    collect(ports, scope)
    route(ports, scope, hear)
    deliver(ports, scope)
    announce(ports, scope)


__all__ = ["announce", "collect", "deliver", "forget", "listing", "next_due", "route", "tell"]
