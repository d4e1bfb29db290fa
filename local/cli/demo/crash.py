"""SIGKILL in mid-batch: the host dies while a window of messages is partly written, and what that left behind."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

ENOUGH = 25
"""Messages of a window that must be out before the kill; less proves little, more may be too late."""


class Outbox:
    """The folder into which the messages of the demo's workspace go."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keys(self) -> set[str]:
        """The effect keys of the messages that are out."""
        try:
            with os.scandir(self.folder) as entries:
                return {entry.name.removesuffix(".eml") for entry in entries if entry.name.endswith(".eml")}
        except FileNotFoundError:
            return set()


class Crash(NamedTuple):
    """What one kill left: messages `out` in all, of them `unreceipted` (their receipt was lost), and rows that were
    `claimed` whose message had not left."""

    out: int
    unreceipted: int
    claimed: int

    @property
    def mid_batch(self) -> bool:
        """Some of a window had left, some had not."""
        return self.unreceipted > 0 and self.claimed > 0


def examine(out: set[str], recipients: Iterable[dict[str, Any]]) -> Crash:
    """What a kill hit, read from the rows after the restart: a row that was claimed in vain is on its second attempt,
    and evidence from the outbox settled its neighbours at the same moment."""
    rows = list(recipients)
    again = [row for row in rows if row["attempt"] > 1]
    recalled = min((row["settled_at"] for row in again if row["settled_at"]), default=None)
    proved = [row for row in rows if row["key"] in out and recalled and row["settled_at"] == recalled]
    return Crash(len(out), len(proved), len(again))
