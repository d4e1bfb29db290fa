"""The address book: look people up, and see who is suppressed."""

from __future__ import annotations

from collections.abc import Sequence

from shared.agents.contacts.values import mailbox
from shared.domain.address import person_of
from shared.domain.contact import Contact, ListedContact
from shared.domain.faults import FieldError, Missing, Rejected
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.domain.suppression import holds
from shared.ports import Document, Ports


def listing(
    ports: Ports, scope: Scope, limit: int, cursor: str | None = None, filters: Sequence[Filter] = ()
) -> tuple[list[ListedContact], str | None]:
    """One page (≤ 100) of the contacts that all filters match, by id, and the cursor of the next.

    Raises Rejected, naming what cannot be looked by, or a cursor that is none."""
    try:
        page = ports.documents.find(scope, Kind.CONTACT, [_spelled(each) for each in filters], None, limit, cursor)
    except ValueError as error:
        raise Rejected(FieldError("query", str(error))) from None
    return _listed(ports, scope, page.documents), page.cursor


def get_contact(ports: Ports, scope: Scope, id: str) -> ListedContact:
    """One contact. Raises Missing."""
    document = ports.documents.get(scope, Kind.CONTACT, id)
    if document is None:
        raise Missing("contact", id)
    return _listed(ports, scope, [document])[0]


def find_by_address(ports: Ports, scope: Scope, address: str) -> Contact | None:
    """Who has this address, in whatever spelling; None if nobody, or if it is no address."""
    try:
        person = person_of(mailbox(address.strip()), ports.keys.address)
    except ValueError:
        return None
    identity = ports.documents.get(scope, Kind.IDENTITY, person)
    document = identity and ports.documents.get(scope, Kind.CONTACT, identity.body["contact"])
    return Contact.model_validate(document.body) if document else None


def _spelled(filter: Filter) -> Filter:
    """Addresses are kept in lower case, however they are looked for."""
    is_address = filter.field == "email" and isinstance(filter.value, str)
    return filter._replace(value=filter.value.lower()) if is_address else filter


def _listed(ports: Ports, scope: Scope, documents: Sequence[Document]) -> list[ListedContact]:
    persons = [document.body["person"] for document in documents]
    found = ports.documents.find(
        scope.agency, Kind.SUPPRESSION, [Filter("id", "in", persons)], limit=max(1, len(persons))
    )
    suppressed = {document.id for document in found.documents if holds(document.body, scope.workspace, document.id)}
    return [
        ListedContact.model_validate({**document.body, "suppressed": document.body["person"] in suppressed})
        for document in documents
    ]
