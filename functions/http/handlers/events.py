"""What happened, as other systems are told it."""

from __future__ import annotations

from shared.access.call import Answer, Call, Listing, Paging
from shared.agents import events
from shared.domain.event import Event, EventType


class EventsQuery(Paging):
    """Events, all or of one type."""

    type: EventType | None = None


def listing(call: Call, query: EventsQuery) -> Answer[Listing[Event]]:
    """Events of the last thirty days, newest first."""
    items, cursor = events.listing(call.ports, call.scope, query.type, query.limit, query.cursor)
    return Answer(Listing(items=items, cursor=cursor))
