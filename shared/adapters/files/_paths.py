"""Which paths a file may have: the same in every home."""

from __future__ import annotations

import re

from shared.domain.scope import Scope

_PART = re.compile(r"(?!\.{1,2}$)[^/\\:\x00-\x1f\x7f]{1,255}")


def home_of(scope: Scope) -> tuple[str, str]:
    """The folders of a scope. Raises ValueError if they could lead elsewhere."""
    return _checked(scope.tenant), _checked(scope.workspace)


def parts_of(path: str) -> list[str]:
    """The parts of a path. Raises ValueError if one of them could lead elsewhere."""
    return [_checked(part) for part in path.split("/")]


def _checked(part: str) -> str:
    if not _PART.fullmatch(part):
        raise ValueError(f"path: {part!r} is not allowed as a part of a path")
    return part
