"""Mails from strangers to the address that a workspace named. Machines, lists and bounces are none (RFC 3834)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from email.header import decode_header, make_header
from email.utils import getaddresses
from html import unescape as html_text

from email_validator import EmailNotValidError, validate_email

from shared.agents.feedback.letters import read_letter
from shared.agents.feedback.mime import Part, part_of, parts
from shared.agents.inbound.receive import keep
from shared.agents.inbound.settings import read
from shared.agents.inbound.take_in import open_deal
from shared.agents.scopes import is_archived
from shared.domain.address import person_of
from shared.domain.inbound import LONGEST, Inbound
from shared.domain.inbound_rules import cleaned, suspicions
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Ports

_TO = ("delivered-to", "x-original-to", "envelope-to", "to", "cc")
_BULK = ("list-id", "list-unsubscribe", "feedback-id", "x-campaign-id")
_MOST_HEADER = 10
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_HTML_BYTES = 1_000_000


def take_mail(ports: Ports, scopes: Sequence[Scope], raw: bytes) -> bool:
    """Make a lead of a stranger's mail. False: it is none, or it is to no address that a workspace named."""
    if read_letter(raw).what != "replied":
        return False
    mail = part_of(raw)
    sender = _sender(mail)
    if sender is None or any(name in mail.headers for name in _BULK):
        return False
    to = {address.casefold() for _, address in _addresses(mail, _TO)}
    for scope in scopes:
        address = read(ports, scope).address.casefold()
        if address and address in to and sender[1] != address and not is_archived(ports, scope):
            return _take(ports, scope, mail, raw, *sender)
    return False


def _take(ports: Ports, scope: Scope, mail: Part, raw: bytes, name: str, address: str) -> bool:
    """Who is known here writes to somebody: it goes into the thread of a deal that is open, and begins none."""
    person = person_of(address, ports.keys.address)
    known = ports.documents.get(scope, Kind.IDENTITY, person)
    id = _id(scope, mail, raw)
    if known and not open_deal(ports, scope, known.body["contact"]):
        return ports.documents.get(scope, Kind.INBOUND, id) is not None
    text, left_out = _text(mail)
    subject = _decoded(mail.first("subject"))[:200]
    spam = mail.first("x-spam-flag").strip().casefold() == "yes"
    made = Inbound(
        id=id,
        way="mail",
        state="received",
        why=suspicions(name, f"{subject}\n{text}", marked=spam),
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
        return cleaned(_decoded(name))[:120], (found.ascii_email or found.normalized).lower()
    return None


def _addresses(mail: Part, names: Sequence[str]) -> list[tuple[str, str]]:
    values = [value[:2000] for name in names for value in mail.headers.get(name, ())[:_MOST_HEADER]]
    return [each for each in getaddresses(values) if each[1]]


def _text(mail: Part) -> tuple[str, str]:
    """What they wrote, as plain text, and what of the mail is not kept."""
    found = [part for part in parts(mail) if not part.first("content-disposition").lower().startswith("attachment")]
    plain = next((each for each in found if each.type == "text/plain"), None)
    html = next((each for each in found if each.type == "text/html"), None)
    best = plain or html
    text = _letters(best) if best else ""
    text = cleaned(text if plain else _bare(text[:_HTML_BYTES]))
    files = sum(1 for part in parts(mail) if part.first("content-disposition").lower().startswith("attachment"))
    left = [f"{len(text):,} characters; the first {LONGEST:,} are kept"] if len(text) > LONGEST else []
    left += [f"{files} file{'s' * (files != 1)} not kept"] if files else []
    return text[:LONGEST] or "(no text)", "; ".join(left)


def _letters(part: Part) -> str:
    octets = part.content()
    try:
        text = octets.decode(part.parameter("charset") or "utf-8", "replace")
    except LookupError:
        text = octets.decode("utf-8", "replace")
    return _CONTROL.sub("", text)


def _bare(html: str) -> str:
    """What stands between the tags, without scripts and styles; in one pass, whatever is in it."""
    first, *pieces = html.split("<")
    kept, hidden = [first], ""
    for piece in pieces:
        tag, _, text = piece.partition(">")
        name = tag.strip().casefold().split(maxsplit=1)[:1]
        if hidden:
            hidden = "" if name == [f"/{hidden}"] else hidden
        elif name and name[0] in ("script", "style"):
            hidden = name[0]
        if not hidden:
            kept.append(text)
    return html_text(" ".join(kept))


def _decoded(value: str) -> str:
    """RFC 2047, as far as it can be read."""
    try:
        text = str(make_header(decode_header(value[:2000])))
    except (ValueError, LookupError):
        text = value[:2000]
    return " ".join(_CONTROL.sub("", text).split())
