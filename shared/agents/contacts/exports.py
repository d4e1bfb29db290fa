"""Whose export a table is, and what its columns mean there.

Mailchimp: a CSV each of the subscribed, unsubscribed, cleaned and non-subscribed, told apart by the name of the file
and by columns that only one of them has. HubSpot: one table with a column for those who opted out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from shared.agents.contacts.columns import attribute_of, field_of, fields_of
from shared.agents.contacts.rows import No
from shared.domain.imports import IGNORED

Origin = Literal["Mailchimp", "HubSpot"]


class Layout(NamedTuple):
    """What each column of a table is, and what the table as a whole says of its people."""

    fields: list[str]
    origin: Origin | None = None
    no: No | None = None
    asked: bool = True
    """False: a list of people who were never asked for consent."""


_MAILCHIMP: Mapping[str, str] = {
    "optin_time": "consent_at",
    "confirm_time": "consent_at",
    "optin_ip": "consent_ip",
    "confirm_ip": "consent_ip",
    "cc": "country",
    "unsub_time": "said_no_at",
    "clean_time": "said_no_at",
    **dict.fromkeys(("latitude", "longitude", "gmtoff", "dstoff", "leid", "euid", "last_changed"), IGNORED),
    **dict.fromkeys(("unsub_campaign_title", "unsub_campaign_id", "unsub_reason", "unsub_reason_other"), IGNORED),
    **dict.fromkeys(("clean_campaign_title", "clean_campaign_id"), IGNORED),
}
_HUBSPOT: Mapping[str, str] = {
    "marketing contact status": "marketing",
    "email hard bounce reason": "bounced",
    "country/region": "country",
    "time zone": "timezone",
    **dict.fromkeys(("record id", "contact owner", "associated company ids"), IGNORED),
}
_SEVERAL = {"consent_at", "consent_ip"}
"""The later column counts where it says something: the confirmation, not the first sign-up."""
_LISTS: Mapping[str, tuple[No | None, bool]] = {
    "unsubscribed": ("unsubscribed", True),
    "nonsubscribed": (None, False),
    "non-subscribed": (None, False),
    "cleaned": ("bounced", True),
    "subscribed": (None, True),
}


def layout_of(file: str, headings: Sequence[str], said: Mapping[str, str]) -> Layout:
    """The layout of the table in `file`; what somebody `said` of a heading counts. Raises Rejected if two columns are
    the same."""
    plain = [heading.strip().casefold() for heading in headings]
    if {"leid", "euid"} <= set(plain) or {"member_rating", "optin_time"} <= set(plain):
        no, asked = _list_of(file, set(plain))
        return Layout(_fields(headings, _MAILCHIMP, said), "Mailchimp", no, asked)
    if "unsubscribed from all email" in plain or "marketing contact status" in plain:
        return Layout(_fields(headings, _HUBSPOT, said), "HubSpot")
    return Layout(fields_of(headings, said))


def members(paths: list[str]) -> list[str]:
    """Of the tables in an archive those that hold people: Mailchimp's lists, where there are any, else all."""
    lists = [path for path in paths if _name(path).startswith(tuple(_LISTS))]
    return lists or paths


def _list_of(file: str, headings: set[str]) -> tuple[No | None, bool]:
    """By the columns, for who renamed the file, then by its name."""
    for heading, no in (("unsub_time", "unsubscribed"), ("clean_time", "bounced")):
        if heading in headings:
            return no, True  # type: ignore[return-value]
    name = _name(file)
    return next((kind for begin, kind in _LISTS.items() if name.startswith(begin)), (None, True))


def _fields(headings: Sequence[str], own: Mapping[str, str], said: Mapping[str, str]) -> list[str]:
    """As the export means them; a column of one's own that is called like one of its columns is an attribute."""
    fields: list[str] = []
    theirs = {own[plain] for plain in (heading.strip().casefold() for heading in headings) if plain in own}
    for n, heading in enumerate(headings, 1):
        plain = heading.strip().casefold()
        field = said.get(heading) or own.get(plain) or field_of(heading) or f"attributes.column_{n}"
        taken = field in fields and field not in _SEVERAL
        if field != IGNORED and (taken or (plain not in own and field in theirs and heading not in said)):
            field = attribute_of(heading) or f"attributes.column_{n}"
            field = f"{field}_{n}" if field in fields else field
        fields.append(field)
    return fields


def _name(path: str) -> str:
    return path.rpartition("/")[2].casefold()
