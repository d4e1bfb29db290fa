"""What a contact becomes when a file says something of the same person. Pure; repeating a file changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce

from shared.agents.contacts.columns import ATTRIBUTE
from shared.agents.contacts.entry import Entry
from shared.domain.consent import stricter
from shared.domain.contact import Consent, Contact
from shared.domain.found import with_source

PLAIN = ("first_name", "last_name", "company", "role", "city", "country", "timezone", "phone")


def begun(contact: Contact, first: Entry) -> Contact:
    """A new contact, of which no more is known than the address: it was found, if the row says so."""
    return contact.model_copy(update={"found": with_source([], ["email"], first.found)})


def merged(contact: Contact, entries: Iterable[Entry]) -> Contact:
    """The contact after these rows, in order: what they say replaces what was known, what they leave open stays; tags
    and attributes add up; consent moves towards "no" only. The address stays."""
    return reduce(_with, entries, contact)


def _with(contact: Contact, entry: Entry) -> Contact:
    said = {field: getattr(entry, field) for field in PLAIN}
    before = contact.consent
    consents = {each: stricter(before.get(each, Consent()), told.consent) for each, told in entry.consents.items()}
    return contact.model_copy(
        update={
            **{field: value for field, value in said.items() if value is not None},
            "tags": list(dict.fromkeys([*contact.tags, *entry.tags])),
            "attributes": {**contact.attributes, **entry.attributes},
            "consent": before | {each: consent for each, consent in consents.items() if consent != Consent()},
            "found": with_source(contact.found, list(_new(contact, entry)), entry.found),
        }
    )


def _new(contact: Contact, entry: Entry) -> Iterator[str]:
    """Fields that get another value: where these come from is kept with them; what was known keeps its source."""
    for field in PLAIN:
        if getattr(entry, field) not in (None, getattr(contact, field)):
            yield field
    for name, value in entry.attributes.items():
        if contact.attributes.get(name) != value:
            yield ATTRIBUTE + name
