"""A row, checked: what a file says of one person, or everything that is wrong with the row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from shared.agents.contacts import values
from shared.agents.contacts.columns import ATTRIBUTE
from shared.agents.contacts.rows import Row
from shared.agents.contacts.text import clean
from shared.domain.address import person_of
from shared.domain.consent import IMPLIED_FOR
from shared.domain.contact import Basis, Consent, ConsentStatus
from shared.domain.imports import RowError

LONGEST = 1000
"""Characters of one value."""

_READERS: Mapping[str, Callable[[str], Any]] = {
    "email": values.mailbox,
    "timezone": values.timezone,
    "phone": values.phone,
    "consent": values.consent,
    "consent_at": values.moment,
    "consent_basis": values.basis,
    "consent_jurisdiction": values.jurisdiction,
    "tags": values.tags,
}


class Entry(BaseModel):
    """What one good row says; absent values are None or empty. Batch files hold one a line."""

    person: str
    email: str
    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    role: str | None = None
    city: str | None = None
    country: str | None = None
    timezone: str | None = None
    phone: str | None = None
    consent: ConsentStatus = "unknown"
    consent_source: str | None = None
    consent_at: datetime | None = None
    consent_basis: Basis | None = None
    consent_jurisdiction: str | None = None
    consent_wording: str | None = None
    tags: list[str] = Field(default_factory=list)
    attributes: dict[str, str] = Field(default_factory=dict)

    @property
    def email_consent(self) -> Consent:
        """What it says about consent to e-mail."""
        return Consent(
            status=self.consent,
            source=self.consent_source,
            at=self.consent_at,
            basis=self.consent_basis,
            jurisdiction=self.consent_jurisdiction,
        )


def entry_of(row: Row, address_key: bytes) -> Entry | list[RowError]:
    """The row's entry, or every reason why it goes to quarantine."""
    if row.problem:
        return [RowError(line=row.line, field="row", reason=row.problem)]
    errors: list[RowError] = []
    found: dict[str, Any] = {}
    attributes: dict[str, str] = {}
    for field, text in row.values.items():
        try:
            value = _value(field, text)
        except ValueError as error:
            errors.append(RowError(line=row.line, field=field, reason=str(error)))
            continue
        if value and field.startswith(ATTRIBUTE):
            attributes[field.removeprefix(ATTRIBUTE)] = value
        elif value:
            found[field] = value
    if "email" not in found and not any(error.field == "email" for error in errors):
        errors.append(RowError(line=row.line, field="email", reason="it is missing"))
    if found.get("consent_basis") in IMPLIED_FOR and "consent_at" not in found:
        errors.append(RowError(line=row.line, field="consent_at", reason="implied consent ends: since when is it?"))
    if errors:
        return errors
    return Entry(person=person_of(found["email"], address_key), attributes=attributes, **found)


def _value(field: str, text: str) -> Any:
    plain = clean(text)
    if len(plain) > LONGEST:
        raise ValueError(f"it has {len(plain):,} characters; at most {LONGEST:,} are taken")
    reader = _READERS.get(field)
    return reader(plain) if reader and plain else plain
