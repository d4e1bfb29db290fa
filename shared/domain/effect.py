"""How a row of the ledger moves when news of one of its attempts arrives (design 4.1). Every ledger follows it."""

from __future__ import annotations

from typing import NamedTuple

STATES = ("planned", "intent", "submitted", "accepted", "delivered", "failed", "held", "unknown")

_UNDER_WAY = frozenset({"intent", "submitted", "unknown"})
_NOBODY_SAID = frozenset({"intent", "unknown"})
_TAKEN = frozenset({"accepted", "delivered"})
_NEWS_OF_WHAT_LEFT = frozenset({("accepted", "delivered"), ("accepted", "failed"), ("delivered", "failed")})


class Standing(NamedTuple):
    """What decides a row's next move; `acceptances` are the attempts that a provider took, ascending."""

    state: str
    attempt: int
    acceptances: tuple[int, ...]


def settled(before: Standing, to: str, attempt: int) -> Standing:
    """The standing after the news that `attempt` came `to` (planned: it was definitely refused; unsent: it was never
    handed over, so it may be claimed once more).

    News that does not fit changes nothing, except that a provider's taking of an attempt is always kept."""
    acceptances = before.acceptances
    if to in _TAKEN and attempt not in acceptances:
        acceptances = tuple(sorted((*acceptances, attempt)))
    if not _fits(before, to, attempt):
        return Standing(before.state, before.attempt, acceptances)
    if to == "unsent":
        return Standing("planned", attempt, acceptances)
    return Standing(to, attempt + 1 if to == "planned" else attempt, acceptances)


def _fits(before: Standing, to: str, attempt: int) -> bool:
    if before.state == "planned":
        # It was believed refused and would leave again; the provider took it after all.
        return to in _TAKEN and attempt <= before.attempt
    if attempt != before.attempt:
        # Looking found what an earlier attempt is already known to have left: the later one added nothing.
        return before.state == "unknown" and to == "accepted" and attempt in before.acceptances
    if to == "unsent":
        return before.state in _NOBODY_SAID and attempt not in before.acceptances
    # A server further on may have taken it ("delivered") before the mailbox was found not to exist: the bounce counts.
    return before.state in _UNDER_WAY or (before.state, to) in _NEWS_OF_WHAT_LEFT
