"""Paths of files outside Baton (in folders, in archives) that can be spoken of everywhere and lead nowhere else."""

from __future__ import annotations

import re

_PART = re.compile(r"(?!\.{1,2}$)(?!\.baton-)[^/\\:\x00-\x1f\x7f]*[^/\\:\x00-\x1f\x7f. ]")
_LONGEST = 255
_LONGEST_PATH = 900


def is_path(path: str) -> bool:
    """Names with `/` between them: none is `.` or `..`, has a back slash, `:` or what cannot be seen, ends with a dot
    or a space, or is one of an unfinished file (`.baton-`)."""
    if len(path) > _LONGEST_PATH or not path.isprintable():
        return False
    return all(_PART.fullmatch(part) and len(part.encode(errors="replace")) <= _LONGEST for part in path.split("/"))
