from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pytest

from shared.process.errors import InputError, ResourceError
from shared.process.trash import take_back
from tests.integration.process.real_desk import SCOPE, Room

COLUMNS: list[dict[str, Any]] = [
    {"name": "id", "type": "integer"},
    {"name": "name"},
    {"name": "amount", "type": "decimal"},
    {"name": "day", "type": "date"},
]


def rows(here: Room, text: str) -> Any:
    file = here.file("r.csv", "id,name,amount,day\n" + text)
    return here.do("read", {"file": file, "columns": COLUMNS}).outputs["rows"]


@pytest.fixture(params=["db", "duckdb"])
def ending(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def found(here: Room, ending: str, path: str = "cases.") -> list[tuple[Any, ...]]:
    """What another program sees in the file."""
    file = str(here.inbox / (path + ending))
    connection: Any = sqlite3.connect(file) if ending == "db" else duckdb.connect(file, read_only=True)
    try:
        return [tuple(map(str, row)) for row in connection.execute("SELECT * FROM cases ORDER BY id, name").fetchall()]
    finally:
        connection.close()


def test_rows_are_loaded_once_replaced_by_key_and_taken_back(here: Room, ending: str) -> None:
    place = {"folder": "inbox", "path": f"cases.{ending}"}
    first = {"rows": rows(here, "1,Ada,1.50,2024-01-01\n2,Alan,2.00,\n"), "database": place, "table": "cases"}
    done = here.do("sql.load", first, here.desk("a"))
    expected = [("1", "Ada", "1.50", "2024-01-01"), ("2", "Alan", "2.00", "None")]
    assert found(here, ending) == expected
    again = here.do("sql.load", first, here.desk("a"))
    assert (found(here, ending), again.outputs["count"]) == (expected, 2)
    with pytest.raises(InputError, match="other rows before"):
        here.do("sql.load", {**first, "rows": rows(here, "9,X,1.00,\n")}, here.desk("a"))
    here.do("sql.load", first, here.desk("b"))
    assert len(found(here, ending)) == 4
    third = {**first, "rows": rows(here, "1,X,1.00,\n3,New,3.00,\n3,Newer,4.00,\n"), "mode": "upsert", "by": ["id"]}
    changed = here.do("sql.load", third, here.desk("c"))
    assert [row[1] for row in found(here, ending)] == ["X", "Alan", "Alan", "Newer"]
    assert changed.left == (f"inbox:cases.{ending} was written",)
    assert [each.outcome for each in take_back(here.ports, SCOPE, changed.undo)] == ["restored"]
    assert len(found(here, ending)) == 4
    replaced = here.do("sql.load", {**first, "mode": "replace"}, here.desk("d"))
    assert found(here, ending) == expected
    asked = here.do(
        "sql.query",
        {
            "database": replaced.outputs["database"],
            "sql": "SELECT id, amount, day FROM cases WHERE name = " + (":who" if ending == "db" else "$who"),
            "given": {"who": "Ada"},
        },
    ).outputs
    assert here.rows(asked["rows"])[0] | {"_row": 1} == {"_row": 1, "id": 1, "amount": "1.50", "day": "2024-01-01"}
    hostile = {"database": place, "sql": "SELECT * FROM cases WHERE name = " + (":who" if ending == "db" else "$who")}
    assert here.do("sql.query", {**hostile, "given": {"who": "' OR 1=1 --"}}).outputs["count"] == 0
    assert done.undo[0]["was"] is None


def test_a_load_that_fails_leaves_the_file_as_it_was(here: Room, ending: str) -> None:
    place = {"folder": "inbox", "path": f"cases.{ending}"}
    given = {"rows": rows(here, "1,Ada,1.50,2024-01-01\n"), "database": place, "table": "cases"}
    here.do("sql.load", given)
    before = (here.inbox / f"cases.{ending}").read_bytes()
    other = here.do("read", {"file": here.file("o.csv", "id,more\n5,x\n")}).outputs["rows"]
    with pytest.raises(InputError):
        here.do("sql.load", {**given, "rows": other})
    assert (here.inbox / f"cases.{ending}").read_bytes() == before
    (here.inbox / f"no.{ending}").write_bytes(b"this is no database, it is a text of some length" * 100)
    with pytest.raises(InputError):
        here.do("sql.load", {**given, "database": {"folder": "inbox", "path": f"no.{ending}"}})


HOSTILE = {
    "db": [
        *(
            "ATTACH '/tmp/other.db' AS o",
            "PRAGMA writable_schema = 1",
            "DELETE FROM cases",
            "SELECT load_extension('x')",
        ),
        *("CREATE TABLE t (x)", "SELECT 1; SELECT 2", "VACUUM INTO '/tmp/out.db'", "SELECT 1, 1", "SELECT ("),
        *("DROP TABLE cases", "SELECT length(zeroblob(100000000)) AS n"),
    ],
    "duckdb": [
        *("ATTACH '/tmp/other.db' AS o", "SELECT * FROM read_csv('/etc/passwd')", "DELETE FROM cases", "LOAD httpfs"),
        *("COPY cases TO '/tmp/out.csv'", "SELECT 1; SELECT 2", "SELECT * FROM '/etc/passwd'", "SET threads = 4"),
    ],
}


def test_a_query_reads_and_does_nothing_else(here: Room, ending: str) -> None:
    given = {
        "rows": rows(here, "1,Ada,1.50,2024-01-01\n"),
        "table": "cases",
        "engine": "sqlite" if ending == "db" else "duckdb",
    }
    database = here.do("sql.load", given).outputs["database"]
    for sql in HOSTILE[ending]:
        with pytest.raises(InputError):
            here.do("sql.query", {"database": database, "sql": sql})
    desk = here.desk()
    desk.deadline = datetime.now(UTC) + timedelta(seconds=0.5)
    for_ever = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) AS c FROM n"
    with pytest.raises(ResourceError, match="too long"):
        here.do("sql.query", {"database": database, "sql": for_ever}, desk)


def test_values_of_several_kinds_in_one_column_are_texts(here: Room) -> None:
    path = here.inbox / "mixed.db"
    connection = sqlite3.connect(path)
    connection.executescript("CREATE TABLE t (x, y); INSERT INTO t VALUES (1, 1), ('a', 2.5), (x'ff', NULL)")
    connection.close()
    asked = here.do(
        "sql.query", {"database": {"folder": "inbox", "path": "mixed.db"}, "sql": "SELECT x, y FROM t"}
    ).outputs
    assert [(row["x"], row["y"]) for row in here.rows(asked["rows"])] == [("1", 1), ("a", 2.5), ("ff", None)]
    assert [each["type"] for each in asked["rows"]["columns"]] == ["text", "number"]
