"""Cards: words as pictures in the brand's look, for posts and articles; a model may draw a picture beside them."""

from __future__ import annotations

import hashlib
from typing import Literal

from shared.agents import brand as brands
from shared.agents.asking import Answered, Call, NoHome, draw, tally_of
from shared.agents.records import Records
from shared.domain.brand import Brand
from shared.domain.card import SIZES, Card, CardFile, CardPicture, CardRequest, SizeName, card_id
from shared.domain.faults import Conflict, FieldError, Rejected
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.seal import digest
from shared.ports import Order, Ports, Question, Stale
from shared.render.card import CARD_VERSION, Drawing, card_errors, draw_card

AGENT = "designer"
"""Whose budget pays for pictures."""
_CARDS = Records(Kind.CARD, Card)


def make(ports: Ports, scope: Scope, by: str, request: CardRequest) -> Card:
    """The card, drawn in all its sizes. The same request with the same brand is the same card, and costs nothing more.

    Raises Rejected for words that no font here has or that are too many for a size, Conflict if no model draws, what
    `asking.draw` raises, and of it ModelUnavailable."""
    brand, _ = brands.read(ports, scope)
    if wrong := [*card_errors(request, brand.name, ports.fonts)]:
        raise Rejected(*wrong)
    said = digest({"brand": brand.model_dump_json()})
    id = card_id(request, CARD_VERSION, said)
    if found := ports.documents.get(scope, Kind.CARD, id):
        return Card.model_validate(found.body)
    drawn = _Drawing(ports, scope, id, request, brand)
    drawn.check()
    picture = _picture(ports, scope, id, request.picture) if request.picture else None
    files = drawn.files(picture)
    made = Card(
        id=id,
        request=request,
        template_version=CARD_VERSION,
        brand=said,
        created_at=ports.clock.now(),
        created_by=by,
        files=files,
        picture=picture,
    )
    try:
        ports.documents.put(scope, Kind.CARD, id, made.model_dump(mode="json"))
    except Stale:  # somebody asked for the same at the same moment
        return _CARDS.load(ports, scope, id)
    data = {"template": request.words.template, "picture": bool(picture), "brand": said}
    ports.journal.append(scope, f"card/{id}", ports.clock.now(), by, "made", data)
    return made


def get(ports: Ports, scope: Scope, id: str) -> Card:
    """Raises Missing."""
    return _CARDS.load(ports, scope, id)


def listing(ports: Ports, scope: Scope, limit: int = 50, cursor: str | None = None) -> tuple[list[Card], str | None]:
    """Cards, newest first, and the cursor of the next page. Raises Rejected for a wrong one."""
    try:
        newest = Order("created_at", descending=True)
        page = ports.documents.find(scope, Kind.CARD, order=newest, limit=limit, cursor=cursor)
    except ValueError as error:
        raise Rejected(FieldError("cursor", str(error))) from None
    return [Card.model_validate(document.body) for document in page.documents], page.cursor


class _Drawing:
    """One card with its brand."""

    def __init__(self, ports: Ports, scope: Scope, id: str, request: CardRequest, brand: Brand) -> None:
        self._ports, self._scope, self._id, self._request, self._brand = ports, scope, id, request, brand
        self._logo = brands.logo_file(ports, scope, brand)

    def check(self) -> None:
        """Before a model is paid: do the words fit? Beside a picture they have least room. Raises Rejected."""
        if self._request.picture:
            blank = Drawing(b"", "image/png")
            for size in self._request.sizes:
                self._drawn(size, "svg", blank)

    def files(self, picture: CardPicture | None) -> list[CardFile]:
        """Draw and keep every size, as PNG and SVG. Raises Rejected."""
        drawing = None
        if picture:
            drawing = Drawing(self._ports.files.get(self._scope, picture.file), picture.media_type)
        return [self._file(size, drawing) for size in self._request.sizes]

    def _file(self, size: SizeName, drawing: Drawing | None) -> CardFile:
        path = f"cards/{self._id}/{size}"
        png = self._drawn(size, "png", drawing)
        self._ports.files.put(self._scope, f"{path}.png", png)
        self._ports.files.put(self._scope, f"{path}.svg", self._drawn(size, "svg", drawing))
        sides = SIZES[size]._asdict()
        return CardFile(size=size, **sides, path=path, digest=hashlib.sha256(png).hexdigest())

    def _drawn(self, size: SizeName, format: Literal["png", "svg"], drawing: Drawing | None) -> bytes:
        try:
            return draw_card(self._request, size, format, self._brand, self._logo, drawing, self._ports.fonts)
        except ValueError as error:
            field, _, reason = str(error).partition(": ")
            raise Rejected(FieldError(f"words.{field}", reason)) from None


def _picture(ports: Ports, scope: Scope, id: str, wish: str) -> CardPicture:
    """From the tape, or by the route of the policy: paid once for this card, however often it is asked for."""
    question = Question("card.picture", wish, {})
    try:
        answer: Answered = draw(ports, scope, Call(f"card~{id}~picture", question, AGENT))
    except NoHome as nobody:
        raise Conflict("picture", f"no model here makes pictures: {nobody}") from None
    return CardPicture(**answer.data, model=answer.model, asked=answer.asked, cost=tally_of(answer))
