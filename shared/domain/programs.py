"""Which executables processes may run: whoever runs Baton allows each by name."""

from __future__ import annotations

import re

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")


def programs_of(text: str) -> dict[str, str]:
    """`name=/absolute/path;name=/absolute/path` as name -> path. Raises ValueError."""
    found: dict[str, str] = {}
    for each in filter(None, (part.strip() for part in text.split(";"))):
        name, _, path = each.partition("=")
        if not _NAME.fullmatch(name) or name in found:
            raise ValueError(f"must be name=/path;name=/path, each name once: {name!r} cannot be one")
        if not path.startswith("/") or "/../" in path:
            raise ValueError(f"must give {name!r} an absolute path")
        found[name] = path
    return found
