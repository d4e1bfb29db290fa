"""One row per intended outside effect (design 4.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from shared.domain.scope import Scope

CLAIMS_MOST = 99
"""Rows that one claim may decide about: Azure Tables takes 100 in a transaction, and the shard's tally is one."""

REDACTABLE = ("accepted", "delivered", "failed", "held", "unknown")
"""States in which no sender reads the facts of the plan any more."""

State = Literal["planned", "intent", "submitted", "accepted", "delivered", "failed", "held", "unknown"]


@dataclass(frozen=True)
class RowRef:
    """Where one effect lives: campaign, shard (partition) and effect key."""

    campaign: str
    shard: int
    key: str


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row of the immutable plan. `due` = slot start + position / rate; `reason` says why then, in a code."""

    key: str
    contact: str
    person: str
    variant: str
    due: datetime
    reason: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One intended outside effect as it stands. `acceptances` are the attempts that a provider acknowledged; `owner`
    and `lease_until` are of the last intent; `settled_at` is when it was last held, settled or expired."""

    campaign: str
    shard: int
    key: str
    contact: str
    person: str
    variant: str
    due: datetime
    reason: str
    facts: Mapping[str, Any]
    state: State
    attempt: int
    not_before: datetime
    owner: str | None
    lease_until: datetime | None
    held: str | None
    verdict: Mapping[str, Any] | None
    provider_id: str | None
    cost_micros: int
    detail: str | None
    acceptances: tuple[int, ...]
    intended_at: datetime | None
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Claim:
    """What the gate decided for one planned row, to be written with the claim.

    `state` intent: it may leave from now; held: never (`held` = reason code); planned: not before `not_before`."""

    key: str
    attempt: int
    state: Literal["intent", "held", "planned"]
    verdict: Mapping[str, Any]
    held: str | None = None
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of one row's attempt. planned = definite refusal: again from `not_before`, as attempt + 1.
    unsent = `owner` claimed it and never handed it over: planned as it was, as the same attempt, unless somebody else
    has claimed it since.

    Allowed: intent, submitted or unknown -> submitted, accepted, failed, planned, unknown, delivered; intent or unknown
    -> unsent; accepted -> delivered, failed (bounce); delivered -> failed (bounce); planned -> accepted, delivered, if
    an attempt believed refused was taken after all, so that it does not leave again. Anything else changes nothing, but
    an acceptance is always recorded."""

    key: str
    attempt: int
    state: Literal["submitted", "accepted", "delivered", "failed", "planned", "unknown", "unsent"]
    provider_id: str | None = None
    cost_micros: int = 0
    detail: str | None = None
    not_before: datetime | None = None
    owner: str | None = None


Tally = dict[str, int]
"""Counts of a campaign or shard: `state` -> n and `held.<reason>` -> n (the held reasons add up to `held`)."""


class Ledger(Protocol):
    """One row per intended outside effect (design 3 and 4.1). Partition = scope | campaign | shard. No free queries."""

    def plan(self, scope: Scope, campaign: str, shard: int, rows: Sequence[PlannedRow]) -> None:
        """Insert rows that are not there yet (<= 1,000 a shard). Repeating it changes nothing."""
        ...

    def claim(
        self,
        scope: Scope,
        campaign: str,
        shard: int,
        owner: str,
        claims: Sequence[Claim],
        now: datetime,
        lease_until: datetime,
    ) -> set[str]:
        """One transaction, <= CLAIMS_MOST rows, durable before it returns: write verdicts and intents on rows that are
        still planned at that attempt. Returns the keys granted as intent to this owner; the others were another's."""
        ...

    def expire(self, scope: Scope, campaign: str, shard: int, owner: str, now: datetime) -> datetime | None:
        """Foreign intents past their lease become unknown. Returns when the next foreign lease ends, if one is open."""
        ...

    def settle(
        self, scope: Scope, campaign: str, shard: int, settlements: Sequence[Settlement], now: datetime
    ) -> None: ...

    def redact(self, scope: Scope, ref: RowRef, detail: str | None) -> None:
        """Forget of a row that is decided (see REDACTABLE) what names a person: `provider_id` and `facts` are emptied,
        `detail` is put in the place of what a provider said. Any other row stays as it is. Repeatable."""
        ...

    def tally(self, scope: Scope, campaign: str, shard: int | None = None) -> Tally:
        """Sums of the tally rows that every transaction keeps with its rows."""
        ...

    def of_shard(
        self,
        scope: Scope,
        campaign: str,
        shard: int,
        state: State | None = None,
        due_by: datetime | None = None,
        after: str | None = None,
        limit: int = 1000,
    ) -> list[LedgerRow]:
        """Rows of one partition by key after `after`; with `due_by`, those with not_before <= due_by, soonest first."""
        ...

    def of_person(self, scope: Scope, refs: Sequence[RowRef]) -> list[LedgerRow]:
        """The rows at these places, as far as they exist."""
        ...

    def of_state(
        self,
        scope: Scope,
        campaign: str,
        state: Literal["held", "failed", "unknown"],
        cursor: str | None = None,
        limit: int = 100,
    ) -> tuple[list[LedgerRow], str | None]:
        """Rows of a campaign in one of the three indexed states, verified on read; keyset cursor."""
        ...
