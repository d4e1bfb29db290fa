"""Codes, times and money as the pages say them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from shared.domain.campaign import Status
from shared.domain.contact import ConsentStatus, Contact
from shared.domain.money import UNIT, spelled
from shared.domain.policy import Channel

STATUS: Mapping[Status, str] = {
    "generating": "Writing",
    "awaiting_approval": "Awaiting approval",
    "holding": "On hold",
    "scheduled": "Scheduled",
    "sending": "Sending",
    "paused": "Paused",
    "missed": "Missed",
    "analyzing": "Observing",
    "completed": "Done",
    "cancelled": "Cancelled",
    "failed": "Failed",
}

HELD: Mapping[str, str] = {
    "no_consent": "No consent on record",
    "pending": "Have not confirmed yet",
    "withdrawn": "Withdrew their consent",
    "erased": "Data erased",
    "suppressed": "Unsubscribed",
    "channel_off": "Opted out of this channel",
    "topic_off": "Opted out of this topic",
    "expired": "Their consent has expired",
    "wrong_purpose": "Agreed to another purpose",
    "wrong_basis": "Not enough where they live",
    "no_notice": "Found, and not told where",
    "notice_late": "Found over a month ago, never told",
    "holdout": "Held out on purpose",
    "over_budget": "Beyond the budget",
    "no_room": "No room left in the window",
    "capped": "Had enough messages",
    "collision": "Another campaign was faster",
    "zone_unknown": "Time zone not known",
    "quiet_hours": "Quiet hours all along",
    "holiday": "Holidays all along",
    "busy": "The calendar is busy all along",
    "blackout": "Only blackout days left",
    "quota": "Beyond the provider's quota",
    "warming_up": "No room in the new domain's warm-up",
    "sender_unknown": "Not one of the sender's domains",
    "no_postal_address": "The mail lacks the postal address",
    "no_way_out": "The mail lacks a way to opt out",
    "no_disclosure": "The mail does not say who wrote it",
    "promotion": "Advertises, declared not to",
    "gone": "No longer in the address book",
    "no_number": "No phone number that can be",
    "unreadable": "Damaged on file",
    "not_approved": "Not the approved version",
    "cancelled": "Cancelled before their turn",
    "left_journey": "Left the journey before it",
    "journey_changed": "The journey changed before it",
}
"""Reason code -> what it is called."""

STATES: Mapping[str, str] = {
    "planned": "planned",
    "intent": "leaving",
    "submitted": "handed over",
    "accepted": "sent",
    "delivered": "delivered",
    "failed": "failed",
    "held": "held",
    "unknown": "unknown",
}
"""Ledger state -> what it is called."""

DOMAIN: Mapping[str, str] = {
    "not_applicable": "Needs nothing",
    "ready": "May send",
    "unready": "May not send yet",
    "paused": "Paused",
}
"""What the state of a sender's domain means."""

CHANNELS: Mapping[Channel, str] = {
    "email": "E-mail",
    "sms": "Text messages",
    "webhook": "Webhook",
    "chat": "Chat",
    "social": "Social network",
}
"""What the channels are called."""

CONSENT: Mapping[ConsentStatus, str] = {
    "granted": "Consent given",
    "withdrawn": "Withdrawn",
    "pending": "To be confirmed",
    "unknown": "Not on record",
}


def consents_of(contact: Contact) -> list[tuple[str, list[str]]]:
    """What they said, and about which channels; what was said for one purpose only is not told."""
    said: dict[str, list[str]] = {}
    for channel, name in CHANNELS.items():
        if channel in contact.consent:
            said.setdefault(CONSENT[contact.consent[channel].status], []).append(name)
    return list(said.items())


_FACTS: Mapping[str, str] = {
    "accepted": "Taken in",
    "written": "Version {version} written",
    "sealed": "Version {version} sealed, approval asked for",
    "confirmed": "A sentence confirmed or cited; the drafts are looked at again",
    "approve": "Version {version} approved",
    "reject": "Version {version} rejected",
    "changes": "Changes to version {version} asked for",
    "asked": "Somebody outside asked to approve version {version}",
    "asked_again": "Whoever was asked was reminded",
    "asked_then": "No answer in time; the next one was asked",
    "asked_back": "The link of whoever was asked was taken back",
    "version_back": "Version {back} of variant {variant} brought back",
    "part": "Another wording of {part} in variant {variant} asked for",
    "planned": "Planned",
    "paused": "Paused",
    "resumed": "Resumed",
    "missed": "Window missed; waiting for a person",
    "cancelled": "Cancelled",
    "recalled": "Recalled",
    "completed": "Observation closed, report written",
    "shared": "A link to the report for {days} days made",
    "share_revoked": "A link to the report taken back",
    "unknown_sent": "{n} unknown messages treated as sent",
    "unknown_again": "{n} unknown messages to be sent again",
}


def fact(what: str, data: Mapping[str, Any]) -> str:
    """One fact of the timeline as a few words."""
    return _FACTS.get(what, what.replace("_", " ").capitalize()).format_map({"version": "?", **data})


def held(code: str) -> str:
    """What a reason for holding is called."""
    return HELD[code] if code in HELD else code.replace("_", " ").capitalize()


def moment(at: datetime, zone: tzinfo) -> str:
    """Tue 2 Mar 08:00."""
    return f"{at.astimezone(zone):%a %-d %b %H:%M}"


def span(first: datetime, last: datetime, zone: tzinfo) -> str:
    """Tue 2 Mar 08:00 to Thu 4 Mar 18:00; the day only once if it is the same."""
    first, last = first.astimezone(zone), last.astimezone(zone)
    end = f"{last:%H:%M}" if first.date() == last.date() else moment(last, zone)
    return f"{moment(first, zone)} to {end}"


def countdown(left: timedelta) -> str:
    """9:12; 0:05; 2 h 5 min; 3 days 4 h."""
    minutes, seconds = divmod(max(0, round(left.total_seconds())), 60)
    hours, days = minutes // 60, minutes // 1440
    if days:
        return f"{days} day{'s' if days > 1 else ''} {hours % 24} h"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes}:{seconds:02}"


_SOURCES = {
    "offer": "the offer",
    "goal": "the goal",
    "audience": "the audience",
    "call": "the call to action",
    "sender": "the sender",
    "wish": "the wish for this version",
    "confirmed": "confirmed by a person",
    "passage": "the knowledge base",
}


def source(name: str) -> str:
    """Where a claim comes from: the offer; fact 2 of the brief; confirmed by a person."""
    kind, _, rest = name.replace("facts.", "facts:").partition(":")
    return f"fact {int(rest) + 1} of the brief" if kind == "facts" else _SOURCES.get(kind, name)


def amount(value: str, currency: str) -> str:
    """€1,310; €12.50; 1,310 CHF: of a sum as a decimal number."""
    return spelled(int(Decimal(value) * UNIT), currency).replace(".00", "")


def money(micros: int) -> str:
    """€1.24; €0.0004 keeps what cents would lose."""
    euros = micros / 1_000_000
    return f"€{euros:,.4f}" if 0 < micros < 10_000 else f"€{euros:,.2f}"
