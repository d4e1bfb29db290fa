"""Our typst templates, filled with data. What people wrote is only ever data (JSON behind `sys.inputs`): no text can
become markup or code. The same input gives the same bytes: fixed time, no fonts of the machine but those we name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import orjson

from shared.domain.brand import MONO, SERIF

HERE = Path(__file__).parent / "templates"
Format = Literal["pdf", "png", "svg"]
_PANIC = "panicked with: "
_NOTHING = "\U0010fffd"
"""The last private character: no font draws it, so it shows how what is missing is drawn."""
_PROBE = b"""#set page(width: auto, height: auto, margin: 1pt)
#let data = json(bytes(sys.inputs.data))
#set text(font: data.fonts, size: 10pt)
#for each in data.letters { box(width: 20pt)[#each] }"""
_INVISIBLE = re.compile(r"[\s\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f]")
Folders = Sequence[Path]
"""Where fonts lie beside those that come with the typesetter."""


def typeset(
    template: str,
    data: Mapping[str, Any],
    format: Format,
    *,
    fonts: Folders = (),
    ppi: int = 72,
) -> bytes:
    """The template of that name as a file; pictures are as `picture_data` makes them. At 72 ppi a point is a pixel.

    Raises ValueError with what the template says itself (`panic`), or if a picture cannot be drawn."""
    import typst

    files = {"main.typ": f"{template}.typ", "parts.typ": "parts.typ"}
    sources = {name: (HERE / file).read_bytes() for name, file in files.items()}
    try:
        return _compile(sources, {"data": orjson.dumps(data).decode()}, format, fonts, ppi)
    except typst.TypstError as error:
        said = str(error.message)
        if _PANIC in said:
            raise ValueError(said.partition(_PANIC)[2].strip('"')) from None
        raise ValueError(f"cannot be drawn: {said}") from None


def picture_data(content: bytes) -> str | list[int]:
    """A picture as JSON can hold it: SVG as its text, all else as a list of bytes."""
    return content.decode() if content.startswith(b"<") else [*content]


def families(fonts: Folders = ()) -> list[str]:
    """The names of the fonts that there are, for text."""
    import typst

    here = [str(each) for each in fonts if each.is_dir()]
    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=here).families()
    return [name for name in found if not re.search(r"\bMath\b", name)]


def drawn_with(wanted: str, fonts: Folders = ()) -> list[str]:
    """The families that a text is drawn with, in order: the wanted one if it is here, then those that fill its gaps."""
    there = families(fonts)
    order = [each for each in (wanted, SERIF, MONO) if each in there]
    return [*dict.fromkeys([*order, *there])]


def undrawable(text: str, fonts: Folders = ()) -> list[str]:
    """The characters of a text that none of the fonts here can draw, each once."""
    letters = frozenset(_INVISIBLE.sub("", text))
    return sorted(_undrawable(frozenset(each for each in letters if each >= "\u0250"), tuple(fonts)))


@lru_cache(256)
def _undrawable(letters: frozenset[str], fonts: tuple[Path, ...]) -> frozenset[str]:
    if not letters:
        return frozenset()
    listed = [_NOTHING, *sorted(letters)]
    missing = _glyphs(_NOTHING, fonts)
    if missing.isdisjoint(_glyphs("".join(listed[1:]), fonts)):
        return frozenset()
    return frozenset(each for each in listed[1:] if _glyphs(each, fonts) & missing)


def _glyphs(letters: str, fonts: tuple[Path, ...]) -> frozenset[str]:
    """The shapes that these letters are drawn with, by name."""
    data = orjson.dumps({"fonts": drawn_with(SERIF, fonts), "letters": [*letters]}).decode()
    drawn = _compile({"main.typ": _PROBE}, {"data": data}, "svg", fonts, 72)
    return frozenset(re.findall(r'<use[^>]*href="#(\w+)"', drawn.decode()))


def _compile(sources: dict[str, bytes], inputs: dict[str, str], format: Format, fonts: Folders, ppi: int) -> bytes:
    import typst

    made = typst.compile(  # type: ignore[call-overload]  # it takes a mapping of files as well; its stub forgets that
        sources,
        format=format,
        sys_inputs=inputs,
        ignore_system_fonts=True,
        font_paths=[str(each) for each in fonts if each.is_dir()],
        timestamp=0,
        ppi=ppi,
    )
    return bytes(made)
