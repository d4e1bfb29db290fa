"""Cards as PNG and SVG. Words are fitted to their place, never cut; the same card is the same bytes."""

from __future__ import annotations

import base64
import struct
import unicodedata
import zlib
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from shared.domain.brand import Brand
from shared.domain.card import SIZES, CardRequest, SizeName
from shared.domain.contrast import mixed, readable
from shared.domain.faults import FieldError
from shared.render.typesetting import Folders, drawn_with, picture_data, typeset, undrawable

CARD_VERSION = 1
"""Of the template: a change of it makes other cards of the same words."""
_SIGNATURE_AND_HEAD = 8 + 25
_COMPOSITE = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
_XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
    f'Iptc4xmpExt:DigitalSourceType="{_COMPOSITE}"/></rdf:RDF></x:xmpmeta>'
)


class Drawing(NamedTuple):
    """A picture that a model drew."""

    content: bytes
    media_type: str


def card_errors(request: CardRequest, name: str | None, fonts: Folders) -> Iterator[FieldError]:
    """Words that cannot be drawn with the fonts that are here."""
    for field, text in {**_said(request), "name": name}.items():
        if lacking := undrawable(text or "", fonts):
            yield FieldError(field, lacking_words(lacking))


def _said(request: CardRequest) -> dict[str, str]:
    """The words by the path of their field."""
    said = request.words.model_dump(exclude={"template"}, exclude_none=True)
    return {f"words.{field}": text for field, text in said.items()}


def lacking_words(lacking: list[str]) -> str:
    """What is said about characters that no font has."""
    shown = ", ".join(f"{each} (U+{ord(each):04X})" for each in lacking[:5])
    more = f" and {len(lacking) - 5} more" if len(lacking) > 5 else ""
    return f"no font here can draw {shown}{more}; leave it out, or put a font that can into the folder fonts"


def draw_card(
    request: CardRequest,
    size: SizeName,
    format: Literal["png", "svg"],
    brand: Brand,
    logo: bytes | None = None,
    drawing: Drawing | None = None,
    fonts: Folders = (),
) -> bytes:
    """One file. Raises ValueError (`field: reason`) if the words are too many for this size."""
    made = typeset("card", _data(request, size, brand, logo, drawing, fonts), format, fonts=fonts)
    return made if drawing is None else _marked(made, format)


def _data(
    request: CardRequest, size: SizeName, brand: Brand, logo: bytes | None, drawing: Drawing | None, fonts: Folders
) -> dict[str, Any]:
    colours = brand.colours
    soft = readable(mixed(colours.text, colours.background, 0.3), colours.background)
    return {
        **SIZES[size]._asdict(),
        "words": request.words.model_dump(),
        "colours": [colours.background, colours.text, soft, colours.primary, colours.on_primary],
        "fonts": {
            "heading": drawn_with(brand.fonts.heading, fonts),
            "body": drawn_with(brand.fonts.body, fonts),
        },
        "name": brand.name,
        "logo": picture_data(logo) if logo else None,
        "picture": _as_svg(drawing) if drawing else None,
        "rtl": is_rtl(" ".join(_said(request).values())),
    }


def is_rtl(text: str) -> bool:
    """Is it written from right to left? The first letter that has a direction decides (UAX #9, P2)."""
    directions = (unicodedata.bidirectional(each) for each in text)
    return next((each != "L" for each in directions if each in ("L", "R", "AL")), False)


def _as_svg(drawing: Drawing) -> str:
    """Its bytes as text, in a frame that covers its place: the typesetter reads a picture of some MB much faster so."""
    data = base64.b64encode(drawing.content).decode()
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 1000">'
        f'<image width="1000" height="1000" preserveAspectRatio="xMidYMid slice" '
        f'href="data:{drawing.media_type};base64,{data}"/></svg>'
    )


def _marked(made: bytes, format: Literal["png", "svg"]) -> bytes:
    """That a model drew a part of it, for machines to read (rule A2; IPTC digital source type, as XMP)."""
    if format == "svg":
        start = made.index(b">") + 1
        return made[:start] + f"<metadata>{_XMP}</metadata>".encode() + made[start:]
    body = b"XML:com.adobe.xmp\0\0\0\0\0" + _XMP.encode()
    chunk = struct.pack(">I", len(body)) + b"iTXt" + body + struct.pack(">I", zlib.crc32(b"iTXt" + body))
    return made[:_SIGNATURE_AND_HEAD] + chunk + made[_SIGNATURE_AND_HEAD:]
