"""Globs over paths: the same in every home, whatever its file system thinks of upper and lower case."""

from __future__ import annotations

import re


def glob_pattern(glob: str) -> re.Pattern[str]:
    """`*` and `?` stay within a name, `[abc]` is one of them, `**` is any folders (`**/x`) or all that is left."""
    return re.compile("/".join(map(_part, glob.split("/"))).replace("\0/", "(?:[^/]+/)*").replace("\0", ".*"), re.S)


def _part(part: str) -> str:
    if part == "**":
        return "\0"
    return "".join(map(_piece, re.findall(r"\[!?[^\]/]+\]|\*+|.", part, re.S)))


def _piece(piece: str) -> str:
    if piece.startswith("*"):
        return "[^/]*"
    if piece == "?":
        return "[^/]"
    if len(piece) > 1:
        inner = piece[1:-1]
        return "[^/" + _set(inner[1:]) + "]" if inner.startswith("!") else f"[{_set(inner)}]"
    return re.escape(piece)


def _set(inner: str) -> str:
    return re.sub(r"([\\\[\]^&~|])", r"\\\1", inner)
