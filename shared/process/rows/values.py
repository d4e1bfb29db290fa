"""One value of one column: a text that a person or a program wrote becomes what the column says, or is refused with a
reason, and with a suggestion where there is a likely one. A reason never repeats the value."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

import orjson

from shared.process.errors import InputError
from shared.process.rows.columns import Column
from shared.process.rows.patterns import safe_pattern

Value = str | int | float | bool | None
_LONGEST = 100_000
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}", re.A)
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.A)
_GROUPED = re.compile(r"[\s'\u00a0\u202f_]")
_ANGLES = re.compile(r"<([^<>]+)>")
_AT = re.compile(r"\s*[(\[{]\s*at\s*[)\]}]\s*|\s+at\s+|@@+", re.I)
_BOOLEANS = dict.fromkeys(("true", "yes", "y", "t", "1"), True) | dict.fromkeys(("false", "no", "n", "f", "0"), False)
_OTHER_DATES = (
    "%Y-%m-%d",
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%Y/%m/%d",
    "%Y%m%d",
    "%d-%b-%Y",
    "%d %B %Y",
    "%B %d, %Y",
)


class Bad(Exception):
    """A value that its column does not take."""

    def __init__(self, reason: str, suggestion: str = "") -> None:
        super().__init__(reason)
        self.reason, self.suggestion = reason, suggestion


def taker(column: Column) -> Callable[[Any], Value]:
    """What turns a value as it was read (a text, or what JSON and spreadsheets have) into the column's own; it raises
    Bad. Raises InputError if the declaration makes no sense."""
    parse = _parser(column)
    limits = _limits(column)

    def take_text(text: str) -> Value:
        text = text.strip()
        if not text:
            if column.required:
                raise Bad("is missing")
            return None
        if len(text) > _LONGEST:
            raise Bad(f"is longer than {_LONGEST:,} characters")
        value = parse(text)
        if limits is not None:
            limits(value)
        return value

    # Values of these come again and again: a file has some thousand days, some choices.
    cached = lru_cache(2**14)(take_text) if column.choices or column.type in ("date", "boolean") else take_text

    def take(given: Any) -> Value:
        return cached(given if isinstance(given, str) else as_text(given))

    return take


def as_text(value: Any) -> str:
    """A value of JSON, of a spreadsheet or of Parquet as somebody would write it."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime() if value.time() == time.min and value.tzinfo is None:
            return value.date().isoformat()
        case date() | time():
            return value.isoformat()
        case dict() | list():
            return orjson.dumps(value, default=str).decode()
        case _:
            return str(value)


def _parser(column: Column) -> Callable[[str], Value]:
    match column.type:
        case "text":
            return _text(column)
        case "integer":
            return _integer
        case "number":
            return lambda text: _number(text, column.decimal_mark)
        case "decimal":
            plain = re.compile(rf"(0|[1-9][0-9]{{0,14}})\.[0-9]{{{column.places}}}", re.A)
            return lambda text: text if plain.fullmatch(text) else _decimal(text, column.decimal_mark, column.places)
        case "boolean":
            return _boolean
        case "date":
            return lambda text: _date(text, tuple(column.formats))
        case "datetime":
            return lambda text: _datetime(text, tuple(column.formats))
        case "email":
            return _email


def _text(column: Column) -> Callable[[str], str]:
    pattern = safe_pattern(column.name, column.pattern) if column.pattern else None
    choices = {each.casefold(): each for each in column.choices}

    def take(text: str) -> str:
        if choices and text not in column.choices:
            near = get_close_matches(text.casefold(), choices, 1, 0.7)
            raise Bad("is none of the choices", choices[near[0]] if near else "")
        if pattern is not None and not (len(text) <= 1000 and pattern.fullmatch(text)):
            squeezed = re.sub(r"\s+", "", text)
            fits = len(squeezed) <= 1000 and pattern.fullmatch(squeezed)
            raise Bad("does not fit the pattern", squeezed if fits else "")
        return text

    return take


def _email(text: str) -> str:
    """As contacts have it. What could be meant is only suggested."""
    from shared.agents.contacts.text import clean
    from shared.agents.contacts.values import mailbox

    try:
        return mailbox(clean(text))
    except ValueError:
        pass
    for guess in _meant(clean(text)):
        with suppress(ValueError):
            raise Bad("is no e-mail address", mailbox(guess))
    raise Bad("is no e-mail address")


def _meant(text: str) -> Iterator[str]:
    """What somebody may have meant to write: without what stands around it, an (at) put right, gaps closed."""
    inner = _ANGLES.search(text)
    bare = (inner[1] if inner else text).strip(" <>\"'()[].,;:").removeprefix("mailto:")
    yield bare
    said = _AT.sub("@", bare)
    yield said
    closed = re.sub(r"\s+", "", said)
    yield closed
    local, at, domain = closed.rpartition("@")
    tidy = re.sub(r"[.,]+", ".", domain).strip(".")
    yield f"{local.strip('.').replace('..', '.')}{at}{tidy}"


def _integer(text: str) -> int:
    if _INTEGER.fullmatch(text):
        return int(text)
    plain = re.sub(r"[.,](?=[0-9]{3}(?![0-9]))", "", _GROUPED.sub("", text))
    plain = re.sub(r"[.,]0+$", "", plain)
    raise Bad("is no whole number of at most 18 digits", plain if _INTEGER.fullmatch(plain) else "")


def _number(text: str, mark: str) -> float:
    try:
        value = float(text.replace(mark, ".") if mark == "," and "." not in text else text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or "_" in text or (mark == "," and "." in text):
        raise Bad("is no number", _plain_number(text))
    return value


def _decimal(text: str, mark: str, places: int) -> str:
    try:
        value = Decimal(text.replace(",", ".") if mark == "," and "." not in text else text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or "_" in text or (mark == "," and "." in text):
        raise Bad("is no decimal number", _plain_number(text))
    if value.adjusted() >= 38 - places:
        raise Bad("has too many digits")
    rounded = round(value, places)
    if rounded != value:
        raise Bad(f"has more than {places} digits behind the point", f"{rounded:f}")
    return f"{rounded + 0:f}"


def _plain_number(text: str) -> str:
    """Without currency signs and groups of thousands: 1.234,50 € and $1,234.50 are 1234.50."""
    bare = re.sub(r"[^0-9.,+\-]", "", text)
    last = max(bare.rfind("."), bare.rfind(","))
    if last >= 0:
        bare = re.sub(r"[.,]", "", bare[:last]) + "." + bare[last + 1 :]
    return bare if re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", bare) else ""


def _boolean(text: str) -> bool:
    found = _BOOLEANS.get(text.casefold())
    if found is None:
        raise Bad("is neither true nor false (yes, no, 1, 0)")
    return found


def _date(text: str, formats: tuple[str, ...]) -> str:
    if (not formats or "%Y-%m-%d" in formats) and _ISO_DATE.fullmatch(text):
        with suppress(ValueError):
            return date.fromisoformat(text).isoformat()
    for form in formats:
        found = _strptime(text, form)
        if found is not None:
            return found.date().isoformat()
    forms = " or ".join(formats) or "%Y-%m-%d"
    guesses = {found.date().isoformat() for form in _OTHER_DATES if (found := _strptime(text, form))}
    raise Bad(f"is no date of the form {forms}", " or ".join(sorted(guesses)))


def _datetime(text: str, formats: tuple[str, ...]) -> str:
    for form in formats:
        found = _strptime(text, form)
        if found is not None:
            return _naive(found)
    if not formats:
        try:
            return _naive(datetime.fromisoformat(text))
        except ValueError:
            pass
    raise Bad(f"is no time of the form {' or '.join(formats) or '%Y-%m-%dT%H:%M:%S'}")


def _naive(found: datetime) -> str:
    """A time with an offset is kept in UTC."""
    return (found if found.tzinfo is None else found.astimezone(UTC).replace(tzinfo=None)).isoformat()


def _strptime(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form)  # noqa: DTZ007 – a date, or a time whose offset is in the form
    except ValueError:
        return None


def _limits(column: Column) -> Callable[[Value], None] | None:
    """Numbers are compared as numbers, ISO dates as the texts they are, texts by their length."""
    if column.least is None and column.most is None:
        return None
    least, most = _bound(column, column.least), _bound(column, column.most)

    def check(value: Any) -> None:
        measured = _measured(column, value)
        if least is not None and measured < least:
            raise Bad(f"is {'shorter' if column.type == 'text' else 'less'} than {column.least}")
        if most is not None and measured > most:
            raise Bad(f"is {'longer' if column.type == 'text' else 'more'} than {column.most}")

    return check


def _measured(column: Column, value: Any) -> Any:
    if column.type == "decimal":
        return Decimal(value)
    return len(value) if column.type == "text" else value


def _bound(column: Column, bound: float | str | None) -> Any:
    if bound is None:
        return None
    try:
        if column.type in ("date", "datetime"):
            return (_date if column.type == "date" else _datetime)(str(bound), ())
        return Decimal(str(bound)) if column.type == "decimal" else float(bound)
    except (Bad, ValueError, InvalidOperation):
        raise InputError(f"{column.name}: least and most must be of the column's type", "columns") from None
