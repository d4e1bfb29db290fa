"""What a column's heading means: a field of the contact, or an attribute."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from shared.domain.faults import FieldError, Rejected

MAX_COLUMNS = 100
ATTRIBUTE = "attributes."
"""What the name of an attribute begins with."""

_NAMES: dict[str, str] = {
    "email": "email emailaddress mail emailadresse",
    "first_name": "firstname givenname forename vorname",
    "last_name": "lastname surname familyname nachname",
    "company": "company companyname organisation organization firma",
    "role": "role jobtitle position",
    "city": "city town ort stadt",
    "country": "country land",
    "timezone": "timezone tz zeitzone",
    "phone": "phone phonenumber telephone mobile telefon",
    "consent": "consent optin einwilligung",
    "consent_source": "consentsource",
    "consent_at": "consentat consentdate",
    "consent_basis": "consentbasis",
    "consent_jurisdiction": "consentjurisdiction",
    "consent_wording": "consentwording",
    "tags": "tags tag labels",
}
_KNOWN = {spelling: field for field, spellings in _NAMES.items() for spelling in spellings.split()}


def fields_of(headings: Iterable[str]) -> list[str]:
    """The field of each column, in order. Raises Rejected if there is none for e-mail or two for the same thing."""
    headings = list(headings)
    if len(headings) > MAX_COLUMNS:
        raise Rejected(FieldError("body", f"there are {len(headings)} columns; at most {MAX_COLUMNS} are taken"))
    fields: list[str] = []
    for n, heading in enumerate(headings, 1):
        field = _field(heading) or f"{ATTRIBUTE}column_{n}"
        if field in fields:
            first = fields.index(field) + 1
            raise Rejected(FieldError(field, f"columns {first} and {n} ({heading[:40]!r}) have the same meaning"))
        fields.append(field)
    return fields


def require_email(fields: list[str], headings: list[str]) -> None:
    """Raises Rejected, showing what there is instead, if no column holds the e-mail address."""
    if "email" not in fields:
        found = ", ".join(repr(heading[:40]) for heading in headings[:20])
        raise Rejected(FieldError("email", f"there is no e-mail column; the columns are {found}"))


@lru_cache(maxsize=1000)
def _field(heading: str) -> str | None:
    plain = unicodedata.normalize("NFKD", heading.casefold())
    plain = "".join(each for each in plain if not unicodedata.combining(each))
    known = _KNOWN.get(re.sub(r"[^a-z0-9]", "", plain))
    if known:
        return known
    name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40].rstrip("_")
    return ATTRIBUTE + name if name else None
