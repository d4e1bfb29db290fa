"""One part of a campaign's draft said otherwise, over HTTP and from its page."""

from __future__ import annotations

from pydantic import ValidationError

from functions.flows import doorbells
from functions.http.handlers.html import see
from shared.access.call import Answer, Call
from shared.access.problem import rejected
from shared.agents import campaigns
from shared.agents.campaigns.parts import rewrite_part
from shared.domain.campaign import Campaign
from shared.domain.part import PartRequest


def rewrite(call: Call, body: PartRequest) -> Answer[Campaign]:
    """Have one part of a draft written again, or say it yourself; the rest stays, and it is to be approved anew."""
    wished = rewrite_part(call.ports, call.scope, call.path["id"], call.principal, body)
    return Answer(wished, status=202, ring=doorbells(call.scope, wished))


def form(call: Call) -> Answer[str]:
    """The same, from the page: what was typed into one of the two fields."""
    found = campaigns.get(call.ports, call.scope, call.path["id"])
    try:
        given = PartRequest.model_validate({name: value for name, value in call.form.items() if value.strip()})
    except ValidationError as error:
        raise rejected(error, "form") from None
    wished = rewrite_part(call.ports, call.scope, found.id, call.principal, given)
    return see(f"/campaigns/{wished.id}?variant={given.variant}#mail", ring=doorbells(call.scope, wished))
