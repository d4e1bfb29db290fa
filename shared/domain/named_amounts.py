"""Sums of money and discounts that a text names, so that words promise no price that the lines do not have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

_NUMBER = r"\d[\d.,' \u00a0\u202f]*\d|\d"
_SIGN = r"(?:[€$£¥]|EUR|USD|GBP|CHF|JPY|[Ee]uros?|[Dd]ollars?|[Pp]ounds?|[Ff]ranken|[Ff]rancs?)"
_AMOUNT = re.compile(rf"{_SIGN}[ \u00a0\u202f]?({_NUMBER})|({_NUMBER})[ \u00a0\u202f]?(?:{_SIGN})(?!\w)")
_LESS = r"(?:off|discount|less|cheaper|reduction|Rabatt|Nachlass|Skonto|günstiger|weniger)"
_SHARE = r"(\d+(?:[.,]\d+)?)\s?(?:%|per ?cent|Prozent)"
_PERCENT = re.compile(rf"{_SHARE}\s{{0,2}}(?:\w+\s)?{_LESS}|{_LESS}\s(?:\w+\s)?{_SHARE}", re.IGNORECASE)


def amounts(text: str) -> Iterator[Decimal]:
    """The sums that stand beside a currency: 1,200.50 EUR, € 90, 1.200,50 Euro."""
    for found in _AMOUNT.finditer(text):
        yield _read(found[1] or found[2])


def reductions(text: str) -> Iterator[Decimal]:
    """The percentages that are called a discount: 20 % off, Rabatt von 5 %."""
    for found in _PERCENT.finditer(text):
        yield Decimal((found[1] or found[2]).replace(",", "."))


def _read(text: str) -> Decimal:
    """In either spelling: the last comma or point before one or two digits is the decimal one."""
    plain = re.sub(r"[' \u00a0\u202f]", "", text)
    if found := re.fullmatch(r"(.*)[.,](\d{1,2})", plain):
        return Decimal(f"{re.sub(r'[.,]', '', found[1]) or '0'}.{found[2]}")
    return Decimal(re.sub(r"[.,]", "", plain))
