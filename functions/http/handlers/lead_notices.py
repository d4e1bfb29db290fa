"""Who of leads has to be told that they were found, over HTTP."""

from __future__ import annotations

from pydantic import BaseModel

from shared.access.call import Answer, Call, Listing, Paging
from shared.agents.qualify import notices
from shared.domain.lead_notice import NoticeMail, Stranger


class NoticeMails(BaseModel):
    """The mails of one lead."""

    items: list[NoticeMail]


def listing(call: Call, query: Paging) -> Answer[Listing[Stranger]]:
    """Who of a lead does not know that they were found, whoever has to be told first at the top."""
    items, cursor = notices.strangers(call.ports, call.scope, query.limit, query.cursor)
    return Answer(Listing(items=items, cursor=cursor))


def shown(call: Call) -> Answer[NoticeMails]:
    """The mails that would tell the people of a lead; nothing leaves."""
    return Answer(NoticeMails(items=notices.shown(call.ports, call.scope, call.path["id"])))


def tell(call: Call) -> Answer[NoticeMails]:
    """Have these mails leave, each once, and say what became of each."""
    return Answer(NoticeMails(items=notices.tell(call.ports, call.scope, call.path["id"], call.principal)))
