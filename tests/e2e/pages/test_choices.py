"""The page of choices in a real browser without scripts: from the link in the mail to what the next campaign does."""

from __future__ import annotations

import quopri
import re

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.campaign.baton import Baton

from .conftest import mails, run_until, url

LINK = re.compile(r'href="([^"]+/api/p/[^"]+)"')
SIZES = {"phone": {"width": 360, "height": 740}, "desktop": {"width": 1280, "height": 900}}


@pytest.fixture(scope="module")
def link(baton: Baton, campaign: str) -> str:
    """The path of the link in one of the mails that left."""
    asked = baton.ask("GET", f"campaigns/{campaign}")
    baton.ask("POST", f"campaigns/{campaign}/approvals", json={"decision": "approve", "digest": asked["digest"]})
    run_until(baton, "2027-03-01T12:00:00+00:00")
    body = quopri.decodestring(mails(baton.home)[0]).decode()
    found = LINK.search(body)
    assert found
    return found[1][found[1].index("/api/") :]


def visit(chromium: Browser, baton: Baton, link: str, size: str, **options: str) -> Page:
    context = chromium.new_context(
        base_url=url(baton),
        viewport=SIZES[size],  # type: ignore[arg-type]
        java_script_enabled=False,
        **options,  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.goto(link)
    return page


@pytest.mark.parametrize("size", SIZES)
def test_it_fits_and_every_control_has_a_name(chromium: Browser, baton: Baton, link: str, size: str) -> None:
    page = visit(chromium, baton, link, size)
    assert page.get_by_role("heading", level=1).inner_text().startswith("What you get from")
    for box in page.get_by_role("checkbox").all():
        assert box.bounding_box()
    assert page.get_by_label("How often, at most").is_visible()
    assert page.locator("html").evaluate("each => each.scrollWidth <= each.clientWidth") is True
    page.context.close()


def test_choosing_stopping_and_coming_back(chromium: Browser, baton: Baton, link: str) -> None:
    page = visit(chromium, baton, link, "phone")
    page.get_by_label("How often, at most").select_option("2 in 30 days")
    page.get_by_role("button", name="Save").click()
    assert "Saved" in page.get_by_role("status").inner_text()
    page.get_by_role("button", name="Stop everything").click()
    assert "Nothing more" in page.get_by_role("status").inner_text()
    email = page.get_by_role("checkbox", name="E-mail")
    assert not email.is_checked()
    assert page.get_by_label("How often, at most").input_value() == "2 in 30 days"
    email.check()
    page.get_by_role("button", name="Save").click()
    assert page.get_by_role("checkbox", name="E-mail").is_checked()
    page.context.close()


def test_it_is_german_for_those_who_read_german(chromium: Browser, baton: Baton, link: str) -> None:
    """The mail was English, so an English page is right; a contact whose language is on record gets theirs."""
    page = visit(chromium, baton, link, "desktop", locale="de-DE")
    assert page.locator("html").get_attribute("lang") == "en"
    page.context.close()
