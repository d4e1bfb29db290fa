"""A row, checked: what a file says of one person, or everything that is wrong with the row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, Field

from shared.agents import policy
from shared.agents.contacts import values
from shared.agents.contacts.columns import ATTRIBUTE, CONSENTS, FOUND, OPTED_OUT
from shared.agents.contacts.rows import No, Row
from shared.agents.contacts.taking import Check, Keyed
from shared.agents.contacts.text import clean
from shared.agents.numbers import e164
from shared.agents.places import country_code
from shared.domain.address import person_of
from shared.domain.consent import IMPLIED_FOR
from shared.domain.contact import Basis, Consent, ConsentStatus
from shared.domain.evidence import blinded
from shared.domain.found import Found
from shared.domain.imports import Import, RowError
from shared.domain.policy import Channel
from shared.domain.scope import Scope
from shared.ports import Ports

LONGEST = 1000
"""Characters of one value."""
_AHEAD = timedelta(days=1)
"""A day without an hour and a zone may have begun elsewhere."""

_IP = "consent_ip"

_READERS: Mapping[str, Callable[[str], Any]] = {
    "email": values.mailbox,
    "timezone": values.timezone,
    "phone": values.phone,
    "tags": values.tags,
    "found_on": values.moment,
    "said_no_at": values.moment,
    "opted_out": values.consent,
}
_OF_CONSENT: Mapping[str, Callable[[str], Any]] = {
    "status": values.consent,
    "at": values.moment,
    "basis": values.basis,
    "jurisdiction": values.jurisdiction,
}


class Declared(BaseModel):
    """What a row says of a consent to one channel."""

    status: ConsentStatus = "unknown"
    source: str | None = None
    at: datetime | None = None
    basis: Basis | None = None
    jurisdiction: str | None = None
    wording: str | None = None
    ip: str | None = None
    """Keyed hash of the address from which they agreed."""

    @property
    def consent(self) -> Consent:
        """As a contact has it; the wording is part of the evidence."""
        return Consent(**self.model_dump(exclude={"wording", "ip"}))


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
    consents: dict[Channel, Declared] = Field(default_factory=dict)
    tags: list[str] = Field(default_factory=list)
    attributes: dict[str, str] = Field(default_factory=dict)
    found: Found | None = None
    """Where all that the row says was found, if somebody found it."""
    line: int = 0
    file: str | None = None
    no: No | None = None
    """They are never to be written to; then nothing else of the row counts."""
    no_at: datetime | None = None
    covered: bool = False
    """What is declared of the people of the file holds for them."""


def entry_of(
    row: Row,
    address_key: bytes,
    country: str | None = None,
    double_opt_in: bool = False,
    now: datetime | None = None,
) -> Entry | list[RowError]:
    """The row's entry, or every reason why it goes to quarantine. `country` (ISO 3166) is where a number without its
    country belongs if the row does not say; `double_opt_in`: who is said to have agreed is to confirm it by a mail;
    nobody was found after `now`."""
    if row.problem:
        return [RowError(line=row.line, field="row", reason=row.problem, file=row.file)]
    errors: list[RowError] = []
    found: dict[str, Any] = {"attributes": {}, "consents": {}}
    for field, text in row.values.items():
        try:
            value = _value(field, text)
        except ValueError as error:
            errors.append(RowError(line=row.line, field=field, reason=str(error), file=row.file))
            continue
        if value:
            _keep(found, field, value)
    if "email" not in found and not any(error.field == "email" for error in errors):
        errors.append(RowError(line=row.line, field="email", reason="it is missing", file=row.file))
    no, no_at = _no(row, found)
    if no and "email" in found:
        person = person_of(found["email"], address_key)
        return Entry(person=person, email=found["email"], line=row.line, file=row.file, no=no, no_at=no_at)
    _blind(found, address_key)
    said = {field: found.pop(field) for field in FOUND if field in found}
    wrong = [
        *_consent_errors(found["consents"], double_opt_in),
        *_number_errors(found, country),
        *_found_errors(said, {error.field for error in errors}, now),
    ]
    errors += [RowError(line=row.line, field=field, reason=reason, file=row.file) for field, reason in wrong]
    if errors:
        return errors
    if said:
        found["found"] = _found(said)
    covered = row.covered and found["consents"].get("email", {}).get("status", "granted") == "granted"
    person = person_of(found["email"], address_key)
    return Entry(person=person, line=row.line, file=row.file, covered=covered, **found)


def checker(ports: Ports, scope: Scope, found: Import) -> Check:
    """Rows of people, as the workspace and its import have them."""
    key, country = ports.keys.address, policy.country(ports, scope)

    def check(row: Row) -> Keyed | list[RowError]:
        entry = entry_of(row, key, country, found.double_opt_in, found.created_at)
        return Keyed(entry.person, entry) if isinstance(entry, Entry) else entry

    return check


def _no(row: Row, found: dict[str, Any]) -> tuple[No | None, datetime | None]:
    """Does the row say that they are not to be written to, and since when? What else is wrong with it does not count:
    a "no" is taken as it is."""
    opted_out, bounced, at = (found.pop(field, None) for field in OPTED_OUT)
    said: No | None = "unsubscribed" if opted_out == "granted" else "bounced" if bounced else None
    return row.no or said, at


def _blind(found: dict[str, Any], key: bytes) -> None:
    """The address from which somebody agreed proves it as a keyed hash, too (rule G1)."""
    ip = found.pop(_IP, None)
    if ip:
        found["consents"].setdefault("email", {})["ip"] = blinded(ip, key)


def _keep(found: dict[str, Any], field: str, value: Any) -> None:
    if field.startswith(ATTRIBUTE):
        found["attributes"][field.removeprefix(ATTRIBUTE)] = value
    elif field in CONSENTS:
        channel, part = CONSENTS[field]
        found["consents"].setdefault(channel, {})[part] = value
    else:
        found[field] = value


def _consent_errors(consents: Mapping[Channel, Mapping[str, Any]], double_opt_in: bool) -> Iterator[tuple[str, str]]:
    for channel, said in consents.items():
        field = "consent" if channel == "email" else f"consent_{channel}"
        if said.get("basis") in IMPLIED_FOR and "at" not in said:
            yield f"{field}_at", "implied consent ends: since when is it?"
        waits = said.get("status") == "pending" or (double_opt_in and said.get("status") == "granted")
        if channel != "email" and waits:
            yield field, f"a mail confirms consent to e-mail only; bring in consent to {channel} without double opt-in"


def _number_errors(found: Mapping[str, Any], country: str | None) -> Iterator[tuple[str, str]]:
    """Whoever is to get text messages needs a number that can exist (E.164); any other number stays as it is."""
    wanted = found["consents"].get("sms", {}).get("status") == "granted"
    number = found.get("phone") if wanted else None
    if number and e164(number, country_code(found.get("country")) or country) is None:
        yield "phone", f"{number[:60]!r} is no number that can get text messages; write it as +4915123456789"


def _found_errors(said: Mapping[str, Any], wrong: set[str], now: datetime | None) -> Iterator[tuple[str, str]]:
    """Both are told to the person, and the month in which they have to be told begins then (rule G10)."""
    if now and "found_on" in said and said["found_on"] > now + _AHEAD:
        yield "found_on", "it lies in the future"
    for field, question in (("found_at", "where were these data found?"), ("found_on", "when were these data found?")):
        if said and field not in said and field not in wrong:
            yield field, f"it is missing: {question}"


def _found(said: Mapping[str, Any]) -> Found:
    return Found(
        fields=[],
        source=said["found_at"],
        at=said["found_on"],
        by=said.get("found_by"),
        licence=said.get("found_licence"),
    )


def _value(field: str, text: str) -> Any:
    plain = clean(text)
    if len(plain) > LONGEST:
        raise ValueError(f"it has {len(plain):,} characters; at most {LONGEST:,} are taken")
    reader = _OF_CONSENT.get(CONSENTS[field][1]) if field in CONSENTS else _READERS.get(field)
    return reader(plain) if reader and plain else plain
