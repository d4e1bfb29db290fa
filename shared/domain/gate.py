"""The one gate that every message passes, pure and failing closed (design 4.2; rules C1, C2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shared.domain.contact import ConsentStatus

HELD: Mapping[str, str] = {
    "not_approved": "the version on file is not the one that was approved",
    "cancelled": "the campaign was cancelled before their turn",
    "holdout": "they are in the holdout group, kept without the message to measure what it brings",
    "gone": "they are no longer in the address book, or under another address",
    "suppressed": "they unsubscribed or their address is suppressed",
    "withdrawn": "they withdrew their consent to e-mail",
    "no_consent": "no consent to e-mail is on record for them",
    "over_budget": "the campaign's budget was used up by those before them",
    "no_room": "the window was too short to send to everyone at the rate of the mail server",
}
"""Why a person does not get a message: code -> the reason, fit to follow "because"."""


@dataclass(frozen=True)
class Facts:
    """Everything that the verdict on one row depends on, read in the same window."""

    approved: bool
    cancelled: bool
    holdout: bool
    over_budget: bool
    no_room: bool
    present: bool
    consent: ConsentStatus
    suppressed: bool
    opens: datetime | None
    """When the sending hours next open on the recipient's clock; None if they are open now."""
    versions: Mapping[str, str]
    """Which revision of which fact was read: contact, suppression, campaign."""


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
    """The verdict. The first check that fails decides; the codes of those passed before it are recorded."""
    passed: list[str] = []
    for code, fails in _checks(facts):
        if fails:
            return Verdict("held", code, None, tuple(passed), facts.versions)
        passed.append(code)
    if facts.opens is not None:
        return Verdict("planned", "closed_hours", facts.opens, tuple(passed), facts.versions)
    return Verdict("intent", "allowed", None, (*passed, "closed_hours"), facts.versions)


def _checks(facts: Facts) -> tuple[tuple[str, bool], ...]:
    return (
        ("cancelled", facts.cancelled),
        ("not_approved", not facts.approved),
        ("holdout", facts.holdout),
        ("gone", not facts.present),
        ("suppressed", facts.suppressed),
        ("withdrawn", facts.consent == "withdrawn"),
        ("no_consent", facts.consent != "granted"),
        ("over_budget", facts.over_budget),
        ("no_room", facts.no_room),
    )
