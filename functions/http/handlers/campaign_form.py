"""The page on which a campaign is started."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from functions.flows import campaign_flow
from functions.http.handlers.html import html, see
from shared.access.call import Answer, Call
from shared.access.problem import rejected
from shared.agents import campaigns
from shared.agents.channels import refusals
from shared.domain.campaign import CampaignRequest
from shared.domain.faults import Conflict, FieldError, Rejected
from shared.web.campaign_form import BLANK, LABELS, as_before, request_of_form
from shared.web.fields import labelled

_RECENT = 50


def blank(call: Call) -> Answer[str]:
    """The form, with the sender of the newest campaign."""
    return _page(call, {})


def create(call: Call) -> Answer[str]:
    """Start what was filled in; what is wrong is said above it, and nothing of it is lost."""
    form = call.form
    try:
        request = _request(call, form)
        made = campaigns.accept(call.ports, call.scope, call.principal, request)
    except Rejected as wrong:
        return replace(_page(call, form, wrong.errors), status=400)
    except Conflict as other:
        return replace(_page(call, form, [other.error]), status=409)
    return see(f"/campaigns/{made.id}", start=[campaign_flow(call.scope, made)])


def _request(call: Call, form: Mapping[str, str]) -> CampaignRequest:
    try:
        return CampaignRequest.model_validate(request_of_form(form, ZoneInfo(call.ports.timezone)))
    except ValidationError as error:
        raise rejected(error, "form") from None


def _page(call: Call, form: Mapping[str, str], errors: Sequence[FieldError] = ()) -> Answer[str]:
    recent, _ = campaigns.listing(call.ports, call.scope, _RECENT, None)
    known = as_before(recent[0].request) if recent else {}
    shown = {
        "form": {**BLANK, **known, **form},
        "errors": labelled(errors, LABELS),
        "channels": refusals(call.ports),
        "sent": [(each.id, each.name) for each in recent if each.shards],
    }
    return html(call, "campaign_new", here="campaigns", **shown)
