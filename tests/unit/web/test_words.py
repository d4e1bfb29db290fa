from __future__ import annotations

from datetime import UTC, datetime
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from shared.domain.campaign import Status
from shared.domain.gate import HELD
from shared.domain.imports import Import
from shared.domain.replay import Difference, Replay, Step
from shared.ports import State
from shared.web import words
from shared.web.files import file
from shared.web.imports import import_parts, import_sentence
from shared.web.pages import POLICY, page
from shared.web.refusal import refusal_page


def test_every_code_of_the_gate_the_ledger_and_the_status_has_words() -> None:
    assert set(words.HELD) == set(HELD)
    assert set(words.STATES) == set(get_args(State))
    assert set(words.STATUS) == set(get_args(Status))
    assert words.held("new_code") == "New code"


@pytest.mark.parametrize(
    ("micros", "text"), [(0, "€0.00"), (1_240_000, "€1.24"), (400, "€0.0004"), (10**12, "€1,000,000.00")]
)
def test_money_keeps_what_cents_would_lose(micros: int, text: str) -> None:
    assert words.money(micros) == text


def test_times_are_told_on_the_given_clock() -> None:
    at = datetime(2027, 3, 1, 23, 30, tzinfo=UTC)
    assert words.moment(at, ZoneInfo("Europe/Berlin")) == "Tue 2 Mar 00:30"
    assert words.span(at, at.replace(minute=45), ZoneInfo("UTC")) == "Mon 1 Mar 23:30 to 23:45"


def test_facts_are_told_in_words_even_if_they_lack_a_number() -> None:
    assert words.fact("approve", {"version": 2, "digest": "d"}) == "Version 2 approved"
    assert words.fact("approve", {}) == "Version ? approved"
    assert words.fact("brand_new", {}) == "Brand new"


def test_an_import_adds_up_to_its_rows() -> None:
    made = Import(id="i", created_at=datetime(2027, 3, 1, tzinfo=UTC), by="o", content_type="text/csv", rows=12)
    made.count({"created": 5, "updated": 1, "unchanged": 1, "merged": 1, "quarantined": 2})
    assert import_sentence(made) == "10 of 12 rows are in."
    assert sum(part.n for part in import_parts(made)) == 12
    made.status = "completed"
    assert import_sentence(made) == "8 of 12 rows are in, 2 left out."
    made.count({"suppressed": 2})
    assert import_sentence(made) == "8 of 12 rows are in, 2 never to be written to, 2 left out."
    assert sum(part.n for part in import_parts(made)) == 12


def test_files_are_looked_up_and_never_joined_to_a_path() -> None:
    for name in ("palette.css", "baton.css", "htmx.min.js"):
        found = file(name)
        assert found is not None
        assert found.content
    assert file("../pages.py") is None
    assert file("/etc/passwd") is None


def test_what_people_typed_is_shown_and_never_run() -> None:
    nasty = "<script>alert(1)</script>"
    shown = page("explain", "UTC", here="", asked=nasty, found={"about": nasty, "items": [], "cursor": None})
    assert nasty not in shown
    assert "&lt;script&gt;" in shown
    assert "script-src 'self'" in POLICY


def test_a_stale_approval_shows_what_differs_and_leads_back() -> None:
    shown = refusal_page("/campaigns/c/decision", 409, "Conflict", "that is version 1", {"people": [519, 520]})
    assert "that is version 1" in shown
    assert "519" in shown
    assert "520" in shown
    assert 'href="/campaigns/c"' in shown


def test_who_is_not_signed_in_gets_a_page_that_needs_nothing() -> None:
    shown = refusal_page("/contacts", 401, "Unauthorized", "x", {})
    assert "sign-in link" in shown
    assert "/static/" not in shown
    assert "/static/" not in refusal_page("/api/u/x", 400, "Bad Request", "x", {})


def test_a_replay_first_says_what_would_be_different_and_where() -> None:
    place = Difference(where="instructions, line 12", was="<b>60</b>", now=None)
    steps = [
        Step(step="variant A", what="call", state="differs", model="m", why="the prompt", differs=[place]),
        Step(step="draft A", what="decision", state="same"),
        Step(step="variant B", what="call", state="unanswered"),
    ]
    found = Replay(subject="campaign", id="c1", name="Spring", same=False, calls=1, decisions=1, steps=steps)
    shown = page("replay", "UTC", here="", found=found)
    assert "<h1>1 of 3 steps of “Spring” would be different today.</h1>" in shown
    assert "The prompt." in shown
    assert "&lt;b&gt;60&lt;/b&gt;" in shown
    assert "(nothing)" in shown
    assert "call of a model" in shown
    same = page("replay", "UTC", here="", found=found.model_copy(update={"same": True, "steps": steps[1:]}))
    assert "<h1>“Spring” would be the same today, byte for byte.</h1>" in same
