"""Where the reason that holds somebody can be mended, if anybody but they can mend it."""

from __future__ import annotations

from collections.abc import Mapping

_IMPORT, _POLICY, _WORDS, _LONGER = "/contacts#import", "/policy", "#edit", "/campaigns/{id}/copy"
_FIXES: Mapping[str, str] = {
    "no_consent": _IMPORT,
    "wrong_basis": _IMPORT,
    "no_number": _IMPORT,
    "zone_unknown": _IMPORT,
    "unreadable": _IMPORT,
    "capped": _POLICY,
    "collision": _POLICY,
    "quiet_hours": _POLICY,
    "holiday": _POLICY,
    "wrong_purpose": _LONGER,
    "no_room": _LONGER,
    "holdout": _LONGER,
    "cancelled": _LONGER,
    "quota": _LONGER,
    "over_budget": "/budgets",
    "warming_up": "/domains",
    "sender_unknown": "/domains",
    "no_postal_address": "/settings",
    "no_way_out": _WORDS,
    "no_disclosure": _WORDS,
    "promotion": _WORDS,
    "no_notice": _WORDS,
    "not_approved": "#approve",
}
"""Reason code -> page. Whoever withdrew, objected or has yet to confirm can only come back of their own accord."""


def fix(code: str, campaign: str) -> str | None:
    """The page where it can be mended; None if nobody here may."""
    found = _FIXES.get(code)
    return found.format(id=campaign) if found else None
