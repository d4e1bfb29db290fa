"""What the doctor says of one thing."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Verdict(NamedTuple):
    """`fix` is what to do about it, if anything."""

    what: str
    state: Literal["ok", "warn", "fail"]
    said: str
    fix: str = ""


def ok(what: str, said: str) -> Verdict:
    """As it should be."""
    return Verdict(what, "ok", said)


def warn(what: str, said: str, fix: str) -> Verdict:
    """It works, but perhaps not as intended."""
    return Verdict(what, "warn", said, fix)


def fail(what: str, said: str, fix: str) -> Verdict:
    """It does not work."""
    return Verdict(what, "fail", said, fix)
