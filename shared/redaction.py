"""What looks like a person or opens a door is blanked: the second line behind lists of what may be said at all."""

from __future__ import annotations

import re

LONGEST = 10_000
_SECRETS = (
    (re.compile(r"\S+@\S+"), "[address]"),
    (re.compile(r"(?i)\bbearer\s+\S+"), "[token]"),
    # Ids and hashes of ours have at most 32 characters in a row; every token and key has more.
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*|[\w-]{40,}(?:\.[\w-]+)*"), "[token]"),
    (re.compile(r"(?<!\w)\+\d[\d ()/-]{6,}\d"), "[phone]"),
    (re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b"), "[account]"),
)


def blank(text: str) -> str:
    """The text, at most LONGEST characters of it, without addresses, tokens, telephone and account numbers."""
    text = text[:LONGEST]
    for pattern, name in _SECRETS:
        text = pattern.sub(name, text)
    return text
