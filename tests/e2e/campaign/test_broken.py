"""A step that can never succeed: the flow gives up, and the campaign says so instead of hanging."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from .baton import Baton


def test_a_flow_that_used_up_its_tries_is_shown_as_failed(tmp_path: Path) -> None:
    baton = Baton(tmp_path).start()
    baton.imported(baton.import_people(3))
    (baton.home / "files" / "local" / "main" / "campaigns").write_text("a file where a folder has to be")
    id = baton.create()
    assert baton.host
    later = datetime.fromisoformat(baton.host.clock()["now"]) + timedelta(hours=4)
    baton.host.set_clock(mode="run", until=later.isoformat())
    failed = baton.until(id, "failed", seconds=60)
    assert failed["status_reason"] == "a step kept failing or was stopped; the log has the rest"
    assert baton.raw("POST", f"campaigns/{id}/resume").status_code == 409
    baton.kill()


def test_a_flow_that_was_terminated_is_shown_as_failed(tmp_path: Path) -> None:
    baton = Baton(tmp_path).start()
    baton.imported(baton.import_people(3))
    id = baton.create()
    baton.until(id, "awaiting_approval")
    assert baton.host
    assert baton.host.manage("POST", f"instances/local~main~campaign~{id}~1/terminate").is_success
    later = datetime.fromisoformat(baton.host.clock()["now"]) + timedelta(hours=4)
    baton.host.set_clock(mode="run", until=later.isoformat())
    assert "kept failing or was stopped" in baton.until(id, "failed", seconds=60)["status_reason"]
    baton.kill()
