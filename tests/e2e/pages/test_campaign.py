"""One campaign from approval to report, as its owner sees it in a browser."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default

import httpx2
from playwright.sync_api import Page, expect

from tests.e2e.campaign.baton import Baton
from tests.e2e.pages.conftest import AGREED, SILENT, Open, mails, run_until, url

ALL = AGREED + SILENT
SCRIPTLESS = {"java_script_enabled": False}


def numbers(page: Page) -> tuple[int, int]:
    """The sum of the parts under the bar, and the planned that it stands for."""
    parts = [int(each.inner_text().replace(",", "")) for each in page.locator(".key .dot b").all()]
    planned = re.search(r"([\d,]+) planned", page.inner_text(".key"))
    assert planned
    return sum(parts), int(planned[1].replace(",", ""))


def test_the_page_shows_what_is_to_be_approved(browse: Open, baton: Baton, campaign: str) -> None:
    page = browse(f"/campaigns/{campaign}", **SCRIPTLESS)
    said = page.inner_text("h1")
    assert said.startswith(f"{AGREED} of {ALL} people get “Spring”, Mon 1 Mar 10:30 to ")
    assert said.endswith("It waits for your approval.")
    assert baton.campaign(campaign)["digest"] in page.inner_text("#seal")
    assert "No consent on record" in page.inner_text("main")


def test_the_preview_is_the_real_mail_and_cannot_run_anything(browse: Open, campaign: str) -> None:
    page = browse(f"/campaigns/{campaign}?variant=B")
    frame = page.locator("iframe")
    assert frame.get_attribute("sandbox") == ""
    mail = page.frame_locator("iframe").locator("body")
    expect(mail).to_contain_text("Book a place")
    expect(mail).to_contain_text("1 Mill Road, Leeds")
    assert page.inner_text("[aria-current=true]") == "Variant B"


def test_a_stale_seal_is_refused_and_leads_back(browse: Open, baton: Baton, campaign: str) -> None:
    page = browse(f"/campaigns/{campaign}")
    page.evaluate("document.querySelector('[name=digest]').value = '0'.repeat(64)")
    page.click("text=Approve and send")
    expect(page.locator("h1")).to_have_text("Conflict")
    assert "no version has this digest" in page.inner_text("main")
    page.get_by_role("link", name="Back", exact=True).click()
    page.wait_for_url(f"**/campaigns/{campaign}")
    assert baton.campaign(campaign)["status"] == "awaiting_approval"


def test_changes_can_be_asked_for_without_scripts(browse: Open, baton: Baton, campaign: str) -> None:
    page = browse(f"/campaigns/{campaign}", **SCRIPTLESS)
    page.fill("#comment", "Shorter, please")
    page.click("text=Ask for changes")
    page.wait_for_url(f"**/campaigns/{campaign}")
    baton.until(campaign, "awaiting_approval")
    assert baton.campaign(campaign)["version"] == 2
    page.goto("/approvals")
    assert page.inner_text("h1") == "1 campaign waits for your approval."
    page.click("text=Read and decide")
    assert "Approve version 2" in page.inner_text("#approve h2").capitalize()


def test_approving_pausing_and_resuming_need_no_scripts(browse: Open, baton: Baton, campaign: str) -> None:
    page = browse(f"/campaigns/{campaign}", **SCRIPTLESS)
    page.click("text=Approve and send")
    baton.until(campaign, "scheduled")
    page.reload()
    page.click("button:has-text('Pause')")
    assert baton.campaign(campaign)["status"] == "paused"
    assert page.inner_text("h1").startswith("Paused.")
    page.click("button:has-text('Resume')")
    assert baton.campaign(campaign)["status"] == "scheduled"


def test_an_open_page_follows_the_sending_by_itself(browse: Open, baton: Baton, campaign: str) -> None:
    page = browse(f"/campaigns/{campaign}")
    page.evaluate("window.sameDocument = true")
    run_until(baton, "2027-03-01T10:00:00Z")
    baton.until(campaign, "analyzing")
    expect(page.locator("h1")).to_have_text(
        f"{AGREED} of {ALL} people got “Spring” once, nobody twice; 0 failed, 0 unknown.", timeout=15_000
    )
    assert numbers(page) == (ALL, ALL)
    assert page.evaluate("window.sameDocument") is None, "a new state brings the whole page anew"
    page.goto("/")
    assert page.locator("tbody td.n").all_inner_texts() == [str(AGREED), str(ALL)]


def test_an_open_list_follows_by_itself_and_keeps_the_focus(browse: Open, baton: Baton, campaign: str) -> None:
    page = browse("/")
    page.evaluate("window.sameDocument = true")
    page.focus(f"#campaign-{campaign}")
    other = baton.create(name="Autumn")
    expect(page.locator(f"#campaign-{other}")).to_be_visible(timeout=15_000)
    assert page.evaluate("window.sameDocument") is True
    assert page.evaluate("document.activeElement.id") == f"campaign-{campaign}"
    baton.until(other, "awaiting_approval")
    baton.ask("POST", f"campaigns/{other}/cancel")


def test_held_people_are_listed_with_the_reason_and_explained(browse: Open, campaign: str) -> None:
    page = browse(f"/campaigns/{campaign}", **SCRIPTLESS)
    page.click("text=No consent on record")
    expect(page.locator("tbody tr")).to_have_count(SILENT, timeout=60_000)
    page.locator("tbody a").first.click()
    expect(page.locator("main")).to_contain_text("because no consent is on record", timeout=60_000)
    page.goto("/explain?address=nobody@people.example")
    assert "is not in the address book" in page.inner_text("h1")


def test_simulated_reactions_are_counted_and_called_simulated(browse: Open, baton: Baton, campaign: str) -> None:
    for raw in mails(baton.home)[:10]:
        body = message_from_bytes(raw, policy=default).get_body(("html",))
        assert body
        opened = re.search(r"/api/o/[\w-]+", body.get_content())
        assert opened
        asked = httpx2.get(f"{url(baton)}{opened[0]}", headers={"User-Agent": "Baton-Simulator (person)"})
        assert asked.status_code == 200
    page = browse(f"/campaigns/{campaign}")
    assert page.locator(".badge").first.inner_text() == "simulated people"
    assert "10 · 33 %" in page.inner_text("#reactions")
    assert page.locator("#reactions svg").count() >= 2


def test_the_report_needs_nothing_besides_itself(browse: Open, campaign: str) -> None:
    page = browse("/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/api/v1/campaigns/{campaign}/report?format=html")
    assert len(asked) == 1
    leads = page.locator(".lead").all_inner_texts()
    assert len(leads) == 3
    assert f"{AGREED} of {ALL} people got “Spring”, nobody twice" in leads[0]
    assert "simulated people" in leads[1]


def test_a_correction_is_written_to_those_only_who_got_it(browse: Open, baton: Baton, campaign: str) -> None:
    page = browse(f"/campaigns/{campaign}", **SCRIPTLESS)
    assert f"To the {AGREED} people who got it" in page.inner_text("#correction")
    page.fill("#what", "It begins at 8")
    page.click("text=Write it")
    page.wait_for_url(re.compile("/campaigns/(?!" + campaign + ")"))
    right = baton.until(page.url.rpartition("/")[2], "awaiting_approval")
    assert (right["name"], right["audience"]) == ("Correction: Spring", AGREED)
    page.reload()
    assert "Spring, to those who got it" in page.inner_text("#earlier")
    assert f"{AGREED} of {ALL}" in page.inner_text("#earlier")
    baton.ask("POST", f"campaigns/{right['id']}/cancel")


def test_an_approval_can_be_taken_back_while_a_countdown_runs(browse: Open, baton: Baton, campaign: str) -> None:
    id = baton.create(name="Hasty", window={"days": 1, "hours": [0, 24]})
    baton.approve(id)
    page = browse(f"/campaigns/{id}")
    assert page.inner_text("h1").startswith("Nothing leaves for 10:00. Then ")
    page.fill("#wish", "It begins at 8")
    run_until(baton, (datetime.fromisoformat(baton.campaign(id)["holding_until"]) - timedelta(seconds=570)).isoformat())
    expect(page.locator("[role=timer]")).to_have_text("9:30", timeout=60_000)
    assert page.input_value("#wish") == "It begins at 8"
    page.click("text=Recall and write it again")
    page.wait_for_url(f"**/campaigns/{id}")
    again = baton.until(id, "awaiting_approval")
    assert (again["version"], again["approved"]) == (2, None)
    baton.ask("POST", f"campaigns/{id}/cancel")


def test_cancelling_asks_first_and_needs_no_scripts(browse: Open, baton: Baton, campaign: str) -> None:
    page = browse("/", **SCRIPTLESS)
    other = baton.create(name="Summer")
    baton.until(other, "awaiting_approval")
    page.goto(f"/campaigns/{other}")
    page.click("text=Cancel …")
    assert "cannot be undone" in page.inner_text("h1")
    assert baton.campaign(other)["status"] == "awaiting_approval"
    page.click("text=Cancel the campaign")
    page.wait_for_url(f"**/campaigns/{other}")
    assert page.inner_text("h1").startswith("“Summer” was cancelled.")
