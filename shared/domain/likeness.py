"""How much two texts differ: a distance over runs of words, so that variants that only swap a word are found out."""

from __future__ import annotations

import re
from collections.abc import Iterable

RUN = 3
"""Words in a row that are compared: single words are shared by all texts about one thing."""
ALIKE = 25
"""Per cent. Below this distance two variants are one text said twice: a test between them shows nothing."""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


def distance(one: str, other: str) -> int:
    """0 (the same words in the same order) to 100 (no three words in a row in common), in per cent (Jaccard)."""
    mine, theirs = _runs(one), _runs(other)
    if not mine | theirs:
        return 0
    return round(100 * (1 - len(mine & theirs) / len(mine | theirs)))


def nearest(text: str, others: Iterable[tuple[str, str]]) -> tuple[str, int] | None:
    """Of (name, text) the one that differs least, with its distance; None if there are no others."""
    measured = ((name, distance(text, other)) for name, other in others)
    return min(measured, key=lambda each: each[1], default=None)


def _runs(text: str) -> set[tuple[str, ...]]:
    words = [word.lower() for word in _WORD.findall(text)]
    length = min(RUN, len(words))
    return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)} if words else set()
