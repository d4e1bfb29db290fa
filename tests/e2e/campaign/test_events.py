"""Documents decide, events only wake (design 4.6): flows also end well where events are lost as on Azure."""

from __future__ import annotations

from pathlib import Path

from .baton import Baton


def test_an_approval_is_heard_where_early_events_are_lost(tmp_path: Path) -> None:
    baton = Baton(tmp_path, "--clock", "virtual", "--events", "azure").start()
    baton.imported(baton.import_people(20))
    id = baton.create()
    baton.approve(id)
    baton.raw("POST", f"campaigns/{id}/pause")
    baton.raw("POST", f"campaigns/{id}/resume")
    baton.until(id, "completed")
    certificate = baton.certificate(id)
    assert certificate["sent_once"] + sum(certificate["held"].values()) == 20
    baton.kill()
