"""Nothing that a test started outlives it, least of all when it fails."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.host.process import RunningHost


@pytest.fixture(autouse=True)
def no_host_is_left_behind() -> Iterator[None]:
    before = len(RunningHost.started)
    yield
    for host in RunningHost.started[before:]:
        if host.process.poll() is None:
            host.kill()
