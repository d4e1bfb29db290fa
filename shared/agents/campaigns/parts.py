"""One part of a draft is to be said otherwise, while everything else stays as it is."""

from __future__ import annotations

from shared.agents.campaigns.inquire import drafts
from shared.agents.records import change, load, note
from shared.domain.campaign import Campaign
from shared.domain.draft import Draft
from shared.domain.faults import Conflict, FieldError, Missing, Rejected
from shared.domain.formats import named
from shared.domain.part import PartRequest
from shared.domain.scope import Scope
from shared.ports import Ports
from shared.render.personal import template_errors


def rewrite_part(ports: Ports, scope: Scope, campaign: str, by: str, request: PartRequest) -> Campaign:
    """Have one part of one variant written again, or put a person's own words there. What awaits approval, or is
    approved and still held, becomes a new version with a seal of its own: an approval no longer counts. The caller
    rings the doorbell. Raises Missing, Rejected for a part that is not there, Conflict when it is too late."""
    _check(ports, scope, load(ports, scope, campaign), request)

    def wanted(found: Campaign) -> None:
        if found.part_wish == request and found.status == "generating":
            return
        if found.status not in ("awaiting_approval", "holding"):
            raise Conflict("part", f"nothing can be said otherwise while the campaign is {found.status}")
        found.part_wish, found.status = request, "generating"
        found.approved, found.holding_until = None, None

    wished = change(ports, scope, campaign, wanted)
    said = {"version": wished.version, "variant": request.variant, "part": request.part}
    note(ports, scope, campaign, by, "part", said | {"by_hand": request.text is not None})
    return wished


def parts_of(draft: Draft) -> list[tuple[str, str]]:
    """Its parts by name, with what they say; none of one that was written before parts were kept."""
    return named(draft.words.words) if draft.words else []


def _check(ports: Ports, scope: Scope, found: Campaign, request: PartRequest) -> None:
    draft = next((each for each in drafts(ports, scope, found.id) if each.variant == request.variant), None)
    if draft is None:
        raise Missing("variant", request.variant)
    there = [name for name, _ in parts_of(draft)]
    if request.part not in there:
        raise Rejected(FieldError("part", f"variant {draft.variant} has no part {request.part!r}; it has {there}"))
    if request.text is not None and (errors := template_errors(request.text, "text")):
        raise Rejected(*errors)
