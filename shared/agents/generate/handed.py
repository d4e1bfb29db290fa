"""The text of a piece, or of another campaign, becomes a campaign's draft."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from shared.agents.records import Records
from shared.domain.campaign import Campaign, TextsRef
from shared.domain.claims import Source
from shared.domain.draft import Draft, Finding, Origin, draft_id
from shared.domain.faults import Missing
from shared.domain.formats import FormatName
from shared.domain.names import Kind
from shared.domain.piece import Piece, why_not
from shared.domain.scope import Scope
from shared.domain.wording import Copy, ShortCopy
from shared.ports import Ports

_PIECES = Records(Kind.PIECE, Piece)


class Handed(NamedTuple):
    """Words, who wrote them, the piece that they come from, and what of them a person said in their own words."""

    words: Copy | ShortCopy
    written_by: str
    origin: Origin | None = None
    by_hand: Sequence[str] = ()


def handed(ports: Ports, scope: Scope, campaign: Campaign, format: FormatName, variant: str) -> Handed | Finding:
    """The words of the piece or campaign that the campaign names, as they are; a finding if there are none any more."""
    if campaign.request.texts:
        return _of_campaign(ports, scope, campaign.request.texts, variant)
    named = campaign.request.piece
    assert named is not None, "only a campaign that names a piece takes its words"
    try:
        piece = _PIECES.load(ports, scope, named.id)
    except Missing:
        return Finding(severity="error", rule="piece-gone", where="piece", reason="the piece is no longer there")
    if reason := why_not(piece, format, named.audience, variant):
        return Finding(severity="error", rule="piece-gone", where="piece", reason=reason)
    text = piece.text(f"{format}-{named.audience}-{variant}")
    assert text is not None, "just looked for"
    said = {"language": text.language, "notes": []}
    words: Copy | ShortCopy
    if format == "email":
        words = Copy.model_validate({**text.words, **said})
    else:
        words = ShortCopy.model_validate({"format": format, "words": text.words, **said})
    return Handed(words, text.written_by, Origin(piece=piece.id, text=text.id, version=text.version))


def _of_campaign(ports: Ports, scope: Scope, named: TextsRef, variant: str) -> Handed | Finding:
    document = ports.documents.get(scope, Kind.DRAFT, draft_id(named.campaign, named.version, variant))
    draft = Draft.model_validate(document.body) if document else None
    if draft is None or draft.words is None:
        return Finding(severity="error", rule="texts-gone", where="texts", reason="its texts are no longer there")
    return Handed(draft.words, draft.written_by, draft.origin, draft.by_hand)


def plan_sources(ports: Ports, scope: Scope, campaign: Campaign) -> list[Source]:
    """What a person confirmed in the plan of the piece that the campaign's words come from, or wrote themselves."""
    if campaign.journey and campaign.journey.words:
        return [Source("plan", text) for _, text in campaign.journey.words.parts() if text]
    named = campaign.request.piece
    document = ports.documents.get(scope, Kind.PIECE, named.id) if named else None
    piece = Piece.model_validate(document.body) if document else None
    if piece is None or piece.plan is None or not piece.confirmed_by:
        return []
    return [Source("plan", text) for text in (piece.plan.message, *(point.text for point in piece.plan.points))]
