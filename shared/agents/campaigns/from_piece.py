"""A campaign whose words are those of a piece, or of another campaign."""

from __future__ import annotations

from collections.abc import Iterator

from shared.agents.channel_formats import format_of
from shared.domain.campaign import CampaignRequest
from shared.domain.draft import draft_id
from shared.domain.faults import FieldError
from shared.domain.names import Kind
from shared.domain.piece import VARIANTS, Piece, why_not
from shared.domain.scope import Scope
from shared.ports import Ports


def piece_errors(ports: Ports, scope: Scope, request: CampaignRequest) -> Iterator[FieldError]:
    """Why the piece that a request names cannot be handed over: it must be ready, and have a text for every variant in
    the format of the campaign's channel."""
    if request.piece is None:
        return
    document = ports.documents.get(scope, Kind.PIECE, request.piece.id)
    if document is None:
        yield FieldError("piece.id", f"there is no piece {request.piece.id!r}")
        return
    piece, format = Piece.model_validate(document.body), format_of(ports, request)
    for variant in VARIANTS[: request.variants]:
        if reason := why_not(piece, format, request.piece.audience, variant):
            yield FieldError("piece", reason)
            return


def texts_errors(ports: Ports, scope: Scope, request: CampaignRequest) -> Iterator[FieldError]:
    """Why the texts of the campaign that a request names cannot be taken: there must be one for every variant."""
    named = request.texts
    for variant in VARIANTS[: request.variants] if named else ():
        assert named is not None
        if ports.documents.get(scope, Kind.DRAFT, draft_id(named.campaign, named.version, variant)) is None:
            yield FieldError(
                "texts", f"campaign {named.campaign!r} has no variant {variant} of version {named.version}"
            )
            return
