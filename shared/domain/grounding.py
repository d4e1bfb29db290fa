"""Grounded writing: what a copy claims must stand in what people said. Figures, dates, claims and addresses are
compared; wording is free. English and German are understood, also across the two."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from shared.domain.invisible import visible
from shared.domain.placeholders import URL

_WORDS = {
    word: value
    for value, words in {
        "2": "two zwei zweite zweiten zweiter zweites",
        "3": "three third drei dritte dritten dritter drittes",
        "4": "four fourth vier vierte vierten",
        "5": "five fifth fünf fünfte fünften",
        "6": "six sixth sechs sechste sechsten",
        "7": "seven seventh sieben siebte siebten",
        "8": "eight eighth acht achte achten",
        "9": "nine ninth neun neunte neunten",
        "10": "ten tenth zehn zehnte zehnten",
        "11": "eleven elf",
        "12": "twelve dozen zwölf dutzend",
        "13": "thirteen thirteenth dreizehn",
        "14": "fourteen vierzehn",
        "15": "fifteen fünfzehn",
        "16": "sixteen sechzehn",
        "17": "seventeen siebzehn",
        "18": "eighteen achtzehn",
        "19": "nineteen neunzehn",
        "20": "twenty zwanzig",
        "30": "thirty dreißig",
        "40": "forty vierzig",
        "50": "fifty fünfzig",
        "100": "hundred hundert",
        "1000": "thousand tausend",
    }.items()
    for word in words.split()
}
_UNITS = {
    "%": r"%|percent\b|per cent\b|prozent\b",
    "€": r"€|euros?\b|eur\b",
    "$": r"\$|dollars?\b|usd\b",
    "£": r"£|pounds?\b|gbp\b",
    "CHF": r"chf\b|franken\b|francs?\b",
}
_FIGURE = re.compile(
    r"(?P<before>[€$£]|\b(?:eur|usd|gbp|chf))?\s?"
    rf"(?P<number>\d{{1,3}}(?:[ \u00a0\u202f]\d{{3}})+(?!\d)|\d+(?:[.,:/]\d+)*|\b(?:{'|'.join(_WORDS)})\b)"
    rf"[\s-]?(?P<after>{'|'.join(_UNITS.values())})?",
    re.IGNORECASE,
)
_NAMES = (
    *("monday montag", "tuesday dienstag", "wednesday mittwoch", "thursday donnerstag", "friday freitag"),
    *("saturday samstag sonnabend", "sunday sonntag", "january januar jänner", "february februar", "march märz"),
    *("april", "june juni", "july juli", "august", "september", "october oktober", "november", "december dezember"),
)
"""Days and months by their names; May is a verb as well, and its day is a figure anyway."""
_DAYS = [names.split()[0] for names in _NAMES[:7]]
_DAY_NAME = r"[A-Za-z]{2,10}"
_DAY_RANGE = re.compile(rf"\b({_DAY_NAME})\s*(?:-|–|to|bis|through|until)\s*({_DAY_NAME})\b")
_DAY_OR_MONTH = {name: names.split()[0] for names in _NAMES for name in names.split()}
DAYS_AND_MONTHS = frozenset(name.capitalize() for name in _DAY_OR_MONTH)
"""As they are written; `inventions` compares them."""
_CLAIMS = {
    "free": r"(?<!feel )\bfree\b(?! to\b)|kostenlos|kostenfrei|\bgratis\b|\bumsonst\b",
    "guaranteed": r"\bguarante\w+|\bgarant\w+",
    "cheaper": r"\bdiscount\w*|\brabatt\w*|\bnachlass\b|\bhalf price\b|\bhalben preis\b|\breduced\b|\breduziert\w*",
    "refundable": r"\brefund\w*|\bmoney[- ]back\b|\bgeld[- ]zurück\b",
    "proven": r"\baward\w*|\btestsieger\w*|\bpreisgekrönt\w*|\bproven\b|\bbewiesen\b|\bcertified\b|\bzertifiziert\w*",
    "scarce": r"\blast chance\b|\blimited\b|\bonly today\b|\bstocks? last\w*|\btomorrow\b|\btonight\b"
    r"|\bletzte chance\b|\bnur (?:noch|heute)\b|\bsolange\b.*\bvorrat\b|\bbegrenzt\w*",
}
_HOST = re.compile(r"(?<![\w.-])(?:[\w-]+\.)+(?:xn--[a-z0-9-]+|[^\W\d_]{2,})(?![\w-])", re.IGNORECASE)
_DAY = re.compile(r"\d+\.[^\W\d_a-z]")
"""So begins the date of a hurried typist, 3.März; no domain is looked for there."""


class Figure(NamedTuple):
    """A number in a text: canonical (1,200 is 1.200 is 1 200; two is 2), its unit or "", and where it stands."""

    number: str
    unit: str
    said: str
    start: int
    end: int


class Invention(NamedTuple):
    """Something said that the source does not say; `certain` is False for a bare number word."""

    rule: str
    said: str
    certain: bool = True


def inventions(text: str, source: str) -> Iterator[Invention]:
    """What `text` says beyond `source`: each in the words of the text."""
    known = _known(source)
    yield from _figures_beyond(text, known)
    for name in _names(text):
        if _DAY_OR_MONTH[name] not in known.names:
            yield Invention("date-invented", name.capitalize())
    for claim, pattern in _CLAIMS.items():
        found = re.search(pattern, text, re.IGNORECASE)
        if found and claim not in known.claims:
            yield Invention("claim-invented", found[0])


def figures(text: str) -> Iterator[Figure]:
    """Every number of a text, in digits or in words, in order."""
    for found in _FIGURE.finditer(text):
        unit = _unit(found["before"] or found["after"] or "")
        yield Figure(_canonical(found["number"].lower()), unit, found[0].strip(" -"), found.start(), found.end())


def foreign_hosts(text: str, source: str) -> list[str]:
    """Hosts that the text names, as links or bare, which are neither the source's nor below one of those."""
    known = _hosts(source)
    return sorted(host for host in _hosts(text) if not any(host == own or host.endswith(f".{own}") for own in known))


class _Known(NamedTuple):
    """What a source names: its figures with and without their units, days and months, and claims."""

    figures: frozenset[tuple[str, str]]
    numbers: frozenset[str]
    names: frozenset[str]
    claims: frozenset[str]


@lru_cache(maxsize=256)
def _known(source: str) -> _Known:
    """Read once: a draft has many sentences and one source."""
    found = frozenset((figure.number, figure.unit) for figure in figures(source))
    named = {_DAY_OR_MONTH[name] for name in _names(source, abbreviated=True)} | _days_between(source)
    claims = frozenset(claim for claim, pattern in _CLAIMS.items() if re.search(pattern, source, re.IGNORECASE))
    return _Known(found, frozenset(number for number, _ in found), frozenset(named), claims)


def _days_between(source: str) -> set[str]:
    """Mon-Thu and dienstags bis samstags name the days between as well."""
    found: set[str] = set()
    for first, last in _DAY_RANGE.findall(source):
        begin, end = (_day_number(each) for each in (first, last))
        if begin is not None and end is not None:
            found |= {_DAYS[number % 7] for number in range(begin, (end if end >= begin else end + 7) + 1)}
    return found


def _day_number(said: str) -> int | None:
    lowered = said.lower().removesuffix("s")
    return next((number for number, names in enumerate(_NAMES[:7]) if _begins_one(lowered, names)), None)


def _begins_one(said: str, names: str) -> bool:
    return any(name.startswith(said) for name in names.split())


def _figures_beyond(text: str, known: _Known) -> Iterator[Invention]:
    for figure in figures(text):
        if (figure.number, figure.unit) not in known.figures and (figure.unit or figure.number not in known.numbers):
            certain = bool(figure.unit) or figure.said[0].isdigit()
            yield Invention("number-invented", figure.said, certain)


def _canonical(number: str) -> str:
    """1,200 and 1.200 and 1 200 are one number; so are 18:30 and 18.30, 49.00 and 49, 03 and 3."""
    if number in _WORDS:
        return _WORDS[number]
    if re.fullmatch(r"\d{1,3}(?:[.,\s]\d{3})+", number):
        return re.sub(r"\D", "", number)
    parts = re.split(r"[.,:/]", number)
    if len(parts) == 2 and not parts[1].strip("0"):
        parts.pop()
    return ".".join(part.lstrip("0") or "0" for part in parts)


def _unit(said: str) -> str:
    return next((unit for unit, form in _UNITS.items() if re.fullmatch(form, said, re.IGNORECASE)), "")


def _names(text: str, abbreviated: bool = False) -> set[str]:
    """Days and months named in a text, capitalised as names are; abbreviations (Tue, Sept) if asked for."""
    words = {word.lower() for word in re.findall(r"\b[A-ZÄÖÜ][a-zäöü]{2,}?(?=s?\b)", text)}
    words |= {day for day in re.findall(r"\b([a-z]{6,10})s\b", text) if day in _DAY_OR_MONTH}  # dienstags, mondays
    short = (name for name in _DAY_OR_MONTH for word in words if abbreviated and name.startswith(word))
    return {word for word in words if word in _DAY_OR_MONTH} | set(short)


def _hosts(text: str) -> set[str]:
    read = _as_browsers_read(text)
    linked = {_host(found[0]) for found in URL.finditer(read)}
    bare = {found[0] for found in _HOST.finditer(URL.sub(" ", read)) if not _DAY.match(found[0])}
    return {host.lower().removeprefix("www.") for host in linked | bare} - {""}


def _as_browsers_read(text: str) -> str:
    """Full-width letters and dots are plain ones in a host, what nobody sees is not there, and \\ is a / (WHATWG URL,
    UTS 46): an address must not look like ours here and lead elsewhere there."""
    plain = visible(unicodedata.normalize("NFKC", text))
    return plain.translate({0xAD: None, 0x3002: ".", ord("\\"): "/"})


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # brackets that hold no address: whatever stands there is none of ours
        return url.partition("//")[2]
