"""The processes of the catalogue on their sample data: what comes out was worked out by hand (`golden/`)."""

from __future__ import annotations

import csv
import io
import shutil
import sqlite3
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

from cronsim import CronSim

from shared.adapters.folders.named import NamedFolders
from shared.domain.folder_places import folder_places
from shared.domain.inbox import Decision
from shared.domain.run import RowsFix
from shared.ports import Ports
from shared.process import fixing, inbox
from shared.process.catalog import catalog
from shared.process.load import load
from shared.process.shipped import CATALOG
from tests.integration.agents.conftest import SCOPE, Hand
from tests.integration.agents.conftest import hand as hand
from tests.integration.agents.conftest import ports as ports
from tests.integration.process.played import Played
from tests.integration.process.reported import campaign

GOLDEN = Path(__file__).parent / "golden"


def plan(name: str) -> dict[str, Any]:
    found = load(catalog()[name].text, f"{name}.yaml")
    made: dict[str, Any] = found.model_dump(mode="json", by_alias=True, exclude_none=True)
    return made


def played(ports: Ports, hand: Hand, name: str, **inputs: Any) -> Played:
    made = Played(ports, hand, plan(name), **inputs)
    made.play()
    return made


def table(ports: Ports, kept: Any, encoding: str = "utf-8", delimiter: str = ",") -> list[dict[str, str]]:
    text = ports.files.get(SCOPE, kept["file"]).decode(encoding)
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def golden(name: str, delimiter: str = ",") -> list[dict[str, str]]:
    with (GOLDEN / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def approved(made: Played) -> dict[str, Any]:
    """Its outputs, after somebody has approved what it asks."""
    assert made.run.status == "running", made.run.status_reason
    [asked], _ = inbox.waiting(made.ports, SCOPE, 50)
    inbox.decide(made.ports, SCOPE, asked.subject, "owner", Decision(decision="approve", digest=asked.digest))
    run = made.ring()
    assert run.status == "done", run.status_reason
    return run.outputs


def refused(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{name: row[f"baton_{name}"] for name in ("row", "reason", "suggestion")} for row in rows]


def test_a_contact_list_is_cleaned_as_by_hand(ports: Ports, hand: Hand) -> None:
    run = played(ports, hand, "contact_clean_up").run
    assert (run.status, run.status_reason) == ("done", None)
    assert table(ports, run.outputs["contacts"]) == golden("contacts.csv")
    invalid = refused(table(ports, run.outputs["quarantine"], "cp1252", ";"))
    assert [*invalid, *refused(table(ports, run.outputs["put_aside"]))] == golden("contacts_refused.csv")
    assert table(ports, run.outputs["merged"]) == golden("contacts_merged.csv")
    said = ports.files.get(SCOPE, run.outputs["report_markdown"]["file"]).decode()
    for fact in ("Rows received: 30", "quarantine): 9", "Put aside: 7", "Merged into others: 4", "clean list: 10"):
        assert fact in said
    assert "katherine@mail.com, katherine.johnson@orbit.example" in said.replace("\\", "")
    assert "ada.lovelace" not in said

    looked_at = ["INFO@bletchley.example", "annie@outlok.com", "x' OR '1'='1"]
    again = played(ports, hand, "contact_clean_up", accept=looked_at).run
    more = {row["email"] for row in table(ports, again.outputs["contacts"])} - {
        r["email"] for r in golden("contacts.csv")
    }
    assert more == {"info@bletchley.example", "annie@outlok.com"}


SAMPLE = CATALOG / "invoice_books/sample"
INVOICES = [SAMPLE / each for each in ("export.csv", "papierhaus.pdf", "rechnung_2026-118.pdf", "telekontor.xml")]


def test_invoices_are_read_checked_and_booked_as_by_hand(ports: Ports, hand: Hand) -> None:
    given = approved(played(ports, hand, "invoice_books"))
    booked = table(ports, given["invoices"], "utf-8-sig", ";")
    places = {row["number"]: row.pop("read_from") for row in booked}
    assert booked == golden("invoices.csv", ";")
    assert "number: page 1, line 5; date: page 1, line 6" in places["PN-2026-0117"]
    assert "net: LegalMonetaryTotal/TaxExclusiveAmount" in places["TC-556"]
    assert "gross: row 11, column Brutto" in places["G-12"]
    aside, quarantine = (table(ports, given[each]) for each in ("put_aside", "quarantine"))
    found = [
        {"file": r["file"], "reason": r["baton_reason"], "suggestion": r["baton_suggestion"]}
        for r in [*quarantine, *aside]
    ]
    assert found == golden("invoices_refused.csv", ";")
    assert (given["booked"], given["known"]) == (6, 0)


def test_no_invoice_is_booked_twice_however_often_it_comes(ports: Ports, hand: Hand, tmp_path: Path) -> None:
    """The same files again, another amount under a booked number, and a run whose quarantine was put right."""
    office = tmp_path / "office"
    inbox_folder = office / "inbox"
    inbox_folder.mkdir(parents=True)
    ports = replace(ports, folders=NamedFolders(folder_places(f"office={office}"), None, ports.clock))

    def arrive() -> None:
        for each in INVOICES:
            shutil.copy(each, inbox_folder)

    def books() -> dict[str, str]:
        with sqlite3.connect(office / "books.db") as database:
            rows = database.execute("SELECT number, gross FROM invoices").fetchall()
        assert len(rows) == len(dict(rows))
        return dict(rows)

    by_hand = golden("invoices.csv", ";")
    expected = {row["number"]: row["gross"] for row in by_hand if row["file"] != "bright_rooms.pdf"}
    arrive()
    asked = played(ports, hand, "invoice_books", folder="office")
    (inbox_folder / "late.csv").write_bytes(b"came while somebody was looking")
    first = approved(asked)
    assert books() == expected
    assert [each.name for each in inbox_folder.iterdir()] == ["late.csv"]
    [archive] = (office / "archive").iterdir()
    with zipfile.ZipFile(archive) as packed:
        assert {each: packed.read(each) for each in packed.namelist()} == {
            each.name: each.read_bytes() for each in INVOICES
        }

    (inbox_folder / "late.csv").unlink()
    arrive()
    changed = (inbox_folder / "telekontor.xml").read_text().replace("49.90", "59.90").replace("59.38", "71.28")
    (inbox_folder / "telekontor.xml").write_text(changed.replace("9.48", "11.38"))
    again = played(ports, hand, "invoice_books", folder="office").run
    assert (again.status, again.outputs["booked"], again.outputs["known"]) == ("done", 0, 6)
    [other] = [row for row in table(ports, again.outputs["put_aside"]) if row["number"] == "TC-556"]
    assert other["baton_reason"] == "this number is in the books already, of 2026-10-01 with 59.38"
    assert len(list(inbox_folder.iterdir())) == len(INVOICES), "some wait for somebody: nothing leaves the inbox"

    quarantine = table(ports, first["quarantine"])
    right = [{**row, "number": "2026-118"} for row in quarantine if row["file"] == "rechnung_2026-118.pdf"]
    fixed = put_right(asked, right)
    assert (fixed["booked"], fixed["known"]) == (6, 0)
    assert len(list(inbox_folder.iterdir())) == len(INVOICES), "what came since is another run's"
    assert books() == expected | {"2026-118": "952.00"}


ODD = """Belegart;Lieferant;USt-IdNr;Rechnungsnummer;Rechnungsdatum;Netto;Satz;USt;Brutto
Rechnung;Papierhaus;;PN 2026-0117;03.10.2026;520,50;19;98,90;619,40
Rechnung;Textbüro Süd GmbH;DE111222333;2026-118;12.10.2026;800,00;19;152,00;952,00
Gutschrift;Blumen Beet;DE118547239;G-1;05.10.2026;30,00;7;2,10;32,10
"""
TWO = """Lieferant;USt-IdNr;Rechnungsnummer;Rechnungsdatum;Netto;Satz;USt;Brutto
Papier Haus;;PN-2026/0117;03.10.2026;520,50;19;98,90;619,40
Textbüro;;2026 118;12.10.2026;800,00;19;152,00;952,00
"""


def test_what_may_be_the_same_invoice_waits_and_a_credit_note_is_no_cost(
    ports: Ports, hand: Hand, tmp_path: Path
) -> None:
    """Under another name in the same run, in the books, and in a quarantine that was put right."""
    office = tmp_path / "office"
    inbox_folder = office / "inbox"
    inbox_folder.mkdir(parents=True)
    ports = replace(ports, folders=NamedFolders(folder_places(f"office={office}"), None, ports.clock))

    def aside(outputs: dict[str, Any]) -> dict[str, str]:
        return {row["file"]: row["baton_reason"] for row in table(ports, outputs["put_aside"])}

    def books() -> list[tuple[str, str]]:
        with sqlite3.connect(office / "books.db") as database:
            rows = database.execute("SELECT number, gross FROM invoices ORDER BY 1, 2").fetchall()
        database.close()
        return rows

    for name in ("papierhaus.pdf", "rechnung_2026-118.pdf"):
        shutil.copy(SAMPLE / name, inbox_folder)
    ubl = (
        (SAMPLE / "telekontor.xml").read_text().replace("<Invoice", "<CreditNote").replace("</Invoice", "</CreditNote")
    )
    (inbox_folder / "ubl.xml").write_text(ubl)
    cii = (SAMPLE / "hosthof.xml").read_text().replace("15.02", "15.20").replace("95.02", "95.20")
    typed = cii.replace("<ram:IssueDateTime>", "<ram:TypeCode>381</ram:TypeCode><ram:IssueDateTime>")
    (inbox_folder / "cii.xml").write_text(typed)
    (inbox_folder / "odd.csv").write_text(ODD)
    asked = played(ports, hand, "invoice_books", folder="office")
    first = approved(asked)
    assert books() == [("2026-118", "952.00"), ("PN-2026-0117", "619.40")]
    assert aside(first) == {"odd.csv, row 1": "it may be the same invoice as papierhaus.pdf"}
    quarantine = {row["file"]: row for row in table(ports, first["quarantine"])}
    credits = {name for name, row in quarantine.items() if row["baton_reason"] == "it is a credit note"}
    assert credits == {"odd.csv, row 3", "ubl.xml", "cii.xml"}

    minus = {each: f"-{quarantine['ubl.xml'][each]}" for each in ("net", "vat", "gross")}
    right = [
        {**quarantine["ubl.xml"], **minus},
        {**quarantine["cii.xml"], "due": "2026-10-30"},
        {**quarantine["rechnung_2026-118.pdf"], "number": "2026-118"},
    ]
    fixed = put_right(asked, right)
    assert books() == [("2026-118", "952.00"), ("PN-2026-0117", "619.40"), ("TC-556", "-59.38")]
    assert aside(fixed) == {
        "odd.csv, row 1": "it may be the same invoice as papierhaus.pdf",
        "cii.xml": "it is a credit note",
        "rechnung_2026-118.pdf": "it may be the same invoice as odd.csv, row 2",
    }

    (inbox_folder / "two.csv").write_text(TWO)
    again = approved(played(ports, hand, "invoice_books", folder="office", accept=["pn-2026/0117"]))
    assert again["booked"] == 1
    assert aside(again) == {"two.csv, row 2": "it may be the same invoice as odd.csv, row 2, which is in the books"}
    assert books()[1:3] == [("PN-2026-0117", "619.40"), ("PN-2026/0117", "619.40")]


def put_right(made: Played, rows: list[dict[str, str]]) -> dict[str, Any]:
    """What the run gives after rows of its quarantine were corrected and what it then books was approved."""
    text = io.StringIO(newline="")
    out = csv.DictWriter(text, rows[0])
    out.writeheader()
    out.writerows(rows)
    data = text.getvalue().encode()
    made.ports.files.put(SCOPE, "runs/given/right.csv", data)
    sent = {"file": "runs/given/right.csv", "name": "right.csv", "bytes": len(data), "sha256": sha256(data).hexdigest()}
    fixing.fix(made.ports, SCOPE, made.id, "owner", RowsFix.model_validate({"file": sent}))
    made.retried()
    return approved(made)


def test_a_month_is_reported_as_by_hand(ports: Ports, hand: Hand) -> None:
    for each in golden("campaigns.csv"):
        campaign(ports, each)
    given = approved(played(ports, hand, "client_report"))
    assert table(ports, given["figures"]) == golden("client_report.csv")
    [unread] = table(ports, given["quarantine"])
    assert unread["baton_reason"] == "month: does not fit the pattern"
    said = ports.files.get(SCOPE, given["report_markdown"]["file"]).decode().replace("\\", "")
    for words in (
        "# A sample client: October 2026",
        "2 campaigns began in this month. Some of the people in these figures are SIMULATED.",
        "| Messages sent | campaigns | 1,470 | 800 | +670 | +83.8 % |",
        "| Opened, % of sent | campaigns | 33.33 | 50 | -16.67 points | – |",
        "| Revenue | client | 9,450.50 | 10,000 | -549.50 | -5.5 % |",
        "| b | 2026-10-31 | 490 | 98 | 49 | 1 | yes |",
    ):
        assert words in said, said
    assert ports.files.get(SCOPE, given["report"]["file"]).startswith(b"%PDF")


def test_the_report_is_due_on_the_first_weekday_of_each_month() -> None:
    crons = [each["cron"] for each in plan("client_report")["triggers"]]
    due = [next_time for cron in crons for next_time in islice(CronSim(cron, datetime(2026, 1, 1, tzinfo=UTC)), 120)]
    for month in pairwise(datetime(2026 + n // 12, n % 12 + 1, 1, tzinfo=UTC) for n in range(61)):
        [at] = [each for each in due if month[0] <= each < month[1]]
        before = [month[0] + timedelta(days=n) for n in range(at.day - 1)]
        assert at.weekday() < 5
        assert all(each.weekday() >= 5 for each in before)
