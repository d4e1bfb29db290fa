"""What the columns of a file of deals are: HubSpot's export by its headings, any other by words that are common."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from shared.agents.contacts.columns import ATTRIBUTE, MAX_COLUMNS, attribute_of
from shared.agents.contacts.exports import Layout
from shared.agents.contacts.read import Reading
from shared.domain.faults import FieldError, Rejected
from shared.domain.imports import IGNORED

_NAMES: Mapping[str, str] = {
    "name": "dealname deal name title opportunity opportunityname auftrag",
    "stage": "dealstage stage status phase",
    "value": "amount dealamount value dealvalue betrag wert",
    "currency": "currency currencycode dealcurrency dealcurrencycode wahrung",
    "close_on": "closedate expectedclosedate closeon abschlussdatum",
    "company": "associatedcompany company companyname account accountname organization organisation firma",
    "contact": "associatedcontact contact contactemail email primarycontact kontakt",
    "owner": "dealowner owner zustandig",
    "external": "recordid dealid id",
    "lost_why": "closedlostreason lostreason",
    IGNORED: "associatedcompanyids associatedcontactids batonfile batonline batonreason",
}
MEANINGS: tuple[str, ...] = tuple(name for name in _NAMES if name != IGNORED)
"""What a column can be, besides an attribute and nothing."""
_KNOWN = {spelling: field for field, spellings in _NAMES.items() for spelling in spellings.split()}
_HUBSPOT = {"deal name", "deal stage"}


def layout_of(_: str, headings: Sequence[str], said: Mapping[str, str]) -> Layout:
    """The field of each column; what is `said` of a heading counts. A second column of one meaning is an attribute.
    Raises Rejected if none is the deal's name."""
    if len(headings) > MAX_COLUMNS:
        raise Rejected(FieldError("body", f"there are {len(headings)} columns; at most {MAX_COLUMNS} are taken"))
    fields: list[str] = []
    for n, heading in enumerate(headings, 1):
        field = said.get(heading) or field_of(heading) or f"{ATTRIBUTE}column_{n}"
        if field in fields and field != IGNORED:
            if heading in said:
                raise Rejected(FieldError(field, f"two columns are to be this: {heading[:40]!r} is the second"))
            field = f"{attribute_of(heading) or f'{ATTRIBUTE}column'}_{n}"
        fields.append(field)
    if "name" not in fields:
        found = ", ".join(repr(heading[:40]) for heading in headings[:20])
        raise Rejected(FieldError("name", f"no column is the name of the deal; the columns are {found}"))
    plain = {heading.strip().casefold() for heading in headings}
    return Layout(fields, "HubSpot" if plain >= _HUBSPOT else None)


def field_of(heading: str) -> str | None:
    """What a heading means by itself; None: it names nothing."""
    plain = unicodedata.normalize("NFKD", heading.casefold())
    return _KNOWN.get(re.sub(r"[^a-z0-9]", "", plain)) or attribute_of(heading)


def meaning(text: str) -> str:
    """What somebody says that a column is. Raises ValueError."""
    if text in MEANINGS or text == IGNORED:
        return text
    named = attribute_of(text.removeprefix(ATTRIBUTE)) if text.startswith(ATTRIBUTE) else None
    if named is None:
        raise ValueError(
            f"{text[:60]!r} is none of {', '.join(MEANINGS)}, {ATTRIBUTE}NAME, or {IGNORED} to leave it out"
        )
    return named


READING = Reading(layout_of, field_of, meaning)
"""Rows are deals, known by the number that they have where they come from, else by name and company."""
