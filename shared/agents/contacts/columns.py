"""What a column's heading means: a field of the contact, or an attribute."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from shared.domain.faults import FieldError, Rejected
from shared.domain.policy import Channel

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
    "phone": "phone phonenumber telephone tel mobile mobilenumber mobilephone cellphone telefon telefonnummer handy",
    "tags": "tags tag labels",
    "found_at": "foundat foundwhere sourceurl fundstelle",
    "found_on": "foundon founddate gefundenam",
    "found_by": "foundby foundhow gefundenvon",
    "found_licence": "foundlicence foundlicense",
}
FOUND = ("found_at", "found_on", "found_by", "found_licence")
"""Where, when and how a row's data were found, and on which terms they may be used: of people who did not give them
themselves (rule G10)."""

CHANNELS: tuple[Channel, ...] = ("email", "sms", "webhook")
"""What a person consents to; whatever goes to a chat or is posted goes to a place of one's own."""

_PARTS: Mapping[str, str] = {
    "status": "",
    "source": "source",
    "at": "at date",
    "basis": "basis",
    "jurisdiction": "jurisdiction",
    "wording": "wording",
}


def _consents() -> dict[str, tuple[Channel, str, list[str]]]:
    """field -> the channel, what is said of the consent to it, and the spellings of its heading."""
    made = {}
    for channel in CHANNELS:
        for part, endings in _PARTS.items():
            here = [] if channel == "email" else [channel]
            field = "_".join(["consent", *here, *([] if part == "status" else [part])])
            begins = [f"consent{channel}", f"{channel}consent", *([] if here else ["consent"])]
            spellings = [begin + end for begin in begins for end in endings.split() or [""]]
            if part == "status":
                spellings += [f"{channel}optin", *([] if here else ["optin", "einwilligung"])]
            made[field] = channel, part, spellings
    return made


CONSENTS: Mapping[str, tuple[Channel, str]] = {field: found[:2] for field, found in _consents().items()}
"""field -> the channel, and what of the consent to it: `consent_sms_at` -> `sms`, `at`; e-mail is not named."""

_KNOWN = {spelling: field for field, spellings in _NAMES.items() for spelling in spellings.split()} | {
    spelling: field for field, (_, _, spellings) in _consents().items() for spelling in spellings
}


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
