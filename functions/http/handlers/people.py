"""Pages about people: the address book, and why somebody got something."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from pydantic import Field, field_validator, model_validator

from functions.http.handlers.contacts import ContactsQuery
from functions.http.handlers.html import html
from shared.access.call import Answer, Call, Paging
from shared.agents import campaigns, contacts
from shared.domain.address import normalize
from shared.web.imports import import_words
from shared.web.words import consents_of

RECENT = 8


class SearchForm(ContactsQuery):
    """As a browser sends the form: a field that was left empty asks nothing."""

    @model_validator(mode="before")
    @classmethod
    def _empty_is_absent(cls, given: dict[str, str]) -> dict[str, str]:
        return {name: value.strip() for name, value in given.items() if value.strip()}

    @field_validator("email")
    @classmethod
    def _as_stored(cls, value: str | None) -> str | None:
        return value and normalize(value)


class WhyQuery(Paging):
    """Whose mail is asked about; nobody's shows the form."""

    address: Annotated[str, Field(max_length=320)] = ""


def address_book(call: Call, query: SearchForm) -> Answer[str]:
    """Search contacts; bring in a file."""
    people, cursor = contacts.listing(call.ports, call.scope, query.limit, query.cursor, query.filters())
    recent, _ = contacts.list_imports(call.ports, call.scope, RECENT)
    asked = query.model_dump(exclude={"limit", "cursor"}, exclude_none=True, exclude_defaults=True)
    return html(
        call,
        "contacts",
        here="contacts",
        contacts=people,
        cursor=cursor,
        imports=recent,
        query=query,
        filtered=bool(asked),
        consents=consents_of,
        words=import_words,
        querystring=urlencode(asked) + "&" if asked else "",
    )


def explain(call: Call, query: WhyQuery) -> Answer[str]:
    """What each campaign, newest first, did about one address, and why."""
    asked = query.address.strip()
    found = campaigns.explanations(call.ports, call.scope, asked, query.limit, query.cursor) if asked else None
    return html(call, "explain", here="", asked=asked, found=found)
