"""What came back about messages: the list over HTTP, and its page."""

from __future__ import annotations

from typing import get_args

from functions.http.handlers.html import html
from shared.access.call import Answer, Call, Listing, Paging
from shared.agents import feedback
from shared.domain.feedback import CameIn, FeedbackItem


class FeedbackQuery(Paging):
    """News of one kind."""

    what: CameIn | None = None


def listing(call: Call, query: FeedbackQuery) -> Answer[Listing[FeedbackItem]]:
    """What came in, newest first, and what it came to."""
    items, cursor = feedback.listing(call.ports, call.scope, query.what, query.limit, query.cursor)
    return Answer(Listing(items=items, cursor=cursor))


def page(call: Call, query: FeedbackQuery) -> Answer[str]:
    """The same as a page, with a choice of the kind."""
    items, cursor = feedback.listing(call.ports, call.scope, query.what, query.limit, query.cursor)
    kinds = get_args(CameIn)
    return html(call, "feedback", here="feedback", items=items, cursor=cursor, what=query.what, kinds=kinds)
