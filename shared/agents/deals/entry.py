"""A row of a file of deals, checked: what it says, or everything that is wrong with it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import Field

from shared.agents.contacts import values
from shared.agents.contacts.columns import ATTRIBUTE
from shared.agents.contacts.entry import LONGEST
from shared.agents.contacts.rows import Row
from shared.agents.contacts.taking import Check, Keyed
from shared.agents.contacts.text import clean
from shared.agents.deals.stages import spelled
from shared.agents.deals.take_in import Entry
from shared.domain.deal import STAGES, Stage
from shared.domain.imports import Import, RowError
from shared.domain.scope import Scope
from shared.ports import Ports

_MAIL = re.compile(r"[^\s<>(),;]+@[^\s<>(),;]+")
_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP"}
_GROUPS = re.compile(r"\d{1,3}(?P<sep>[,.' \u2019])\d{3}(?:(?P=sep)\d{3})*")
_PLAIN = re.compile(r"\d{1,12}(?:[.,]\d{1,3})?")
_LONGEST_NAME, _LONGEST_LINE = 120, 200


class DealEntry(Entry):
    """What one good row says."""

    company: str = ""
    emails: list[str] = Field(default_factory=list)
    stage: Stage | None = None
    """None: the file has no stages, or this row has none."""
    value: str | None = None
    currency: str | None = None
    close_on: date | None = None
    owner: str = ""
    lost_why: str = ""
    attributes: dict[str, str] = Field(default_factory=dict)


def checker(ports: Ports, scope: Scope, found: Import) -> Check:
    """Rows of deals, with the stages as its import has them."""
    stages = {spelled(text): stage for text, stage in found.stages.items()}
    return lambda row: _entry(row, stages, found.origin or "file")


def _entry(row: Row, stages: Mapping[str, str], origin: str) -> Keyed | list[RowError]:
    if row.problem:
        return [RowError(line=row.line, field="row", reason=row.problem, file=row.file)]
    errors: list[RowError] = []
    said: dict[str, Any] = {"attributes": {}}
    for field, text in row.values.items():
        try:
            _take(said, field, short(field, clean(text)), stages)
        except ValueError as error:
            errors.append(RowError(line=row.line, field=field, reason=str(error), file=row.file))
    if "name" not in said and not any(error.field == "name" for error in errors):
        errors.append(RowError(line=row.line, field="name", reason="it is missing", file=row.file))
    if errors:
        return errors
    id = _id(origin, said.pop("external", ""), said["name"], said.get("company", ""))
    return Keyed(id, DealEntry(id=id, line=row.line, file=row.file, **said))


def _id(origin: str, external: str, name: str, company: str) -> str:
    """The same deal of the same system is the same here, however often its file comes."""
    of = [origin, external] if external else ["", name.casefold(), company.casefold()]
    return hashlib.sha256("\n".join(of).encode()).hexdigest()[:32]


def short(field: str, text: str) -> str:
    """The text. Raises ValueError if it is too long."""
    most = {"name": _LONGEST_NAME, "company": _LONGEST_LINE, "owner": _LONGEST_LINE}.get(field, LONGEST)
    if len(text) > most:
        raise ValueError(f"it has {len(text):,} characters; at most {most:,} are taken")
    return text


def _take(said: dict[str, Any], field: str, text: str, stages: Mapping[str, str]) -> None:
    if not text:
        return
    if field.startswith(ATTRIBUTE):
        said["attributes"][field.removeprefix(ATTRIBUTE)] = text
    elif field == "stage":
        said["stage"] = _stage(text, stages)
    elif field == "contact":
        said["emails"] = _mails(text)
        said["attributes"]["contact"] = text
    elif field == "value":
        value, currency = amount(text)
        said |= {"value": value} | ({"currency": currency} if currency else {})
    elif field in _READERS:
        said[field] = _READERS[field](text)
    else:
        said[field] = text


def _stage(text: str, stages: Mapping[str, str]) -> Stage:
    stage = stages.get(spelled(text), "")
    if stage not in STAGES:
        raise ValueError(f"{text[:60]!r}: nobody has said which stage this is")
    return stage


def _mails(text: str) -> list[str]:
    found = []
    for each in _MAIL.findall(text)[:20]:
        try:
            found.append(values.mailbox(each))
        except ValueError:
            continue
    return found


def amount(text: str) -> tuple[str, str | None]:
    """A sum, and its currency if the text names it. Raises ValueError for what is no sum, and for what could be two."""
    bare, currency = text.strip(), None
    for sign, code in _SIGNS.items():
        if sign in bare:
            bare, currency = bare.replace(sign, "", 1).strip(), code
    if found := re.fullmatch(r"(?:([A-Za-z]{3}) )?(.*?)(?: ([A-Za-z]{3}))?", bare):
        bare, named = found[2], found[1] or found[3]
        currency = named.upper() if named else currency
    grouped = re.sub(r"[.,]\d{1,2}$", "", bare)
    if _GROUPS.fullmatch(grouped) and (grouped != bare or not re.fullmatch(r"\d{1,3}[.,]\d{3}", bare)):
        bare = re.sub(r"\D", "", grouped) + bare[len(grouped) :]
    elif re.fullmatch(r"\d{1,3}[.,]\d{3}", bare):
        raise ValueError(f"{text[:60]!r} could be thousands or thousandths; write it as 1200 or 1.20")
    if not _PLAIN.fullmatch(bare):
        raise ValueError(f"{text[:60]!r} is no amount such as 1200 or 1200.50")
    return str(Decimal(bare.replace(",", "."))), currency


def _currency(text: str) -> str:
    code = _SIGNS.get(text, text.upper())
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise ValueError(f"{text[:60]!r} is no currency such as EUR")
    return code


def _day(text: str) -> date:
    return values.moment(text).date()


_READERS: Mapping[str, Callable[[str], Any]] = {"currency": _currency, "close_on": _day}
