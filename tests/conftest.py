"""Every test starts from a clean environment: nothing of the developer's shell leaks in."""

from __future__ import annotations

import os

import pytest

# As deployed (local.settings.sample.json): only JSON crosses a durable boundary.
os.environ["AZURE_FUNCTIONS_DURABLE_STRICT_TYPING"] = "1"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("BATON_", "HOST_CLOCK")) or name.partition("__")[0].endswith("Connection"):
            monkeypatch.delenv(name)
