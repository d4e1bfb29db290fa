"""One campaign for more people than are counted while somebody waits, in each of its moods, on a telephone and without
scripts: what its page says, and that its numbers add up."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.campaign.baton import Baton

from .conftest import Open, run_until, url

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
AGREED, SILENT = 210, 20
ALL = AGREED + SILENT
PEOPLE = "email,first_name,consent,timezone\n" + "".join(
    f"m{n}@people.example,Person{n},{'yes' if n < AGREED else ''},{('Europe/Berlin', 'America/New_York')[n % 2]}\n"
    for n in range(ALL)
)
FACT = "The course starts on Tuesday 9 March at 18:30"
PATIENCE = 60_000


@pytest.fixture(scope="module")
def id(baton: Baton) -> str:
    accepted = baton.ask("POST", "contacts/imports", content=PEOPLE, headers={"Content-Type": "text/csv"})
    baton.imported(str(accepted["id"]))
    brief = {
        "goal": "Fill the course",
        "offer": "Six evenings for your back",
        "audience": "former patients",
        "facts": [FACT],
        "call_to_action": {"text": "Book a place", "url": "https://praxis.example/book"},
    }
    window = {"start": "2027-03-02T07:00:00Z", "days": 2, "hours": [8, 18]}
    made = baton.create(name="Back course", brief=brief, window=window, undo_minutes=10)
    baton.until(made, "awaiting_approval")
    return made


def bar(page: Page) -> int:
    """The parts beneath the bar add up to what they are parts of, which is returned."""
    parts = [int(each.replace(",", "")) for each in page.locator(".key .dot b").all_inner_texts()]
    whole = int(page.inner_text(".key .rest b").replace(",", ""))
    assert sum(parts) == whole
    return whole


def hours(page: Page) -> int:
    """The hours of each day add up to the day, and the days to the sentence above them, which is returned."""
    for day in page.locator("#when .day").all():
        counts = [int(each or 0) for each in day.locator(".hours b").all_inner_texts()]
        assert sum(counts) == int(day.locator("summary b").inner_text())
    days = [int(each) for each in page.locator("#when summary b").all_inner_texts()]
    whole = int(page.locator("#when > p b").inner_text().split()[0])
    assert sum(days) == whole
    return whole


def come_back(page: Page, baton: Baton, id: str) -> None:
    """Days later: whoever was signed in no longer is."""
    page.goto(baton.ask("POST", "sign-in-links")["url"])
    page.wait_for_url(f"{url(baton)}/")
    page.goto(f"/campaigns/{id}")


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth") <= 390)


def test_one_page_in_its_moods(browse: Open, baton: Baton, id: str) -> None:
    page = browse(f"/campaigns/{id}", java_script_enabled=False, **PHONE)

    # Ready
    assert page.inner_text("h1").startswith(f"{AGREED} of {ALL} people get “Back course”, Tue 2 Mar 08:00 to Wed 3 Mar")
    assert (bar(page), hours(page)) == (ALL, AGREED)
    assert page.locator(".steps [aria-current]").inner_text() == "Ready"
    assert "import it with its source" in page.inner_text("#withheld")
    assert page.locator("#withheld .fix").get_attribute("href") == "/contacts#import"
    page.locator("iframe").scroll_into_view_if_needed()  # what is out of sight is not painted, and cannot be tapped
    mail = page.frame_locator("iframe")
    source = mail.locator(".baton-source", has_text="fact 1 of the brief").first
    expect(source).not_to_be_visible()
    mail.locator("label.baton-said", has_text="18:30").first.click()
    expect(source).to_be_visible()
    assert FACT in source.inner_text()
    assert fits(page)
    for other in ("Send test …", "Ask client …"):
        assert page.get_by_role("link", name=other).is_visible()
    page.get_by_role("link", name="Approve …").click()
    page.get_by_role("button", name="Approve and send").click()
    baton.until(id, "holding")

    # Hold: an open page counts down by itself, and has one large button
    held = browse(f"/campaigns/{id}", **PHONE)
    assert held.inner_text("h1").startswith("Nothing leaves for 10:00. Then ")
    expect(held.get_by_role("button", name="Recall", exact=True)).to_be_visible()
    until = datetime.fromisoformat(baton.campaign(id)["holding_until"])
    run_until(baton, (until - timedelta(seconds=18)).isoformat())
    expect(held.locator("[role=timer]")).to_have_text("0:18", timeout=PATIENCE)
    assert bar(held) == ALL
    assert fits(held)
    run_until(baton, "2027-03-01T20:00:00Z")
    come_back(page, baton, id)
    assert page.inner_text("h1").startswith("Nothing leaves for 11 h 0 min. Then ")
    assert hours(page) == ALL

    # Sending: the first of two days is over
    run_until(baton, "2027-03-02T20:00:00Z")
    come_back(page, baton, id)
    said = page.inner_text("h1")
    assert "people got “Back course”; " in said
    assert " to come until Wed 3 Mar " in said
    assert bar(page) == ALL
    assert page.locator(".steps [aria-current]").inner_text() == "Sending"
    assert fits(page)

    # Done: with what it brought in, by a count that was asked for
    run_until(baton, "2027-03-04T09:00:00Z")
    row = {"order_id": "1", "value": "1310.00", "currency": "EUR", "email": "m1@people.example"}
    baton.ask("POST", "conversions", {"rows": [{**row, "occurred_at": "2027-03-04T08:00:00Z"}]})
    come_back(page, baton, id)
    page.get_by_role("link", name="Count again").click()
    expect(page.locator("h1")).to_have_text(
        f"{AGREED} of {ALL} people got “Back course” once, nobody twice; 0 failed, 0 unknown. 1 order, €1,310.",
        timeout=60_000,
    )
    assert (bar(page), hours(page)) == (ALL, AGREED)
    assert "recounted from the ledger" in page.inner_text(".key .rest")
    assert page.get_by_role("link", name="Share with client …").is_visible()
    assert fits(page)

    # Why did … get this? At the foot of every page.
    page.get_by_label("Why did … get this?").fill("m1@people.example")
    page.get_by_role("button", name="Explain").click()
    page.get_by_role("link", name="Back course").click()
    assert page.url.endswith(id)
