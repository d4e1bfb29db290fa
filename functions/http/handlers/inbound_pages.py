"""The page of what strangers wrote, with the settings of the form."""

from __future__ import annotations

from pydantic import ValidationError

from functions.http.handlers.html import html, see
from functions.http.handlers.inbound import InboundQuery
from shared.access.call import Answer, Call
from shared.access.problem import rejected
from shared.agents import inbound
from shared.domain.inbound import InboundDecision, InboundSettings


def listing(call: Call, query: InboundQuery) -> Answer[str]:
    """What came in, the newest first; and where the form is."""
    items, cursor = inbound.listing(call.ports, call.scope, query.limit, query.cursor, query.state)
    door = inbound.door_of(call.ports, call.scope)
    return html(call, "inbound", here="inbound", items=items, cursor=cursor, door=door, state=query.state or "")


def decide(call: Call) -> Answer[str]:
    """It is meant seriously, or it is not."""
    try:
        asked = InboundDecision.model_validate({"decision": call.form.get("decision", "")})
    except ValidationError as error:
        raise rejected(error, "form") from None
    found = inbound.decide(call.ports, call.scope, call.path["id"], call.principal, asked)
    return see(f"/inbound#{found.id}")


def put_settings(call: Call) -> Answer[str]:
    """The same from the page."""
    form = call.form
    said = {name: form.get(name, "") for name in ("title", "intro", "consent", "language", "address")}
    said = {name: text for name, text in said.items() if text.strip()}
    ticked = {name: name in form for name in ("open", "confirm")}
    try:
        asked = InboundSettings.model_validate({**said, **ticked})
    except ValidationError as error:
        raise rejected(error, "form") from None
    inbound.write(call.ports, call.scope, call.principal, asked)
    return see("/inbound#settings")


def renew(call: Call) -> Answer[str]:
    """A new link from the page."""
    inbound.renew(call.ports, call.scope, call.principal)
    return see("/inbound#settings")
