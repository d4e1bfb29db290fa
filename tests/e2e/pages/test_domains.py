"""The page of domains in a real browser, before a real name server and a mail server that is not on the loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e.campaign.baton import CAMPAIGN, Baton
from tests.e2e.pages.conftest import Open
from tests.servers.world import World, world

DOMAIN = "praxis.example"


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("world")) as made:
        yield made


@pytest.fixture(scope="module")
def baton(tmp_path_factory: pytest.TempPathFactory, outside: World) -> Iterator[Baton]:
    made = Baton(tmp_path_factory.mktemp("domains"), **outside.settings).start()
    assert made.host
    made.host.set_clock(mode="hold")
    made.imported(made.import_people(2))
    yield made
    made.kill()


def test_rule_c7_the_page_says_what_to_enter_and_lets_the_domain_send_once_it_is_there(
    browse: Open, baton: Baton, outside: World
) -> None:
    page = browse("/domains", java_script_enabled=False)
    assert "None yet" in page.inner_text("main")
    page.fill("#domain", DOMAIN)
    page.click("button:has-text('Check it')")
    assert "May not send yet" in page.inner_text("main")
    assert "to be mended" in page.inner_text("main")
    refused = baton.raw("POST", "campaigns", json=CAMPAIGN)
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["field"] == "sender.address"
    names, values = page.locator("li code").all_inner_texts(), page.locator("pre.record").all_inner_texts()
    assert names == [DOMAIN, f"baton._domainkey.{DOMAIN}", f"_dmarc.{DOMAIN}"]
    for name, value in zip(names, values, strict=True):
        outside.dns.txt(name, value)
    page.click("button:has-text('Check again')")
    expect(page.locator("main")).to_contain_text("May send", timeout=60_000)
    expect(page.locator("pre.record")).to_have_count(0)
    assert "Day 1 of its warm-up: 0 of at most 50 messages" in page.inner_text("main")
    assert baton.raw("POST", "campaigns", json=CAMPAIGN).status_code == 202


def test_records_of_any_length_fit_on_a_phone(browse: Open, outside: World) -> None:
    page = browse("/domains", viewport={"width": 390, "height": 800})
    page.fill("#domain", "new.example")
    page.click("button:has-text('Check it')")
    page.locator("pre.record").nth(2).wait_for(timeout=60_000)
    wide = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0


def test_what_is_no_domain_is_refused_with_a_page(browse: Open) -> None:
    page = browse("/domains")
    page.fill("#domain", "no domain at all")
    page.click("button:has-text('Check it')")
    assert page.inner_text("h1") == "There is no such page"
