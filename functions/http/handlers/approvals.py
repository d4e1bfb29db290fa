"""The inbox of everything that awaits a person's decision."""

from __future__ import annotations

from shared.access.call import Answer, Call, Listing, Paging
from shared.agents.campaigns.inbox import waiting
from shared.domain.approval import Approval


def listing(call: Call, query: Paging) -> Answer[Listing[Approval]]:
    """What awaits approval, oldest first."""
    items, cursor = waiting(call.ports, call.scope, query.limit, query.cursor)
    return Answer(Listing(items=items, cursor=cursor))
