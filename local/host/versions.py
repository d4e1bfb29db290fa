"""Orchestration versions: which instances this host may run, as the Durable Task framework decides it."""

from __future__ import annotations

from local.host.model import EngineSettings


def matches(version: str | None, settings: EngineSettings) -> bool:
    """Whether an instance of this version may run under the host's default version."""
    own = settings.default_version
    if own is None or settings.version_match == "None":
        return True
    if settings.version_match == "Strict":
        return _key(version) == _key(own)
    return _key(version) <= _key(own)


def _key(version: str | None) -> tuple[int, tuple[int, ...], str]:
    """No version comes first, then numbers by their parts (1.9 before 1.10), then other texts ignoring case."""
    if not version:
        return 0, (), ""
    parts = version.split(".")
    if all(part.isascii() and part.isdigit() for part in parts):
        return 1, tuple(map(int, parts)), ""
    return 2, (), version.casefold()
