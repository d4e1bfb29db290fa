from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from shared.process.errors import InputError
from shared.process.rows.fix import fixed
from shared.process.steps.call import Kept
from shared.process.steps.read import Read
from tests.integration.process.real_desk import Room

COLUMNS: list[dict[str, Any]] = [
    {"name": "case", "from": ["Case No", "case"], "required": True, "unique": True, "pattern": r"[A-Z]-\d+"},
    {"name": "filed", "from": "Filed", "type": "date", "formats": ["%Y-%m-%d", "%d.%m.%Y"]},
    {"name": "amount", "from": "Amount", "type": "decimal", "places": 2, "least": 0, "most": "1000000"},
    {"name": "kind", "from": "Kind", "choices": ["tort", "contract"]},
]
GOOD = [{"case": "A-1", "filed": "2024-02-29", "amount": "12.50", "kind": "tort"}]


def test_rows_that_fit_are_kept_and_the_others_say_why_in_a_file_like_the_original(here: Room) -> None:
    text = (
        "Case No;Filed;Amount;Kind;Note\n"
        "A-1;29.02.2024;12.5;tort;é\n"
        "\n"
        "A-2;31/01/2024;1.234,50 €;Contract;x\n"
        'A-3;2024-01-01;1;tort;"never closed\n'
        "A-1;2024-01-01;1;tort;again\n"
        "A-4;2024-01-01;1;tort;x;too many\n"
        ";;;;nothing\n"
        "A-6;2024-01-01;-1;tort;x\n"
    )
    done = here.do("read", {"file": here.file("cases.csv", text.encode("cp1252")), "columns": COLUMNS}).outputs
    assert here.rows(done["rows"]) == [{"_row": 1, **GOOD[0]}]
    assert (done["received"], done["kept"], done["quarantined"]) == (7, 1, 6)
    refused = list(csv.reader(io.StringIO(here.bytes(done["quarantine"]).decode("cp1252")), delimiter=";"))
    assert refused[0] == [
        *("baton_row", "baton_reason", "baton_suggestion"),
        *("Case No", "Filed", "Amount", "Kind", "Note"),
    ]
    assert refused[1][0] == "2"
    assert refused[1][2:] == [
        "filed: 2024-01-31; amount: 1234.50; kind: contract",
        *("A-2", "31/01/2024", "1.234,50 €", "Contract", "x"),
    ]
    assert refused[2][1:] == ["it cannot be read: are its quotes in pairs?", "", 'A-3;2024-01-01;1;tort;"never closed']
    assert refused[3][1] == "case: is the same as in row 1"
    assert refused[4][3:] == ["A-4", "2024-01-01", "1", "tort", "x", "too many"]
    assert refused[5][1] == "case: is missing"
    assert refused[6][1] == "amount: is less than 0"
    assert "1.234" not in str(done["reasons"])


def workbook(rows: list[list[Any]], folder: Path) -> bytes:
    """As the quarantine writer makes it: read back by another program's reader."""
    from shared.process.rows.raw import Raw
    from shared.process.rows.sheets import SheetRejects

    path = folder / "made.xlsx"
    sheet = SheetRejects(path, rows[0][3:])
    for number, reason, suggestion, *row in rows[1:]:
        sheet.add((number, reason, suggestion), Raw(row, row))
    sheet.close()
    return path.read_bytes()


HEADINGS = ["Case No", "Filed", "Amount", "Kind"]
TABLE: list[list[Any]] = [["A-1", "2024-02-29", "12.5", "tort"], ["A-2", "soon", "12.5", "tort"]]


def files(folder: Path) -> dict[str, bytes]:
    """One good row and one bad one, in every format."""
    objects = [dict(zip(HEADINGS, row, strict=True)) for row in TABLE]
    lines = [HEADINGS, *TABLE]
    elements = "".join(
        f'<case no="{n}">'
        + "".join(f"<{k.replace(' ', '')}>{v}</{k.replace(' ', '')}>" for k, v in row.items())
        + "</case>"
        for n, row in enumerate(objects)
    )
    parquet = folder / "made.parquet"
    duckdb.sql(
        "SELECT * FROM (VALUES ('A-1', '2024-02-29', 12.5, 'tort'), ('A-2', 'soon', 12.5, 'tort')) "
        """t("Case No", "Filed", "Amount", "Kind")"""
    ).write_parquet(str(parquet))
    return {
        "cases.csv": "\n".join(",".join(row) for row in lines).encode(),
        "cases.tsv": "\n".join("\t".join(row) for row in lines).encode("utf-16"),
        "cases.jsonl": b"\n".join(map(orjson.dumps, objects)),
        "cases.json": orjson.dumps(objects),
        "cases.xml": f'<?xml version="1.0"?><x:cases xmlns:x="urn:x">{elements}</x:cases>'.replace(
            "CaseNo", "case"
        ).encode(),
        "cases.xlsx": workbook(
            [["", "", "", *row] for row in (HEADINGS, ["A-1", date(2024, 2, 29), 12.5, "tort"], TABLE[1])], folder
        ),
        "cases.parquet": parquet.read_bytes(),
        "cases.txt": "".join(f"{a:<5}{b:<12}{c:>8}{d:<10}\n" for a, b, c, d in TABLE).encode(),
    }


def mended(name: str, quarantine: bytes, folder: Path) -> bytes:
    """What a person does with a quarantine: the word is put right, the file saved again."""
    if name.endswith(".xlsx"):
        book = CalamineWorkbook.from_filelike(io.BytesIO(quarantine))
        rows = book.get_sheet_by_index(0).to_python()
        inner = [[*row[:3], *[date(2024, 3, 1) if each == "soon" else each for each in row[3:]]] for row in rows]
        return workbook(inner, folder)
    if name.endswith(".parquet"):
        path = folder / "quarantine.parquet"
        path.write_bytes(quarantine)
        duckdb.sql(f"SELECT * REPLACE ('2024-03-01' AS \"Filed\") FROM '{path}'").write_parquet(str(path) + "2")
        return Path(str(path) + "2").read_bytes()
    old, new = ("soon      ", "2024-03-01") if name.endswith(".txt") else ("soon", "2024-03-01")
    encoding = "utf-16" if name.endswith(".tsv") else "utf-8"
    return quarantine.decode(encoding).replace(old, new).encode(encoding)


PLACES = [(1, 5), (6, 12), (18, 8), (26, 10)]


@pytest.mark.parametrize(
    "name",
    [
        *("cases.csv", "cases.tsv", "cases.jsonl", "cases.json"),
        *("cases.xml", "cases.xlsx", "cases.parquet", "cases.txt"),
    ],
)
def test_every_format_gives_the_same_rows_and_takes_its_own_quarantine_back(
    here: Room, tmp_path: Path, name: str
) -> None:
    columns = COLUMNS
    more: dict[str, Any] = {}
    if name.endswith(".txt"):
        columns = [{**each, "at": at, "width": width} for each, (at, width) in zip(COLUMNS, PLACES, strict=True)]
        more = {"format": "fixed"}
    step = {"file": here.file(name, files(tmp_path)[name]), "columns": columns, **more}
    done = here.do("read", step).outputs
    assert here.rows(done["rows"]) == [{"_row": 1, **GOOD[0]}]
    assert done["quarantine"]["name"] == f"cases.quarantine.{'csv' if name.endswith('.tsv') else name[6:]}"
    corrected = here.file("corrected." + name[6:], mended(name, here.bytes(done["quarantine"]), tmp_path))
    again = fixed(Read.model_validate(step), here.desk(), done, Kept.model_validate(corrected)).outputs
    assert here.rows(again["rows"])[1] == {
        "_row": 2,
        "case": "A-2",
        "filed": "2024-03-01",
        "amount": "12.50",
        "kind": "tort",
    }
    assert (again["quarantine"], again["received"], again["kept"]) == (None, 2, 2)


@given(bad=st.sets(st.integers(0, 39)), fix=st.sets(st.integers(0, 39)), wrong=st.sets(st.integers(0, 39)))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_fixed_is_as_if_it_had_been_right_at_once(
    here: Room, bad: set[int], fix: set[int], wrong: set[int]
) -> None:
    """Some rows bad, some of them put right, some of these wrongly: the rows are those of the file that was meant."""

    def file(broken: set[int]) -> dict[str, Any]:
        lines = "".join(f"{n},{'x' if n in broken else n * n}\n" for n in range(40))
        return {"file": here.file("n.csv", "n,square\n" + lines), "columns": columns}

    columns = [{"name": "n", "type": "integer", "unique": True}, {"name": "square", "type": "integer"}]
    step = file(bad)
    first = here.do("read", step).outputs
    chosen = sorted(bad & fix, reverse=True)
    lines = [f"{n + 1},,,{n},{'y' if n in wrong else n * n}" for n in chosen]
    corrected = here.file("c.csv", "baton_row,baton_reason,baton_suggestion,n,square\n" + "\n".join(lines))
    if not bad:
        assert first["quarantine"] is None
        return
    done = fixed(Read.model_validate(step), here.desk(), first, Kept.model_validate(corrected)).outputs
    meant = here.do("read", file(bad - (fix - wrong))).outputs
    assert here.bytes(done["rows"]["file"]) == here.bytes(meant["rows"]["file"])
    assert (done["received"], done["quarantined"]) == (40, meant["quarantined"])
    if done["quarantine"]:
        numbers = [line.split(b",")[0] for line in here.bytes(done["quarantine"]).splitlines()[1:]]
        assert numbers == [b"%d" % (n + 1) for n in sorted(bad - (fix - wrong))]


def test_a_corrected_file_that_names_other_rows_changes_nothing(here: Room) -> None:
    step = {"file": here.file("n.csv", "n\n1\nx\n"), "columns": [{"name": "n", "type": "integer"}]}
    done = here.do("read", step).outputs
    for text, why in (("baton_row,baton_reason,baton_suggestion,n\n1,,,5\n", "row 1 is not"), ("n\n5\n", "baton_row")):
        with pytest.raises(InputError, match=why):
            fixed(Read.model_validate(step), here.desk(), done, Kept.model_validate(here.file("c.csv", text)))


def bomb() -> bytes:
    """A workbook whose sheet is 500 MB of nothing."""
    data = io.BytesIO()
    archive = zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
    with archive, archive.open("xl/worksheets/sheet1.xml", "w") as part:
        for _ in range(50):
            part.write(bytes(10_000_000))
    return data.getvalue()


ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
LIES: dict[str, tuple[str, bytes | str, str]] = {
    "a workbook named csv": ("a.csv", b"PK\x03\x04" + bytes(50), "archive or a workbook"),
    "nothing": ("a.csv", b"", "empty"),
    "NUL": ("a.csv", b"a,b\n1,\x00\n" + b"text " * 400, "NUL"),
    "text named xlsx": ("a.xlsx", "a,b", "no workbook"),
    "text named parquet": ("a.parquet", "a,b", "no Parquet"),
    "broken parquet": ("a.parquet", b"PAR1" + bytes(40) + b"PAR1", "Error"),
    "text named json": ("a.json", "a,b", "list of objects"),
    "json that breaks off": ("a.json", '[{"a"', "breaks off"),
    "no list, and more": ("a.json", "[] x", "more behind"),
    "text named xml": ("a.xml", "a,b", "no XML"),
    "xml that breaks off": ("a.xml", "<r><a><b>1</b>", "no XML"),
    "entity bomb": ("a.xml", f'<!DOCTYPE r [<!ENTITY e0 "ha">{ENTITIES}]><r><a x="&e9;">&e9;</a></r>', "document type"),
    "entity of a file": (
        "a.xml",
        '<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]><r><a>&e;</a></r>',
        "document type",
    ),
    "dtd elsewhere, utf-16": (
        "a.xml",
        '<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x"><r><a/></r>'.encode("utf-16"),
        "document type",
    ),
    "missing column": ("a.csv", "Filed,Amount\n2024-01-01,1\n", "no column Case No"),
    "name without ending": ("a", "a", "format"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_file_that_is_not_what_it_says_is_an_error_of_the_input(here: Room, lie: str) -> None:
    name, data, why = LIES[lie]
    with pytest.raises(InputError, match=why):
        here.do("read", {"file": here.file(name, data), "columns": COLUMNS})


OBJECTS = [f'{{"n": {n}, "text": "é{"x" * (n % 7)}"}}' for n in range(20_000)]
ELEMENTS = [f"<it n='{n}'><text>é{'x' * (n % 7)}</text></it>" for n in range(20_000)]
BREAKS: dict[str, tuple[str, str, int, str]] = {
    "cut off": ("a.json", "[" + ",\n".join(OBJECTS)[:-5], 19_999, '{"n": 19999'),
    "cut off behind a comma": ("a.json", f"[{OBJECTS[0]},", 1, ""),
    "a comma is missing": ("a.json", f"[{OBJECTS[0]} {OBJECTS[1]}, {OBJECTS[2]}]", 1, OBJECTS[1]),
    "a value that is none": ("a.json", f"[{OBJECTS[0]}, {OBJECTS[1]}, {{'n': 2}}, {OBJECTS[3]}]", 2, "{'n': 2}"),
    "more behind the list": ("a.json", f"[{OBJECTS[0]}] x", 1, "] x"),
    "cut off within an element": ("a.xml", "<r>" + "".join(ELEMENTS)[:-9], 19_999, "<it n='19999'>"),
    "cut off between elements": ("a.xml", "<r>" + ELEMENTS[0], 1, ""),
    "an end that does not fit": ("a.xml", f"<r>{ELEMENTS[0]}{ELEMENTS[1]}<it></r>{ELEMENTS[3]}", 2, "<it></r>"),
}


@pytest.mark.parametrize("how", BREAKS)
def test_of_a_file_that_breaks_off_the_rows_before_are_kept(here: Room, how: str) -> None:
    name, text, whole, rest = BREAKS[how]
    done = here.do("read", {"file": here.file(name, text)}).outputs
    assert (done["received"], done["kept"], done["quarantined"]) == (whole + 1, whole, 1)
    rows = here.rows(done["rows"])
    assert [(int(row["n"]), row["text"]) for row in rows] == [(n, "é" + "x" * (n % 7)) for n in range(whole)]
    [reason] = done["reasons"]
    assert "is not read" in reason
    quarantine = here.do("read", {"file": done["quarantine"]}).outputs["rows"]
    [left] = here.rows(quarantine)
    assert (left["baton_text"] or "").startswith(rest)


def test_a_workbook_that_would_fill_the_memory_is_refused_unpacked(here: Room) -> None:
    with pytest.raises(InputError, match="larger than 400 MB"):
        here.do("read", {"file": here.file("a.xlsx", bomb())})


def test_a_pattern_that_could_take_for_ever_is_refused(here: Room) -> None:
    for pattern in ("(a+)+b", "(a|a)*b", r"(a*)\1", "((a{1,99})*)c", "("):
        with pytest.raises(InputError, match="pattern"):
            here.do("read", {"file": here.file("a.csv", "a\nx\n"), "columns": [{"name": "a", "pattern": pattern}]})


def test_quotes_that_are_never_closed_cost_only_their_rows(here: Room) -> None:
    text = "a,b\n" + "".join(f'{n},"open\n' if n % 1000 == 7 else f"{n},x\n" for n in range(10_000))
    done = here.do("read", {"file": here.file("a.csv", text)}).outputs
    assert done["received"] == done["kept"] + done["quarantined"]
    assert done["quarantined"] <= 20
    assert {7 + 1} <= {int(line.split(b",")[0]) for line in here.bytes(done["quarantine"]).splitlines()[1:]}


def test_undeclared_columns_stay_go_or_are_refused(here: Room) -> None:
    given = {"file": here.file("a.csv", "b,a,a\n1,2,3\n"), "columns": [{"name": "b", "type": "integer"}]}
    assert here.rows(here.do("read", given).outputs["rows"]) == [{"_row": 1, "b": 1}]
    kept = here.do("read", {**given, "rest": "keep"}).outputs
    assert here.rows(kept["rows"]) == [{"_row": 1, "b": 1, "a": "2", "a_2": "3"}]
    with pytest.raises(InputError, match="not declared: a, a_2"):
        here.do("read", {**given, "rest": "refuse"})
    columns = [{"name": "a", "type": "date"}]
    with pytest.raises(InputError, match="1 of 1 rows do not fit"):
        here.do("read", {**given, "columns": columns, "most_rejected": 0.5})
