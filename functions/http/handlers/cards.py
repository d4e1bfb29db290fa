"""Cards over HTTP, their page, and cards at the texts of a piece."""

from __future__ import annotations

from pydantic import ValidationError

from functions.http.handlers.html import html, see
from functions.http.handlers.pieces import ShownPiece, shown
from shared.access.call import Answer, Call, Listing, Paging
from shared.access.problem import Refusal, rejected
from shared.agents import cards, pieces
from shared.domain.card import SIZES, Card, CardRequest
from shared.domain.faults import Missing
from shared.domain.piece import ImagesWish, Piece
from shared.ports import ModelUnavailable
from shared.web.cards import request_of_form

_TYPES = {"png": "image/png", "svg": "image/svg+xml"}
_INERT = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox"


def create(call: Call, body: CardRequest) -> Answer[Card]:
    """Draw the words in all sizes asked for, with a model's picture beside them if one is wished for."""
    made = _made(call, body)
    return Answer(made, status=201, headers={"Location": f"/api/v1/cards/{made.id}"})


def listing(call: Call, query: Paging) -> Answer[Listing[Card]]:
    """Cards, newest first."""
    items, cursor = cards.listing(call.ports, call.scope, query.limit, query.cursor)
    return Answer(Listing(items=items, cursor=cursor))


def show(call: Call) -> Answer[Card]:
    """One card: its words, alt text, files, and what its picture cost."""
    return Answer(cards.get(call.ports, call.scope, call.path["id"]))


def file(call: Call) -> Answer[bytes]:
    """One size as a file: `square.png`, `link.svg`."""
    found = cards.get(call.ports, call.scope, call.path["id"])
    size, _, ending = call.path["file"].partition(".")
    path = next((each.path for each in found.files if each.size == size), None)
    if path is None or ending not in _TYPES:
        raise Missing("file", call.path["file"])
    content = call.ports.files.get(call.scope, f"{path}.{ending}")
    return Answer(content, content_type=_TYPES[ending], headers={"Content-Security-Policy": _INERT})


def attach(call: Call, body: ImagesWish) -> Answer[ShownPiece]:
    """Put these cards at a text of the piece, in the place of those that were there; none takes them away."""
    return Answer(shown(_attached(call, body)))


def page(call: Call, query: Paging) -> Answer[str]:
    """All cards, and the form for the next."""
    items, cursor = cards.listing(call.ports, call.scope, query.limit, query.cursor)
    return html(call, "cards", here="pieces", cards=items, cursor=cursor, sizes=SIZES)


def form(call: Call) -> Answer[str]:
    """Draw what was filled in."""
    try:
        request = CardRequest.model_validate(request_of_form(call.form))
    except ValidationError as error:
        raise rejected(error, "form") from None
    return see(f"/cards#{_made(call, request).id}")


def attach_form(call: Call) -> Answer[str]:
    """Put the card that was chosen at the text, or take away what is there."""
    pieces.get(call.ports, call.scope, call.path["id"])
    chosen = call.form.get("card", "")
    try:
        wish = ImagesWish.model_validate({"text": call.form.get("text"), "cards": [chosen] if chosen else []})
    except ValidationError as error:
        raise rejected(error, "form") from None
    return see(f"/pieces/{_attached(call, wish).id}#{wish.text}")


def _made(call: Call, request: CardRequest) -> Card:
    try:
        return cards.make(call.ports, call.scope, call.principal, request)
    except ModelUnavailable as fault:
        again = str(int(fault.retry_after or 60))
        raise Refusal(503, "model", "picture", f"no picture came: {fault}", {"Retry-After": again}) from None


def _attached(call: Call, wish: ImagesWish) -> Piece:
    chosen = [cards.get(call.ports, call.scope, each) for each in wish.cards]
    return pieces.illustrate(call.ports, call.scope, call.path["id"], call.principal, wish, chosen)
