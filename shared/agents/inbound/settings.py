"""What a workspace lets in, and the address of its form."""

from __future__ import annotations

from html import escape

from shared.agents import house
from shared.agents.scopes import is_archived, register
from shared.domain.faults import FieldError, Rejected
from shared.domain.inbound import TRAP, InboundDoor, InboundSettings
from shared.domain.inbound_words import WORDS
from shared.domain.links import Link, sign
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Ports

_ID = "inbound"
"""Of the document, of the kind of policies."""


def read(ports: Ports, scope: Scope) -> InboundDoor:
    """As it stands; closed where nobody ever opened it."""
    found = ports.documents.get(scope, Kind.POLICY, _ID)
    return InboundDoor.model_validate(found.body) if found else InboundDoor()


def door_of(ports: Ports, scope: Scope) -> InboundDoor:
    """The settings, with the form's address and what to paste into a page."""
    found = read(ports, scope)
    url = f"{ports.public_url}/api/f/{sign(Link('f', scope, '', found.number, ''), ports.keys.link)}"
    return found.model_copy(update={"url": url, "snippet": _snippet(found, url)})


def write(ports: Ports, scope: Scope, by: str, wanted: InboundSettings) -> InboundDoor:
    """Put this in the place of what was there; the form's link stays. Raises Rejected if consent is asked for and
    nobody has said who writes: whoever agrees is asked to confirm it by mail."""
    if wanted.consent and house.read(ports, scope).sender is None:
        raise Rejected(FieldError("consent", "who agrees confirms it by mail: say first who the workspace writes as"))
    return _put(ports, scope, by, InboundDoor(**wanted.model_dump(), number=read(ports, scope).number))


def renew(ports: Ports, scope: Scope, by: str) -> InboundDoor:
    """Another link: the old one leads nowhere from now on."""
    found = read(ports, scope)
    return _put(ports, scope, by, found.model_copy(update={"number": found.number + 1}))


def opened(ports: Ports, link: Link) -> InboundDoor | None:
    """The form behind a verified link; None: it is closed, or this is not its link any more."""
    found = read(ports, link.scope)
    return found if found.open and found.number == link.shard and not is_archived(ports, link.scope) else None


def _put(ports: Ports, scope: Scope, by: str, made: InboundDoor) -> InboundDoor:
    register(ports, scope)
    body = made.model_dump(mode="json", exclude={"url", "snippet"})
    ports.documents.put(scope, Kind.POLICY, _ID, body, "*")
    told = {"open": made.open, "number": made.number, "mail": bool(made.address)}
    ports.journal.append(scope, "policy", ports.clock.now(), by, "inbound", told)
    return door_of(ports, scope)


def _snippet(found: InboundSettings, url: str) -> str:
    words = WORDS[found.language]
    fields = [
        _field(words["name"], '<input name="name" maxlength="120" autocomplete="name" required>'),
        _field(words["email"], '<input name="email" type="email" maxlength="200" autocomplete="email" required>'),
        _field(words["company"], '<input name="company" maxlength="200" autocomplete="organization">'),
        _field(words["website"], '<input name="website" maxlength="200" autocomplete="url">'),
        _field(words["message"], '<textarea name="message" rows="6" maxlength="10000" required></textarea>'),
    ]
    if found.consent:
        fields.append(
            f'<p><label><input type="checkbox" name="consent" value="on"> {escape(found.consent)}</label></p>'
        )
    trap = f'<p hidden><label>Fax <input name="{TRAP}" tabindex="-1" autocomplete="off"></label></p>'
    inner = "\n".join([*fields, trap, f"<p><button>{escape(words['send'])}</button></p>"])
    return f'<form action="{escape(url)}" method="post" accept-charset="utf-8">\n{inner}\n</form>'


def _field(label: str, field: str) -> str:
    return f"<p><label>{escape(label)}<br>{field}</label></p>"
