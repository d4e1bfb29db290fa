"""Every test starts from a clean environment: nothing of the developer's shell leaks in. And what tests of
several folders share."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from shared.domain.connection import Connection
from tests.servers.azurite import connection_string, serving

# As deployed (local.settings.sample.json): only JSON crosses a durable boundary.
os.environ["AZURE_FUNCTIONS_DURABLE_STRICT_TYPING"] = "1"

# No test is timed: a busy machine is no failure.
settings.register_profile("baton", deadline=None)
# In CI, where every run draws others; `make test` draws a hundred.
settings.register_profile("ci", deadline=None, max_examples=40)
# For a second time over the same code, on another Python: `--hypothesis-profile=again`.
settings.register_profile("again", deadline=None, max_examples=15)
settings.load_profile("baton")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with long tests begin first, for none should be the last alone; then by turns one that starts hosts, and so
    waits, and one that does not. Where several files run at a time, `--no-loadscope-reorder` keeps this order."""
    long = {each.path for each in items if each.get_closest_marker("long")}
    seen: Counter[str] = Counter()
    rank: dict[Path, tuple[bool, int]] = {}
    for path in dict.fromkeys(each.path for each in items):
        kind = "long" if path in long else "host" if "e2e" in path.parts else "none"
        rank[path] = (kind != "long", seen[kind])
        seen[kind] += 1
    items.sort(key=lambda each: rank[each.path])


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("BATON_", "HOST_CLOCK", "HOST_BUS", "HOST_KEYS")) or name.partition("__")[0].endswith(
            "Connection"
        ):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def azurite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """One Table service for all tests; each works in a table or a scope of its own."""
    with serving(tmp_path_factory.mktemp("azurite")) as port:
        yield Connection(connection_string(port))


@pytest.fixture(scope="session")
def azurite_blob(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """One Blob service for all tests; each works in a container or a scope of its own."""
    with serving(tmp_path_factory.mktemp("azurite-blob"), "blob") as port:
        yield Connection(connection_string(port, "blob"))
