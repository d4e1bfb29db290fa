"""The forms of the pages: they do what the API does and lead back to the page."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from functions.flows import campaign_flow, doorbells
from functions.http.handlers.html import see
from shared.access.call import Answer, Call
from shared.access.problem import rejected
from shared.agents import campaigns
from shared.domain.approval import ApprovalRequest
from shared.domain.campaign import Campaign
from shared.domain.recall import CorrectionRequest, RecallRequest

Noun = TypeVar("Noun", bound=BaseModel)


def decide(call: Call) -> Answer[str]:
    """Approve, ask for changes, or reject exactly the version that the page showed."""
    request = _checked(ApprovalRequest, call)
    return _back(call, campaigns.decide(call.ports, call.scope, call.path["id"], call.principal, request))


def pause(call: Call) -> Answer[str]:
    """Nothing leaves any more from the next window on."""
    return _back(call, campaigns.pause(call.ports, call.scope, call.path["id"], call.principal))


def resume(call: Call) -> Answer[str]:
    """Go on with exactly the remainder; if its flow broke, with a new one."""
    found = campaigns.resume(call.ports, call.scope, call.path["id"], call.principal)
    flow, bells = campaign_flow(call.scope, found), doorbells(call.scope, found)
    return see(f"/campaigns/{found.id}", start=[flow], ring=bells)


def cancel(call: Call) -> Answer[str]:
    """Whoever has not got it will not get it."""
    return _back(call, campaigns.cancel(call.ports, call.scope, call.path["id"], call.principal))


def recall(call: Call) -> Answer[str]:
    """Stop whatever has not left, or have what is held written again."""
    found = campaigns.get(call.ports, call.scope, call.path["id"])
    campaigns.recall(call.ports, call.scope, found.id, call.principal, _checked(RecallRequest, call))
    return _back(call, found)


def correction(call: Call) -> Answer[str]:
    """Write to those only who got this campaign."""
    first = campaigns.get(call.ports, call.scope, call.path["id"])
    asked = _checked(CorrectionRequest, call)
    made = campaigns.correction(call.ports, call.scope, first.id, call.principal, asked)
    return see(f"/campaigns/{made.id}", start=[campaign_flow(call.scope, made)])


def _checked(model: type[Noun], call: Call) -> Noun:
    """What was filled in; an empty field is an absent one."""
    try:
        return model.model_validate({name: value for name, value in call.form.items() if value.strip()})
    except ValidationError as error:
        raise rejected(error, "form") from None


def _back(call: Call, campaign: Campaign) -> Answer[str]:
    return see(f"/campaigns/{campaign.id}", ring=doorbells(call.scope, campaign))
