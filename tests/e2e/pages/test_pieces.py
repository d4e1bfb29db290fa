"""A piece in a browser, from its brief to approved; and one part of a campaign's draft said differently."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.campaign.baton import Baton

from .conftest import Open


def test_a_piece_from_brief_to_approved(browse: Open, baton: Baton, tmp_path: Path) -> None:
    page = browse("/pieces", viewport={"width": 1280, "height": 1000})
    said = {
        "Name": "Spring", "Who speaks": "The Practice", "Goal": "Fill the spring back course",
        "What you offer, in a sentence": "Six evenings, eight people, one physiotherapist",
        "Facts, one a line: only these are said": "It starts on Tuesday 3 March at 18:30\nIt costs 140 euros",
        "For whom": "Former patients", "What readers should do": "Book a place",
        "Where": "https://practice.example/course",
    }  # fmt: skip
    for label, text in said.items():
        page.get_by_label(label, exact=True).fill(text)
    for format in ("Text message", "LinkedIn"):
        page.get_by_label(format, exact=True).check()
    page.get_by_label("Show me the plan before anything is written").check()
    page.get_by_role("button", name="Write", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The plan waits for you.")
    page.get_by_label("What readers should take away").fill("Six evenings for eight people.")
    page.screenshot(path=tmp_path / "plan.png", full_page=True)
    page.get_by_role("button", name="Write it like this").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Read and approve.", timeout=20_000)
    expect(page.locator("#linkedin-1-A")).to_contain_text("Six evenings for eight people")
    before = page.locator("#linkedin-1-A .said").inner_text()
    text = page.locator("#email-1-A")
    text.get_by_text("Say one part differently").click()
    text.get_by_label("Part").select_option("closing")
    text.get_by_label("How").fill("more formal")
    text.get_by_role("button", name="Write this part again").click()
    expect(page.locator("#email-1-A")).to_contain_text("version 2", timeout=20_000)
    assert page.locator("#linkedin-1-A .said").inner_text() == before
    page.screenshot(path=tmp_path / "texts.png", full_page=True)
    page.goto("/approvals")
    expect(page.get_by_role("heading", level=1)).to_have_text("1 piece waits for your approval.")
    page.screenshot(path=tmp_path / "inbox.png", full_page=True)
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing waits for your approval.")
    (piece,) = baton.ask("GET", "pieces")["items"]
    assert (piece["status"], piece["decided_by"], len(piece["texts"])) == ("approved", "owner", 3)


def test_one_part_of_a_campaigns_draft_in_ones_own_words(
    browse: Open, baton: Baton, campaign: str, tmp_path: Path
) -> None:
    page = browse(f"/campaigns/{campaign}", viewport={"width": 390, "height": 900})
    first = baton.ask("GET", f"campaigns/{campaign}")["digest"]
    page.get_by_text("Change the words").click()
    page.get_by_label("subject", exact=True).fill("Your back, in our words")
    page.screenshot(path=tmp_path / "part.png", full_page=True)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Approve version 2")).to_be_visible(timeout=20_000)
    expect(page.locator("#mail .meta").first).to_contain_text("Your back, in our words")
    expect(page.locator("#changed ins").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert baton.ask("GET", f"campaigns/{campaign}")["digest"] != first
