"""What a column's heading means: a field of the contact, or an attribute."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from shared.domain.faults import FieldError, Rejected
from shared.domain.imports import IGNORED
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
    "opted_out": "unsubscribedfromallemail",
}
OPTED_OUT = ("opted_out", "bounced", "said_no_at")
"""Fields of rows that say no: that they did, that their address is none, and since when."""
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

_KNOWN = (
    {spelling: field for field, spellings in _NAMES.items() for spelling in spellings.split()}
    | {spelling: field for field, (_, _, spellings) in _consents().items() for spelling in spellings}
    | dict.fromkeys(
        ("batonfile", "batonline", "batonrow", "batonreason", "batonsuggestion"), IGNORED
    )  # of a quarantine that was put right
)


MEANINGS: tuple[str, ...] = (*_NAMES, *CONSENTS, "bounced", "said_no_at", "consent_ip", "marketing")
"""What a column can be, besides an attribute and nothing."""


def fields_of(headings: Iterable[str], said: Mapping[str, str] | None = None) -> list[str]:
    """The field of each column, in order; what is `said` of a heading counts. Raises Rejected if two have the same."""
    headings = list(headings)
    if len(headings) > MAX_COLUMNS:
        raise Rejected(FieldError("body", f"there are {len(headings)} columns; at most {MAX_COLUMNS} are taken"))
    fields: list[str] = []
    for n, heading in enumerate(headings, 1):
        field = (said or {}).get(heading) or field_of(heading) or f"{ATTRIBUTE}column_{n}"
        if field in fields and field != IGNORED:
            first = fields.index(field) + 1
            raise Rejected(FieldError(field, f"columns {first} and {n} ({heading[:40]!r}) have the same meaning"))
        fields.append(field)
    return fields


def require_email(fields: list[str], headings: list[str]) -> None:
    """Raises Rejected, showing what there is instead, if no column holds the e-mail address."""
    if "email" not in fields:
        found = ", ".join(repr(heading[:40]) for heading in headings[:20])
        raise Rejected(FieldError("email", f"there is no e-mail column; the columns are {found}"))


def meaning(text: str) -> str:
    """What somebody says that a column is, as a field: `email`, `-`, `attributes.shoe size`. Raises ValueError."""
    if text in MEANINGS or text == IGNORED:
        return text
    name = _named(text.removeprefix(ATTRIBUTE)) if text.startswith(ATTRIBUTE) else ""
    if not name:
        raise ValueError(
            f"{text[:60]!r} is none of {', '.join(MEANINGS)}, {ATTRIBUTE}NAME, or {IGNORED} to leave it out"
        )
    return ATTRIBUTE + name


@lru_cache(maxsize=1000)
def field_of(heading: str) -> str | None:
    """What a heading means by itself; None: it has neither letter nor figure that an attribute's name could have."""
    known = _KNOWN.get(re.sub(r"[^a-z0-9]", "", _plain(heading)))
    return known or attribute_of(heading)


def attribute_of(heading: str) -> str | None:
    """The attribute that a heading names."""
    name = _named(heading)
    return ATTRIBUTE + name if name else None


def _named(heading: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", _plain(heading)).strip("_")[:40].rstrip("_")


def _plain(heading: str) -> str:
    plain = unicodedata.normalize("NFKD", heading.casefold())
    return "".join(each for each in plain if not unicodedata.combining(each))
