"""A workspace's brand: name, colours, fonts and logo, and what follows from them for what is rendered."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from shared.domain.contrast import AA, contrast, mixed, readable
from shared.domain.texts import Line

BRAND = "brand"
"""The document's id: a workspace has one."""
SERIF, MONO = "Libertinus Serif", "DejaVu Sans Mono"
"""Fonts that come with the typesetter; what the brand's font cannot draw is drawn with them, in this order."""
_DARK_CARD, _DARK_BUTTON = "#1d1d1a", "#08231f"
Colour = Annotated[str, StringConstraints(pattern="^#[0-9a-fA-F]{6}$", to_lower=True)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Colours(_Strict):
    """Each as #rrggbb. Text must be readable: 4.5 : 1 on what it stands on (WCAG 2.2, 1.4.3)."""

    model_config = ConfigDict(extra="forbid", validate_default=True)

    background: Colour = "#ffffff"
    text: Colour = "#1c1b19"
    primary: Colour = "#0b6e5f"
    """Of buttons, links and large shapes."""
    on_primary: Colour = "#ffffff"
    """Of text on the primary colour."""

    @field_validator("text")
    @classmethod
    def _text(cls, colour: str, given: object) -> str:
        return _readable("background", colour, given)

    @field_validator("on_primary")
    @classmethod
    def _on_primary(cls, colour: str, given: object) -> str:
        return _readable("primary", colour, given)


def _readable(ground: str, colour: str, given: object) -> str:
    """Raises ValueError if text in this colour cannot be read on that ground."""
    found = getattr(given, "data", {}).get(ground)
    if found and contrast(colour, found) < AA:
        raise ValueError(
            f"cannot be read on {ground} {found}: the contrast is {contrast(colour, found):.1f} : 1, "
            f"at least {AA} : 1 is needed; {readable(colour, found)} would do"
        )
    return colour


class Fonts(_Strict):
    """Families that are installed here; `baton brand show` lists them."""

    heading: Line = SERIF
    body: Line = SERIF


class BrandRequest(_Strict):
    """The body of PUT /api/v1/brand. The logo has a resource of its own, and stays."""

    name: Line
    colours: Colours = Field(default_factory=Colours)
    fonts: Fonts = Field(default_factory=Fonts)


class Logo(_Strict):
    """The file that is kept: cleaned, under its digest. `width` and `height` in its own units."""

    media_type: Literal["image/png", "image/svg+xml"]
    digest: str
    width: float
    height: float
    removed: list[str] = Field(default_factory=list)
    """What cleaning took out of it."""

    @property
    def file(self) -> str:
        return f"brand/{self.digest}.{'png' if self.media_type == 'image/png' else 'svg'}"


class Brand(_Strict):
    """The document. Without a name nobody has written one yet; then everything looks as Baton does."""

    name: Line | None = None
    colours: Colours = Field(default_factory=Colours)
    fonts: Fonts = Field(default_factory=Fonts)
    logo: Logo | None = None

    @model_validator(mode="after")
    def _named(self) -> Brand:
        if self.logo and not self.name:
            raise ValueError("a logo needs the name of whose it is: it is read out where pictures are not shown")
        return self


class Picture(_Strict):
    """A picture in a mail: where it is, what it shows, its size in CSS pixels."""

    url: str
    alt: str
    width: int
    height: int


class Look(_Strict):
    """The colours of a mail; those that begin with `dark` hold where the reader prefers a dark screen."""

    paper: str = "#f4f2ec"
    card: str = "#ffffff"
    line: str = "#e6e3da"
    ink: str = "#1c1b19"
    soft: str = "#6b6860"
    accent: str = "#0b6e5f"
    on_accent: str = "#ffffff"
    link: str = "#0b6e5f"
    dark_accent: str = "#4fc3ad"
    dark_on_accent: str = _DARK_BUTTON
    logo: Picture | None = None


STANDARD = Look()
"""Baton's own: what mails look like where nobody wrote a brand."""


def look_of(brand: Brand, logo: Picture | None = None) -> Look:
    """How mails of this brand look; whatever is read on anything keeps the contrast of text."""
    if brand.name is None:
        return STANDARD
    background, text, primary, on_primary = brand.colours.model_dump().values()
    paper = mixed(background, text, 0.05)
    dark_accent = readable(primary, _DARK_CARD)
    return Look(
        paper=paper,
        card=background,
        line=mixed(background, text, 0.14),
        ink=readable(text, paper),
        soft=readable(mixed(text, background, 0.3), paper),
        accent=primary,
        on_accent=on_primary,
        link=readable(primary, background),
        dark_accent=dark_accent,
        dark_on_accent=readable(_DARK_BUTTON, dark_accent),
        logo=logo,
    )
