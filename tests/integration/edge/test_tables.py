"""Tables for other programs: the same rows as CSV and as Parquet, no formula in a cell, and never whole in memory."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from functions.http.handlers import tables as handler
from shared import wiring
from shared.agents import conversions, tables
from shared.agents.conversions.record import Numbered
from shared.agents.tables.make import csv_blocks, parquet
from shared.domain.contact import Contact
from shared.domain.conversion import ConversionRow
from shared.domain.names import Kind
from shared.domain.tables import TABLES, documented
from tests.integration.analyze.home import SCOPE, Fate, Home, react, send

from .conftest import Edge

NASTY = ["=1+1", "+49 151", "-2", "@SUM(A1)", "\tx", 'a "b", c', "zwei\nZeilen", "Jürgen 🎉"]
YESTERDAY = datetime(2026, 1, 2, 3, 4, 5, 678901).astimezone()


@pytest.fixture
def filled(home: Path, tmp_path: Path) -> None:
    ports = wiring.ports()
    place = Home(ports, tmp_path / "clock")
    sent = send(place, [Fate(), Fate("held.capped"), Fate("failed")])
    react(place, sent, 0, "c")
    for n, text in enumerate(NASTY):
        who = Contact(
            id=f"p{n}", person=f"h{n}", email=f"n{n}@x.example", company=text, created_at=YESTERDAY, tags=["a", "b"]
        )
        ports.documents.put(SCOPE, Kind.CONTACT, who.id, who.model_dump(mode="json"))
    rows = [
        ConversionRow(order_id="=1", value="49.90", currency="EUR", occurred_at=YESTERDAY),
        ConversionRow(
            order_id="=1", what="refund", reference="R", value="0.000001", currency="EUR", occurred_at=YESTERDAY
        ),
    ]
    conversions.record(ports, SCOPE, "shop", [*map(Numbered, (1, 2), rows)])


def as_csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def as_parquet(content: bytes, folder: Path) -> list[dict[str, object]]:
    (folder / "t.parquet").write_bytes(content)
    found = duckdb.sql(f"SELECT * FROM read_parquet('{folder / 't.parquet'}')")
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


@pytest.mark.parametrize("table", TABLES)
def test_both_formats_hold_the_same_rows(edge: Edge, filled: None, tmp_path: Path, table: str) -> None:
    flat, typed = (edge.ask("GET", f"/api/v1/tables/{table}?format={each}") for each in ("csv", "parquet"))
    assert (flat.status, flat.headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert f'filename="{table}.parquet"' in typed.headers["Content-Disposition"]
    sheet, rows = as_csv(flat.body), as_parquet(typed.body, tmp_path)
    names = [column.name for column in TABLES[table]]  # type: ignore[index]
    assert list(sheet[0]) == names if sheet else flat.body.decode().strip().split(",") == names
    assert [{name: spelled(value) for name, value in row.items()} for row in rows] == [
        {name: re.sub(r"^'(?=[=+\-@\t\r])", "", value) for name, value in row.items()} for row in sheet
    ]
    assert (
        len(rows)
        == {"campaigns": 1, "contacts": 3 + len(NASTY), "imports": 0, "messages": 3, "orders": 2, "reactions": 1}[table]
    )
    assert not [*wiring.ports().files.list(SCOPE, tables.FOLDER)]


def spelled(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case datetime():
            return value.strftime("%Y-%m-%d %H:%M:%S.%f")
        case Decimal():
            return f"{value:.6f}"
    return str(value)


def test_no_text_is_a_formula_and_numbers_stay_numbers(edge: Edge, filled: None) -> None:
    contacts = {row["id"]: row["company"] for row in as_csv(edge.ask("GET", "/api/v1/tables/contacts").body)}
    assert [contacts[f"p{n}"] for n in range(len(NASTY))] == [*(f"'{each}" for each in NASTY[:5]), *NASTY[5:]]
    orders = {row["what"]: row for row in as_csv(edge.ask("GET", "/api/v1/tables/orders").body)}
    assert (orders["order"]["order_id"], orders["order"]["value"]) == ("'=1", "49.900000")
    assert orders["refund"]["value"] == "-0.000001"


def test_a_large_table_is_fetched_in_parts_by_those_who_may(
    edge: Edge, filled: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = edge.ask("GET", "/api/v1/tables/contacts").body
    monkeypatch.setattr(handler, "LARGE", 100)
    monkeypatch.setattr(handler, "_MOST", 300)
    away = edge.ask("GET", "/api/v1/tables/contacts")
    at = away.headers["Location"]
    assert (away.status, edge.ask("GET", at).body) == (302, whole)
    parts = [edge.ask("GET", at, Range=f"bytes={first}-") for first in range(0, len(whole), 300)]
    assert {each.status for each in parts} == {206}
    assert b"".join(each.body for each in parts) == whole
    assert parts[0].headers["Content-Range"] == f"bytes 0-299/{len(whole)}"
    assert edge.ask("GET", at, Range="bytes=2-4").body == whole[2:5]
    assert edge.ask("GET", at, Range=f"bytes={len(whole)}-").status == 416
    for elsewhere in (at.replace("/contacts/", "/orders/"), at.replace("/contacts/20", "/contacts/19")):
        assert edge.ask("GET", elsewhere).status == 404
    assert edge.ask("GET", at, Baton_Workspace="other").status == 404
    name = at.rpartition("/")[2]
    old = (datetime.strptime(name[:15], "%Y%m%dT%H%M%S") - timedelta(hours=2)).strftime("%Y%m%dT%H%M%S") + name[15:]  # noqa: DTZ007
    ports = wiring.ports()
    ports.files.put(SCOPE, tables.FOLDER + old, b"x")
    assert edge.ask("GET", f"/api/v1/tables/contacts/{old}").status == 404
    assert tables.expire(ports, SCOPE) == 1
    assert [*ports.files.list(SCOPE, tables.FOLDER)] == [tables.FOLDER + name]


def test_no_more_than_a_page_of_rows_is_held(tmp_path: Path) -> None:
    """CSV is handed on while it is read; Parquet goes over the disk."""
    read = 0

    def rows(count: int) -> Iterator[tuple[object, ...]]:
        nonlocal read
        for read in range(1, count + 1):
            yield (f"id{read}", *[None] * (len(TABLES["imports"]) - 1))

    for n, block in enumerate(csv_blocks(TABLES["imports"], rows(5_500))):
        assert read <= n * 1000
        assert len(block) < 100_000
    assert read == 5_500
    made = parquet(str(tmp_path), TABLES["imports"], rows(50_000))
    assert duckdb.sql(f"SELECT count(*), count(DISTINCT id) FROM read_parquet('{made}')").fetchall() == [
        (50_000, 50_000)
    ]


def test_the_page_documents_every_column() -> None:
    page = (Path(__file__).parents[3] / "docs" / "exports.md").read_text()
    shown = [line for line in page.splitlines() if line.startswith("| `")]
    assert shown == list(documented())
