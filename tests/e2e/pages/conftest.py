"""A real Chromium before the real app in the real host; people, a campaign and a clock that stands still until told."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.e2e.campaign.baton import Baton
from tests.e2e.host.process import wait_for

NOW = "2027-03-01T09:00:00+00:00"
AGREED, SILENT = 30, 4
PEOPLE = "email,first_name,consent,country\n" + "".join(
    f"p{n}@people.example,Person{n},{'yes' if n < AGREED else ''},NZ\n" for n in range(AGREED + SILENT)
)
Open = Callable[..., Page]


@pytest.fixture(scope="module")  # not the session: while it is open its event loop keeps other tests from theirs
def chromium() -> Iterator[Browser]:
    found = shutil.which("chromium")
    if not found and os.environ.get("CI") != "true":
        pytest.skip("Chromium is not installed (apt-get install chromium); CI has it")
    with sync_playwright() as driver:
        # Without a sandbox of its own: CI runs as root, and only our own pages are opened.
        browser = driver.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def baton(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Baton]:
    """It holds the clock at NOW; nobody is in the address book yet."""
    made = Baton(tmp_path_factory.mktemp("baton"), "--clock", f"virtual={NOW}", BATON_TIMEZONE="Europe/Berlin").start()
    assert made.host
    made.host.set_clock(mode="hold")
    yield made
    made.kill()


@pytest.fixture
def browse(chromium: Browser, baton: Baton) -> Iterator[Open]:
    """Opens a path as a signed-in owner; options are those of a browser context. Errors on the page fail the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_page(path: str, **options: Any) -> Page:
        contexts.append(chromium.new_context(base_url=url(baton), **options))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if "Content Security Policy" in said.text else None)
        page.goto(baton.ask("POST", "sign-in-links")["url"])
        page.wait_for_url(f"{url(baton)}/")
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture(scope="module")
def campaign(baton: Baton) -> str:
    """One that waits for approval, for people of whom some never agreed."""
    accepted = baton.ask("POST", "contacts/imports", content=PEOPLE, headers={"Content-Type": "text/csv"})
    baton.imported(str(accepted["id"]))
    window = {"start": "2027-03-01T09:30:00Z", "days": 1, "hours": [0, 24]}
    id = baton.create(variants=2, undo_minutes=0, window=window)
    baton.until(id, "awaiting_approval")
    return id


def url(baton: Baton) -> str:
    assert baton.host
    return str(baton.host.http.base_url).rstrip("/")


def run_until(baton: Baton, moment: str) -> None:
    """Let the clock run to this moment and hold there."""
    assert baton.host
    baton.host.set_clock(mode="run", until=moment)
    wait_for(lambda: _arrived(baton, moment))
    baton.host.set_clock(mode="hold")


def _arrived(baton: Baton, moment: str) -> bool | None:
    assert baton.host
    state: dict[str, Any] = baton.host.http.get("/admin/host/clock").json()
    return (state["now"] >= moment and state["open"] == 0) or None


def mails(home: Path) -> list[bytes]:
    """What lies in the outbox."""
    return [path.read_bytes() for path in sorted((home / "outbox").rglob("*.eml"))]
