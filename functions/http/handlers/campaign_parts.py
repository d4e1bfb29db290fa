"""Parts of a campaign's draft said otherwise, over HTTP and from its page; versions of a draft."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from functions.flows import doorbells
from functions.http.handlers.as_seen import as_seen
from functions.http.handlers.html import see
from shared.access.call import Answer, Call
from shared.access.problem import Refusal, rejected
from shared.agents import campaigns
from shared.agents.campaigns.parts import Outdated, changes, draft_of, edit, parts_of, rewrite_part
from shared.domain import client_view
from shared.domain.campaign import Campaign
from shared.domain.draft import Draft
from shared.domain.faults import Missing
from shared.domain.part import DraftChanges, DraftEdit, DraftWish, PartRequest

_ETAG = re.compile(r'(?:W/)?"(\d{1,9})"')


class VersionQuery(BaseModel):
    """Which version; the newest if none is named."""

    model_config = ConfigDict(extra="forbid")

    version: Annotated[int, Field(ge=1)] | None = None


class SinceQuery(BaseModel):
    """Since which version; since the one before if none is named."""

    model_config = ConfigDict(extra="forbid")

    since: Annotated[int, Field(ge=1)] | None = None


def rewrite(call: Call, body: PartRequest) -> Answer[Campaign]:
    """Have one part of a draft written again, or say it yourself; the rest stays, and it is to be approved anew."""
    wished = rewrite_part(call.ports, call.scope, call.path["id"], call.principal, body)
    return Answer(wished, status=202, ring=doorbells(call.scope, wished))


def show(call: Call, query: VersionQuery) -> Answer[Draft]:
    """One variant of one version. The ETag is the version, for If-Match."""
    found = draft_of(call.ports, call.scope, call.path["id"], call.path["variant"], query.version)
    return Answer(as_seen(call, found, client_view.draft), headers={"ETag": f'"{found.version}"'})


def patch(call: Call, body: DraftEdit) -> Answer[Campaign]:
    """Put your own words into parts of a draft, or bring an earlier version of it back.

    It becomes a new version, checked again and to be approved anew. With If-Match only if the draft is still of
    that version (412 otherwise)."""
    return _edited(call, call.path["variant"], body, _version(call.headers.get("if-match")))


def differences(call: Call, query: SinceQuery) -> Answer[DraftChanges]:
    """What a draft says differently from an earlier version of itself, word by word."""
    place = call.ports, call.scope, call.path["id"], call.path["variant"]
    after = draft_of(*place)
    return Answer(changes(draft_of(*place, query.since or max(1, after.version - 1)), after))


def form(call: Call) -> Answer[str]:
    """One part from the page: what was typed into one of the two fields."""
    found = campaigns.get(call.ports, call.scope, call.path["id"])
    try:
        given = PartRequest.model_validate({name: value for name, value in call.form.items() if value.strip()})
    except ValidationError as error:
        raise rejected(error, "form") from None
    wished = rewrite_part(call.ports, call.scope, found.id, call.principal, given)
    return see(f"/campaigns/{wished.id}?variant={given.variant}#mail", ring=doorbells(call.scope, wished))


def edit_form(call: Call) -> Answer[str]:
    """All parts from the page, of which those are taken that say something else now; or a version that comes back."""
    found = campaigns.get(call.ports, call.scope, call.path["id"])
    form, variant = call.form, call.form.get("variant", "A")
    try:
        if back := form.get("back"):
            asked = DraftEdit.model_validate({"version": back})
        else:
            asked = DraftEdit.model_validate({"parts": _changed(call, found, variant)})
    except ValidationError as error:
        raise rejected(error, "form") from None
    answer = _edited(call, variant, asked, _version(f'"{form.get("version", "")}"'))
    return see(f"/campaigns/{found.id}?variant={variant}#mail", ring=answer.ring)


def _changed(call: Call, found: Campaign, variant: str) -> dict[str, str]:
    """A browser sends line ends of its own."""
    said = dict(parts_of(draft_of(call.ports, call.scope, found.id, variant)))
    typed = {part: call.form[part].replace("\r\n", "\n").strip() for part in said if part in call.form}
    return {part: text for part, text in typed.items() if text != said[part]}


def _edited(call: Call, variant: str, asked: DraftEdit, at: int | None) -> Answer[Campaign]:
    found = campaigns.get(call.ports, call.scope, call.path["id"])
    try:
        wish = DraftWish.model_validate({**asked.model_dump(), "variant": variant})
    except ValidationError:
        raise Missing("variant", variant) from None
    try:
        wished = edit(call.ports, call.scope, found.id, call.principal, wish, at)
    except Outdated as other:
        raise Refusal(412, "changed", "If-Match", str(other)) from None
    return Answer(wished, status=202, ring=doorbells(call.scope, wished))


def _version(etag: str | None) -> int | None:
    """The version that an If-Match names (RFC 9110 section 13.1.1). Raises Refusal (412) for one that names none."""
    if etag is None or etag.strip() == "*":
        return None
    if not (found := _ETAG.fullmatch(etag.strip())):
        raise Refusal(412, "changed", "If-Match", f"{etag!r} is no version of a draft")
    return int(found[1])
