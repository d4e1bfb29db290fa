"""The one gate that every message passes, pure and failing closed (design 4.2; rules C1 to C5, C8 to C12).

A check passes only on the one value that says so: a fact that is missing, garbled or of another type holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple, get_args

from shared.domain.consent import Refusal
from shared.domain.found import Notice
from shared.domain.hours import Opening

HELD: Mapping[str, str] = {
    "not_approved": "the version on file is not the one that was approved",
    "cancelled": "the campaign was cancelled before their turn",
    "holdout": "they are in the holdout group, kept without the message to measure what it brings",
    "erased": "their data were erased at their request",
    "gone": "they are no longer in the address book, or under another address",
    "no_number": "there is no phone number on record at which they can be reached",
    "suppressed": "they unsubscribed or their address is suppressed",
    "channel_off": "they opted out of this channel",
    "topic_off": "they opted out of this topic",
    "withdrawn": "they withdrew their consent",
    "pending": "they have not yet confirmed that they want to get messages",
    "no_consent": "no consent is on record for them",
    "expired": "the consent on record for them has expired",
    "wrong_purpose": "the consent on record for them was given for another purpose",
    "wrong_basis": "what is on record for them is not enough under the law of where they live",
    "no_notice": "their data were found, not given by them, and this message does not tell them where",
    "notice_late": "their data were found more than a month ago, and nobody has told them so",
    "over_budget": "the campaign's budget was used up by those before them",
    "no_room": "the window was too short to send to everyone at the rate of the mail server",
    "capped": "they already get as many messages as the frequency cap allows until the window ends",
    "collision": "another campaign has just written to them, and the window had no later moment",
    "zone_unknown": "their time zone and country are not known, and this channel has hours that the law protects",
    "quiet_hours": "no hour of the window is one in which this channel may be used where they live",
    "holiday": "every day left of the window is closed to advertising where they live",
    "busy": "the sender's calendar is busy in every moment that the window has for them",
    "blackout": "the sender's calendar keeps every day that the window has for them free of messages",
    "quota": "the provider takes no more messages before the window ends",
    "warming_up": "the sender's domain is new, sends a little more each day, and the window ended before their turn",
    "sender_unknown": "the campaign comes from a domain that is not one of the sender's",
    "no_postal_address": "the message does not show the sender's postal address",
    "no_way_out": "the message offers no way to opt out",
    "no_disclosure": "the message does not say who or what wrote it",
    "promotion": "the message advertises although it was declared to be transactional",
    "left_journey": "they had left the journey before its turn came",
    "journey_changed": "the journey was changed before its turn came",
    "unreadable": "a fact that decides about them could not be read, and in doubt nothing leaves",
}
"""Why a person does not get a message: code -> the reason, fit to follow "because". Codes are stable for ever."""

WAITS: Mapping[str, str] = {
    "closed_hours": "their sending hours were over when its turn came, so it waits for the next",
    "quiet_hours": "this channel may not be used at that hour where they live, so it waits for one that is allowed",
    "holiday": "that day is closed to advertising where they live, so it waits for the next that is not",
    "busy": "the sender's calendar is busy then, so it waits for the next moment that is free",
    "blackout": "nothing leaves on that day by the sender's calendar, so it waits for the next that is free",
    "capped": "they had as many messages as the frequency cap allows, so it waits until one more is allowed",
    "collision": "another campaign had just written to them, so it keeps its distance",
    "quota": "the provider takes no more messages that day, so it waits for the next",
    "warming_up": "the sender's domain is new and sends a little more each day, so it waits for the next",
    "domain_unready": "the sender's domain is not in order in DNS, so it waits until it is",
    "breaker_open": "the sender's domain is paused for its health, so it waits",
    "rules_unread": "the workspace's policy cannot be read, so it waits until that is mended",
    "paused": "the campaign was paused when its turn came",
}
"""Why a message waits: code -> the reason as a clause of its own."""


class Facts(NamedTuple):
    """Everything that the verdict on one row depends on, read in the same window."""

    cancelled: bool
    paused: bool
    approved: bool
    rules: Literal["read", "unread"]
    """The workspace's policy: nothing is decided without it."""
    breaker: Literal["closed", "open"]
    """Of the sender's domain; `open`: nothing leaves from it for now (rule C12)."""
    sender: Literal["ready", "unready"]
    """Its DNS: ready is also what need not be, because nothing leaves this machine (rule C7)."""
    message: Literal["commercial", "transactional"]
    lacks: tuple[str, ...]
    """What the message itself lacks: codes of `required.gaps`."""
    holdout: bool
    present: bool
    reachable: bool
    """There is an address of the channel's kind, such as a phone number."""
    suppressed: Literal["no", "all", "channel", "topic", "erased"]
    """erased: as all, because their data were erased; then they are not present either."""
    consent: Refusal | Literal["covered"] | None
    """None, as of notice and opening: it cannot be read."""
    notice: Notice | None
    """Whether whoever was found is told so (rule G10)."""
    over_budget: bool
    no_room: bool
    zone_known: bool
    """Of no weight where no law protects hours of the channel: then it is said to be known."""
    opening: Opening | Literal["now"] | None
    """When caps, quiet hours, holidays, the sender's calendar, quota and sending hours allow it."""
    retry: datetime
    """When to ask again about what stands still."""
    versions: Mapping[str, str]
    """Which revision of which fact was read: contact, suppression, policy, seal."""


@dataclass(frozen=True)
class Verdict:
    """intent: it may leave now; held: never, because of `code`; planned: not before `not_before`."""

    state: Literal["intent", "held", "planned"]
    code: str
    not_before: datetime | None
    passed: tuple[str, ...]
    versions: Mapping[str, str]

    def record(self) -> dict[str, object]:
        """What is stored with the row, so that "why" is read, not guessed."""
        return {"code": self.code, "passed": list(self.passed), "versions": dict(self.versions)}


def decide(facts: Facts) -> Verdict:
    """The verdict. The first check that fails decides; the names of those passed before it are recorded."""
    passed: list[str] = []
    for name, check in _CHECKS:
        code = check(facts)
        if code is None:
            passed.append(name)
        elif code in _STANDSTILL and isinstance(facts.retry, datetime):
            return Verdict("planned", code, facts.retry, tuple(passed), facts.versions)
        else:
            return Verdict("held", code if code in HELD else "unreadable", None, tuple(passed), facts.versions)
    return _in_time(facts, passed)


def _in_time(facts: Facts, passed: list[str]) -> Verdict:
    opening = facts.opening
    if isinstance(opening, Opening) and isinstance(opening.at, datetime):
        if opening.fits is True and _meaning(opening.code, _WAITED) is None:
            return Verdict("planned", opening.code, opening.at, tuple(passed), facts.versions)
        code = _meaning(opening.code, _HELD) or "unreadable"
        return Verdict("held", code, None, tuple(passed), facts.versions)
    if opening != "now":
        return Verdict("held", "unreadable", None, tuple(passed), facts.versions)
    return Verdict("intent", "allowed", None, (*passed, "opening"), facts.versions)


_WAITED: Mapping[str, str | None] = dict.fromkeys(WAITS)
_HELD: Mapping[str, str | None] = {code: code for code in HELD}
_STANDSTILL = ("paused", "breaker_open", "domain_unready", "rules_unread")
"""Not for good, and not the person's: what stands still goes on with exactly the remainder."""


def _unless(value: object, good: object, bad: object, code: str) -> str | None:
    """None for the good value, `code` for the bad one; anything else could not be read."""
    if value is good:
        return None
    return code if value is bad else "unreadable"


def _meaning(value: object, of: Mapping[str, str | None]) -> str | None:
    return of.get(value, "unreadable") if isinstance(value, str) else "unreadable"


def _lacks(facts: Facts) -> str | None:
    if facts.lacks == ():
        return None
    first = facts.lacks[0] if isinstance(facts.lacks, tuple) else None
    return first if isinstance(first, str) and first in HELD else "unreadable"


def _message(facts: Facts) -> str | None:
    return _meaning(facts.message, {"commercial": None, "transactional": None})


def _breaker(facts: Facts) -> str | None:
    return _meaning(facts.breaker, {"closed": None, "open": "breaker_open"})


def _sender(facts: Facts) -> str | None:
    return _meaning(facts.sender, {"ready": None, "unready": "domain_unready"})


def _present(facts: Facts) -> str | None:
    return _unless(facts.present, True, False, "erased" if facts.suppressed == "erased" else "gone")


def _suppressed(facts: Facts) -> str | None:
    """An opt-out of a topic is one of advertising; a wider one stops every message (rules C1, U7)."""
    of_topic = None if facts.message == "transactional" else "topic_off"
    stops = {"no": None, "all": "suppressed", "channel": "channel_off", "topic": of_topic, "erased": "erased"}
    return _meaning(facts.suppressed, stops)


def _consent(facts: Facts) -> str | None:
    """Only what advertises needs it (rules C2, C8)."""
    if facts.message == "transactional":
        return None
    return _meaning(facts.consent, _COVERS)


_COVERS: Mapping[str, str | None] = {"covered": None, **{code: code for code in get_args(Refusal)}}
_NOTICES: Mapping[str, str | None] = {"settled": None, "missing": "no_notice", "late": "notice_late"}
_Check = Callable[[Facts], str | None]
_CHECKS: tuple[tuple[str, _Check], ...] = (
    ("cancelled", lambda facts: _unless(facts.cancelled, False, True, "cancelled")),
    ("approved", lambda facts: _unless(facts.approved, True, False, "not_approved")),
    ("paused", lambda facts: _unless(facts.paused, False, True, "paused")),
    ("rules", lambda facts: _meaning(facts.rules, {"read": None, "unread": "rules_unread"})),
    ("message", _message),
    ("lawful", _lacks),
    ("breaker", _breaker),
    ("sender", _sender),
    ("holdout", lambda facts: _unless(facts.holdout, False, True, "holdout")),
    ("present", _present),
    ("suppression", _suppressed),
    ("address", lambda facts: _unless(facts.reachable, True, False, "no_number")),
    ("consent", _consent),
    ("notice", lambda facts: _meaning(facts.notice, _NOTICES)),
    ("budget", lambda facts: _unless(facts.over_budget, False, True, "over_budget")),
    ("room", lambda facts: _unless(facts.no_room, False, True, "no_room")),
    ("zone", lambda facts: _unless(facts.zone_known, True, False, "zone_unknown")),
)
