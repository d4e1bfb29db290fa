from __future__ import annotations

import pytest

from local.host.model import EngineSettings
from local.host.versions import matches


@pytest.mark.parametrize(
    ("version", "own", "rule", "expected"),
    [
        ("1.0.0", "1.0.0", "CurrentOrOlder", True),
        ("1.9", "1.10", "CurrentOrOlder", True),
        ("1.10", "1.9", "CurrentOrOlder", False),
        (None, "1.0.0", "CurrentOrOlder", True),
        ("blue", "Blue", "CurrentOrOlder", True),
        ("1.0.0", "1.0.0", "Strict", True),
        ("0.9.0", "1.0.0", "Strict", False),
        (None, "1.0.0", "Strict", False),
        ("9.0.0", "1.0.0", "None", True),
        ("9.0.0", None, "Strict", True),
    ],
)
def test_which_versions_a_host_runs(version: str | None, own: str | None, rule: str, expected: bool) -> None:
    settings = EngineSettings(default_version=own, version_match=rule)  # type: ignore[arg-type]
    assert matches(version, settings) is expected
