from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.ports import Ports
from tests.integration.generate.home import opened
from tests.servers.models import ModelServer


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


@pytest.fixture
def ports(tmp_path: Path, server: ModelServer) -> Iterator[Ports]:
    with opened(tmp_path, server.url) as made:
        yield made
