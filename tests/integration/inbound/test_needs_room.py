"""Whoever holds a link to questions writes a little: the disk is not theirs, and the agency's places are kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.agents import deals
from shared.agents.deals import needs
from shared.agents.deals.needs import Said, kept, take_in
from shared.domain.deal import DealRequest
from shared.domain.faults import Conflict
from shared.domain.needs import OF_ASKING, Heard
from shared.ports import Ports

from .conftest import SCOPE


def said(ports: Ports, deal: str, asking: str, text: str) -> bool:
    try:
        take_in(ports, SCOPE, deal, Said(text, text, "client", via="form", asking=asking))
    except Conflict:
        return False
    return True


def test_what_is_too_much_is_refused_before_it_is_stored_and_the_agency_still_has_room(
    ports: Ports, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deal = deals.create(ports, SCOPE, "ann", DealRequest(name="A site"), "d" * 32).id
    taken = [said(ports, deal, "one", f"message {n}") for n in range(OF_ASKING + 5)]
    assert taken.count(True) == OF_ASKING
    assert said(ports, deal, "one", "message 0"), "what was kept may arrive again"
    monkeypatch.setattr(needs, "OF_CLIENTS", OF_ASKING + 3)
    assert [said(ports, deal, "two", f"word {n}") for n in range(5)] == [True] * 3 + [False] * 2
    assert len([*(tmp_path / "home" / "files").rglob(f"{deal}/*.txt")]) == OF_ASKING + 3
    needs.hear(ports, SCOPE, deal, "ann", Heard(text="What they said on the phone."))
    assert len(kept(ports, SCOPE, deal).messages) == OF_ASKING + 4
