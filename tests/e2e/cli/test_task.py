"""`baton task` and `baton memory` against a running host."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.e2e.cli.command import Served
from tests.e2e.host.process import wait_for


def test_a_task_is_given_followed_and_done_again(home: Served, tmp_path: Path) -> None:
    mail = tmp_path / "mail.txt"
    mail.write_text("Please hurry.")
    made = home("task", "create", "analyst", "March", "What went well?", "--outside", str(mail), "--json").json
    assert made["status"] == "queued"

    def ended() -> Any:
        found = home("task", "show", made["id"], "--json").json
        return found if found["status"] == "failed" else None

    assert wait_for(ended)["attempts"][0]["outcome"] == "failed"
    said = home("task", "show", made["id"]).text
    assert "is failed: built-in cannot do agent.task" in said
    assert made["id"] in home("task", "list", "--agent", "analyst").text
    assert home("task", "execute", made["id"], "--json").json["run"] == 2
    assert home("task", "create", "nobody", "March", "What?").code == 2


def test_memory_is_written_read_and_taken_back(home: Served) -> None:
    home("memory", "write", "sales", "tone", "Be kind.", "--why", "the owner said so")
    assert "Be kind." in home("memory", "list", "sales").text
    assert "(forgotten)" in home("memory", "forget", "sales", "tone").text
    assert home("memory", "list", "sales").text == "Nothing yet."
    assert "Be kind." in home("memory", "rollback", "sales", "tone", "1").text
    assert len(home("memory", "versions", "sales", "tone", "--json").json) == 3
    assert "there is no domain 'kitchen'" in home("memory", "list", "kitchen").err
