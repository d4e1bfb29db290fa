"""Pieces: take one in, look at it, confirm its plan, have a part said otherwise, approve it. The document decides; the
caller starts or wakes the flow afterwards (design 4.6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import uuid_utils

from shared.agents.records import Records
from shared.agents.scopes import register
from shared.domain.card import Card
from shared.domain.faults import Conflict, FieldError, Missing, Rejected
from shared.domain.formats import named
from shared.domain.names import Kind
from shared.domain.piece import (
    UNFINISHED,
    Image,
    ImagesWish,
    PartWish,
    Piece,
    PieceDecision,
    PieceRequest,
    PieceStatus,
    question_of,
)
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Order, Ports
from shared.render.personal import template_errors

_PIECES = Records(Kind.PIECE, Piece)
WITHOUT_IMAGES = ("email", "sms")
"""Formats: a mail has its own look, a text message only letters."""
_UNDECIDED = Filter("status", "in", ["awaiting_plan", "ready"])
_UNFINISHED = Filter("status", "in", [*UNFINISHED])
_LEADS_TO: Mapping[str, PieceStatus] = {"confirm": "writing", "approve": "approved", "reject": "rejected"}


def accept(ports: Ports, scope: Scope, by: str, request: PieceRequest) -> Piece:
    """Check and store. Raises Rejected for what the brief gets wrong."""
    if errors := [*_text_errors(request)]:
        raise Rejected(*errors)
    piece = Piece(
        id=str(uuid_utils.uuid7().hex), request=request, status="planning", created_at=ports.clock.now(), created_by=by
    )
    register(ports, scope)
    ports.documents.put(scope, Kind.PIECE, piece.id, piece.model_dump(mode="json"))
    _note(ports, scope, piece, by, "accepted")
    return piece


def get(ports: Ports, scope: Scope, id: str) -> Piece:
    """It as it stands. Raises Missing."""
    return _PIECES.load(ports, scope, id)


def listing(ports: Ports, scope: Scope, limit: int = 50, cursor: str | None = None) -> tuple[list[Piece], str | None]:
    """Pieces, newest first, and the cursor of the next page. Raises Rejected for a wrong one."""
    return _page(ports, scope, [], Order("created_at", descending=True), limit, cursor)


def undecided(ports: Ports, scope: Scope, limit: int, cursor: str | None = None) -> tuple[list[Piece], str | None]:
    """Those that wait for a person, oldest first, as `listing`."""
    return _page(ports, scope, [_UNDECIDED], Order("created_at"), limit, cursor)


def unfinished(ports: Ports, scope: Scope) -> Iterator[Piece]:
    """Those whose flow is under way."""
    cursor = None
    while True:
        found, cursor = _page(ports, scope, [_UNFINISHED], Order("created_at"), 100, cursor)
        yield from found
        if cursor is None:
            return


def decide(ports: Ports, scope: Scope, id: str, by: str, request: PieceDecision) -> Piece:
    """Confirm the plan, or approve or reject the texts, exactly as they were looked at.

    Raises Conflict for another digest, when there is nothing to decide, and for the approval of what has an error."""
    now = ports.clock.now()

    def carry(piece: Piece) -> None:
        if piece.decided == request.digest and piece.status == _LEADS_TO[request.decision]:
            return
        _check(piece, request)
        if request.decision == "confirm":
            piece.plan, piece.confirmed_by = request.plan or piece.plan, by
        piece.status = _LEADS_TO[request.decision]
        piece.decided, piece.decided_by, piece.decided_at = request.digest, by, now

    decided = _PIECES.change(ports, scope, id, carry)
    _note(ports, scope, decided, by, request.decision)
    return decided


def rewrite(ports: Ports, scope: Scope, id: str, by: str, wish: PartWish) -> Piece:
    """Have one part said otherwise; all the rest stays. Raises Missing, Conflict while something else is written."""

    def wanted(piece: Piece) -> None:
        if piece.wish == wish and piece.status == "writing":
            return
        if piece.status not in ("ready", "approved"):
            raise Conflict("part", f"nothing can be said otherwise while the piece is {piece.status}")
        text = piece.text(wish.text)
        if text is None:
            raise Missing("text", wish.text)
        if wish.part not in dict(named(text.words)):
            there = ", ".join(where for where, _ in named(text.words))
            raise Rejected(FieldError("part", f"{wish.text} has no part {wish.part!r}; it has {there}"))
        piece.wish, piece.status, piece.turn = wish, "writing", piece.turn + 1
        piece.decided = piece.decided_by = piece.decided_at = None

    piece = _PIECES.change(ports, scope, id, wanted)
    _note(ports, scope, piece, by, "part")
    return piece


def illustrate(ports: Ports, scope: Scope, id: str, by: str, wish: ImagesWish, cards: Sequence[Card]) -> Piece:
    """Put these cards at a text, in the place of those it had. Raises Missing, Rejected for a text that shows no
    pictures, Conflict unless the piece waits for its approval: what was approved stays what it was."""

    def change(piece: Piece) -> None:
        text = piece.text(wish.text)
        if text is None:
            raise Missing("text", wish.text)
        if text.format in WITHOUT_IMAGES:
            raise Rejected(FieldError("text", f"{wish.text} shows no pictures"))
        if piece.status != "ready":
            raise Conflict("cards", f"pictures can be chosen once the piece is ready; it is {piece.status}")
        text.images = [
            Image(card=each.id, alt=each.request.alt, files={file.size: file.digest for file in each.files})
            for each in cards
        ]

    piece = _PIECES.change(ports, scope, id, change)
    _note(ports, scope, piece, by, "images")
    return piece


def fail(ports: Ports, scope: Scope, id: str, reason: str) -> Piece:
    """The flow itself broke: say so."""

    def end(piece: Piece) -> None:
        if piece.status in UNFINISHED:
            piece.status, piece.status_reason = "failed", reason

    return _PIECES.change(ports, scope, id, end)


def _page(
    ports: Ports, scope: Scope, filters: list[Filter], order: Order, limit: int, cursor: str | None
) -> tuple[list[Piece], str | None]:
    try:
        page = ports.documents.find(scope, Kind.PIECE, filters, order, limit, cursor)
    except ValueError as error:
        raise Rejected(FieldError("cursor", str(error))) from None
    return [Piece.model_validate(document.body) for document in page.documents], page.cursor


def _check(piece: Piece, request: PieceDecision) -> None:
    waits = {"confirm": "awaiting_plan"}.get(request.decision, "ready")
    if piece.status != waits:
        raise Conflict("decision", f"there is nothing to {request.decision}; the piece is {piece.status}")
    if question_of(piece) != request.digest:
        raise Conflict("digest", "the piece has changed since; look at it again")
    if request.plan and request.decision != "confirm":
        raise Conflict("plan", "a plan is only taken while it waits to be confirmed")
    if request.decision == "approve":
        blocked = [(text, each) for text in piece.texts for each in text.findings if each.severity == "error"]
        if blocked:
            text, found = blocked[0]
            raise Conflict("decision", f"{text.id} cannot be approved: {found.where}: {found.reason}")


def _text_errors(request: PieceRequest) -> Iterator[FieldError]:
    brief = request.brief
    yield from template_errors(request.sender, "sender")
    yield from template_errors(brief.goal, "brief.goal")
    yield from template_errors(brief.offer, "brief.offer")
    yield from template_errors(brief.call_to_action.text, "brief.call_to_action.text")
    for n, fact in enumerate(brief.facts):
        yield from template_errors(fact, f"brief.facts[{n}]")


def _note(ports: Ports, scope: Scope, piece: Piece, by: str, what: str) -> None:
    data = {"status": piece.status, "texts": len(piece.texts)}
    ports.journal.append(scope, f"piece/{piece.id}", ports.clock.now(), by, what, data)
