"""The page behind the link of a confirmation mail, in a real browser without scripts."""

from __future__ import annotations

import quopri
import re

import pytest
from playwright.sync_api import Browser

from tests.e2e.campaign.baton import CAMPAIGN, Baton
from tests.e2e.host.process import wait_for

from .conftest import mails, url

LINK = re.compile(r'href="[^"]+(/api/d/[^"]+)"')
SIZES = {"phone": {"width": 360, "height": 740}, "desktop": {"width": 1280, "height": 900}}


@pytest.fixture(scope="module")
def link(baton: Baton) -> str:
    """The path of the link in the one mail that left."""
    rows = "email,consent\nnew@people.example,pending\n"
    made = baton.ask("POST", "contacts/imports", content=rows, headers={"Content-Type": "text/csv"})
    baton.imported(str(made["id"]))
    wish = {"sender": CAMPAIGN["sender"], "wording": "Praxis may send me <b>offers</b> by e-mail", "language": "de"}
    assert baton.ask("POST", "contacts/opt-ins", wish)["asked"] == 1
    (mail,) = wait_for(lambda: mails(baton.home) or None)
    found = LINK.search(quopri.decodestring(mail).decode())
    assert found
    return found[1]


def test_it_asks_in_the_exact_words_fits_and_its_button_confirms(chromium: Browser, baton: Baton, link: str) -> None:
    for size in SIZES.values():
        context = chromium.new_context(base_url=url(baton), viewport=size, java_script_enabled=False)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(link)
        assert page.locator("html").get_attribute("lang") == "de"
        assert page.get_by_text("Praxis may send me <b>offers</b> by e-mail", exact=True).is_visible()
        assert "new@people.example" not in page.content()
        assert page.locator("html").evaluate("each => each.scrollWidth <= each.clientWidth") is True
        assert _consent(baton) == "pending", "looking at it confirms nothing"
        last = page
    last.get_by_role("button").click()
    assert last.get_by_role("button").count() == 0
    assert _consent(baton) == "granted"
    for context in chromium.contexts:
        context.close()


def _consent(baton: Baton) -> str:
    (person,) = baton.ask("GET", "contacts?email=new@")["items"]
    return str(person["consent"]["email"]["status"])
