from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.process.errors import InputError, ResourceError
from tests.integration.process.real_desk import Room

COLUMNS: list[dict[str, Any]] = [
    {"name": "id", "type": "integer"},
    {"name": "land"},
    {"name": "amount", "type": "decimal", "places": 2},
    {"name": "day", "type": "date"},
    {"name": "mail", "sensitive": "email"},
]
TEXT = """id,land,amount,day,mail
3,DE,10.10,2024-01-03,c@example.org
1,FR,2.00,2024-01-01,a@example.org
2,DE,0.05,,b@example.org
2,IT,7.00,2024-01-02,b@example.org
"""


def read(here: Room, text: str = TEXT, columns: list[dict[str, Any]] = COLUMNS) -> dict[str, Any]:
    found: dict[str, Any] = here.do("read", {"file": here.file("t.csv", text), "columns": columns}).outputs["rows"]
    return found


def done(here: Room, rows: dict[str, Any], **more: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    made = here.do("transform", {"rows": rows, **more}).outputs["rows"]
    return here.rows(made), {each["name"]: (each["type"], each["sensitive"]) for each in made["columns"]}


def test_one_operation_after_the_other(here: Room) -> None:
    lands = read(
        here, "land,name,id\nDE,Germany,x\nFR,France,y\n", [{"name": "land"}, {"name": "name"}, {"name": "id"}]
    )
    rows, types = done(
        here,
        read(here),
        tables={"lands": lands},
        do=[
            {"deduplicate": {"by": ["id"]}},
            {"join": {"table": "lands", "on": ["land"]}},
            {"filter": "amount > 0.01 -- a comment )"},
            {"map": {"gross": "amount * 2", "land": "lower(land)", "late": "day > '2024-01-01'"}},
            {"sort": ["-amount"]},
            {"drop": ["mail"]},
        ],
    )
    assert [row["_row"] for row in rows] == [1, 2, 3]
    assert rows[0] == {
        "_row": 1,
        "id": 3,
        "land": "de",
        "amount": "10.10",
        "day": "2024-01-03",
        "name": "Germany",
        "lands_id": "x",
        "gross": "20.20",
        "late": True,
    }
    assert rows[2]["late"] is None
    assert types["gross"] == ("decimal", None)
    rows, types = done(
        here, read(here), do=[{"aggregate": {"by": ["land"], "values": {"n": "count(*)", "total": "sum(amount)"}}}]
    )
    assert [(row["land"], row["n"], row["total"]) for row in rows] == [
        ("DE", 2, "10.15"),
        ("FR", 1, "2.00"),
        ("IT", 1, "7.00"),
    ]
    rows, _ = done(
        here, read(here), tables={"lands": lands}, do=[{"join": {"table": "lands", "on": ["land"], "how": "anti"}}]
    )
    assert [row["land"] for row in rows] == ["IT"]


def test_what_is_sensitive_stays_so_and_the_same_rows_make_the_same_bytes(here: Room) -> None:
    numbers = random.Random(5)
    text = "k,v,mail\n" + "".join(f"{numbers.randrange(50)},{numbers.random()},x@example.org\n" for _ in range(20_000))
    rows = read(here, text, [{"name": "k"}, {"name": "v", "type": "number"}, {"name": "mail", "sensitive": "email"}])
    sql = "SELECT k, sum(v) AS total, any_value(mail) AS mail FROM rows GROUP BY k"
    made = [here.do("transform", {"rows": rows, "sql": sql}).outputs["rows"] for _ in range(3)]
    assert len({each["file"]["sha256"] for each in made}) == 1
    assert [each["sensitive"] for each in made[0]["columns"]] == [None, None, "email"]


HOSTILE = [
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM read_text('/proc/self/environ')",
    "SELECT * FROM glob('/*')",
    "SELECT * FROM read_parquet('https://example.com/x')",
    "SELECT * FROM read_csv('{folder}/../other')",
    "SELECT 1; DROP VIEW rows",
    "COPY rows TO '/tmp/out.csv'",
    "ATTACH '/tmp/other.db'",
    "SET enable_external_access = true",
    "INSTALL httpfs",
    "LOAD httpfs",
    "PRAGMA database_list",
    "EXPORT DATABASE '/tmp/out'",
    "CREATE SECRET s (TYPE s3)",
    "SELECT getenv('HOME')",
    "SELECT * FROM connection",
    "SELECT * FROM os",
    "SELECT (",
    "",
]


@pytest.mark.parametrize("sql", HOSTILE)
def test_sql_reaches_no_file_no_network_no_variable_and_no_setting(here: Room, sql: str) -> None:
    desk = here.desk()
    (desk.folder.parent / "other").write_text("a\nsecret\n")
    with pytest.raises((InputError, ValueError)) as refused:
        here.do("transform", {"rows": read(here), "sql": sql.replace("{folder}", str(desk.folder))}, desk)
    assert "secret" not in str(refused.value)


def test_sql_that_goes_on_for_ever_or_takes_all_memory_is_ended(here: Room) -> None:
    rows = read(here)
    desk = here.desk()
    desk.deadline = datetime.now(UTC) + timedelta(seconds=1)
    with pytest.raises(ResourceError, match="too long"):
        here.do(
            "transform",
            {"rows": rows, "sql": "SELECT sum(a.range * b.range) AS x FROM range(9999999) a, range(9999999) b"},
            desk,
        )
    with pytest.raises(ResourceError, match="256MB"):
        here.do(
            "transform", {"rows": rows, "sql": "SELECT list(repeat(range::VARCHAR, 100)) AS x FROM range(10000000)"}
        )


def test_a_value_that_does_not_fit_is_said_without_it(here: Room) -> None:
    rows = read(here)
    for sql in ("SELECT mail::INTEGER FROM rows", "SELECT sum(9223372036854775807::BIGINT) AS x FROM rows"):
        with pytest.raises(InputError) as refused:
            here.do("transform", {"rows": rows, "sql": sql})
        assert "example.org" not in str(refused.value)
    for operation, why in (
        ({"sort": ["none"]}, "no column 'none'"),
        ({"join": {"table": "x", "on": ["id"]}}, "no table 'x'"),
        ({"filter": "nothing > 1"}, "nothing"),
    ):
        with pytest.raises(InputError, match=why):
            here.do("transform", {"rows": rows, "do": [operation]})
