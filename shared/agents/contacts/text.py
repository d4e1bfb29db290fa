"""Text that people and spreadsheets have handled, as one clean line."""

from __future__ import annotations

import unicodedata

# Controls, formatting (zero width, text direction, soft hyphen, byte order mark) and halves of surrogate pairs.
_INVISIBLE = ("Cc", "Cf", "Cs")


def clean(text: str) -> str:
    """Without what cannot be seen, in Unicode normal form C, white space (line breaks too) as single spaces."""
    if not text.isprintable():
        text = "".join(each for each in text if each.isspace() or unicodedata.category(each) not in _INVISIBLE)
    return unicodedata.normalize("NFC", " ".join(text.split()))
