"""A process in a browser: started from its page, watched, answered, retried after it failed, all by clicks."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.campaign.baton import Baton

from .conftest import Open

PLAN = {
    "process": "letters",
    "title": "Letters to clients",
    "inputs": {"month": {"type": "date", "title": "Month"}, "list": {"type": "file", "title": "The list"}},
    "steps": [
        {"id": "rows", "type": "read", "title": "Read the list", "with": {"file": "${{ inputs.list }}"}},
        {
            "id": "ok",
            "type": "approve",
            "title": "Have it approved",
            "needs": ["rows"],
            "with": {
                "title": "Send the letters?",
                "text": "${{ steps.rows.outputs.kept }} letters of ${{ inputs.month }}.",
                "form": {"how": {"type": "choice", "choices": ["mail", "paper"], "title": "How"}},
            },
        },
        {"id": "sent", "type": "value", "needs": ["ok"], "with": {"value": "${{ steps.ok.outputs.how }}"}},
        {"id": "again", "type": "read", "needs": ["sent"], "with": {"file": "${{ inputs.list }}"}},
    ],
    "outputs": {"how": "${{ steps.sent.outputs.value }}"},
}
SOON = 60_000
"""Milliseconds; the machine may be busy."""


def stands(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(text, timeout=SOON)


def test_a_run_is_started_watched_answered_and_retried(browse: Open, baton: Baton, tmp_path: Path) -> None:
    baton.ask("PUT", "processes/letters", content=json.dumps(PLAN))
    file = tmp_path / "clients.csv"
    file.write_text("name\nAnn\nBob\n")
    page = browse("/processes/letters", viewport={"width": 390, "height": 900})
    page.get_by_label("Month", exact=True).fill("2027-03-01")
    page.set_input_files("#given-list", file)
    page.get_by_role("button", name="Start a run").click()
    page.wait_for_url("**/runs/*")
    stands(page, "It waits for somebody at “Have it approved”; 1 of 4 steps is done.")
    expect(page.locator("#asked-ok")).to_contain_text("2 letters of 2027-03-01.")
    page.get_by_label("Comment; with a rejection, why").fill("not in March")
    page.get_by_role("button", name="Reject").click()
    stands(page, "It stopped at “Have it approved”")
    expect(page.locator("#trouble")).to_contain_text("owner rejected it: not in March")
    expect(page.locator("#trouble")).to_contain_text("Nothing has left this machine")
    page.get_by_role("button", name="Go on where it stopped").click()
    stands(page, "It waits for somebody")
    logs = page.context.new_page()
    logs.goto(f"{page.url}/logs")
    expect(logs.locator("#lines")).to_contain_text("The run is under way")
    page.get_by_label("How", exact=True).select_option("paper")
    page.get_by_role("button", name="Approve").click()
    stands(page, "Done in")
    expect(page.locator("#outputs")).to_contain_text("paper")
    expect(logs.locator("#lines p", has_text="again 2 rows: 2 fit")).to_have_count(1, timeout=SOON)
    expect(logs.locator("#lines")).not_to_contain_text("The run is under way", timeout=SOON)
    expect(logs.locator("#lines p", has_text="rows 2 rows: 2 fit")).to_have_count(1)
    page.locator(".graph.narrow a", has_text="Read the list").click()
    expect(page.locator("#step")).to_contain_text("clients.csv")
    page.get_by_role("link", name="What it said").click()
    expect(page.locator("#lines p")).to_have_count(1)
    (run,) = baton.ask("GET", "runs?process=letters")["items"]
    assert (run["status"], run["attempt"], run["outputs"]) == ("done", 2, {"how": "paper"})
