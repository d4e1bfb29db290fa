"""A card: a few words as a picture in the brand's colours, in the sizes that networks show."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from shared.domain.seal import digest
from shared.domain.texts import Plain, Text

SizeName = Literal["link", "square", "story"]


class Size(NamedTuple):
    """Pixels."""

    width: int
    height: int


SIZES: Mapping[SizeName, Size] = {"link": Size(1200, 630), "square": Size(1080, 1080), "story": Size(1080, 1920)}
"""link: a preview below an address, a post on LinkedIn, X or Facebook; square: a post on Instagram; story: upright."""


def _spoken(text: str) -> str:
    if "{{" in text or "{%" in text:
        raise ValueError("is the same for everybody who sees it: it has no personal fields")
    return " ".join(text.split())


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


Words40 = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40), Plain,
                    AfterValidator(_spoken)]  # fmt: skip
Words100 = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), Plain,
                     AfterValidator(_spoken)]  # fmt: skip
Words280 = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=280), Plain,
                     AfterValidator(_spoken)]  # fmt: skip


class Quote(_Strict):
    """What somebody said."""

    template: Literal["quote"]
    quote: Words280
    by: Words100 | None = None


class Announcement(_Strict):
    """Something new."""

    template: Literal["announcement"]
    title: Words100
    text: Words280 | None = None
    call: Words40 | None = None


class Event(_Strict):
    """Something to come to."""

    template: Literal["event"]
    title: Words100
    when: Words100
    where: Words100
    call: Words40 | None = None


CardWords = Annotated[Quote | Announcement | Event, Field(discriminator="template")]


class CardRequest(_Strict):
    """The body of POST /api/v1/cards."""

    words: CardWords
    sizes: Annotated[list[SizeName], Field(min_length=1, max_length=3)] = Field(default_factory=lambda: [*SIZES])
    alt: Text
    """What the picture says, for those who cannot see it."""
    picture: Text | None = None
    """What a model of pictures is to draw beside the words; it costs what a picture costs."""


class CardPicture(_Strict):
    """What a model drew: where it lies, who drew it, what was asked (rule A2), what it took."""

    file: str
    media_type: str
    model: str
    asked: str
    cost: dict[str, int]


class CardFile(_Strict):
    """One size, as PNG and as SVG of the same name; `digest` is that of the PNG."""

    size: SizeName
    width: int
    height: int
    path: str
    digest: str


class Card(_Strict):
    """The document. The same request with the same brand is the same card."""

    id: str
    request: CardRequest
    template_version: int
    brand: str
    """Digest of the brand that it was made with."""
    created_at: datetime
    created_by: str
    files: list[CardFile]
    picture: CardPicture | None = None


def card_id(request: CardRequest, template_version: int, brand: str) -> str:
    """What makes it the card that it is."""
    said = {"request": request.model_dump(mode="json"), "version": template_version, "brand": brand}
    return digest(said)[:32]
