"""Types of steps of the tests' own."""

from __future__ import annotations

import sys

import pytest

from shared.process import steps
from tests.unit.process import sample


@pytest.fixture(autouse=True)
def sample_types(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "shared.process.steps.sample", sample)
    for name in list(steps.TYPES):
        monkeypatch.delitem(steps.TYPES, name)
    for name, cls in {"files.copy": "Copy", "read": "Read", "script": "Script"}.items():
        monkeypatch.setitem(steps.TYPES, name, f"sample:{cls}")
