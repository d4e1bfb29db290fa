"""Where a person is in the documents of a workspace: one way to look for each kind (`domain.data_use`). Documents are
read as they are found: a value that cannot be decrypted keeps nobody from what is theirs."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from shared.agents.privacy.subject import Subject
from shared.domain.data_use import holding
from shared.domain.marked_fields import MARKED
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Body, Document, Ports, RowRef, Undecrypted

_PAGE, _LARGE_PAGE = 100, 10


class Place(NamedTuple):
    """One workspace in which a person is looked for; `rows` are theirs in its ledger."""

    ports: Ports
    scope: Scope
    who: Subject
    rows: tuple[RowRef, ...]

    @property
    def contact(self) -> str | None:
        return self.who.contacts.get(self.scope.workspace)


Finder = Callable[[Place], Iterator[Document]]


def documents_about(place: Place, kind: Kind) -> Iterator[Document]:
    """Every document of this kind that is about the person, or names them."""
    if holding(kind).erasure == "nobody":
        return iter(())
    finder = _FINDERS.get(kind)
    return finder(place) if finder else _named(place, kind)


def unreadable(place: Place, kind: Kind) -> Iterator[Document]:
    """Documents with a marked value that nobody can read here: it may be about the person, or not."""
    if kind not in MARKED or holding(kind).erasure == "nobody":
        return iter(())
    return (each for each in everything(place.ports, place.scope, kind) if _hides_something(each.body))


def everything(ports: Ports, scope: Scope, kind: str, *asked: Filter, page: int = _PAGE) -> Iterator[Document]:
    """All documents of a kind that the filters match, as they are found."""
    cursor = None
    while True:
        found = ports.as_found.find(scope, kind, asked, None, page, cursor)
        yield from found.documents
        cursor = found.cursor
        if cursor is None:
            return


def _hides_something(body: Body) -> bool:
    return any(isinstance(value, Undecrypted) and not value.plain for value in body.values())


def _named(place: Place, kind: str) -> Iterator[Document]:
    return (each for each in everything(place.ports, place.scope, kind) if place.who.named_in(each.body))


def _at(place: Place, kind: Kind, ids: Iterable[str | None]) -> Iterator[Document]:
    for id in ids:
        if id and (found := place.ports.as_found.get(place.scope, kind, id)):
            yield found


def _beginning(place: Place, kind: Kind, beginning: str | None) -> Iterator[Document]:
    if beginning:
        yield from everything(place.ports, place.scope, kind, Filter("id", "prefix", beginning))


def _contacts(place: Place) -> Iterator[Document]:
    return (each for each in _at(place, Kind.CONTACT, [place.contact]) if each.body.get("person") == place.who.person)


def _evidence(place: Place) -> Iterator[Document]:
    """Their own, and declarations of files with a row of theirs: ids of imports come before those of people."""
    if place.contact is None:
        return
    yield from _beginning(place, Kind.CONSENT, f"{place.contact}-")
    declared = everything(place.ports, place.scope, Kind.CONSENT, Filter("id", "lt", "p"), page=_LARGE_PAGE)
    yield from (each for each in declared if place.contact in each.body.get("rows", ()))


def _of_person(kind: Kind) -> Finder:
    return lambda place: everything(place.ports, place.scope, kind, Filter("person", "eq", place.who.person))


def _of_contact(kind: Kind) -> Finder:
    def find(place: Place) -> Iterator[Document]:
        if place.contact:
            yield from everything(place.ports, place.scope, kind, Filter("contact", "eq", place.contact))

    return find


def _of_their_messages(kind: Kind) -> Finder:
    def find(place: Place) -> Iterator[Document]:
        keys = {row.key for row in place.rows}
        return (each for each in everything(place.ports, place.scope, kind) if each.body.get("key") in keys)

    return find


def _feedback(place: Place) -> Iterator[Document]:
    for each in everything(place.ports, place.scope, Kind.FEEDBACK):
        if each.body.get("person") == place.who.person or (place.contact and each.body.get("contact") == place.contact):
            yield each


def _answers(place: Place) -> Iterator[Document]:
    """A kept answer has its content in base64."""
    ids = {place.who.person, *place.who.contacts.values()}
    for each in everything(place.ports, place.scope, Kind.IDEMPOTENCY):
        text = _content(each.body)
        if place.who.named_in(text) or any(id in text for id in ids):
            yield each


def _content(body: Body) -> str:
    reply = body.get("reply") or {}
    if isinstance(reply, Undecrypted):
        reply = reply.get("plain", {})
    return base64.b64decode(reply.get("content", "")).decode(errors="replace") + str(reply.get("headers", ""))


def _written_in(place: Place) -> Iterator[Document]:
    """What they wrote themselves, and what others wrote that names them."""
    for each in everything(place.ports, place.scope, Kind.INBOUND):
        if each.body.get("person") == place.who.person or place.who.named_in(each.body):
            yield each


_FINDERS: Mapping[Kind, Finder] = {
    Kind.CONTACT: _contacts,
    Kind.IDENTITY: lambda place: _at(place, Kind.IDENTITY, [place.who.person]),
    Kind.OPT_IN: lambda place: _at(place, Kind.OPT_IN, [place.contact]),
    Kind.CONSENT: _evidence,
    Kind.SUPPRESSION: lambda place: _beginning(place, Kind.SUPPRESSION, place.who.person),
    Kind.RESERVATION: lambda place: _at(place, Kind.RESERVATION, [place.who.person]),
    Kind.AUTO_REPLY: lambda place: _beginning(place, Kind.AUTO_REPLY, f"{place.who.person}-"),
    Kind.ENGAGEMENT: _of_person(Kind.ENGAGEMENT),
    Kind.RETURN: _of_person(Kind.RETURN),
    Kind.CONVERSION: _of_person(Kind.CONVERSION),
    Kind.INQUIRY: _of_their_messages(Kind.INQUIRY),
    Kind.HANDED: _of_their_messages(Kind.HANDED),
    Kind.FEEDBACK: _feedback,
    Kind.IDEMPOTENCY: _answers,
    Kind.INBOUND: _written_in,
    Kind.POSITION: _of_contact(Kind.POSITION),
    Kind.JOURNEY_EVENT: _of_contact(Kind.JOURNEY_EVENT),
    Kind.EXPORT: _of_person(Kind.EXPORT),
    Kind.REVIEW: _of_person(Kind.REVIEW),
    Kind.ERASURE: lambda place: iter(()),
}
"""Where a search by words would be too wide, or find nothing: what holds ids and keyed hashes."""
