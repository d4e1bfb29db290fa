"""International bank account numbers (ISO 13616)."""

from __future__ import annotations

import re


def iban_of(text: str) -> str:
    """In groups of four. Raises ValueError for what is none, or whose check digits do not fit."""
    plain = re.sub(r"\s", "", text).upper()
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", plain):
        raise ValueError("is not an IBAN: two letters, two digits, then up to thirty letters and digits")
    if int("".join(str(int(each, 36)) for each in plain[4:] + plain[:4])) % 97 != 1:
        raise ValueError("is not an IBAN: its check digits do not fit (ISO 13616); look for a slip")
    return " ".join(plain[at : at + 4] for at in range(0, len(plain), 4))
