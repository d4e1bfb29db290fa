"""Mails from strangers to the address that a workspace named. Machines, lists and bounces are none (RFC 3834)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from email.utils import getaddresses

from email_validator import EmailNotValidError, validate_email

from shared.agents.feedback.letters import read_letter
from shared.agents.feedback.mime import Part, part_of, parts
from shared.agents.feedback.readable import header_text, part_text, shown
from shared.agents.inbound.receive import keep
from shared.agents.inbound.settings import takes
from shared.agents.inbound.take_in import INBOUND, open_deal
from shared.domain.address import person_of
from shared.domain.inbound import LONGEST, Inbound
from shared.domain.inbound_rules import cleaned, suspicions
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Ports

_TO = ("delivered-to", "x-original-to", "envelope-to", "to", "cc")
_BULK = ("list-id", "list-unsubscribe", "feedback-id", "x-campaign-id")
_MOST_HEADER = 10
_NOT_TAKEN_IN = "it could not be taken in here: read it in the mailbox"
_KNOWN = "they are a contact, and no deal with them is open"


def take_mail(ports: Ports, scopes: Sequence[Scope], raw: bytes) -> bool:
    """Make a lead of a stranger's mail. False: it is none, or it is to no address that a workspace named."""
    if read_letter(raw).what != "replied":
        return False
    mail = part_of(raw)
    sender = _sender(mail)
    if sender is None or any(name in mail.headers for name in _BULK):
        return False
    scope = _meant(ports, scopes, mail, sender[1])
    return scope is not None and _take(ports, scope, mail, raw, *sender)


def set_aside(ports: Ports, scopes: Sequence[Scope], raw: bytes) -> bool:
    """A mail that could not be taken in waits for a person, who reads it where it lies; whatever was begun of it is
    not gone on with. False: it is from nobody, or to no address that a workspace named."""
    mail = part_of(raw)
    name, address = _sender(mail) or ("", "")
    scope = _meant(ports, scopes, mail, address)
    if not address or scope is None:
        return False
    made = Inbound(
        id=_id(scope, mail, raw),
        way="mail",
        state="quarantined",
        why=[_NOT_TAKEN_IN],
        at=ports.clock.now(),
        person=person_of(address, ports.keys.address),
        name=name or address,
        email=address,
        text="(no text)",
    )
    if keep(ports, scope, made).again:
        INBOUND.change(ports, scope, made.id, _stopped)
    return True


def _stopped(found: Inbound) -> None:
    if found.state == "received":
        found.state, found.confirmation, found.why = "quarantined", "none", [*found.why, _NOT_TAKEN_IN]


def _meant(ports: Ports, scopes: Sequence[Scope], mail: Part, sender: str) -> Scope | None:
    """To whose address it is, unless that writes to itself."""
    to = {address.casefold() for _, address in _addresses(mail, _TO)} - {sender}
    return next((scope for scope in scopes if takes(ports, scope, to)), None)


def _take(ports: Ports, scope: Scope, mail: Part, raw: bytes, name: str, address: str) -> bool:
    """Who is known here writes to somebody: it goes into the thread of a deal that is open; where none is, a person
    says whether it begins one."""
    person = person_of(address, ports.keys.address)
    known = ports.documents.get(scope, Kind.IDENTITY, person)
    goes_on = known is None or open_deal(ports, scope, known.body["contact"]) is not None
    text, left_out = _text(mail)
    subject = header_text(mail.first("subject"))[:200]
    spam = mail.first("x-spam-flag").strip().casefold() == "yes"
    made = Inbound(
        id=_id(scope, mail, raw),
        way="mail",
        state="received",
        why=suspicions(name, f"{subject}\n{text}", marked=spam) + ([] if goes_on else [_KNOWN]),
        at=ports.clock.now(),
        person=person,
        name=name or address,
        email=address,
        subject=subject,
        text=text,
        left_out=left_out,
    )
    keep(ports, scope, made)
    return True


def _id(scope: Scope, mail: Part, raw: bytes) -> str:
    """By its Message-ID, whoever delivers it again; without one by its bytes."""
    name = mail.first("message-id").strip()
    said = name.encode(errors="replace") if name else hashlib.sha256(raw).digest()
    return hashlib.sha256("|".join(scope).encode() + b"|mail|" + said).hexdigest()[:32]


def _sender(mail: Part) -> tuple[str, str] | None:
    for name, address in _addresses(mail, ("from",))[:1]:
        try:
            found = validate_email(address, check_deliverability=False, allow_smtputf8=False)
        except EmailNotValidError:
            return None
        return cleaned(header_text(name))[:120], (found.ascii_email or found.normalized).lower()
    return None


def _addresses(mail: Part, names: Sequence[str]) -> list[tuple[str, str]]:
    found = list[tuple[str, str]]()
    for value in (value for name in names for value in mail.headers.get(name, ())[:_MOST_HEADER]):
        with suppress(RecursionError):  # brackets in brackets in brackets: such a header names nobody
            found += getaddresses([value[:2000]])
    return [each for each in found if each[1]]


def _text(mail: Part) -> tuple[str, str]:
    """What they wrote, as plain text, and what of the mail is not kept."""
    found = [part for part in parts(mail) if not part.first("content-disposition").lower().startswith("attachment")]
    plain = next((each for each in found if each.type == "text/plain"), None)
    html = next((each for each in found if each.type == "text/html"), None)
    best = plain or html
    text = part_text(best) if best else ""
    text = cleaned(text if plain else shown(text))
    files = sum(1 for part in parts(mail) if part.first("content-disposition").lower().startswith("attachment"))
    left = [f"{len(text):,} characters; the first {LONGEST:,} are kept"] if len(text) > LONGEST else []
    left += [f"{files} file{'s' * (files != 1)} not kept"] if files else []
    return text[:LONGEST] or "(no text)", "; ".join(left)
