"""Countries: the code behind a name, the time zones and the public holidays there. The tables come with the libraries
(tzdata, holidays) and are read when they are first needed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from shared.domain.slots import zone

_ALSO = {
    "uk": "GB",
    "united kingdom": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "usa": "US",
    "united states of america": "US",
    "deutschland": "DE",
    "österreich": "AT",
    "schweiz": "CH",
    "suisse": "CH",
    "españa": "ES",
    "italia": "IT",
    "the netherlands": "NL",
    "nederland": "NL",
    "belgië": "BE",
    "belgique": "BE",
    "polska": "PL",
    "česko": "CZ",
    "czechia": "CZ",
}


def country_code(text: str | None) -> str | None:
    """The ISO 3166 code that a code or name in an address book means; None if it means none that is known."""
    return _codes().get(text.strip().casefold()) if text else None


@cache
def zones_of(country: str) -> tuple[ZoneInfo, ...]:
    """Every time zone of a country."""
    names = (name for code, name in _table("zone.tab", 0, 2) if code == country)
    return tuple(found for name in names if (found := zone(name)))


def is_holiday(country: str, day: date) -> bool:
    """Is this a public holiday in all of a country? Where no calendar is known, no day is."""
    return day in _holidays(country, day.year)


@cache
def _holidays(country: str, year: int) -> frozenset[date]:
    import holidays  # calendars are loaded by who keeps holidays, not by everyone

    try:
        return frozenset(holidays.country_holidays(country, years=year, expand=False))
    except NotImplementedError:
        return frozenset()


@cache
def _codes() -> dict[str, str]:
    named = {name.casefold(): code for code, name in _table("iso3166.tab", 0, 1)}
    own = {code.casefold(): code for code in named.values()}
    return {**named, **own, **_ALSO}


def _table(name: str, *columns: int) -> Iterator[tuple[str, ...]]:
    text = files("tzdata").joinpath("zoneinfo", name).read_text("utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            parts = line.split("\t")
            yield tuple(parts[column] for column in columns)
