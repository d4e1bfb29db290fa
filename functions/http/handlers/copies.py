"""Using a campaign again, over HTTP and from its page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from functions.flows import campaign_flow
from functions.http.handlers.accepted import Accepted, accepted
from functions.http.handlers.campaigns import PARTS
from functions.http.handlers.html import html, see
from shared.access.call import Answer, Call
from shared.access.problem import rejected
from shared.agents import campaigns
from shared.agents.campaigns.again import copy, tried
from shared.domain.copy import Audience, CopyRequest, Trial
from shared.domain.faults import Conflict, Rejected
from shared.web.fields import filled, local_time


class CopyQuery(BaseModel):
    """With `dry_run` nothing is made: it is said what the copy would be."""

    model_config = ConfigDict(extra="forbid")

    dry_run: bool = False


class PageQuery(BaseModel):
    """What was chosen; it is tried before anything is made. Without an audience nobody has chosen yet, and the page
    asks for the same one when it is open: a large audience takes longer to count than a page may take."""

    model_config = ConfigDict(extra="forbid")

    audience: Audience | None = None
    start: str = Field(default="", max_length=40)
    days: str = Field(default="", max_length=4)


def use_again(call: Call, body: CopyRequest, query: CopyQuery) -> Answer[Accepted | Trial]:
    """Copy a campaign into a new draft with the same words; it waits for approval like any."""
    if query.dry_run:
        return Answer(tried(call.ports, call.scope, call.path["id"], call.principal, body))
    made = copy(call.ports, call.scope, call.path["id"], call.principal, body)
    done = accepted(made.id, made.status, f"/api/v1/campaigns/{made.id}", PARTS, campaign_flow(call.scope, made))
    return Answer(done.body, done.status, headers=done.headers, start=done.start)


def page(call: Call, query: PageQuery) -> Answer[str]:
    """What the copy would be: who, when, for how much. A button makes it."""
    found = campaigns.get(call.ports, call.scope, call.path["id"])
    chosen = {name: value for name, value in query.model_dump().items() if value}
    shown = _tried(call, found.id, chosen) if query.audience else {"trial": None, "refused": None}
    default = {"audience": "same", "start": "", "days": ""}
    counting = query.audience is None
    return html(
        call, "copy", here="campaigns", campaign=found, counting=counting, chosen={**default, **chosen}, **shown
    )


def _tried(call: Call, campaign: str, chosen: Mapping[str, str]) -> dict[str, Any]:
    try:
        made = tried(call.ports, call.scope, campaign, call.principal, _asked(call, chosen))
    except Rejected as wrong:
        return {"trial": None, "refused": "; ".join(reason for _, reason in wrong.errors)}
    except Conflict as other:
        return {"trial": None, "refused": other.error.reason}
    return {"trial": made, "refused": None}


def form(call: Call) -> Answer[str]:
    """Make it, and go on to its page."""
    made = copy(call.ports, call.scope, call.path["id"], call.principal, _asked(call, call.form))
    return see(f"/campaigns/{made.id}", start=[campaign_flow(call.scope, made)])


def _asked(call: Call, form: Mapping[str, str]) -> CopyRequest:
    """As the API takes it; without a time and days the window is as it was."""
    said = filled(form)
    asked: dict[str, Any] = {name: said[name] for name in ("name", "audience") if name in said}
    if "start" in said or "days" in said:
        first = campaigns.get(call.ports, call.scope, call.path["id"]).request.window
        start = local_time(said["start"], ZoneInfo(call.ports.timezone)) if "start" in said else None
        asked["window"] = {"start": start, "days": said.get("days", first.days), "hours": first.hours}
    try:
        return CopyRequest.model_validate(asked)
    except ValidationError as error:
        raise rejected(error, "form") from None
