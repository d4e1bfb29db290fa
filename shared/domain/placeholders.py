"""Personal fields inside plain text: `{{ … }}` put aside while the text around them is cut, escaped or rewritten."""

from __future__ import annotations

import re

EXPRESSION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
"""Exact for texts that passed the template rules, which keep braces out of fallbacks."""
URL = re.compile(r"https?://[^\s<>\"'{}\ue000]*[^\s<>\"'{}\ue000.,;:!?)\]]")
"""An address in plain text, without the punctuation of the sentence around it."""
_OPEN, _CLOSE = "\ue000", "\ue001"
_MARK = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_HIDDEN = re.compile("[\u200b-\u200d\u2060\ufe00-\ufe0f\ue000-\uf8ff\U000e0000-\U000e007f\x00-\x08\x0b-\x1f\x7f]")


def clean(text: str) -> str:
    """The text without invisible and private-use characters, in which instructions hide (rule L3)."""
    return _HIDDEN.sub("", text)


class Shelf:
    """Where expressions wait: `put` leaves a mark of one word in their place, `restore` brings them back."""

    def __init__(self) -> None:
        self._kept: list[str] = []

    def keep(self, expression: str) -> str:
        """The mark that stands for this expression."""
        self._kept.append(expression)
        return f"{_OPEN}{len(self._kept) - 1}{_CLOSE}"

    def put(self, text: str) -> str:
        """The text, cleaned, with a mark for every expression."""
        return EXPRESSION.sub(lambda found: self.keep(found[0]), clean(text))

    def restore(self, text: str) -> str:
        """The text with the expressions back in place."""
        return _MARK.sub(lambda found: self._kept[int(found[1])], text)
