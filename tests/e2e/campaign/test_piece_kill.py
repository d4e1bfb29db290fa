"""kill -9 in the middle of a piece's flow: it goes on by itself, what was answered is not paid again, it ends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.host.process import wait_for
from tests.servers.models import ModelServer, Reply

from .baton import Baton

BRIEF: dict[str, Any] = {
    "goal": "Fill the spring back course",
    "offer": "Six evenings, eight people, one physiotherapist who watches every movement",
    "audience": "Former patients",
    "call_to_action": {"text": "Book a place", "url": "https://practice.example/course"},
    "facts": ["It starts on Tuesday 3 March at 18:30"],
}
PLAN = {
    "message": "Six evenings, eight people",
    "angles": {"A": "gain"},
    "points": [{"text": "It starts on Tuesday 3 March", "source": "facts.0"}],
    "call": "Book a place",
}
POST = {
    "hook": "Six evenings, eight people", "paragraphs": ["It starts on Tuesday 3 March at 18:30."],
    "call": "Book a place", "hashtags": [], "language": "en", "notes": [],
}  # fmt: skip
SMS = {"text": "Six evenings, eight people.", "language": "en", "notes": []}


@pytest.mark.parametrize("asked", [1, 2, pytest.param(3, marks=pytest.mark.nightly)])
def test_a_piece_survives_a_kill_and_pays_only_for_what_it_was_asked_again(tmp_path: Path, asked: int) -> None:
    """The host dies while the model thinks about the plan, the first text or the second."""
    turns = [Reply(PLAN), Reply(POST), Reply(SMS)]
    with ModelServer() as server:
        server.script(*turns[: asked - 1], Reply(delay=600), *turns[asked - 1 :])
        baton = Baton(tmp_path, BATON_MODEL_URL=server.url, BATON_MODEL_NAME="test-model").start()
        body = {"name": "Spring", "sender": "The Practice", "brief": BRIEF, "formats": ["linkedin", "sms"]}
        id = baton.ask("POST", "pieces", body)["id"]
        wait_for(lambda: len(server.requests) == asked or None)
        baton.kill()
        baton.start()
        found = wait_for(lambda: _ready(baton, id), 90)
        account = baton.ask("GET", f"budgets/task-piece-{id}")
        baton.kill()
    assert [each["id"] for each in found["texts"]] == ["linkedin-1-A", "sms-1-A"]
    assert [each["cost"]["calls"] for each in (found, *found["texts"])] == [1, 1, 1]
    assert not [each for text in found["texts"] for each in text["findings"] if each["severity"] == "error"]
    assert len(server.requests) == 4, "one question was asked twice: its answer had not arrived"
    assert (account["spent"]["calls"], account["held"]) == (3, {}), "the second execution found the hold of the first"


def _ready(baton: Baton, id: str) -> dict[str, Any] | None:
    found: dict[str, Any] = baton.ask("GET", f"pieces/{id}")
    assert found["status"] != "failed", found["status_reason"]
    return found if found["status"] == "ready" else None
