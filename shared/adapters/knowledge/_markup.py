"""From a tree of HTML to blocks: paragraphs, whole lists and whole tables under their headings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from shared.adapters.knowledge._blocks import Outline
from shared.domain.knowledge_passages import Block

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = """address article aside blockquote body dd details div dl dt fieldset figcaption figure footer form header hr
    html main nav ol p pre section summary table tbody td tfoot th thead tr li ul"""
_APART = frozenset(_BLOCKS.split()) | frozenset(_HEADINGS)
_BLANKS = re.compile(r"\s+")


def blocks_of(tree: HtmlElement) -> Iterator[Block]:
    """In the order of the page."""
    outline = Outline()
    for tag, text in _parts(tree):
        yield from outline.heading(_HEADINGS[tag], text) if tag in _HEADINGS else outline.text(text)
    yield from outline.end()


def _parts(element: HtmlElement) -> Iterator[tuple[str, str]]:
    """(tag, text) of everything that stands apart; text between such elements is a paragraph."""
    loose = [_flat(element.text)]
    for child in element:
        if child.tag in _APART:
            yield "p", "".join(loose)
            loose = []
            yield from _apart(child)
        else:
            loose.append(_inline(child))
        loose.append(_flat(child.tail))
    yield "p", "".join(loose)


def _apart(element: HtmlElement) -> Iterator[tuple[str, str]]:
    match element.tag:
        case tag if tag in _HEADINGS:
            yield tag, _inline(element)
        case "ul" | "ol":
            yield "p", "\n".join(_line(item) for item in element.iter("li"))
        case "table":
            yield "p", "\n".join(" | ".join(_line(cell) for cell in row.iter("td", "th")) for row in element.iter("tr"))
        case "pre":
            yield "p", element.text_content()
        case _:
            yield from _parts(element)


def _line(element: HtmlElement) -> str:
    """The text of one item or cell, without that of lists in it, which have items of their own."""
    inner = (
        _flat(child.tail) if child.tag in ("ul", "ol") else _inline(child) + _flat(child.tail) for child in element
    )
    return _flat(_flat(element.text) + "".join(inner)).strip()


def _inline(element: HtmlElement) -> str:
    if element.tag == "br":
        return "\n"
    return _flat(element.text) + "".join(_inline(child) + _flat(child.tail) for child in element)


def _flat(text: str | None) -> str:
    return _BLANKS.sub(" ", text or "")
