"""What an offer's capacity has left: counted of what was accepted, and shown where a price takes more."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Edge
from .test_pieces import HTML
from .test_proposals import accept, deal, later, made, sent

__all__ = ["deal"]
TEN = {"lines": [{"item": "website", "quantity": "10"}]}


def test_a_price_that_takes_more_than_is_free_says_so(
    edge: Edge, deal: str, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def free() -> str:
        return str(edge.ask("POST", "/api/v1/offers/web/price", TEN).json["capacity"])

    assert free() == "50 h of work once, 0 h each month; 120 h of 120 are free in the next 30 days"
    lines = [{"item": "website", "quantity": "16"}, {"item": "care", "quantity": "3"}]
    big = made(edge, deal, chosen=lines)
    assert accept(edge, sent(edge, big["id"], home)).status == 200
    assert free().endswith("34 h of 120 are free in the next 30 days: 16 h more than is free")
    page = edge.ask("GET", f"/proposals/{made(edge, deal, chosen=TEN['lines'])['id']}", **HTML).body.decode()
    assert "16 h more than is free" in page
    assert "34 are free" in edge.ask("GET", "/offers/web", **HTML).body.decode().replace("34.00", "34")
    later(monkeypatch, tmp_path, days=31)
    assert "114 h of 120 are free" in free(), "the retainer goes on"
    edge.ask("POST", f"/api/v1/deals/{deal}/moves", {"to": "lost", "why": "They closed."})
    assert "120 h of 120 are free" in free()
