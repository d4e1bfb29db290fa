"""Payments from a bank's CSV file: what came in becomes payments, each once, however often the file is read."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from hashlib import sha256

from pydantic import BaseModel, ConfigDict, ValidationError

from shared.agents.books import payments
from shared.agents.books import terms as billing
from shared.domain.faults import FieldError, Rejected
from shared.domain.payment import Received
from shared.domain.scope import Scope
from shared.ports import Ports

MOST_ROWS = 5_000
_NAMES: Mapping[str, tuple[str, ...]] = {
    "at": ("date", "booking date", "buchungstag", "buchungsdatum", "datum", "valuta"),
    "amount": ("amount", "betrag", "umsatz", "credit"),
    "currency": ("currency", "währung", "waehrung"),
    "text": ("purpose", "reference", "description", "verwendungszweck", "details", "text"),
    "payer": (
        "payer",
        "name",
        "counterparty",
        "auftraggeber",
        "beguenstigter/zahlungspflichtiger",
        "zahlungspflichtiger",
    ),
    "id": ("id", "transaction id", "transaction_id", "umsatz-id"),
}
_DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y")


class RowError(BaseModel):
    """A row that was not taken: its line in the file and why."""

    model_config = ConfigDict(extra="forbid")

    row: int
    reason: str


class Imported(BaseModel):
    """What became of a file: states of its payments and how many; rows that say money went out; rows that are wrong."""

    model_config = ConfigDict(extra="forbid")

    states: dict[str, int]
    outgoing: int
    errors: list[RowError]


def bring_in(ports: Ports, scope: Scope, by: str, data: bytes) -> Imported:
    """Take every row; one that is wrong keeps no other. Raises Rejected if the file has not the columns it needs."""
    currency = billing.required(ports, scope).currency
    states, errors, outgoing = Counter[str](), list[RowError](), 0
    seen = Counter[str]()
    for line, row in _rows(data):
        try:
            found = _received(ports, row, currency, seen)
            if found is None:
                outgoing += 1
            else:
                states[payments.take(ports, scope, by, found).state] += 1
        except (Rejected, ValueError, InvalidOperation) as why:
            errors.append(RowError(row=line, reason=_reason(why)))
    return Imported(states=dict(states), outgoing=outgoing, errors=errors)


def _rows(data: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    head = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count))
    try:
        columns = [each.strip().lower() for each in next(reader, [])]
        where = {
            field: next((columns.index(n) for n in names if n in columns), None) for field, names in _NAMES.items()
        }
        for field in ("at", "amount"):
            if where[field] is None:
                raise Rejected(FieldError("body", f"needs a column for {field}: one of {', '.join(_NAMES[field])}"))
        for count, cells in enumerate(reader):
            if count >= MOST_ROWS:
                raise Rejected(FieldError("body", f"has more than {MOST_ROWS} rows; bring it in parts"))
            if any(cells):
                yield (
                    reader.line_num,
                    {field: cells[n].strip() for field, n in where.items() if n is not None and n < len(cells)},
                )
    except csv.Error as error:
        raise Rejected(FieldError("body", f"is no CSV file: {error}")) from None


def _received(ports: Ports, row: Mapping[str, str], currency: str, seen: Counter[str]) -> Received | None:
    """None: money that went out. Two rows that are the same in one file are two payments."""
    amount = _amount(row.get("amount", ""))
    if amount <= 0:
        return None
    said = "|".join(row.get(field, "") for field in ("at", "amount", "currency", "text", "payer"))
    seen[said] += 1
    reference = row.get("id") or sha256(f"{said}|{seen[said]}".encode()).hexdigest()[:40]
    return Received(
        source="bank", reference=reference[:200], amount=amount, currency=row.get("currency") or currency,
        at=billing.noon(ports, _day(row.get("at", ""))),
        invoice=row.get("text", "")[:200], payer=row.get("payer", "")[:200],
    )  # fmt: skip


def _amount(text: str) -> Decimal:
    """1.234,50 and 1,234.50: the last of the two signs is the decimal one. 1.190 could be either, and is refused."""
    plain = text.replace(" ", "").replace("\u00a0", "").replace("'", "").rstrip("€").removesuffix("EUR")
    if re.fullmatch(r"[+-]?[0-9]*[.,][0-9]{3}", plain):
        raise ValueError(f"amount: {text!r} may be thousands or a fraction; write it with two decimals")
    if "," in plain and plain.rfind(",") > plain.rfind("."):
        plain = plain.replace(".", "").replace(",", ".")
    try:
        return Decimal(plain.replace(",", ""))
    except InvalidOperation:
        raise ValueError(f"amount: {text!r} is no number") from None


def _day(text: str) -> date:
    for form in _DAYS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    raise ValueError(f"date: {text!r} is no day such as 2027-03-02 or 02.03.2027")


def _reason(why: Exception) -> str:
    if isinstance(why, ValidationError):
        first = why.errors()[0]
        return ": ".join(filter(None, [".".join(map(str, first["loc"])), first["msg"]]))
    return str(why)
