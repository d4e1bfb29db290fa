"""The queries that must not slow down with the size of the home use an index for it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from shared.adapters._sqlite.database import Database
from shared.adapters.clock.host import HostClock
from shared.adapters.documents.sqlite import SqliteDocuments
from shared.adapters.ledger.sqlite import SqliteLedger
from shared.domain.scope import Scope
from shared.domain.segment import Filter, Op
from shared.ports import Order

SCOPE = Scope("local", "main")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "baton.db")
    yield database
    database.close()


def _plan(database: Database, ask: Callable[[], object]) -> str:
    """How SQLite answers the last statement of `ask`."""
    statements: list[str] = []
    with database.reading() as connection:
        connection.set_trace_callback(statements.append)
    ask()
    with database.reading() as connection:
        connection.set_trace_callback(None)
        return _explain(connection, statements[-1])


def _explain(connection: sqlite3.Connection, statement: str) -> str:
    return "; ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}"))


@pytest.mark.parametrize("order", [Order("id"), Order("email"), Order("last_name", descending=True)])
@pytest.mark.parametrize(("op", "value"), [("eq", "a@b.c"), ("prefix", "a@"), ("in", ["a@b.c", "d@e.f"])])
def test_an_address_is_found_without_reading_every_contact(
    database: Database, op: Op, value: Any, order: Order
) -> None:
    documents = SqliteDocuments(database, clock=HostClock(), replica="here")
    plan = _plan(database, lambda: documents.find(SCOPE, "contact", [Filter("email", op, value)], order))
    assert "USING INDEX contact_email (scope=? AND <expr>" in plan


@pytest.mark.parametrize("filters", [[], [Filter("tags", "has", "vip")], [Filter("city", "eq", "Bonn")]])
def test_pages_by_id_are_read_in_order_without_sorting(database: Database, filters: list[Filter]) -> None:
    documents = SqliteDocuments(database, clock=HostClock(), replica="here")
    plan = _plan(database, lambda: documents.find(SCOPE, "contact", filters))
    assert "sqlite_autoindex_documents_1 (scope=? AND kind=?)" in plan
    assert "TEMP B-TREE" not in plan


def test_what_an_agent_did_last_is_read_without_sorting(database: Database) -> None:
    documents = SqliteDocuments(database, clock=HostClock(), replica="here")
    plan = _plan(
        database, lambda: documents.find(SCOPE, "tape", [Filter("agent", "eq", "a")], Order("at", descending=True))
    )
    assert "USING INDEX tape_of_agent (scope=? AND <expr>=?" in plan
    assert "TEMP B-TREE" not in plan


def test_documents_are_fetched_by_their_ids(database: Database) -> None:
    documents = SqliteDocuments(database, clock=HostClock(), replica="here")
    plan = _plan(database, lambda: documents.find(SCOPE, "contact", [Filter("id", "in", ["a", "b"])]))
    assert "sqlite_autoindex_documents_1 (scope=? AND kind=? AND id=?)" in plan


def test_a_window_of_due_rows_is_read_without_sorting(database: Database) -> None:
    ledger = SqliteLedger(database)
    plan = _plan(database, lambda: ledger.of_shard(SCOPE, "c", 0, "planned", NOON))
    assert plan == "SEARCH e USING INDEX effects_due (part=? AND not_before<?)"


def test_rows_to_look_at_are_found_without_reading_the_others(database: Database) -> None:
    ledger = SqliteLedger(database)
    plan = _plan(database, lambda: ledger.of_state(SCOPE, "c", "held"))
    assert "SCAN" not in plan
    assert "TEMP B-TREE" not in plan
