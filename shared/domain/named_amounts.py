"""Sums of money and discounts that a text names, so that words promise no price that the lines do not have.

Each number is found once, and only a few characters around it are looked at: the time is linear in the text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence, Set
from decimal import Decimal
from functools import cache

from shared.domain.faults import FieldError
from shared.domain.named_discounts import is_discount

_CODES = (
    "AED ARS AUD BGN BRL CAD CHF CNY CZK DKK EGP EUR GBP HKD HUF IDR ILS INR ISK JPY KES KRW KZT MDL MXN MYR NGN NOK "
    "NZD PLN QAR RON RSD RUB SAR SEK SGD THB TND TWD UAH USD VND ZAR"
)
"""Those that are no word and no other abbreviation of the trade, as PHP and COP are; the text's own counts anyway."""
_SYMBOL = r"(?:US|CA|AU|NZ|HK)?[$€£¥฿\u20a0-\u20cf]"
_NAMES = (
    r"(?i:EUR|USD|GBP|CHF|JPY|euros?|(?:US[- ]?)?dollars?|pounds?|franken|francs?|yen|SFr\.?|zł|złoty|kč)"
    r"|kr\.?|kron[oe]r"
)
_NUMBER = re.compile(r"(?<!\d)\d++(?:[.,'’ \t]\d++)*+")
_SHARE = re.compile(r"(?<!\d)\d++(?:[.,]\d++)?+(?=\s?(?:%|per ?cent|Prozent|v\. ?H\.))", re.IGNORECASE)
_TAIL = r"(?:[.,][-–—]{1,2})?(?:[^\S\n]?(?P<k>T(?=\s?(?:€|EUR))|(?i:k|tsd\.?|thousand|tausend)(?!\w)))?"
_PER_CENT = re.compile(r"\s?(?:%|per ?cent|Prozent)")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_WIDE = re.compile(r"[\u00a0\u2000-\u200a\u202f\u3000\uff01-\uff5e\uffe0-\uffe6]")
_LONG = 40
_SHOWN = 30
_FRACTION = re.compile(r"[.,](\d{1,2})\Z")


def amounts(text: str, currency: str = "") -> Iterator[Decimal]:
    """The sums that stand beside a currency: 1,200.50 EUR, € 90, 1.200,50 Euro, 100,- CHF, EUR: 5k. `currency` is a
    code that counts whatever else it may mean."""
    text = _visible(text)
    before, after = _signs(currency)
    taken = 0
    for found in _NUMBER.finditer(text):
        ahead = before.search(text, max(taken, found.start() - _LONG), found.start())
        behind = after.match(text, found.end(), found.end() + _LONG)
        assert behind is not None, "it matches nothing at all, too"
        if (ahead and not _PER_CENT.match(text, found.end())) or behind["sign"]:
            taken = found.end() if ahead else behind.end()
            yield _read(found[0]) * (1000 if behind["k"] or (ahead and ahead["t"]) else 1)


def reductions(text: str) -> Iterator[Decimal]:
    """The percentages that are called a discount: 20 % off, Rabatt von 5 %, 10 % Ermäßigung, save 50 %."""
    text = _visible(text)
    taken = 0
    for found in _SHARE.finditer(text):
        if end := is_discount(text, found.start(), found.end(), taken):
            taken = end
            yield Decimal(found[0].replace(",", "."))


def unknown(
    said: Sequence[tuple[str, str]], sums: Set[Decimal], cuts: Set[Decimal], currency: str, of: str
) -> Iterator[FieldError]:
    """Texts, by field, that name a sum which is none of `sums` or a discount which is none of `cuts`."""
    for field, text in said:
        for amount in amounts(text, currency):
            if amount not in sums:
                shown = f"{amount:,f}"[:_SHOWN]
                yield FieldError(field, f"names {shown} as a sum, which is none of this {of}; change text or lines")
        for percent in reductions(text):
            if percent not in cuts:
                shown = str(percent)[:_SHOWN]
                yield FieldError(field, f"names a discount of {shown} %, which is none of this {of}")


@cache
def _signs(currency: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A currency that ends where a number begins, and what may follow a number: its tail, and a currency."""
    codes = "|".join([*_CODES.split(), *([re.escape(currency)] if currency else [])])
    sign = rf"(?:{_SYMBOL}|(?<![^\W\d_])(?:{codes}|{_NAMES}))(?!\w)"
    before = rf"(?:(?P<t>\bT(?=€|EUR))(?:€|EUR)|{sign})[^\S\n]{{0,2}}[:=~]?[^\S\n]{{0,2}}\Z"
    behind = rf"{_TAIL}(?P<sign>[^\S\n]{{0,3}}[(\[]?{sign}|\s?\n\s?{sign}(?![\s:]{{0,2}}\d))?"
    return re.compile(before), re.compile(behind)


def _read(text: str) -> Decimal:
    """In either spelling: the last comma or point before one or two digits is the decimal one."""
    plain = re.sub(r"['’ \t]", "", text)
    found = _FRACTION.search(plain)
    units = re.sub(r"[.,]", "", plain[: found.start()] if found else plain)
    return Decimal(f"{units or '0'}.{found[1]}" if found else units)


def _visible(text: str) -> str:
    """As a reader sees it: full-width digits are digits, and what has no width is not there."""
    return _WIDE.sub(lambda found: unicodedata.normalize("NFKC", found[0]), _INVISIBLE.sub("", text))
