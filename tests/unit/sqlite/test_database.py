from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event

import pytest

from shared.adapters._sqlite.database import Database
from shared.adapters._sqlite.schema import MIGRATIONS, SchemaTooNew
from shared.adapters._sqlite.writer import NotCommitted


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "baton.db")
    database.write(_make_tables)
    yield database
    database.close()


def _make_tables(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE notes (n INTEGER PRIMARY KEY)")
    connection.execute(
        "CREATE TABLE replies (n INTEGER PRIMARY KEY, note INTEGER REFERENCES notes DEFERRABLE INITIALLY DEFERRED)"
    )


def _note(n: int):
    return lambda connection: connection.execute("INSERT INTO notes VALUES (?)", (n,)).lastrowid


def _notes(database: Database) -> list[int]:
    with database.reading() as connection:
        return [n for (n,) in connection.execute("SELECT n FROM notes ORDER BY n")]


class Together:
    """Holds the file in one write until all `others` wait behind it, so that they share the next commit."""

    def __init__(self, database: Database, others: int) -> None:
        self._database = database
        self._others = others
        self._threads = ThreadPoolExecutor(others + 1)
        self.statements: list[str] = []

    def do(self, works: list) -> list[Future]:
        held, release = Event(), Event()

        def hold(connection: sqlite3.Connection) -> None:
            held.set()
            release.wait(10)
            connection.set_trace_callback(self.statements.append)

        first = self._threads.submit(self._database.write, hold)
        assert held.wait(10)
        futures = [self._threads.submit(self._database.write, work) for work in works]
        while len(self._database._writer._waiting) < self._others:
            Event().wait(0.001)
        release.set()
        first.result()
        self._threads.shutdown()
        return futures


def test_a_new_file_is_the_owners_only_and_survives_a_power_cut(tmp_path: Path) -> None:
    database = Database(tmp_path / "baton.db")
    assert stat.S_IMODE((tmp_path / "baton.db").stat().st_mode) == 0o600
    pragmas = ("journal_mode", "synchronous", "foreign_keys")
    found = database.write(lambda c: [c.execute(f"PRAGMA {pragma}").fetchone()[0] for pragma in pragmas])
    assert found == ["wal", 2, 1]
    database.close()


def test_what_was_written_is_there_after_opening_again(tmp_path: Path, database: Database) -> None:
    assert database.write(_note(7)) == 7
    again = Database(tmp_path / "baton.db")
    assert _notes(again) == [7]
    again.close()


def test_a_file_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    database = Database(tmp_path / "baton.db")
    database.close()
    with sqlite3.connect(tmp_path / "baton.db") as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.close()
    with pytest.raises(SchemaTooNew, match=rf"has schema {len(MIGRATIONS) + 1}.*up to {len(MIGRATIONS)}: .*newer"):
        Database(tmp_path / "baton.db")


def test_work_that_fails_changes_nothing_and_gets_its_own_error(database: Database) -> None:
    def work(connection: sqlite3.Connection) -> None:
        _note(1)(connection)
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        database.write(work)
    assert _notes(database) == []


def test_those_who_wait_share_one_commit(database: Database) -> None:
    together = Together(database, others=12)
    futures = together.do([_note(n) for n in range(12)])
    assert [future.result() for future in futures] == list(range(12))
    assert together.statements.count("COMMIT") == 2
    assert _notes(database) == list(range(12))


def test_one_that_fails_does_not_fail_the_others_of_its_commit(database: Database) -> None:
    database.write(_note(5))
    together = Together(database, others=8)
    futures = together.do([_note(n) for n in range(8)])
    failed = [n for n, future in enumerate(futures) if future.exception()]
    assert failed == [5]
    assert isinstance(futures[5].exception(), sqlite3.IntegrityError)
    assert together.statements.count("COMMIT") == 2
    assert _notes(database) == list(range(8))


def test_a_commit_that_fails_reaches_all_who_shared_it(database: Database) -> None:
    def orphan(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO replies VALUES (1, 404)")  # checked at the commit, not before

    futures = Together(database, others=4).do([_note(0), _note(1), orphan, _note(2)])
    errors = [future.exception() for future in futures]
    assert all(isinstance(error, NotCommitted) and "FOREIGN KEY" in str(error) for error in errors)
    assert len({id(error) for error in errors}) == 4
    assert _notes(database) == []
    database.write(_note(3))
    assert _notes(database) == [3]


def test_a_full_disk_is_an_error_and_the_file_stays_usable(database: Database) -> None:
    def fill(connection: sqlite3.Connection) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        connection.execute("CREATE TABLE big AS SELECT zeroblob(1000000) AS x")

    with pytest.raises((sqlite3.OperationalError, NotCommitted), match="full"):
        database.write(fill)
    database.write(lambda connection: connection.execute("PRAGMA max_page_count = 1000000").fetchall())
    database.write(_note(1))
    assert _notes(database) == [1]


def test_a_write_that_need_not_be_durable_does_not_make_others_less_so(database: Database) -> None:
    def level(connection: sqlite3.Connection) -> int:
        return connection.execute("PRAGMA synchronous").fetchone()[0]

    assert database.write(level, durable=False) == 1
    assert database.write(level) == 2
    futures = Together(database, others=1).do([level])
    assert futures[0].result() == 2


def test_two_owners_of_one_file_take_turns(tmp_path: Path, database: Database) -> None:
    other = Database(tmp_path / "baton.db")
    start = Barrier(2)

    def write(owner: Database, first: int) -> None:
        start.wait(10)
        for n in range(50):
            owner.write(_note(first + n))

    with ThreadPoolExecutor(2) as threads:
        for future in [threads.submit(write, database, 0), threads.submit(write, other, 1000)]:
            future.result()
    other.close()
    assert len(_notes(database)) == 100


def test_a_reader_cannot_write(database: Database) -> None:
    with database.reading() as connection, pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("INSERT INTO notes VALUES (1)")


def test_readers_do_not_wait_for_the_writer(database: Database) -> None:
    database.write(_note(1))

    def look(connection: sqlite3.Connection) -> list[int]:
        _note(2)(connection)
        return _notes(database)

    assert database.write(look) == [1]
    assert _notes(database) == [1, 2]


def test_a_closed_database_refuses_writes(tmp_path: Path) -> None:
    database = Database(tmp_path / "baton.db")
    database.close()
    with pytest.raises(NotCommitted, match="closed"):
        database.write(_note(1))
