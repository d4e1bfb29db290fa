"""The processes of the catalogue on a live host, as their users run them."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from shared.process.shipped import CATALOG
from tests.e2e.cli.command import Served, served
from tests.e2e.host.process import wait_for


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office")
    (folder / "inbox").mkdir()
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, office: Path) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("catalogue") / "home", BATON_FOLDERS=f"office={office}") as running:
        yield running


def approved(home: Served, name: str, *inputs: str) -> dict[str, Any]:
    """What the run gives, once somebody has approved what it asks."""
    begun = home("process", "run", name, *(word for each in inputs for word in ("--input", each)), "--json").json
    subject = wait_for(lambda: next(filter(lambda each: begun["id"] in each, asked(home)), None), 60)
    assert home("approval", "decide", subject, "approve").code == 0
    watched = home("process", "attach", begun["id"], "--json")
    assert watched.code == 0, watched
    outputs: dict[str, Any] = watched.json["outputs"]
    return outputs


def asked(home: Served) -> list[str]:
    return [each["subject"] for each in home("approval", "list", "--json").json["items"]]


def content(home: Served, kept: dict[str, Any]) -> bytes:
    run = kept["file"].split("/")[1]
    headers = {"Authorization": f"Bearer {(home.home / 'owner.token').read_text().strip()}"}
    url = f"{home.url}/api/v1/runs/{run}/file"
    return httpx2.get(url, params={"file": kept["file"]}, headers=headers).raise_for_status().content


def test_a_list_is_cleaned_and_imported(home: Served, tmp_path: Path) -> None:
    ran = home("process", "run", "contact_clean_up", "--wait", "--json")
    assert ran.code == 0, ran
    clean = tmp_path / "contacts.csv"
    clean.write_bytes(content(home, ran.json["outputs"]["contacts"]))
    taken = home("contact", "import", str(clean), "--json")
    assert taken.code == 0, taken
    assert (taken.json["rows"], taken.json["quarantined"]) == (10, 0)
    [withdrawn] = home("contact", "list", "--email", "margaret@", "--json").json["items"]
    assert withdrawn["consent"]["email"]["status"] == "withdrawn"


@pytest.mark.nightly
def test_invoices_are_booked_once(home: Served, office: Path) -> None:
    for name in ("telekontor.xml", "papierhaus.pdf"):
        shutil.copy(CATALOG / "invoice_books/sample" / name, office / "inbox")
    assert approved(home, "invoice_books", "folder=office")["booked"] == 2
    assert list((office / "inbox").iterdir()) == []
    shutil.copy(CATALOG / "invoice_books/sample/papierhaus.pdf", office / "inbox/again.pdf")
    again = home("process", "run", "invoice_books", "--input", "folder=office", "--wait", "--json").json["outputs"]
    assert (again["booked"], again["known"]) == (0, 1)
    assert list((office / "inbox").iterdir()) == []
    with sqlite3.connect(office / "books.db") as books:
        assert books.execute("SELECT count(*), count(DISTINCT id) FROM invoices").fetchone() == (2, 2)
    books.close()


@pytest.mark.nightly
def test_a_month_is_reported_and_told(home: Served) -> None:
    given = approved(home, "client_report", "client=Praxis Nord")
    assert content(home, given["report"]).startswith(b"%PDF")
    assert b"# Praxis Nord: October 2026" in content(home, given["report_markdown"])
    mails = [each.read_text() for each in (home.home / "outbox").rglob("*.eml")]
    assert [each for each in mails if "for Praxis Nord" in each and "To: report@agency.example" in each]


def test_triggers_that_ship_count_once_the_process_is_ones_own(home: Served, tmp_path: Path) -> None:
    assert "until then these start nothing: cron 0 7 */31 * 2-5" in home("process", "show", "client_report").text
    own = tmp_path / "client_report.yaml"
    own.write_text(home("process", "show", "client_report", "--text").out)
    assert home("process", "put", str(own)).code == 0
    shown = home("process", "show", "client_report").text
    assert "Starts by itself: cron 0 7 */31 * 2-5 due" in shown
    assert "until then" not in shown
