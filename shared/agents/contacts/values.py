"""What the text of one column means. Every reader raises ValueError with the reason, fit for the person who sent it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import get_args
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email

from shared.agents.places import country_code
from shared.domain.contact import Basis, ConsentStatus

_CONSENT: dict[ConsentStatus, str] = {
    "granted": "yes y true 1 x ja j ok oui si sí granted given opt-in optin subscribed",
    "withdrawn": "no n false 0 nein non withdrawn revoked denied opt-out optout unsubscribed",
    "pending": "pending unconfirmed unbestätigt",
    "unknown": "unknown unbekannt n/a - ?",
}
_CONSENT_WORDS = {word: status for status, words in _CONSENT.items() for word in words.split()}
_DAYS = ("%d.%m.%Y", "%d.%m.%y", "%Y/%m/%d", "%Y.%m.%d", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y")
_TIMES = ("", " %H:%M", " %H:%M:%S")
_SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})/\d{4}\b.*")
_NO_MARKS = re.compile(r"%?\w|\s+")
_FEWEST_DIGITS = 5


def mailbox(text: str) -> str:
    """The address as it goes over the wire: syntax checked, in lower case, the domain in ASCII; never looked up."""
    try:
        found = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise ValueError(str(error)) from None
    return (found.ascii_email or found.normalized).lower()


def timezone(text: str) -> str:
    """The IANA name, whatever its case and spaces."""
    name = _zones().get(text.replace(" ", "_").casefold())
    if name is None:
        raise ValueError(f"{text[:60]!r} is not an IANA time zone such as Europe/Berlin")
    return name


def phone(text: str) -> str:
    """The number as it was written."""
    if sum(each.isdigit() for each in text) < _FEWEST_DIGITS:
        raise ValueError(f"{text[:60]!r} has fewer than {_FEWEST_DIGITS} digits")
    return text


def consent(text: str) -> ConsentStatus:
    """Yes or no, in one of several spellings."""
    status = _CONSENT_WORDS.get(text.casefold())
    if status is None:
        raise ValueError(f"{text[:60]!r} is neither yes nor no")
    return status


def basis(text: str) -> Basis:
    """Why it is lawful, for a file: a soft opt-in needs more than a file says."""
    plain = text.casefold().replace(" ", "_").replace("-", "_")
    for each in get_args(Basis):
        if plain == each != "soft_opt_in":
            return each  # type: ignore[no-any-return]
    raise ValueError(f"{text[:60]!r} is none of explicit, implied_purchase, implied_inquiry")


def jurisdiction(text: str) -> str:
    """The ISO 3166 code of a country, by code or name."""
    code = country_code(text)
    if code is None:
        raise ValueError(f"{text[:60]!r} is not a country such as CA or Canada")
    return code


def moment(text: str) -> datetime:
    """A date or time in ISO 8601 or another common form; without an offset it is UTC."""
    found = _iso(text) or _written(text, _slashed(text) or _DAYS)
    if found is None:
        raise ValueError(f"{text[:60]!r} is not a date such as 2026-03-31 or 31.03.2026")
    try:
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"{text[:60]!r} is out of the calendar") from None


def tags(text: str) -> list[str]:
    """The labels, separated by comma, semicolon or bar; each once."""
    return list(dict.fromkeys(tag for each in re.split(r"[,;|]", text) if (tag := each.strip())))


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _written(text: str, days: tuple[str, ...]) -> datetime | None:
    marks = _marks(text)
    for form in (form for form in _forms(days) if _marks(form) == marks):
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 - the caller decides on the zone
        except ValueError:
            continue
    return None


@cache
def _forms(days: tuple[str, ...]) -> list[str]:
    return [day + time for day in days for time in _TIMES]


def _marks(text: str) -> str:
    """What stands between the words and figures: strptime keeps five forms compiled, so it must not try them all."""
    return _NO_MARKS.sub("", text)


def _slashed(text: str) -> tuple[str, ...] | None:
    """The form of a date with slashes. Raises ValueError where Europe and America would read two different days."""
    match = _SLASHES.fullmatch(text)
    if match is None:
        return None
    first, second = int(match[1]), int(match[2])
    if first != second and first <= 12 and second <= 12:
        raise ValueError(f"{text[:60]!r} could be two different days; write it as 2026-03-31")
    return ("%d/%m/%Y",) if first > 12 else ("%m/%d/%Y",)
