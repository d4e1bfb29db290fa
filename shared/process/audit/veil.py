"""Texts as a summary may show them: without what a run was given as sensitive, and without what looks personal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from shared.domain.run import HIDDEN, Run
from shared.process.rows.sensitive import masked

_MOST = 500
_SHORT = 4
"""Shorter ones are hidden where they stand alone: a PIN of 12 is not part of every 2012."""


class Veil:
    """Of one run."""

    def __init__(self, run: Run) -> None:
        given = {text for name in run.sensitive for text in _leaves(run.inputs.get(name))}
        words = (_pattern(text) for text in sorted(given, key=len, reverse=True))
        self._hidden = re.compile("|".join(words)) if given else None

    def __call__(self, text: str, most: int = _MOST) -> str:
        """As it may be shown, at most so many characters of it."""
        plain = self._hidden.sub(HIDDEN, text) if self._hidden else text
        shown = masked(plain[: most + 200])
        return shown if len(shown) <= most else f"{shown[: most - 1]}…"


def _pattern(text: str) -> str:
    return re.escape(text) if len(text) >= _SHORT else rf"(?<!\w){re.escape(text)}(?!\w)"


def _leaves(given: Any) -> Iterator[str]:
    if isinstance(given, dict):
        for name, each in given.items():
            if (name, "sha256" in given) != ("bytes", True):  # a file's size hides nothing
                yield from _leaves(each)
    elif isinstance(given, list):
        for each in given:
            yield from _leaves(each)
    elif given is not None and not isinstance(given, bool) and str(given).strip():
        yield str(given)
