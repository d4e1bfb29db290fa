"""Pieces over HTTP."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from functions.flows import piece_flow
from functions.http.handlers.accepted import Accepted, accepted
from functions.http.handlers.as_seen import as_seen
from shared.access.call import Answer, Call, Listing, Paging
from shared.agents import pieces
from shared.agents.piece_claims import answer_claim
from shared.domain import client_view
from shared.domain.fact import ClaimRequest
from shared.domain.formats import FORMATS, FormatName
from shared.domain.piece import PartWish, Piece, PieceDecision, PieceRequest, question_of


class ShownPiece(Piece):
    """A piece, and the digest of what awaits a decision."""

    digest: str | None = None


class PartShown(BaseModel):
    """A part: at most `most` characters, each of at most `items` if it is a list."""

    name: str
    about: str
    most: int
    items: int
    needed: bool


class FormatShown(BaseModel):
    """A format and its rules; those of a network with where and when they were read."""

    name: FormatName
    title: str
    personal: bool
    parts: list[PartShown]
    most: int | None = None
    counting: str | None = None
    hashtags: int | None = None
    source: str | None = None
    as_of: str | None = None


def create(call: Call, body: PieceRequest) -> Answer[Accepted]:
    """Take a brief in and have it written in every format asked for."""
    made = pieces.accept(call.ports, call.scope, call.principal, body)
    return accepted(made.id, made.status, f"/api/v1/pieces/{made.id}", (), piece_flow(call.scope, made))


def listing(call: Call, query: Paging) -> Answer[Listing[Piece]]:
    """Pieces, newest first."""
    items, cursor = pieces.listing(call.ports, call.scope, query.limit, query.cursor)
    return Answer(Listing(items=items, cursor=cursor))


def formats(call: Call) -> Answer[Listing[FormatShown]]:
    """Every format: its parts, its limits, how its network counts."""
    return Answer(Listing(items=[_format(name) for name in FORMATS]))


def show(call: Call) -> Answer[ShownPiece]:
    """One piece as it stands: plan, texts, findings, claims, cost."""
    return Answer(_seen(call, pieces.get(call.ports, call.scope, call.path["id"])))


def decide(call: Call, body: PieceDecision) -> Answer[ShownPiece]:
    """Confirm the plan (changed, if one is given), or approve or reject the texts."""
    made = pieces.decide(call.ports, call.scope, call.path["id"], call.principal, body)
    return Answer(_seen(call, made), ring=[piece_flow(call.scope, made).instance_id])


def rewrite(call: Call, body: PartWish) -> Answer[ShownPiece]:
    """Have one part of one text said otherwise; all the rest stays as it is."""
    made = pieces.rewrite(call.ports, call.scope, call.path["id"], call.principal, body)
    return Answer(shown(made), status=202, start=[piece_flow(call.scope, made)])


def answer(call: Call, body: ClaimRequest) -> Answer[ShownPiece]:
    """Confirm, cite or have rephrased one sentence that no source carries."""
    made = answer_claim(call.ports, call.scope, call.path["id"], call.principal, body)
    return Answer(_seen(call, made), start=[piece_flow(call.scope, made)] if made.wish else [])


def shown(piece: Piece) -> ShownPiece:
    """With its digest."""
    return ShownPiece(**piece.model_dump(), digest=question_of(piece))


def _seen(call: Call, piece: Piece) -> ShownPiece:
    return shown(as_seen(call, piece, client_view.piece))


def _format(name: FormatName) -> FormatShown:
    found = FORMATS[name]
    said: dict[str, Any] = {}
    if network := found.network:
        said = {
            "most": network.most, "counting": network.counting, "hashtags": network.hashtags,
            "source": network.source, "as_of": network.as_of.isoformat(),
        }  # fmt: skip
    parts = [PartShown(**part._asdict()) for part in found.parts]
    return FormatShown(name=name, title=found.title, personal=found.personal, parts=parts, **said)
