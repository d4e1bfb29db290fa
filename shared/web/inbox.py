"""What waits for a decision, as its page shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from shared.domain.campaign import Campaign
from shared.domain.inbox import About, Asked
from shared.domain.piece import Piece
from shared.web.pieces import FORMAT_NAMES
from shared.web.standing import window

_KINDS: tuple[tuple[About, str, str], ...] = (
    ("breach", "breach", "breaches"),
    ("review", "review", "reviews"),
    ("campaign", "campaign", "campaigns"),
    ("piece", "piece", "pieces"),
    ("proposal", "proposal", "proposals"),
    ("invoice", "invoice", "invoices"),
    ("contract", "contract", "contracts"),
    ("budget", "budget", "budgets"),
    ("step", "step of a process", "steps of processes"),
)
ANSWERS = {
    "approve": "Approve",
    "reject": "Reject",
    "confirm": "Write it like this",
    "wait": "Wait",
    "local": "Use the model on this machine",
    "raise": "Raise the limit",
    "uphold": "It stays so",
    "change": "Change it",
    "told": "The authority was told",
    "not_needed": "It need not be told",
    "sent": "Treat it as sent",
    "again": "Send it again",
    "owed": "It is owed again",
}


def sentence(asked: Sequence[Asked], more: bool, approver: bool) -> str:
    """The first sentence: how much of what waits; `more`: these are not all; `approver`: its reader may decide."""
    needs = wants(asked, more, approver)
    return f"{'; '.join(needs)}." if needs else f"Nothing waits for {'your ' if approver else ''}approval."


def wants(asked: Sequence[Asked], more: bool, approver: bool) -> list[str]:
    """What wants a person, as clauses of a sentence."""
    told = [each for each in asked if each.kind == "contract" and not each.answers]
    counts = Counter(each.kind for each in asked if each not in told)
    found = [_n(n, one, many) for kind, one, many in _KINDS if (n := counts[kind])]
    decided = sum(n for kind, n in counts.items() if kind != "webhook")
    least, whose = "at least " if more else "", "your " if approver else ""
    said = [f"{least}{_listed(found)} wait{'s' if decided == 1 else ''} for {whose}approval"] if found else []
    if told:
        said.append(
            f"{_n(len(told), 'contract', 'contracts')} {'was' if len(told) == 1 else 'were'} answered by a client"
        )
    if off := counts["webhook"]:
        said.append(f"{_n(off, 'webhook', 'webhooks')} {'was' if off == 1 else 'were'} turned off")
    return said


def _n(n: int, one: str, many: str) -> str:
    return f"{n} {one if n == 1 else many}"


def _listed(found: Sequence[str]) -> str:
    return ", ".join(found[:-1]) + (" and " if found[:-1] else "") + found[-1]


def row(asked: Asked, subject: Campaign | Piece | None, zone: ZoneInfo) -> dict[str, Any]:
    """One question with what is needed to answer it."""
    shown: dict[str, Any] = {"asked": asked, "words": ANSWERS, "campaign": None, "piece": None}
    if isinstance(subject, Campaign):
        return {**shown, "campaign": subject, "window": window(subject, zone)}
    if isinstance(subject, Piece):
        blocked = [text.id for text in subject.texts if text.blocked]
        return {**shown, "piece": subject, "formats": FORMAT_NAMES, "blocked": blocked}
    return shown
