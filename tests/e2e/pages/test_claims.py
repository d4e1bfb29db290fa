"""A sentence that nobody has said, before its approver in a browser; the model's text comes over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.campaign.baton import Baton
from tests.e2e.pages.conftest import NOW, PEOPLE, url
from tests.servers.models import ModelServer, Reply

UNSAID = "A massage afterwards is part of it."
COPY: dict[str, Any] = {
    "subject": "Six evenings for your back",
    "preheader": "Would you like to come?",
    "headline": "",
    "greeting": 'Dear {{ first_name | default("friend", true) }},',
    "paragraphs": ["six evenings for your back.", UNSAID],
    "points": [],
    "closing": "See you there?",
    "sign_off": "Warm wishes,\nPraxis",
    "language": "en",
    "notes": [],
}


@pytest.fixture(scope="module")
def baton(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Baton]:
    with ModelServer() as server:
        server.script(*[Reply(COPY)] * 3, Reply({**COPY, "paragraphs": ["six evenings for your back."]}))
        home = tmp_path_factory.mktemp("baton")
        model = {"BATON_MODEL_URL": server.url, "BATON_MODEL_NAME": "test-model"}
        made = Baton(home, "--clock", f"virtual={NOW}", **model).start()
        assert made.host
        made.host.set_clock(mode="hold")
        yield made
        made.kill()


@pytest.fixture
def page(chromium: Browser, baton: Baton) -> Iterator[Page]:
    context = chromium.new_context(base_url=url(baton), viewport={"width": 1100, "height": 1500})
    opened = context.new_page()
    opened.goto(baton.ask("POST", "sign-in-links")["url"])
    opened.wait_for_url(f"{url(baton)}/")
    yield opened
    context.close()


def test_it_is_shown_and_confirmed_and_then_it_can_be_approved(page: Page, baton: Baton, tmp_path: Path) -> None:
    accepted = baton.ask("POST", "contacts/imports", content=PEOPLE, headers={"Content-Type": "text/csv"})
    baton.imported(str(accepted["id"]))
    id = baton.create(variants=1, undo_minutes=10)
    baton.until(id, "awaiting_approval")
    page.goto(f"/campaigns/{id}")
    expect(page.locator("#claims-open")).to_contain_text("1 sentence of the drafts states what nobody has said")
    expect(page.get_by_role("button", name="Approve and send")).to_have_count(0)
    expect(page.locator(".claim.bad")).to_contain_text(UNSAID)
    page.screenshot(path=tmp_path / "unsaid.png", full_page=True)
    page.get_by_role("button", name="I confirm this").click()
    baton.until(id, "awaiting_approval")
    page.goto(f"/campaigns/{id}")
    expect(page.locator(".claim.bad")).to_have_count(0)
    page.get_by_text("sentences with a source").click()
    expect(page.locator("#claims")).to_contain_text("confirmed by a person")
    page.screenshot(path=tmp_path / "said.png", full_page=True)
    page.get_by_role("button", name="Approve and send").click()
    baton.until(id, "holding")
    (fact,) = baton.ask("GET", "facts")["items"]
    assert (fact["text"], bool(fact["by"])) == (UNSAID, True)
