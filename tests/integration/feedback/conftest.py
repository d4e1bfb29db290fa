"""A home with campaigns that went out, whose plan is on file as a real one's is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.agents.campaigns import manifest
from shared.agents.scopes import register
from shared.ports import PlannedRow, Ports
from tests.integration.analyze.home import SCOPE, Fate, Home, Sent, home, send


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Home]:
    with home(tmp_path) as made:
        register(made.ports, SCOPE)
        yield made


@pytest.fixture
def sent(place: Home) -> Sent:
    """Three people got it; of three it is unknown."""
    made = send(place, [Fate()] * 3 + [Fate("unknown")] * 3)
    file_plan(place.ports, made.campaign, made.shards[-1] + 1)
    return made


def file_plan(ports: Ports, campaign: str, shards: int) -> None:
    lines = [
        manifest.Line(shard, PlannedRow(row.key, row.contact, row.person, row.variant, row.due, row.reason, row.facts))
        for shard in range(shards)
        for row in ports.ledger.of_shard(SCOPE, campaign, shard)
    ]
    manifest.write(ports, SCOPE, campaign, lines)
