"""Whom an address, a phone number or a handle means: in the address book now, once in an audience, or never."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from shared.agents import policy
from shared.agents.campaigns.explain import explain
from shared.agents.campaigns.inquire import listing
from shared.agents.contacts import find_by_address
from shared.agents.contacts.values import mailbox
from shared.agents.numbers import digits, number_id, who_has
from shared.domain.address import person_of
from shared.domain.certificate import Explanation, Explanations
from shared.domain.contact import Contact, contact_id
from shared.domain.faults import Missing
from shared.domain.names import Kind
from shared.domain.own import OWN
from shared.domain.scope import Scope
from shared.domain.suppression import holds
from shared.ports import Ports

_PHONE = re.compile(r"(\+|00)?[\d\s()/.-]{6,30}")
_MOST = 20
"""People with one phone number that are looked at."""


class _Whom(NamedTuple):
    """`otherwise`: what is said instead if no campaign did anything about them."""

    contacts: Sequence[str]
    said: str
    otherwise: str = ""


def explanations(ports: Ports, scope: Scope, address: str, limit: int, cursor: str | None) -> Explanations:
    """What each campaign did about whoever an address, phone number or handle means; `about` says who that is."""
    whom = _whom(ports, scope, address.strip())
    found, cursor = listing(ports, scope, limit, cursor)
    asked = [(each.id, contact) for each in found for contact in whom.contacts]
    items = [said for campaign, contact in asked if (said := _explained(ports, scope, campaign, contact))]
    return Explanations(about=whom.said if items else whom.otherwise or whom.said, items=items, cursor=cursor)


def _explained(ports: Ports, scope: Scope, campaign: str, contact: str) -> Explanation | None:
    try:
        found = explain(ports, scope, campaign, contact)
    except Missing:
        return None
    return None if contact == OWN and found.state == "not_planned" else found


def _whom(ports: Ports, scope: Scope, address: str) -> _Whom:
    if address.startswith(("@", "#")):
        said = f"{address}: what is posted, or said in a chat, goes to a place of our own and to no single person."
        return _Whom([OWN], said, f"{address}: nothing was posted or said in a chat from here.")
    if _PHONE.fullmatch(address):
        return _of_phone(ports, scope, address)
    contact = find_by_address(ports, scope, address)
    return _of_contact(ports, scope, contact) if contact else _gone(ports, scope, address)


def _of_contact(ports: Ports, scope: Scope, contact: Contact) -> _Whom:
    name = " ".join(filter(None, (contact.first_name, contact.last_name)))
    who = f"{name} ({contact.email})" if name else contact.email
    since = f"{contact.created_at:%-d %B %Y}"
    return _Whom([contact.id], f"{who} is in the address book since {since}.{_silenced(ports, scope, contact.person)}")


def _of_phone(ports: Ports, scope: Scope, phone: str) -> _Whom:
    people = [Contact.model_validate(each.body) for each in islice(who_has(ports, scope, digits(phone)), _MOST)]
    number = number_id(phone, policy.country(ports, scope), ports.keys.address)
    silenced = _silenced(ports, scope, number) if number else ""
    if not people:
        return _Whom([], f"Nobody in the address book has the number {phone}, so nothing was sent to it.{silenced}")
    names = ", ".join(filter(None, (each.first_name or each.email for each in people)))
    return _Whom([each.id for each in people], f"{phone} is the number of {names}.{silenced}")


def _gone(ports: Ports, scope: Scope, address: str) -> _Whom:
    try:
        person = person_of(mailbox(address), ports.keys.address)
    except ValueError:
        return _Whom([], f"{address} is no e-mail address, phone number or handle, so nothing was sent to it.")
    silenced = _silenced(ports, scope, person)
    identity = ports.documents.get(scope, Kind.IDENTITY, person)
    contact = str(identity.body["contact"]) if identity else contact_id(person)
    said = f"{address} is not in the address book, and no campaign was for it, so nothing was sent to it.{silenced}"
    if any(_explained(ports, scope, each.id, contact) for each in listing(ports, scope, 100, None)[0]):
        said = f"{address} is no longer in the address book.{silenced}"
    return _Whom([contact], said)


def _silenced(ports: Ports, scope: Scope, person: str) -> str:
    """That nothing is sent to them any more, whatever a campaign wants, and since when."""
    document = ports.documents.get(scope.agency, Kind.SUPPRESSION, person)
    if document is None or not holds(document.body, scope.workspace, person):
        return ""
    at = str(document.body.get("at", ""))
    since = f" since {datetime.fromisoformat(at):%-d %B %Y}" if at else ""
    return f" Nothing is sent to them any more{since}, whatever a campaign is for."
