from __future__ import annotations

import pytest


@pytest.fixture(params=[True, False], ids=["sticky", "replay"])
def sticky(request: pytest.FixtureRequest) -> bool:
    """Live executions between turns, or a full replay with the determinism check at each turn."""
    return bool(request.param)
