"""What waits for a decision, as its page shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from shared.domain.campaign import Campaign
from shared.domain.inbox import Asked
from shared.domain.piece import Piece
from shared.web.pieces import FORMAT_NAMES
from shared.web.standing import window

_KINDS = (("campaign", "campaign", "campaigns"), ("piece", "piece", "pieces"), ("budget", "budget", "budgets"))
ANSWERS = {
    "approve": "Approve",
    "reject": "Reject",
    "confirm": "Write it like this",
    "wait": "Wait",
    "local": "Use the model on this machine",
    "raise": "Raise the limit",
}


def sentence(asked: Sequence[Asked]) -> str:
    """The first sentence: how much of what waits."""
    if not asked:
        return "Nothing waits for your approval."
    counts = Counter(each.kind for each in asked)
    said = [f"{n} {one if n == 1 else many}" for kind, one, many in _KINDS if (n := counts[kind])]  # type: ignore[index]
    listed = ", ".join(said[:-1]) + (" and " if said[:-1] else "") + said[-1]
    return f"{listed} wait{'s' if len(asked) == 1 else ''} for your approval."


def row(asked: Asked, subject: Campaign | Piece | None, zone: ZoneInfo) -> dict[str, Any]:
    """One question with what is needed to answer it."""
    shown: dict[str, Any] = {"asked": asked, "words": ANSWERS, "campaign": None, "piece": None}
    if isinstance(subject, Campaign):
        return {**shown, "campaign": subject, "window": window(subject, zone)}
    if isinstance(subject, Piece):
        blocked = [text.id for text in subject.texts if text.blocked]
        return {**shown, "piece": subject, "formats": FORMAT_NAMES, "blocked": blocked}
    return shown
