"""Hosts of the sample apps, shared where tests do not disturb each other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.host.process import RunningHost, running


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHost]:
    with running("web", tmp_path_factory.mktemp("web")) as host:
        yield host


@pytest.fixture(scope="module")
def patterns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHost]:
    with running("patterns", tmp_path_factory.mktemp("patterns")) as host:
        yield host
