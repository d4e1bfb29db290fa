"""A piece's text becomes a campaign's draft."""

from __future__ import annotations

from typing import NamedTuple

from shared.agents.records import Records
from shared.domain.campaign import Campaign
from shared.domain.claims import Source
from shared.domain.draft import Finding, Origin
from shared.domain.faults import Missing
from shared.domain.formats import FormatName
from shared.domain.names import Kind
from shared.domain.piece import Piece, why_not
from shared.domain.scope import Scope
from shared.domain.wording import Copy, ShortCopy
from shared.ports import Ports

_PIECES = Records(Kind.PIECE, Piece)


class Handed(NamedTuple):
    """Words of a piece, who wrote them, and where they come from."""

    words: Copy | ShortCopy
    written_by: str
    origin: Origin


def handed(ports: Ports, scope: Scope, campaign: Campaign, format: FormatName, variant: str) -> Handed | Finding:
    """The words of the piece that the campaign names, as they are now; a finding if there are none any more."""
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


def plan_sources(ports: Ports, scope: Scope, campaign: Campaign) -> list[Source]:
    """What a person confirmed in the plan of the piece that the campaign's words come from."""
    named = campaign.request.piece
    document = ports.documents.get(scope, Kind.PIECE, named.id) if named else None
    piece = Piece.model_validate(document.body) if document else None
    if piece is None or piece.plan is None or not piece.confirmed_by:
        return []
    return [Source("plan", text) for text in (piece.plan.message, *(point.text for point in piece.plan.points))]
