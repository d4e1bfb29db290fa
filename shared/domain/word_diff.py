"""What changed between two texts, word by word."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Literal

from pydantic import BaseModel

_WORDS = re.compile(r"\s+|[^\W_]+|.", re.DOTALL)


class Stretch(BaseModel):
    """A run of words that stayed, went or came."""

    kind: Literal["same", "gone", "new"]
    text: str


def stretches(before: str, after: str) -> list[Stretch]:
    """Both texts as one: without what is new it is `before`, without what is gone `after`."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    found: list[Stretch] = []
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(Stretch(kind="same", text="".join(old[i:j])))
            continue
        found += [Stretch(kind="gone", text="".join(old[i:j]))] if i < j else []
        found += [Stretch(kind="new", text="".join(new[k:m]))] if k < m else []
    return found
