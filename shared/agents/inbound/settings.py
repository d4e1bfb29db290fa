"""What a workspace lets in, and the address of its form."""

from __future__ import annotations

from collections.abc import Container
from contextlib import suppress
from html import escape

from shared.agents import house
from shared.agents.scopes import every_scope, is_archived, register
from shared.domain.address import person_of
from shared.domain.faults import Conflict, FieldError, Rejected
from shared.domain.inbound import TRAP, InboundDoor, InboundSettings
from shared.domain.inbound_words import WORDS
from shared.domain.links import Link, sign
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Ports, Stale

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
    nobody has said who writes: whoever agrees is asked to confirm it by mail. Raises Conflict if the mails to the
    address are another workspace's."""
    if wanted.consent and house.read(ports, scope).sender is None:
        raise Rejected(FieldError("consent", "who agrees confirms it by mail: say first who the workspace writes as"))
    before = read(ports, scope)
    if wanted.address:
        _claim(ports, scope, wanted.address)
    if before.address.casefold() != wanted.address.casefold():
        _release(ports, scope, before.address)  # whoever is killed here still takes its mails, as the settings say
    return _put(ports, scope, by, InboundDoor(**wanted.model_dump(), number=before.number))


def renew(ports: Ports, scope: Scope, by: str) -> InboundDoor:
    """Another link: the old one leads nowhere from now on."""
    found = read(ports, scope)
    return _put(ports, scope, by, found.model_copy(update={"number": found.number + 1}))


def opened(ports: Ports, link: Link) -> InboundDoor | None:
    """The form behind a verified link; None: it is closed, or this is not its link any more."""
    found = read(ports, link.scope)
    return found if found.open and found.number == link.shard and not is_archived(ports, link.scope) else None


def takes(ports: Ports, scope: Scope, addresses: Container[str]) -> bool:
    """Are mails to one of these (case-folded) this workspace's? Of two that name one address it is the first's."""
    address = read(ports, scope).address.casefold()
    if not address or address not in addresses or is_archived(ports, scope):
        return False
    found = ports.documents.get(scope.agency, Kind.POLICY, _claim_id(ports, address))
    return found is None or found.body["workspace"] == scope.workspace


def _claim(ports: Ports, scope: Scope, address: str) -> None:
    """Of two workspaces that name it at once one has it: the document is created once. An archived one has none."""
    refused = Conflict("address", "another workspace takes in the mails to it")
    if any(takes(ports, each, {address.casefold()}) for each in every_scope(ports) if each != scope):
        raise refused
    id, body = _claim_id(ports, address), {"workspace": scope.workspace}
    found = ports.documents.get(scope.agency, Kind.POLICY, id)
    if found and found.body == body:
        return
    if found and not is_archived(ports, Scope(scope.tenant, found.body["workspace"])):
        raise refused
    try:
        ports.documents.put(scope.agency, Kind.POLICY, id, body, found.rev if found else None)
    except Stale:
        raise refused from None


def _release(ports: Ports, scope: Scope, address: str) -> None:
    found = ports.documents.get(scope.agency, Kind.POLICY, _claim_id(ports, address))
    if found and found.body["workspace"] == scope.workspace:
        with suppress(Stale):  # somebody has it already
            ports.documents.delete(scope.agency, Kind.POLICY, found.id, found.rev)


def _claim_id(ports: Ports, address: str) -> str:
    return f"{_ID}:{person_of(address, ports.keys.address)}"


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
