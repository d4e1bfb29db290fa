from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.agents.conftest import hand, ports
from tests.integration.process.real_desk import Room, room

__all__ = ["hand", "here", "ports"]


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Room]:
    with room(tmp_path) as made:
        yield made
