"""Parts of a draft are to be said otherwise, while everything else stays as it is."""

from __future__ import annotations

from shared.agents.campaigns.inquire import drafts
from shared.agents.records import change, load, note
from shared.domain.campaign import Campaign
from shared.domain.draft import Draft, draft_id
from shared.domain.faults import Conflict, FieldError, Missing, Rejected
from shared.domain.formats import named
from shared.domain.names import Kind
from shared.domain.part import DraftChanges, DraftWish, PartChange, PartRequest
from shared.domain.scope import Scope
from shared.domain.word_diff import stretches
from shared.ports import Ports
from shared.render.personal import template_errors


class Outdated(Exception):
    """The draft is of another version by now: of `version`, or about to be."""

    def __init__(self, version: int) -> None:
        super().__init__(f"the draft is of version {version} now, or being written again")
        self.version = version


def rewrite_part(ports: Ports, scope: Scope, campaign: str, by: str, request: PartRequest) -> Campaign:
    """Have one part of one variant written again, or put a person's own words there. What awaits approval, or is
    approved and still held, becomes a new version with a seal of its own: an approval no longer counts. The caller
    rings the doorbell. Raises Missing, Rejected for a part that is not there, Conflict when it is too late."""
    _check(ports, scope, load(ports, scope, campaign), request)
    wished = _wish(ports, scope, campaign, request)
    said = {"version": wished.version, "variant": request.variant, "part": request.part}
    note(ports, scope, campaign, by, "part", said | {"by_hand": request.text is not None})
    return wished


def edit(ports: Ports, scope: Scope, campaign: str, by: str, wish: DraftWish, at: int | None = None) -> Campaign:
    """Put a person's own words into several parts at once, or bring an earlier version back; all else as for
    `rewrite_part`. `at`: only if the draft is of that version still; raises Outdated otherwise."""
    found = load(ports, scope, campaign)
    if at is not None and (found.version != at or found.part_wish or found.change_wish):
        raise Outdated(found.version)
    draft = draft_of(ports, scope, campaign, wish.variant)
    there = [name for name, _ in parts_of(draft)]
    strange = [part for part in wish.parts if part not in there]
    errors = [FieldError(f"parts.{part}", f"there is no such part; there are {there}") for part in strange]
    errors += [each for part, text in wish.parts.items() for each in template_errors(text, f"parts.{part}")]
    if errors:
        raise Rejected(*errors)
    if wish.version is not None:
        draft_of(ports, scope, campaign, wish.variant, wish.version)
    wished = _wish(ports, scope, campaign, wish, at)
    said: dict[str, object] = {"version": wished.version, "variant": wish.variant}
    for part in wish.parts:
        note(ports, scope, campaign, by, "part", said | {"part": part, "by_hand": True})
    if wish.version is not None:
        note(ports, scope, campaign, by, "version_back", said | {"back": wish.version})
    return wished


def draft_of(ports: Ports, scope: Scope, campaign: str, variant: str, version: int | None = None) -> Draft:
    """One variant of a version, of the newest unless one is named. Raises Missing."""
    wanted = version or load(ports, scope, campaign).version
    document = ports.documents.get(scope, Kind.DRAFT, draft_id(campaign, wanted, variant))
    if document is None:
        raise Missing("draft", f"{variant} of version {wanted}")
    return Draft.model_validate(document.body)


def changes(before: Draft, after: Draft) -> DraftChanges:
    """What two versions of a variant say differently, part by part, in reading order."""
    old, new = dict(parts_of(before)), dict(parts_of(after))
    differ = [part for part in {**new, **old} if old.get(part) != new.get(part)]
    told = [PartChange(part=part, stretches=stretches(old.get(part, ""), new.get(part, ""))) for part in differ]
    return DraftChanges(variant=after.variant, before=before.version, after=after.version, changes=told)


def _wish(ports: Ports, scope: Scope, campaign: str, wish: PartRequest | DraftWish, at: int | None = None) -> Campaign:
    def wanted(found: Campaign) -> None:
        if found.part_wish == wish and found.status == "generating":
            return
        if at is not None and found.version != at:
            raise Outdated(found.version)
        if found.status not in ("awaiting_approval", "holding"):
            raise Conflict("part", f"nothing can be said otherwise while the campaign is {found.status}")
        found.part_wish, found.status = wish, "generating"
        found.approved, found.holding_until = None, None

    return change(ports, scope, campaign, wanted)


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
