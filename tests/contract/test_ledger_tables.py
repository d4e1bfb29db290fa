"""What only the ledger on Azure Tables can get wrong: the wire, the conditions, the lists beside the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from azure.core.exceptions import HttpResponseError
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from shared.adapters._azure.tables import table_service
from shared.adapters.ledger.tables import TablesLedger
from shared.domain.connection import Connection
from shared.domain.faults import Unavailable
from shared.domain.scope import Scope
from shared.ports import CLAIMS_MOST, Claim, LedgerRow, PlannedRow, RowRef, Settlement
from tests.contract.test_ledger_machine import Life
from tests.servers.azurite import connection_string, port_of
from tests.servers.faulty_proxy import Asked, Fate, FaultyProxy, Hold, LoseAnswer, LoseRequest, Refuse

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LEASE = NOON + timedelta(minutes=2)
Connect = Callable[[int], TablesLedger]


@pytest.fixture
def proxy(azurite: Connection) -> Iterator[FaultyProxy]:
    with FaultyProxy(port_of(azurite)).serving() as proxy:
        yield proxy


@pytest.fixture
def waits() -> list[float]:
    """Seconds that the adapter wanted to wait."""
    return []


@pytest.fixture
def connect(waits: list[float]) -> Iterator[Connect]:
    """Ledgers on one table, by the port that they speak to."""
    opened, name = [], f"t{uuid4().hex}"

    def open_one(port: int) -> TablesLedger:
        connection = Connection(connection_string(port))
        opened.append(TablesLedger(partial(table_service, connection), waits.append, name))
        return opened[-1]

    yield open_one
    for each in opened:
        each.close()


@pytest.fixture
def ledger(connect: Connect, azurite: Connection) -> TablesLedger:
    """Straight to the service."""
    return connect(port_of(azurite))


@pytest.fixture
def troubled(connect: Connect, proxy: FaultyProxy) -> TablesLedger:
    """The same table by way of the proxy."""
    return connect(proxy.port)


def test_a_claim_whose_answer_was_lost_is_granted_once(
    troubled: TablesLedger, proxy: FaultyProxy, scope: Scope
) -> None:
    troubled.plan(scope, "c", 0, _rows(5))
    proxy.fate = _first(LoseAnswer(), _writes_the_shard)
    assert _claim(troubled, scope, "one", _keys(5)) == set(_keys(5))
    assert _claim(troubled, scope, "one", _keys(5)) == set()
    assert _counts(troubled, scope) == {"intent": 5}


def test_news_whose_answer_was_lost_count_once(troubled: TablesLedger, proxy: FaultyProxy, scope: Scope) -> None:
    troubled.plan(scope, "c", 0, _rows(2))
    _claim(troubled, scope, "one", _keys(2))
    proxy.fate = _first(LoseAnswer(), _writes_the_shard)
    # Made again, the first of these would apply again: what is unknown may become submitted.
    news = [("submitted", 3), ("unknown", 4)]
    troubled.settle(scope, "c", 0, [Settlement("k000", 1, state, cost_micros=n) for state, n in news], NOON)  # type: ignore[arg-type]
    assert _row(troubled, scope, "k000").cost_micros == 7
    assert _counts(troubled, scope) == {"intent": 1, "unknown": 1}


def test_a_plan_whose_answers_were_lost_is_written_once(
    troubled: TablesLedger, proxy: FaultyProxy, scope: Scope
) -> None:
    proxy.fate = _each(3, LoseAnswer())
    troubled.plan(scope, "c", 0, _rows(250))
    assert _counts(troubled, scope) == {"planned": 250}
    assert len(troubled.of_shard(scope, "c", 0)) == 250


def test_the_books_balance_on_a_bad_wire(
    troubled: TablesLedger, proxy: FaultyProxy, fresh_scope: Callable[[], Scope]
) -> None:
    faults: list[Fate] = [LoseAnswer(), Refuse(503), LoseRequest(), Refuse(429, {"Retry-After": "1"})]
    numbers = count(1)

    def every_fifth(asked: Asked) -> Fate:
        n = next(numbers)
        return None if n % 5 else faults[n // 5 % 4]

    proxy.fate = every_fifth
    run_state_machine_as_test(
        lambda: Life(troubled, fresh_scope()),
        settings=settings(deadline=None, max_examples=5, stateful_step_count=20, database=None),
    )


def test_a_busy_service_is_asked_again_as_it_wishes_but_not_for_ever(
    troubled: TablesLedger, proxy: FaultyProxy, waits: list[float], scope: Scope
) -> None:
    troubled.plan(scope, "c", 0, _rows(1))
    answers: list[Fate] = [Refuse(429, {"Retry-After": "3"}), Refuse(503, {"Retry-After": "3600"}), Refuse(500)]
    proxy.fate = lambda asked: answers.pop(0) if answers else None
    assert _claim(troubled, scope, "one", _keys(1)) == set(_keys(1))
    assert waits == [3, 8, 1]
    proxy.fate = lambda asked: Refuse(503)
    with pytest.raises(Unavailable):
        _settle(troubled, scope, "k000", "accepted")
    assert waits[3:] == [0.25, 0.5, 1, 2]
    proxy.fate = lambda asked: None
    assert _counts(troubled, scope) == {"intent": 1}


def test_a_slow_executor_that_wakes_after_its_replacement_changes_nothing(
    ledger: TablesLedger, troubled: TablesLedger, proxy: FaultyProxy, scope: Scope
) -> None:
    ledger.plan(scope, "c", 0, _rows(3))
    troubled.of_shard(scope, "c", 0)
    hold = Hold()
    proxy.fate = _first(hold, _writes_the_shard)
    with ThreadPoolExecutor(1) as thread:
        slow = thread.submit(_claim, troubled, scope, "slow", _keys(3))
        assert hold.here.wait(30)
        assert _claim(ledger, scope, "replacement", _keys(2)) == {"k000", "k001"}
        ledger.settle(scope, "c", 0, [Settlement("k000", 1, "planned", not_before=NOON)], NOON)
        before = ledger.of_shard(scope, "c", 0)
        hold.release.set()
        assert slow.result() == {"k002"}
    assert ledger.of_shard(scope, "c", 0)[:2] == before[:2]
    assert _counts(ledger, scope) == {"planned": 1, "intent": 2}


def test_news_that_come_to_one_who_has_an_old_picture_are_not_lost(
    ledger: TablesLedger, troubled: TablesLedger, scope: Scope
) -> None:
    ledger.plan(scope, "c", 0, _rows(1))
    assert troubled.of_shard(scope, "c", 0)[0].state == "planned"
    _claim(ledger, scope, "one", _keys(1))
    _settle(troubled, scope, "k000", "failed")
    assert _claim(ledger, scope, "two", _keys(1)) == set()
    assert [row.key for row in ledger.of_state(scope, "c", "failed")[0]] == ["k000"]


def test_what_is_kept_in_memory_is_what_is_stored(ledger: TablesLedger, troubled: TablesLedger, scope: Scope) -> None:
    rows = [PlannedRow(key, "c", "p", "v", NOON + timedelta(microseconds=7), "slot", {"t": (1,)}) for key in _keys(4)]
    ledger.plan(scope, "c", 0, rows)
    claims = [Claim(key, 1, "intent", {"t": (1,)}) for key in _keys(3)]
    ledger.claim(scope, "c", 0, "one", [*claims, Claim("k003", 1, "held", {}, "caps")], NOON, LEASE)
    news = [Settlement("k000", 1, "accepted", "id", 2**40, "250 ok"), Settlement("k001", 1, "planned")]
    ledger.settle(scope, "c", 0, news, LEASE)
    assert troubled.of_shard(scope, "c", 0) == ledger.of_shard(scope, "c", 0)


def test_an_entry_without_its_change_is_dropped_when_it_is_read(
    ledger: TablesLedger, troubled: TablesLedger, proxy: FaultyProxy, scope: Scope
) -> None:
    ledger.plan(scope, "c", 0, _rows(3))
    proxy.fate = lambda asked: Refuse(400) if _writes_the_shard(asked) else None
    with pytest.raises(HttpResponseError) as refused:
        _hold_back(troubled, scope, _keys(3))
    assert refused.value.status_code == 400
    proxy.fate = lambda asked: None
    _hold_back(troubled, scope, _keys(1))
    assert [row.key for row in troubled.of_state(scope, "c", "held")[0]] == ["k000"]
    proxy.seen.clear()
    assert len(troubled.of_state(scope, "c", "held")[0]) == 1
    assert len(proxy.seen) == 2, "one list of one entry, one row: the others are gone"


def test_an_entry_whose_change_is_under_way_is_not_lost(
    ledger: TablesLedger, troubled: TablesLedger, proxy: FaultyProxy, scope: Scope
) -> None:
    ledger.plan(scope, "c", 0, _rows(2))
    hold = Hold()
    proxy.fate = _first(hold, _writes_the_shard)
    with ThreadPoolExecutor(1) as thread:
        change = thread.submit(_hold_back, troubled, scope, _keys(2))
        assert hold.here.wait(30)
        assert ledger.of_state(scope, "c", "held") == ([], None)
        hold.release.set()
        change.result()
    assert [row.key for row in ledger.of_state(scope, "c", "held")[0]] == _keys(2)


def test_an_entry_that_is_written_again_while_it_is_dropped_is_not_lost(
    ledger: TablesLedger, troubled: TablesLedger, proxy: FaultyProxy, scope: Scope
) -> None:
    ledger.plan(scope, "c", 0, _rows(1))
    proxy.fate = lambda asked: Refuse(400) if _writes_the_shard(asked) else None
    with pytest.raises(HttpResponseError):
        _hold_back(troubled, scope, _keys(1))
    hold = Hold()
    proxy.fate = _first(hold, lambda asked: b"DELETE http" in asked.body)
    with ThreadPoolExecutor(1) as thread:
        reading = thread.submit(troubled.of_state, scope, "c", "held")
        assert hold.here.wait(30)
        _hold_back(ledger, scope, _keys(1))
        hold.release.set()
        assert reading.result() == ([], None)
    assert [row.key for row in ledger.of_state(scope, "c", "held")[0]] == _keys(1)


def test_lists_go_on_beyond_a_page_of_the_service(ledger: TablesLedger, scope: Scope) -> None:
    for shard in range(2):
        ledger.plan(scope, "c", shard, _rows(505))
        for start in range(0, 505, CLAIMS_MOST):
            keys = _keys(505)[start : start + CLAIMS_MOST]
            ledger.claim(scope, "c", shard, "one", [Claim(key, 1, "held", {}, "caps") for key in keys], NOON, LEASE)
    rows, cursor = ledger.of_state(scope, "c", "held", limit=1008)
    rest, end = ledger.of_state(scope, "c", "held", cursor, limit=1008)
    assert [(row.shard, row.key) for row in rows + rest] == [(shard, key) for shard in range(2) for key in _keys(505)]
    assert (len(rest), end) == (2, None)


def test_the_largest_rows_fit_into_one_transaction(troubled: TablesLedger, proxy: FaultyProxy, scope: Scope) -> None:
    wide = "\N{GRINNING FACE}" * 70
    facts, verdict = {"f": "\x01\N{GRINNING FACE}" * 390}, {"v": "\N{GRINNING FACE}" * 990}
    rows = [PlannedRow(f"{n:02}{wide[:37]}", wide, wide, wide, NOON, wide, facts) for n in range(CLAIMS_MOST)]
    troubled.plan(scope, "c", 0, rows)
    claims = [Claim(row.key, 1, "intent", verdict) for row in rows]
    assert len(troubled.claim(scope, "c", 0, wide, claims, NOON, LEASE)) == CLAIMS_MOST
    news = [Settlement(row.key, 1, "failed", wide * 50, 2**62, wide * 50) for row in rows]
    troubled.settle(scope, "c", 0, news, NOON)
    row = troubled.of_shard(scope, "c", 0)[0]
    assert (row.facts, row.verdict, row.contact, row.cost_micros) == (facts, verdict, wide, 2**62)
    assert (wide * 50).startswith(row.detail or "-")
    assert len(row.detail or "") == 500
    assert max(len(asked.body) for asked in proxy.seen) < 4 * 2**20


@pytest.mark.parametrize(
    ("field", "row"),
    [
        ("key", PlannedRow("k" * 151, "c", "p", "v", NOON, "slot")),
        ("person", PlannedRow("k", "c", "p" * 301, "v", NOON, "slot")),
        ("facts", PlannedRow("k", "c", "p", "v", NOON, "slot", {"f": "f" * 4000})),
    ],
)
def test_what_no_row_can_hold_is_refused_with_the_field(
    ledger: TablesLedger, scope: Scope, field: str, row: PlannedRow
) -> None:
    with pytest.raises(ValueError, match=f"{field}: at most"):
        ledger.plan(scope, "c", 0, [row])
    ledger.plan(scope, "c", 0, _rows(1))
    with pytest.raises(ValueError, match="verdict: at most"):
        ledger.claim(scope, "c", 0, "one", [Claim("k000", 1, "intent", {"v": "v" * 4000})], NOON, LEASE)
    assert _counts(ledger, scope) == {"planned": 1}


def test_what_a_thousand_recipients_cost_in_requests(
    troubled: TablesLedger, proxy: FaultyProxy, connect: Connect, scope: Scope
) -> None:
    troubled.tally(scope, "c")
    cost = {"plan": _requests(proxy, lambda: troubled.plan(scope, "c", 0, _rows(1000)))}
    sender = connect(proxy.port)
    sender.tally(scope, "c")
    cost["send"] = _requests(proxy, lambda: _send_all(sender, scope))
    cost["tally"] = _requests(proxy, lambda: sender.tally(scope, "c"))
    cost["recount"] = _requests(proxy, lambda: sender.of_shard(scope, "c", 0))
    assert cost == {"plan": 13, "send": 39, "tally": 2, "recount": 1}
    assert f"{cost['plan'] + cost['send']} requests" in (ROOT / "docs/azure.md").read_text()


def _send_all(ledger: TablesLedger, scope: Scope) -> None:
    """As distribute does: what is due, the claim, the receipts, window after window; then whether anything is left."""
    while rows := ledger.of_shard(scope, "c", 0, "planned", NOON + timedelta(hours=1), limit=CLAIMS_MOST):
        keys = [row.key for row in rows]
        assert _claim(ledger, scope, "one", keys) == set(keys)
        ledger.settle(scope, "c", 0, [Settlement(key, 1, "accepted") for key in keys], NOON)
    assert ledger.expire(scope, "c", 0, "one", NOON) is None
    assert not ledger.of_shard(scope, "c", 0, "unknown")
    assert ledger.expire(scope, "c", 0, "one", NOON) is None
    assert not ledger.of_shard(scope, "c", 0, "planned", NOON + timedelta(days=3650), limit=1)


def _requests(proxy: FaultyProxy, work: Callable[[], object]) -> int:
    proxy.seen.clear()
    work()
    return len(proxy.seen)


def _rows(n: int) -> list[PlannedRow]:
    return [PlannedRow(key, "contact", "person", "a", NOON, "slot") for key in _keys(n)]


def _keys(n: int) -> list[str]:
    return [f"k{n:03}" for n in range(n)]


def _claim(ledger: TablesLedger, scope: Scope, owner: str, keys: list[str]) -> set[str]:
    return ledger.claim(scope, "c", 0, owner, [Claim(key, 1, "intent", {}) for key in keys], NOON, LEASE)


def _hold_back(ledger: TablesLedger, scope: Scope, keys: list[str]) -> None:
    ledger.claim(scope, "c", 0, "one", [Claim(key, 1, "held", {}, "caps") for key in keys], NOON, LEASE)


def _settle(ledger: TablesLedger, scope: Scope, key: str, state: Any) -> None:
    ledger.settle(scope, "c", 0, [Settlement(key, 1, state)], NOON)


def _row(ledger: TablesLedger, scope: Scope, key: str) -> LedgerRow:
    (row,) = ledger.of_person(scope, [RowRef("c", 0, key)])
    return row


def _counts(ledger: TablesLedger, scope: Scope) -> Counter[str]:
    return +Counter(ledger.tally(scope, "c"))


def _writes_the_shard(asked: Asked) -> bool:
    return asked.method == "POST" and b"RowKey='tally'" in asked.body


def _first(fate: Fate, which: Callable[[Asked], bool]) -> Callable[[Asked], Fate]:
    """Only the first of these requests meets it."""
    left = [fate]
    return lambda asked: left.pop() if left and which(asked) else None


def _each(n: int, fate: Fate) -> Callable[[Asked], Fate]:
    numbers = count(1)
    return lambda asked: None if next(numbers) % n else fate
