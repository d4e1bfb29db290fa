"""The forms of the pages: they do what the API does and lead back to the page."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from functions.flows import doorbells, import_flow
from functions.http.handlers.html import see
from shared.access.call import Answer, Call
from shared.access.problem import rejected
from shared.access.upload import uploaded
from shared.agents import campaigns, contacts
from shared.domain.approval import ApprovalRequest
from shared.domain.campaign import Campaign


def decide(call: Call) -> Answer[str]:
    """Approve, ask for changes, or reject exactly the version that the page showed."""
    request = _decision({name: value for name, value in call.form.items() if value.strip()})
    return _back(call, campaigns.decide(call.ports, call.scope, call.path["id"], call.principal, request))


def pause(call: Call) -> Answer[str]:
    """Nothing leaves any more from the next window on."""
    return _back(call, campaigns.pause(call.ports, call.scope, call.path["id"], call.principal))


def resume(call: Call) -> Answer[str]:
    """Go on with exactly the remainder."""
    return _back(call, campaigns.resume(call.ports, call.scope, call.path["id"], call.principal))


def cancel(call: Call) -> Answer[str]:
    """Whoever has not got it will not get it."""
    return _back(call, campaigns.cancel(call.ports, call.scope, call.path["id"], call.principal))


def bring_in(call: Call, body: bytes) -> Answer[str]:
    """Take in an uploaded file of contacts."""
    file = uploaded(body, call.headers.get("content-type", ""), "file")
    content_type = "application/json" if file.name.lower().endswith(".json") else "text/csv"
    made = contacts.accept_import(call.ports, call.scope, call.principal, file.data, content_type)
    return see(f"/imports/{made.id}", start=[import_flow(call.scope, made.id)])


def _decision(form: dict[str, Any]) -> ApprovalRequest:
    try:
        return ApprovalRequest.model_validate(form)
    except ValidationError as error:
        raise rejected(error, "form") from None


def _back(call: Call, campaign: Campaign) -> Answer[str]:
    return see(f"/campaigns/{campaign.id}", ring=doorbells(call.scope, campaign.id, campaign.distributions))
