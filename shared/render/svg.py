"""A picture in SVG that somebody sent, without what could run, load or swell: only shapes, colours and text stay."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from lxml.etree import _Element

_SVG, _XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"
_ELEMENTS = frozenset(
    ("svg", "g", "defs", "use", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan",
     "title", "desc", "style", "clipPath", "linearGradient", "radialGradient", "stop")
)  # fmt: skip
_MOST_ELEMENTS = 1_000
_MOST_STYLE, _MOST_TEXT = 10_000, 1_000
"""Characters. A renderer holds every rule against every element, and sets every letter: more of them takes minutes."""
_LONGEST = 10_000.0
"""Of a side, in the picture's own units."""
_LENGTH = re.compile(r"\s*([0-9]*\.?[0-9]+(?:e[+-]?[0-9]+)?)\s*(?:px|pt|mm|cm|in)?\s*", re.IGNORECASE)
_OUTWARD = re.compile(r"url\s*\(\s*['\"]?\s*(?!#)|javascript:|expression\s*\(|@|\\", re.IGNORECASE)
"""In an attribute or a style sheet: what could lead outside, however it is written."""


class CleanSvg(NamedTuple):
    """The picture as it is kept, its sides, and what was taken out of it (names, each once)."""

    content: bytes
    width: float
    height: float
    removed: list[str]


def clean_svg(data: bytes) -> CleanSvg:
    """Raises ValueError, in words for whoever sent it, if it is not such a picture."""
    from lxml import etree

    if b"<!" in re.sub(rb"<!--.*?-->|<!\[CDATA\[", b"", data, flags=re.DOTALL):
        raise ValueError("declares a document type or entities, which no picture needs")
    # No way out of the file: no entities, no network, no huge texts.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True, encoding="utf-8"
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ValueError(f"is not an SVG picture that can be read: {error}") from None
    if root.tag != f"{_SVG}svg":
        raise ValueError("is not an SVG picture: its outermost element is another")
    _check_size(root)
    removed = [*dict.fromkeys(_cleaned(root))]
    _check_uses(root)
    width, height = _sides(root)
    return CleanSvg(etree.tostring(root), width, height, removed)


def _check_size(root: _Element) -> None:
    if sum(1 for _ in root.iter()) > _MOST_ELEMENTS:
        raise ValueError(f"has more than {_MOST_ELEMENTS:,} elements")
    style = sum(len("".join(each.itertext())) for each in root.iter(f"{_SVG}style"))
    if style > _MOST_STYLE:
        raise ValueError(f"has {style:,} characters of style sheets; at most {_MOST_STYLE:,} are taken")
    text = sum(len("".join(each.itertext())) for each in root.iter(f"{_SVG}text"))
    if text > _MOST_TEXT:
        raise ValueError(f"has {text:,} letters; at most {_MOST_TEXT:,} are taken: a logo is no page")


def _cleaned(element: _Element) -> Iterator[str]:
    """Take out what does not belong; says what."""
    yield from _cleaned_attributes(element)
    for child in [*element]:
        name = str(child.tag).removeprefix(_SVG)
        if name in _ELEMENTS and not (name == "style" and _OUTWARD.search("".join(child.itertext()))):
            yield from _cleaned(child)
        else:
            element.remove(child)
            yield re.sub(r"\{.*\}", "", name)[:40]


def _cleaned_attributes(element: _Element) -> Iterator[str]:
    for name, value in list(element.attrib.items()):
        reference = name in ("href", f"{_XLINK}href")
        if (reference and not value.startswith("#")) or not _is_plain(name, reference) or _OUTWARD.search(value):
            del element.attrib[name]
            yield re.sub(r"\{.*\}", "", name)[:40]


def _is_plain(name: str, reference: bool) -> bool:
    return reference or not (name.startswith("{") or name.lower().startswith("on"))


def _check_uses(root: _Element) -> None:
    """Parts that use parts that use parts … grow beyond every limit."""
    using = {each.get("id") for user in root.iter(f"{_SVG}use") for each in (user, *user.iterancestors())}
    for user in root.iter(f"{_SVG}use"):
        target = (user.get("href") or user.get(f"{_XLINK}href") or "").removeprefix("#")
        if target and target in using:
            raise ValueError("uses parts that use parts themselves; draw them once")


def _sides(root: _Element) -> tuple[float, float]:
    box = [_number(each) for each in re.split(r"[\s,]+", root.get("viewBox", "").strip())]
    if len(box) == 4:
        width, height = box[2], box[3]
    else:
        width, height = _number(root.get("width", "")), _number(root.get("height", ""))
    if not (0 < width <= _LONGEST and 0 < height <= _LONGEST):
        raise ValueError(f"does not say its size: a viewBox, or width and height, of at most {_LONGEST:,.0f}")
    for name in ("width", "height"):
        root.attrib.pop(name, None)
    root.set("viewBox", root.get("viewBox") or f"0 0 {width:g} {height:g}")
    return width, height


def _number(text: str) -> float:
    found = _LENGTH.fullmatch(text)
    return float(found[1]) if found else 0.0
