"""The two clocks of the host: the real one, and a virtual one that jumps while nothing is open (design 5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal


class RealClock:
    """Time as the machine has it; opening and closing cost nothing."""

    mode: Literal["real"] = "real"
    until: datetime | None = None
    opened = 0
    next_trigger: Callable[[], datetime | None] | None = None

    def now(self) -> datetime:
        """The time in UTC."""
        return datetime.now(UTC)

    @contextmanager
    def open(self) -> Iterator[None]:
        """Nothing waits for the real clock."""
        yield

    def enter(self, count: int = 1) -> None:
        """Same as on the virtual clock, without effect."""

    def leave(self, count: int = 1) -> None:
        """Same as on the virtual clock, without effect."""

    def listen(self, callback: Callable[[], None]) -> None:
        """The real clock never jumps, so nobody is told."""


class VirtualClock:
    """Time that stands still while anything is open and jumps to the next deadline otherwise.

    `next_trigger`, set by the edge, gives the time of the next timer trigger; a time that has come counts as open
    until the edge has fired it (open a scope first, then move `next_trigger` on).
    """

    def __init__(self, start: datetime | None, file: Path) -> None:
        raise NotImplementedError

    mode: Literal["run", "hold"]
    until: datetime | None
    opened: int
    next_trigger: Callable[[], datetime | None] | None = None

    def now(self) -> datetime:
        """The virtual time in UTC."""
        raise NotImplementedError

    @contextmanager
    def open(self) -> Iterator[None]:
        """Hold time still inside the block."""
        yield

    def enter(self, count: int = 1) -> None:
        """Hold time still until as many `leave`."""

    def leave(self, count: int = 1) -> None:
        """Let go what `enter` held."""

    def listen(self, callback: Callable[[], None]) -> None:
        """Call back, on the engine's thread, after each jump."""

    def set(self, mode: Literal["run", "hold"], until: datetime | None = None) -> None:
        """Run, run until a time and then hold, or hold now. ValueError: `until` is before now or has no zone."""


Clock = RealClock | VirtualClock
