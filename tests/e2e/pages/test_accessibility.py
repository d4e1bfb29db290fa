"""What holds on every page that links lead to, on a phone and on a desk: it fits, it has one headline, and axe-core
finds nothing serious in it in either scheme."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from shared.domain.offer_examples import EXAMPLE as OFFER
from tests.e2e.campaign.baton import BRIEF, Baton
from tests.e2e.campaign.test_journey_kill import JOURNEY
from tests.e2e.pages.conftest import Open, run_until
from tests.e2e.pages.rooms import PAGES, reached
from tests.integration.edge.test_routes import BILLED, BUYER, TERMS

SERIOUS = ("serious", "critical")
COLOURS = "axe.run({runOnly: ['color-contrast'], resultTypes: ['violations']})"
"""In the second scheme only colours are others; axe is in the page already."""
ELSEWHERE = frozenset(
    {
        # What nobody has done in this house: replayed a campaign, erased a person, walked a journey.
        "/replays/{id}",
        "/erasures/{id}",
        "/journeys/{name}/people/{contact}",
        # A file.
        "/imports/{id}/quarantine",
    }
)
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def lived_in(baton: Baton, campaign: str) -> str:
    """A house in which something of nearly every kind lies, and a campaign that was sent."""
    baton.ask("PUT", "journeys/welcome", content=JOURNEY)
    baton.ask("POST", "knowledge", {"title": "Course", "text": "The course has six evenings."})
    plan = {"process": "tidy", "steps": [{"id": "note", "type": "value", "with": {"value": 1}}]}
    for title in ("Tidy", "Tidy up"):
        baton.ask("PUT", "processes/tidy", {**plan, "title": title})
    baton.ask("POST", "processes/tidy/runs", {})
    baton.ask("POST", "webhooks", {"url": "https://other.example/hook"})
    baton.ask("POST", "tasks", {"agent": "analyst", "title": "March", "instructions": "What went well?"})
    baton.ask("POST", "pieces", {"name": "Spring", "sender": "Praxis", "formats": ["email"], "brief": BRIEF})
    deal = baton.ask("POST", "deals", {"name": "A website", "company": "Holm", "value": "12000"})
    baton.ask("POST", f"deals/{deal['id']}/needs", {"text": "We need a shop. Is it quick?"})
    baton.ask("POST", "leads", {"name": "Holm"})
    season = {"name": "Spring", "start": "03-01", "end": "05-31"}
    baton.ask("POST", "watches", {"name": "Seasons", "about": "season", "seasons": [season]})
    wrote = {"name": "Ada", "email": "ada@halm.example", "message": "We need a logo."}
    door = baton.ask("PUT", "inbound/settings", {"open": True, "title": "Write to us"})["url"]
    for links in ("", "www.a www.b www.c www.d"):
        _posted(baton, door, {**wrote, "message": f"{wrote['message']} {links}"})
    baton.ask("POST", "offers?id=web", content=OFFER)
    asked = {"to": "maja@holm.example", "recipient": {"name": "Maja"}, "title": "A website", "offer": "web"}
    signing = baton.ask("POST", "deals", {"name": "A shop", "company": "Holm"})
    chosen = {"deal": signing["id"], **asked, "chosen": [{"item": "website", "quantity": "6"}]}
    offered = [baton.ask("POST", "proposals", chosen)["id"] for _ in range(2)]
    baton.ask("PUT", "billing", TERMS)
    _accepted(baton, offered[0])
    baton.ask("POST", "contracts", {"proposal": offered[0], "client": BUYER, "to": "maja@holm.example"})
    for _ in range(2):
        made = baton.ask("POST", "invoices", {"buyer": BUYER, "lines": [BILLED], "supply_from": "2027-03-01"})
    baton.ask("POST", f"invoices/{made['invoice']['id']}/issue")
    baton.ask("POST", f"deals/{deal['id']}/notes", {"text": "They called."})  # the first one on the board
    baton.approve(campaign)
    run_until(baton, "2027-03-05T12:00:00Z")
    return campaign


def _posted(baton: Baton, door: str, said: dict[str, str]) -> None:
    assert baton.host
    answer = baton.host.http.post(urlsplit(door).path, json=said)
    assert answer.is_success, answer.text


def _accepted(baton: Baton, proposal: str) -> None:
    """The client says yes to it, behind the link in the mail that left."""
    sender = {"name": "Praxis", "address": "praxis@praxis.example", "postal_address": "Speersort 1, 20095 Hamburg"}
    baton.ask("PUT", "house", {"sender": sender})
    baton.ask("POST", f"proposals/{proposal}/submit")
    [asked] = [each for each in baton.ask("GET", "approvals")["items"] if each["subject"] == proposal]
    baton.ask("POST", f"approvals/{proposal}", {"decision": "approve", "digest": asked["digest"]})
    mails = (message_from_bytes(each.read_bytes(), policy=default) for each in (baton.home / "outbox").rglob("*.eml"))
    bodies = (body.get_content() for each in mails if (body := each.get_body(("plain",))))
    link = next(found[0] for text in bodies if (found := re.search(r"/api/q/[\w-]+", text)))
    assert baton.host
    page = baton.host.http.get(link).text
    [digest] = re.findall(r'name="digest" value="(\w{64})"', page)
    said = {"do": "accept", "option": "offer", "name": "Maja", "consent": "yes", "digest": digest}
    assert baton.host.http.post(link, data=said).status_code == 200


@pytest.mark.long
@pytest.mark.timeout(400)
def test_every_page_fits_and_axe_finds_nothing_serious(browse: Open, baton: Baton, lived_in: str) -> None:
    page = browse("/")
    wrong: list[str] = []

    def look(path: str) -> str:
        page.goto(path)
        wrong.extend(f"{path}: {each}" for each in _faults(page))
        return page.content()

    own = f"/campaigns/{lived_in}"
    found = reached(look, ("/", "/sample", "/processes/tidy/versions", f"{own}/cancel", f"{own}/unknown"))
    look(urlsplit(baton.ask("GET", "inbound/settings")["url"]).path)
    assert wrong == []
    assert PAGES - set(found) == ELSEWHERE


def _faults(page: Page) -> Iterator[str]:
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        if page.evaluate(TOO_WIDE) > 0:
            yield f"wider than {width} px"
    if page.locator("h1").count() != 1 or page.locator("html[lang=en] main").count() != 1:
        yield "not one headline in one main part"
    found = Axe().run(page).response["violations"]
    page.emulate_media(color_scheme="dark")
    found += page.evaluate(COLOURS)["violations"]
    page.emulate_media(color_scheme="light")
    yield from (_said(each) for each in found if each["impact"] in SERIOUS)


def _said(violation: dict[str, Any]) -> str:
    nodes = "; ".join(node["html"][:160] for node in violation["nodes"][:3])
    return f"{violation['id']} ({violation['help']}): {nodes}"
