"""When a person looks first at what a stranger wrote, before it becomes a lead. Written down in docs/inbound.md; what
is found is said with it. Nothing that is written is ever an order to anybody: no model reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shared.domain.invisible import visible

MOST_LINKS = 3
_HIDDEN = 10
_LINK = re.compile(r"(?:https?://|www\.)\S", re.IGNORECASE)
_MARKUP = re.compile(
    r"<\s*/?\s*(?:a|script|iframe|img|html|body|style|object|embed|form|svg|meta|link)\b|\[(?:url|link)\b",
    re.IGNORECASE,
)
_TO_A_MACHINE = re.compile(
    r"\b(?:ignore|disregard|forget)\b.{0,40}\b(?:previous|prior|above|earlier|all|your)\b.{0,40}"
    r"\b(?:instructions?|prompts?|rules?|directions?)\b|\bsystem prompt\b|<\|?(?:im_start|system)\b|"
    r"\b(?:ignoriere?|vergiss)\b.{0,40}\b(?:anweisung\w*|regeln?|vorgaben?)\b",
    re.IGNORECASE | re.DOTALL,
)


def suspicions(name: str, text: str, trap: str = "", marked: bool = False) -> list[str]:
    """Why a person is to look first. `trap`: what stood in the field that nobody sees; `marked`: the server that took
    the mail in calls it spam."""
    return list(_found(name, text, trap, marked))


def cleaned(text: str) -> str:
    """Without characters that nobody sees and a machine reads; lines end alike."""
    return visible(text).replace("\r\n", "\n").replace("\r", "\n").strip()


def _found(name: str, text: str, trap: str, marked: bool) -> Iterator[str]:
    if trap.strip():
        yield "a field that people do not see was filled in"
    if marked:
        yield "the server that took it in calls it spam"
    if _LINK.search(name):
        yield "there is a link in the name"
    if (links := len(_LINK.findall(text))) > MOST_LINKS:
        yield f"it has {links} links"
    if _MARKUP.search(text) or _MARKUP.search(name):
        yield "it has markup in it"
    if _TO_A_MACHINE.search(visible(text)):
        yield "it gives orders to a machine"
    if len(text) - len(visible(text)) > _HIDDEN:
        yield "it has characters that nobody sees"
