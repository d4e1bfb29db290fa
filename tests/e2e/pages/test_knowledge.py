"""The knowledge base in a browser: bring in, search, read, renew, delete; and the campaign that cites it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from shared.adapters._sqlite.database import Database
from shared.adapters.clock.host import HostClock
from shared.adapters.documents.sqlite import SqliteDocuments
from shared.domain.draft import draft_id
from shared.domain.names import Kind
from shared.domain.scope import Scope
from tests.e2e.campaign.baton import Baton
from tests.e2e.pages.conftest import Open
from tests.e2e.pages.test_rooms import TOO_WIDE
from tests.integration.knowledge import files

PRICES = """# Prices

## Cleaning

A cleaning by our dental hygienist costs 90 euros and takes about an hour. Twice a year is usual.

## Checks

A check costs 40 euros; whoever comes twice a year pays nothing for the second one.
"""


def test_a_document_is_brought_in_found_read_renewed_and_deleted(browse: Open, tmp_path: Path) -> None:
    page = browse("/knowledge", java_script_enabled=False)
    expect(page.locator("main")).to_contain_text("None yet: bring one in.")
    file = tmp_path / "prices.md"
    file.write_text(PRICES)
    page.set_input_files("#file", file)
    page.fill("#title", "Price list <2027>")
    page.fill("#source", "Our own")
    page.click("main button:has-text('Bring in')")
    page.wait_for_url("**/knowledge/*")
    expect(page.locator("h1")).to_have_text("Price list <2027>")
    expect(page.locator(".passage")).to_have_count(2)
    address = page.url
    page.goto("/knowledge")
    page.fill("#q", "What does a cleaning cost?")
    page.click("main button:has-text('Search')")
    expect(page.locator("#hit-1")).to_contain_text("90 euros")
    expect(page.locator("#hit-1")).to_contain_text("Prices › Cleaning · version 1")
    page.click("#hit-1 a")
    expect(page.locator(".passage:target")).to_have_count(1)
    file.write_text(PRICES.replace("90", "95"))
    page.set_input_files("#file", file)
    page.click("main button:has-text('Bring in')")
    expect(page.locator("main")).to_contain_text("95 euros")
    page.click("text=Version 1")
    expect(page.locator("[role=status]")).to_contain_text("answers no more")
    page.goto(address)
    page.click("#delete")
    page.wait_for_url("**/knowledge")
    page.goto("/knowledge?q=cleaning")
    expect(page.locator("main")).to_contain_text("No passage answers that.")


def test_a_typed_text_and_a_pdf_with_its_pages(browse: Open, tmp_path: Path) -> None:
    page = browse("/knowledge")
    page.fill("#text", "We are closed <script>alert(1)</script> on Mondays.")
    page.fill("#title", "Hours")
    page.click("main button:has-text('Bring in')")
    page.wait_for_url("**/knowledge/*")
    expect(page.locator(".passage")).to_contain_text("<script>alert(1)</script>")
    file = tmp_path / "terms.pdf"
    file.write_bytes(files.pdf("Who cancels a day before pays nothing.", "Later it costs half the price."))
    page.goto("/knowledge")
    page.set_input_files("#file", file)
    page.click("main button:has-text('Bring in')")
    page.wait_for_url("**/knowledge/*")
    expect(page.locator(".place")).to_have_text(["page 1 · version 1", "page 2 · version 1"])


def test_what_cannot_be_read_is_refused_with_the_reason(browse: Open, tmp_path: Path) -> None:
    page = browse("/knowledge")
    file = tmp_path / "locked.pdf"
    file.write_bytes(files.encrypted(files.pdf("secret"), "password"))
    page.set_input_files("#file", file)
    page.click("main button:has-text('Bring in')")
    page.wait_for_selector("h1")
    expect(page.locator("main")).to_contain_text("is encrypted; save it without a password")


def test_a_campaign_shows_what_it_rests_on_and_that_it_was_deleted(browse: Open, baton: Baton, campaign: str) -> None:
    made = baton.ask("POST", "knowledge", {"title": "Course", "text": "The course has six evenings."})
    [passage] = baton.ask("GET", f"knowledge/{made['id']}/passages")["items"]
    _cite(baton.home, campaign, {"document": made["id"], "version": 1, "passage": passage["id"]})
    page = browse(f"/campaigns/{campaign}?variant=A")
    expect(page.locator("#cited")).to_have_text("Course, version 1")
    assert baton.ask("DELETE", f"knowledge/{made['id']}") == {"id": made["id"], "flagged": 1}
    page.reload()
    expect(page.locator("#cited")).to_contain_text("Deleted from the knowledge base")
    expect(page.locator("#mail")).to_contain_text("error · text: it rests on “Course”")
    page.click("button:has-text('Approve and send')")
    page.wait_for_selector("h1")
    expect(page.locator("main")).to_contain_text("variant A cannot be approved: it rests on “Course”")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_its_pages_fit_and_everything_has_a_name(browse: Open, baton: Baton, width: int, scheme: str) -> None:
    made = baton.ask("POST", "knowledge", {"title": "A long " + "title " * 20, "text": "word" * 60 + PRICES})
    page = browse("/", viewport={"width": width, "height": 800}, color_scheme=scheme)
    for path in ("/knowledge", "/knowledge?q=cleaning", f"/knowledge/{made['id']}"):
        page.goto(path)
        assert page.evaluate(TOO_WIDE) <= 0, path
        assert page.locator("h1").count() == 1, path


def _cite(home: Path, campaign: str, citation: dict[str, object]) -> None:
    """As an agent that wrote the draft from this passage would have stored it."""
    database = Database(home / "baton.db")
    documents, scope = SqliteDocuments(database, clock=HostClock(), replica="test"), Scope("local", "main")
    stored = documents.get(scope, Kind.DRAFT, draft_id(campaign, 1, "A"))
    assert stored
    documents.put(scope, Kind.DRAFT, stored.id, {**stored.body, "citations": [citation]}, stored.rev)
    database.close()
