"""From an empty home to a campaign that was approved, sent and shared: by clicks alone, on a telephone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.campaign.baton import Baton

from .conftest import Open, mails, run_until, url

PATIENCE = 60_000
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
PEOPLE = "email,first_name,country\n" + "".join(f"p{n}@people.example,Person{n},DE\n" for n in range(12))
BRIEF = {
    "#name": "Spring course",
    "#goal": "Fill the spring course",
    "#offer": "Six evenings, eight people, one physiotherapist who watches every movement",
    "#audience": "former patients",
    "#facts": "It starts on Tuesday 2 March at 18:30",
    "#link_text": "Book a place",
    "#link": "https://practice.example/course",
    "#first_hour": "0",
    "#last_hour": "24",
    "#undo_minutes": "0",
}


@pytest.mark.long
def test_a_first_campaign_is_made_sent_and_shared_by_clicks_alone(browse: Open, baton: Baton, tmp_path: Path) -> None:
    page = browse("/", **PHONE)
    page.get_by_role("link", name="Set up").click()
    page.fill("#name", "The Practice")
    page.fill("#address", "hello@practice.example")
    page.fill("#postal_address", "1 Mill Road, Leeds")
    page.get_by_role("button", name="Save").click()
    page.fill("#to", "me@practice.example")
    page.get_by_role("button", name="Send test").click()
    expect(page.locator("#mail [role=status]")).to_contain_text("nothing left this machine")

    page.get_by_role("link", name="Baton").click()
    page.get_by_role("link", name="Import my list").click()
    (tmp_path / "people.csv").write_text(PEOPLE)
    page.set_input_files("#file", tmp_path / "people.csv")
    page.get_by_role("button", name="Look at it").click()
    page.wait_for_url("**/imports/*")
    page.fill("#consent", "Yes, send me your news by e-mail")
    page.click("#confirm")
    expect(page.locator("h1")).to_contain_text("12 of 12 rows are in", timeout=PATIENCE)

    page.get_by_role("link", name="Baton").click()
    page.get_by_role("link", name="Write a campaign").click()
    expect(page.locator("#from_address")).to_have_value("hello@practice.example")
    for field, text in BRIEF.items():
        page.fill(field, text)
    page.get_by_role("button", name="Write it").click()
    expect(page.get_by_role("heading", name="Approve version 1")).to_be_visible(timeout=PATIENCE)
    page.get_by_text("Change the words").click()
    page.get_by_label("closing", exact=True).fill("See you on Tuesday.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Approve version 2")).to_be_visible(timeout=PATIENCE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Approve and send").click()
    campaign = page.url
    run_until(baton, "2027-03-05T00:00:00+00:00")
    page.goto(baton.ask("POST", "sign-in-links")["url"])  # four days later
    page.wait_for_url(f"{url(baton)}/")
    page.goto(campaign)
    sent = [mail for mail in mails(baton.home) if b"See you on Tuesday." in mail]
    assert len(sent) == 12

    page.get_by_role("button", name="Make a link").click()
    page.get_by_role("link", name="Look at it").click()
    expect(page.locator("body")).to_contain_text("12")
    assert "people.example" not in page.content()
