"""What a page holds and nobody who looks at it sees: the usual place for instructions to machines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

_ELEMENTS = "script style template noscript iframe object embed svg math select textarea head title img"
_UNSEEN = frozenset(_ELEMENTS.split())
_END = r"\s*(?:;|!|$)"
_HIDING = re.compile(
    rf"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0*\.?0*{_END}"
    rf"|font-size\s*:\s*0*\.?[0-3]?(?:px|pt|em|rem|%)?{_END}|(?:left|top|right|text-indent)\s*:\s*-\d{{3,}}"
    r"|clip\s*:\s*rect\(\s*0|clip-path\s*:\s*inset\(\s*(?:50|100)%|transform\s*:\s*scale\(\s*0\s*\)"
    rf"|(?:max-)?(?:height|width)\s*:\s*0(?:px)?{_END}|(?<![-\w])color\s*:\s*transparent",
    re.IGNORECASE,
)
_WHITES = r"(?:white|#fff(?:fff)?|rgba?\(\s*255\s*,\s*255\s*,\s*255\b[^)]*\))"
_WHITE = re.compile(rf"(?<![-\w])color\s*:\s*{_WHITES}{_END}", re.IGNORECASE)
_WHITE_GROUND = re.compile(rf"background(?:-color)?\s*:\s*{_WHITES}{_END}", re.IGNORECASE)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SELECTOR = re.compile(r"[\w-]*([.#][\w-]+)")


def remove_unseen(page: HtmlElement) -> None:
    """Take out of the tree what is never shown, what is hidden (attributes, inline styles, simple rules of its own
    style sheets), and white text on no colour."""
    hidden = set(_hidden_by_rule(page))
    for element in list(page.iter()):
        if element.getparent() is not None and (not isinstance(element.tag, str) or _is_unseen(element, hidden)):
            element.drop_tree()


def _is_unseen(element: HtmlElement, hidden: set[str]) -> bool:
    if element.tag in _UNSEEN or "hidden" in element.attrib or element.get("aria-hidden") == "true":
        return True
    style = element.get("style", "")
    names = {f".{name}" for name in element.get("class", "").split()} | {f"#{element.get('id', '')}"}
    return bool(_HIDING.search(style)) or _is_white_on_white(element, style) or not hidden.isdisjoint(names)


def _is_white_on_white(element: HtmlElement, style: str) -> bool:
    if not _WHITE.search(style):
        return False
    around = (element, *element.iterancestors())
    return not any(_is_coloured(each) for each in around)


def _is_coloured(element: HtmlElement) -> bool:
    cell = element.get("bgcolor", "")
    return "background" in _WHITE_GROUND.sub("", element.get("style", "")) or bool(
        cell and not re.match(_WHITES, cell, re.I)
    )


def _hidden_by_rule(page: HtmlElement) -> Iterator[str]:
    """`.class` and `#id` that a style sheet of the page hides."""
    for sheet in page.iter("style"):
        for selectors, declarations in _RULE.findall(sheet.text or ""):
            if _HIDING.search(declarations):
                matched = (_SELECTOR.fullmatch(selector.strip()) for selector in selectors.split(","))
                yield from (found[1] for found in matched if found)
