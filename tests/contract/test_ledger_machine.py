"""Random lives of a campaign: whatever executors, leases, receipts and evidence do, the books balance at every step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from shared.adapters.ledger.tables import TablesLedger
from shared.domain.effect import STATES
from shared.domain.scope import Scope
from shared.ports import Claim, Ledger, LedgerRow, PlannedRow, Settlement

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LEASE = timedelta(minutes=5)
_SHARD = st.integers(0, 1)
_KEYS = st.lists(st.sampled_from("abcde"), unique=True, min_size=1)
_OWNER = st.sampled_from(("one", "two"))
_NEWS = st.tuples(
    st.sampled_from("abcde"),
    st.integers(1, 3),
    st.sampled_from(("submitted", "accepted", "delivered", "failed", "planned", "unknown")),
    st.integers(0, 3),
)
_GATE = st.sampled_from(("intent", "intent", "held", "planned"))

_AFTER_INTENT = {"submitted", "accepted", "delivered", "failed", "planned", "unknown"}
_MAY_BECOME = {
    "planned": {"intent", "held", "accepted", "delivered"},
    "intent": _AFTER_INTENT,
    "submitted": _AFTER_INTENT,
    "unknown": _AFTER_INTENT,
    "accepted": {"delivered", "failed"},
    "delivered": {"failed"},
    "failed": set[str](),
    "held": set[str](),
}


class Life(RuleBasedStateMachine):
    def __init__(self, ledger: Ledger, scope: Scope) -> None:
        super().__init__()
        self.ledger, self.scope = ledger, scope
        self.now = NOON
        self.planned: set[tuple[int, str]] = set()
        self.taken: set[tuple[int, str, int]] = set()
        self.granted: Counter[tuple[int, str, int]] = Counter()
        self.seen: dict[tuple[int, str], LedgerRow] = {}

    @rule(shard=_SHARD, keys=_KEYS)
    def plan(self, shard: int, keys: list[str]) -> None:
        rows = [PlannedRow(key, f"c-{key}", f"p-{key}", "v", self.now, "slot") for key in keys]
        self.ledger.plan(self.scope, "c", shard, rows)
        self.planned |= {(shard, key) for key in keys}

    @rule(shard=_SHARD, keys=_KEYS, owner=_OWNER, gate=_GATE, attempt=st.integers(1, 3))
    def claim(self, shard: int, keys: list[str], owner: str, gate: Any, attempt: int) -> None:
        held = "caps" if gate == "held" else None
        claims = [Claim(key, attempt, gate, {"by": owner}, held) for key in keys]
        granted = self.ledger.claim(self.scope, "c", shard, owner, claims, self.now, self.now + LEASE)
        assert granted <= set(keys)
        assert gate == "intent" or not granted
        self.granted.update((shard, key, attempt) for key in granted)

    @rule(shard=_SHARD, news=st.lists(_NEWS, min_size=1, unique_by=lambda news: news[0]))
    def settle(self, shard: int, news: list[tuple[str, int, Any, int]]) -> None:
        settlements = [Settlement(key, attempt, state, cost_micros=cost) for key, attempt, state, cost in news]
        self.ledger.settle(self.scope, "c", shard, settlements, self.now)
        taken = {(shard, key, n) for key, n, state, _ in news if state in ("accepted", "delivered")}
        self.taken |= {(shard, key, n) for shard, key, n in taken if (shard, key) in self.planned}

    @rule(shard=_SHARD, owner=_OWNER, passed=st.integers(0, 6))
    def expire(self, shard: int, owner: str, passed: int) -> None:
        self.now += timedelta(minutes=passed)
        next_lease = self.ledger.expire(self.scope, "c", shard, owner, self.now)
        foreign = [row for row in self._rows(shard) if row.state == "intent" and row.owner != owner]
        assert next_lease == min((row.lease_until for row in foreign if row.lease_until), default=None)
        assert next_lease is None or next_lease > self.now

    @invariant()
    def the_books_balance(self) -> None:
        rows = [row for shard in (0, 1) for row in self._rows(shard)]
        self._tallies_equal_a_recount_and_parts_add_up_to_the_plan(rows)
        self._acceptances_are_exactly_the_attempts_that_were_accepted(rows)
        self._what_is_to_be_looked_at_is_listed(rows)
        self._only_allowed_moves_are_made(rows)
        assert set(self.granted.values()) <= {1}, "an attempt is granted once"

    def _tallies_equal_a_recount_and_parts_add_up_to_the_plan(self, rows: list[LedgerRow]) -> None:
        recount = Counter(row.state for row in rows)
        reasons = Counter(f"held.{row.held}" for row in rows if row.state == "held")
        tally = self.ledger.tally(self.scope, "c")
        assert tally == {**dict.fromkeys(STATES, 0), **recount, **reasons}
        assert {(row.shard, row.key) for row in rows} == self.planned
        assert sum(tally[state] for state in STATES) == len(self.planned)

    def _acceptances_are_exactly_the_attempts_that_were_accepted(self, rows: list[LedgerRow]) -> None:
        assert {(row.shard, row.key, n) for row in rows for n in row.acceptances} == self.taken

    def _what_is_to_be_looked_at_is_listed(self, rows: list[LedgerRow]) -> None:
        states: tuple[Any, ...] = ("held", "failed", "unknown")
        for state in states:
            listed, _ = self.ledger.of_state(self.scope, "c", state)
            assert listed == [row for row in rows if row.state == state]

    def _only_allowed_moves_are_made(self, rows: list[LedgerRow]) -> None:
        found = {(row.shard, row.key): row for row in rows}
        for place, before in self.seen.items():
            after = found[place]
            assert after.state == before.state or after.state in _MAY_BECOME[before.state]
            assert after.state not in ("accepted", "delivered") or after.acceptances
        self.seen = found

    def _rows(self, shard: int) -> list[LedgerRow]:
        return self.ledger.of_shard(self.scope, "c", shard)


def test_the_books_balance_whatever_happens(ledger: Ledger, fresh_scope: Callable[[], Scope]) -> None:
    # A step costs some twenty requests there.
    examples = settings().max_examples // (8 if isinstance(ledger, TablesLedger) else 2)
    run_state_machine_as_test(
        lambda: Life(ledger, fresh_scope()),
        settings=settings(deadline=None, max_examples=examples, stateful_step_count=25),
    )
