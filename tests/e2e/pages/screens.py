"""Pictures of the main pages for docs/screens: `python -m tests.e2e.pages.screens docs/screens`.

The house is filled as a reader of the README would fill it: the sample's contacts and its campaign, in each of its
moods, on a clock that is held. Nobody in it is real. 1280 px wide in both schemes, and on a phone."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import ruamel.yaml
from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.campaign.baton import Baton
from tests.e2e.campaign.test_journey_kill import JOURNEY
from tests.e2e.host.process import ROOT
from tests.e2e.pages.conftest import run_until, url

BEGIN = "2027-03-01T08:00:00+00:00"
SAMPLES = ROOT / "samples"
WINDOW = {"start": "2027-03-02T09:00:00+00:00", "days": 2, "hours": [9, 18]}
SENDER = {
    "name": "Halm Studio",
    "address": "hello@halm-studio.example",
    "postal_address": "Halm Studio, 14 Weavers Lane, Leeds LS1 4AB, United Kingdom",
}
DEALS = (
    ("A new showroom", "Kern Interiors", "12000", "new"),
    ("Shop windows", "Opaline Gärten", "4800", "needs"),
    ("A fair stand", "Falkenau Bakery", "9600", "proposed"),
    ("Two offices", "Papaya Dental", "18500", "negotiating"),
)


def _campaign(baton: Baton, name: str, **changes: object) -> str:
    written = ruamel.yaml.YAML(typ="safe").load((SAMPLES / "campaign.yaml").read_text())
    made = baton.ask("POST", "campaigns", {**written, "name": name, "window": WINDOW, **changes})
    baton.until(str(made["id"]), "awaiting_approval")
    return str(made["id"])


def moods(baton: Baton) -> dict[str, str]:
    """Fills the house and leaves one campaign in each mood; the paths of the pages, by the names of their pictures."""
    people = (SAMPLES / "contacts.csv").read_bytes()
    brought = baton.ask("POST", "contacts/imports", content=people, headers={"Content-Type": "text/csv"})
    baton.imported(str(brought["id"]))
    baton.ask("PUT", "house", {"sender": SENDER})
    done = _campaign(baton, "Autumn open days", undo_minutes=0)
    baton.approve(done)
    run_until(baton, "2027-03-12T09:00:00+00:00")
    sending = _campaign(baton, "Spring fair", undo_minutes=0, window={**WINDOW, "start": "2027-03-15T09:00:00+00:00"})
    baton.approve(sending)
    run_until(baton, "2027-03-15T13:00:00+00:00")
    late = {"window": {**WINDOW, "start": "2027-03-22T09:00:00+00:00"}}
    ready = _campaign(baton, "Summer catalogue", **late)
    hold = _campaign(baton, "Shop windows", undo_minutes=15, **late)
    baton.approve(hold)
    baton.ask("PUT", "journeys/welcome", content=JOURNEY)
    baton.ask("POST", "leads", {"name": "Kern Interiors", "website": "kern.example", "country": "DE"})
    for name, company, value, stage in DEALS:
        baton.ask("POST", "deals", {"name": name, "company": company, "value": value, "stage": stage})
    (person, *_) = baton.ask("GET", "contacts?limit=1")["items"]
    return {
        "campaigns": "/",
        "campaign-new": "/campaigns/new",
        "deals": "/deals",
        "leads": "/leads",
        "calendar": "/calendar",
        "people": "/workspaces",
        "campaign-ready": f"/campaigns/{ready}",
        "campaign-hold": f"/campaigns/{hold}",
        "campaign-sending": f"/campaigns/{sending}",
        "campaign-done": f"/campaigns/{done}",
        "contacts": "/contacts",
        "import": f"/imports/{brought['id']}",
        "person": f"/contacts/{person['id']}",
        "why": f"/explain?address={person['email']}",
        "approvals": "/approvals",
        "journey": "/journeys/welcome",
        "process": "/processes/sol_import",
        "settings": "/settings",
    }


def _pictures(page: Page, pages: dict[str, str], folder: Path) -> None:
    for name, path in pages.items():
        page.goto(path)
        for width, scheme in ((1280, "light"), (1280, "dark"), (390, "light")):
            page.set_viewport_size({"width": width, "height": 1000 if width == 1280 else 844})
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            kind = "phone" if width == 390 else scheme
            page.screenshot(path=folder / f"{name}-{kind}.png")
        print(name, flush=True)


def _opened(browser: Browser, baton: Baton) -> Page:
    page = browser.new_context(base_url=url(baton)).new_page()
    page.goto(baton.ask("POST", "sign-in-links")["url"])
    page.wait_for_url(f"{url(baton)}/")
    return page


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, sync_playwright() as driver:
        baton = Baton(Path(home), "--clock", f"virtual={BEGIN}", BATON_TIMEZONE="Europe/London").start()
        assert baton.host
        baton.host.set_clock(mode="hold")
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        pages = moods(baton)  # days go by, and nobody is signed in for so long
        _pictures(_opened(browser, baton), pages, folder)
        browser.close()
        baton.kill()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
