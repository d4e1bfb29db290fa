"""The page on which a campaign is started."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from functions.flows import campaign_flow
from functions.http.handlers.html import html, see
from shared.access.call import Answer, Call
from shared.access.problem import rejected
from shared.agents import campaigns, house, pieces
from shared.agents.channels import refusals
from shared.agents.schedule.preview import preview
from shared.domain.audience import AudiencePreview, AudienceRequest
from shared.domain.campaign import CampaignRequest
from shared.domain.faults import Conflict, FieldError, Rejected
from shared.web.audience import Week, asked_of_form, week_of
from shared.web.campaign_form import BLANK, LABELS, as_before, request_of_form
from shared.web.fields import labelled

_RECENT = 50


class NewQuery(BaseModel):
    """Which piece's texts the campaign takes; none: its own are written."""

    model_config = ConfigDict(extra="forbid")

    piece: Annotated[str, Field(max_length=64)] = ""


def blank(call: Call, query: NewQuery) -> Answer[str]:
    """The form, with the workspace's sender, else that of the newest campaign."""
    return _page(call, {"piece": query.piece})


def look(call: Call) -> Answer[str]:
    """The form as it is filled in, with whom it would reach, when, and for how much; nothing is made."""
    form, zone = call.form, ZoneInfo(call.ports.timezone)
    try:
        asked = AudienceRequest.model_validate(asked_of_form(form, zone))
        found = preview(call.ports, call.scope, asked)
    except ValidationError as error:
        return _page(call, form, look=rejected(error, "form").errors)
    except Rejected as wrong:
        return _page(call, form, look=wrong.errors)
    return _page(call, form, seen=found, week=week_of(found, zone, asked.week, asked.window.days))


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
    asked: dict[str, Any] = request_of_form(form, ZoneInfo(call.ports.timezone))
    if id := form.get("piece"):
        asked["brief"] = pieces.get(call.ports, call.scope, id).request.brief
    try:
        return CampaignRequest.model_validate(asked)
    except ValidationError as error:
        raise rejected(error, "form") from None


def _page(
    call: Call,
    form: Mapping[str, str],
    errors: Sequence[FieldError] = (),
    look: Sequence[FieldError] = (),
    seen: AudiencePreview | None = None,
    week: Week | None = None,
) -> Answer[str]:
    recent, _ = campaigns.listing(call.ports, call.scope, _RECENT, None)
    own = house.read(call.ports, call.scope).sender
    before = own or (recent[0].request.sender if recent else None)
    known = as_before(before) if before else {}
    id = form.get("piece")
    shown = {
        "piece": pieces.get(call.ports, call.scope, id) if id else None,
        "form": {**BLANK, **known, **form},
        "errors": labelled(errors, LABELS),
        "channels": refusals(call.ports),
        "look_errors": labelled(look, LABELS),
        "preview": seen,
        "looked": bool(seen or look),
        "week": week,
        "sent": [(each.id, each.name) for each in recent if each.shards],
    }
    return html(call, "campaign_new", here="campaigns", **shown)
