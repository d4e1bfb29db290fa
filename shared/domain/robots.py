"""What a site lets robots read: robots.txt (RFC 9309), as far as one reader needs it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote, unquote

READER = "baton"
"""The product token by which a site may name this reader."""
LONGEST = 500 * 1024
"""Octets that are parsed (section 2.5)."""
_MOST_RULES = 2000


class Rule(NamedTuple):
    """A path with `*` and `$`, and whether it is allowed."""

    allowed: bool
    path: str


class Robots(NamedTuple):
    """The rules for this reader; `closed`: nothing may be read, as nobody knows the rules (section 2.3.1.4)."""

    rules: Sequence[Rule] = ()
    closed: bool = False

    def allows(self, path: str) -> bool:
        """The longest rule that matches holds; of two equally long ones the one that allows (section 2.2.2)."""
        if self.closed:
            return False
        asked = _spelled(path or "/")
        found = [each for each in self.rules if _matches(each.path, asked)]
        best = max(found, key=lambda each: (len(each.path), each.allowed), default=Rule(True, ""))
        return best.allowed


def robots_of(status: int | None, body: bytes) -> Robots:
    """After asking for robots.txt: no such file allows everything, a server that fails or is silent nothing."""
    if status is None or status >= 500:
        return Robots(closed=True)
    if status != 200:
        return Robots()
    return parsed(body[:LONGEST].decode("utf-8", "replace"))


def parsed(text: str, reader: str = READER) -> Robots:
    """The groups that name this reader, together; if there is none, those for `*`."""
    ours: list[Rule] = []
    others: list[Rule] = []
    named = False
    agents: list[str] = []
    began = False
    for name, value in _lines(text):
        if name == "user-agent":
            agents = [value.lower()] if began else [*agents, value.lower()]
            began = False
            named = named or reader in agents
        elif name in ("allow", "disallow"):
            began = True
            rule = Rule(name == "allow", _spelled(value))
            if value and reader in agents:
                ours.append(rule)
            elif value and "*" in agents:
                others.append(rule)
    return Robots(tuple((ours if named else others)[:_MOST_RULES]))


def _lines(text: str) -> list[tuple[str, str]]:
    found = []
    for line in re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff")):
        name, colon, value = line.partition("#")[0].partition(":")
        if colon:
            found.append((name.strip().lower(), value.strip()))
    return found


def _spelled(path: str) -> str:
    """Percent-encoding of one form (section 2.2.2)."""
    return quote(unquote(path), safe="/*$?=&;:@!'(),+-._~")


def _matches(rule: str, path: str) -> bool:
    """Part by part, from the left: no pattern takes longer than the path is long, times its parts."""
    to_end = rule.endswith("$")
    first, *parts = rule.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    for n, part in enumerate(parts):
        if to_end and n == len(parts) - 1:
            return path.endswith(part) and len(path) - len(part) >= at
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return not to_end or at == len(path)
