"""Contacts over HTTP."""

from __future__ import annotations

from typing import Literal

from shared.access.call import Answer, Call, Listing, Paging
from shared.agents import contacts
from shared.domain.contact import ConsentStatus, ListedContact
from shared.domain.segment import Filter, Op

_FILTERS: tuple[tuple[str, str, Op], ...] = (
    ("email", "email", "prefix"),
    ("company", "company", "eq"),
    ("country", "country", "eq"),
    ("tag", "tags", "has"),
)


class ContactsQuery(Paging):
    """Contacts that match everything given; `email` is the beginning of the address, `consent` that to `channel`."""

    email: str | None = None
    company: str | None = None
    country: str | None = None
    tag: str | None = None
    consent: ConsentStatus | None = None
    channel: Literal["email", "sms", "webhook"] = "email"

    def filters(self) -> list[Filter]:
        """What was given, as conditions on the documents."""
        asked = ((field, op, getattr(self, name)) for name, field, op in _FILTERS)
        found = [Filter(field, op, value) for field, op, value in asked if value is not None]
        consent = [Filter(f"consent.{self.channel}.status", "eq", self.consent)] if self.consent else []
        return [*found, *consent]


def listing(call: Call, query: ContactsQuery) -> Answer[Listing[ListedContact]]:
    """Contacts, by id."""
    items, cursor = contacts.listing(call.ports, call.scope, query.limit, query.cursor, query.filters())
    return Answer(Listing(items=items, cursor=cursor))


def show(call: Call) -> Answer[ListedContact]:
    """One contact."""
    return Answer(contacts.get_contact(call.ports, call.scope, call.path["id"]))
