"""Contacts and their imports over HTTP."""

from __future__ import annotations

from typing import Literal

from functions.flows import import_flow
from functions.http.handlers.accepted import Accepted, accepted
from shared.access.call import Answer, Call, Listing, Paging
from shared.agents import contacts
from shared.domain.contact import ConsentStatus, ListedContact
from shared.domain.imports import Import
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


def start_import(call: Call, body: bytes) -> Answer[Accepted]:
    """Take in a CSV file or a JSON list of at most 100,000 contacts.

    With `?double_opt_in=true` who is said to have agreed is to confirm it first."""
    content_type = call.headers.get("content-type", "")
    confirmed_first = call.query.get("double_opt_in") == "true"
    made = contacts.accept_import(call.ports, call.scope, call.principal, body, content_type, confirmed_first)
    flow = import_flow(call.scope, made.id)
    return accepted(made.id, made.status, f"/api/v1/contacts/imports/{made.id}", (), flow)


def list_imports(call: Call, query: Paging) -> Answer[Listing[Import]]:
    """Imports, newest first, without their errors."""
    items, cursor = contacts.list_imports(call.ports, call.scope, query.limit, query.cursor)
    return Answer(Listing(items=items, cursor=cursor))


def show_import(call: Call) -> Answer[Import]:
    """How far an import is, and why rows are in quarantine."""
    return Answer(contacts.get_import(call.ports, call.scope, call.path["id"]))


def listing(call: Call, query: ContactsQuery) -> Answer[Listing[ListedContact]]:
    """Contacts, by id."""
    items, cursor = contacts.listing(call.ports, call.scope, query.limit, query.cursor, query.filters())
    return Answer(Listing(items=items, cursor=cursor))


def show(call: Call) -> Answer[ListedContact]:
    """One contact."""
    return Answer(contacts.get_contact(call.ports, call.scope, call.path["id"]))
