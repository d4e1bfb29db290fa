"""kill -9 while an agent works on a task: the task goes on by itself, every attempt is told, no money stays held."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.host.process import wait_for
from tests.servers.models import ModelServer, Reply

from .baton import Baton


@pytest.mark.parametrize("asked", [1, 2])
def test_a_task_survives_a_kill_and_pays_only_for_what_it_was_asked_again(tmp_path: Path, asked: int) -> None:
    """The host dies while the model thinks about its first or its second question."""
    turns = [Reply(tool=("memory_read", {})), Reply("March went well.")]
    with ModelServer() as server:
        server.script(*turns[: asked - 1], Reply(delay=600), *turns[asked - 1 :])
        baton = Baton(tmp_path, BATON_MODEL_URL=server.url, BATON_MODEL_NAME="test-model").start()
        body = {"title": "March", "instructions": "What went well?", "budget": {"calls": 3, "tools": 1}}
        id = baton.ask("POST", "agents/analyst/execute", body)["id"]
        wait_for(lambda: len(server.requests) == asked or None)
        baton.kill()
        baton.start()
        done = wait_for(lambda: _done(baton, id), 90)
        baton.kill()
    assert done["result"] == "March went well."
    assert [each["outcome"] for each in done["attempts"]] == ["interrupted", "done"]
    assert len(server.requests) == 3, "one question was asked twice: its answer had not arrived"
    assert done["cost"]["calls"] == 2
    assert [each["tool"] for each in done["tools_used"]] == ["memory.read"]


def _done(baton: Baton, id: str) -> dict[str, Any] | None:
    found: dict[str, Any] = baton.ask("GET", f"tasks/{id}")
    if found["status"] != "done":
        return None
    account = baton.ask("GET", f"budgets/task-{id}")
    assert account["held"] == {}, "the second execution found the hold of the first"
    assert account["spent"]["calls"] == 2
    assert account["spent"]["tools"] == 1
    return found
