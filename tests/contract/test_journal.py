from __future__ import annotations

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.adapters._sqlite.database import Database
from shared.adapters.journal.sqlite import SqliteJournal
from shared.domain.scope import Scope
from shared.ports import Journal

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SAID = {"row": "k\x1f", "n": [1, -20, None, True], "of": {"e": "é"}}


def _fill(journal: Journal, scope: Scope, n: int) -> None:
    for number in range(n):
        journal.append(scope, "campaign-c", NOON + timedelta(seconds=number), "system", "sent", {"row": f"k{number}"})


def test_facts_are_read_in_the_order_they_were_appended(journal: Journal, scope: Scope) -> None:
    first = journal.append(scope, "s", NOON, "ada", "approved", {"digest": "ab", "n": 1, "who": None})
    second = journal.append(scope, "s", NOON, "system", "sent", {})
    assert journal.read(scope, "s") == [first, second]
    assert (first.seq, first.at, first.by, first.what) == (1, NOON, "ada", "approved")
    assert first.data == {"digest": "ab", "n": 1, "who": None}
    assert journal.read(scope, "s", after=1) == [second]
    assert journal.read(scope, "s", limit=1) == [first]
    assert journal.read(scope, "other") == []


def test_the_time_of_a_fact_is_kept_as_utc(journal: Journal, scope: Scope) -> None:
    fact = journal.append(scope, "s", NOON.astimezone(timezone(timedelta(hours=5))), "ada", "approved", {})
    assert fact.at.isoformat() == "2026-03-02T12:00:00+00:00"
    assert journal.verify(scope, "s") == 1


def test_an_untouched_chain_holds(journal: Journal, scope: Scope) -> None:
    assert journal.verify(scope, "campaign-c") == 0
    _fill(journal, scope, 30)
    assert journal.verify(scope, "campaign-c") == 30


def test_each_stream_and_scope_has_its_own_chain(journal: Journal, scope: Scope) -> None:
    facts = [journal.append(*place, NOON, "a", "b", {}) for place in ((scope, "s"), (scope, "t"), (scope.agency, "s"))]
    assert [fact.seq for fact in facts] == [1, 1, 1]
    assert len({fact.hash for fact in facts}) == 3


def test_what_has_no_canonical_form_is_refused(journal: Journal, scope: Scope) -> None:
    with pytest.raises(TypeError, match=r"0\.1"):
        journal.append(scope, "s", NOON, "a", "b", {"share": 0.1})
    assert journal.read(scope, "s") == []


def test_many_writers_of_a_stream_make_one_chain(journal: Journal, scope: Scope) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: journal.append(scope, "s", NOON, "a", "b", {"n": n}), range(100)))
    assert journal.verify(scope, "s") == 100
    assert {fact.data["n"] for fact in journal.read(scope, "s")} == set(range(100))


def test_a_long_chain_is_verified_to_its_end(database: Database, scope: Scope) -> None:
    journal = SqliteJournal(database)
    _fill(journal, scope, 1100)
    assert journal.verify(scope, "campaign-c") == 1100


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_one_flipped_bit_anywhere_in_a_fact_names_it(
    database: Database, fresh_scope: Callable[[], Scope], data: st.DataObject
) -> None:
    scope, journal = fresh_scope(), SqliteJournal(database)
    for number in range(3):
        journal.append(scope, "s", NOON + timedelta(seconds=number), "Zoë\N{REPLACEMENT CHARACTER}", "sent", SAID)
    seq = data.draw(st.integers(1, 3))
    column = data.draw(st.sampled_from(["at", "what", "by", "data", "hash"]))
    where = (str(scope), seq)
    query = f"SELECT CAST({column} AS BLOB) FROM facts WHERE scope = ? AND seq = ?"
    with database.reading() as connection:
        kept = bytearray(connection.execute(query, where).fetchone()[0])
    bit = data.draw(st.integers(0, 8 * len(kept) - 1))
    kept[bit // 8] ^= 1 << bit % 8
    change = f"UPDATE facts SET {column} = CAST(? AS TEXT) WHERE scope = ? AND seq = ?"
    database.write(lambda connection: connection.execute(change, (bytes(kept), *where)).fetchall())
    with pytest.raises(ValueError, match=f"'s': fact {seq} "):
        journal.verify(scope, "s")


@pytest.mark.parametrize(
    "tampering",
    [
        'UPDATE facts SET data = \'{"row":"other"}\' WHERE seq = 3',
        "UPDATE facts SET data = '{\"\ufffdow\":1}' WHERE seq = 3",
        "UPDATE facts SET data = '{\"row\":1.5}' WHERE seq = 3",
        "UPDATE facts SET what = 'held' WHERE seq = 3",
        "UPDATE facts SET at = '2026-03-02T12:00:09.000000+00:00' WHERE seq = 3",
        "UPDATE facts SET by = 'mallory' WHERE seq = 3",
        "UPDATE facts SET hash = (SELECT hash FROM facts WHERE seq = 2) WHERE seq = 3",
        "DELETE FROM facts WHERE seq = 3",
        "DELETE FROM facts WHERE seq >= 3",
    ],
)
def test_a_chain_that_was_tampered_with_names_the_fact(database: Database, scope: Scope, tampering: str) -> None:
    journal = SqliteJournal(database)
    _fill(journal, scope, 5)
    database.write(lambda connection: connection.execute(tampering).fetchall())
    with pytest.raises(ValueError, match="'campaign-c': fact 3 "):
        journal.verify(scope, "campaign-c")


@pytest.mark.parametrize(
    "tampering", ["DELETE FROM facts WHERE seq = 5", "UPDATE heads SET hash = (SELECT hash FROM facts WHERE seq = 4)"]
)
def test_what_was_cut_off_at_the_end_is_missed(database: Database, scope: Scope, tampering: str) -> None:
    journal = SqliteJournal(database)
    _fill(journal, scope, 5)
    database.write(lambda connection: connection.execute(tampering).fetchall())
    with pytest.raises(ValueError, match="'campaign-c': fact 5 is missing or was changed"):
        journal.verify(scope, "campaign-c")


def test_whoever_appends_to_a_chain_that_was_cut_does_not_mend_it(database: Database, scope: Scope) -> None:
    journal = SqliteJournal(database)
    _fill(journal, scope, 5)
    database.write(lambda connection: connection.execute("DELETE FROM facts WHERE seq >= 4").fetchall())
    assert journal.append(scope, "campaign-c", NOON, "system", "sent", {}).seq == 6
    with pytest.raises(ValueError, match="'campaign-c': fact 4 "):
        journal.verify(scope, "campaign-c")


def test_a_home_of_before_there_were_heads_gets_them(tmp_path: Path, scope: Scope) -> None:
    path = tmp_path / "old.db"
    with closing(Database(path)) as database:
        _fill(SqliteJournal(database), scope, 3)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DROP TABLE heads")
        connection.execute("DROP INDEX position_due")
        connection.execute("DROP INDEX tape_of_agent")
        connection.execute("PRAGMA user_version = 1")
    with closing(Database(path)) as database:
        _fill(SqliteJournal(database), scope, 3)
        assert SqliteJournal(database).verify(scope, "campaign-c") == 6
