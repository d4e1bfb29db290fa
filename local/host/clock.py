"""The two clocks of the host: the real one, and a virtual one that jumps while nothing is open (design 5)."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class RealClock:
    """Time as the machine has it; it never waits, so opening and closing have no effect."""

    mode: Literal["real"] = "real"
    until: datetime | None = None
    opened = 0
    next_trigger: Callable[[], datetime | None] | None = None
    next_message: Callable[[], datetime | None] | None = None
    next_scheduled: Callable[[], datetime | None] | None = None

    def now(self) -> datetime:
        """The time in UTC."""
        return datetime.now(UTC)

    @contextmanager
    def open(self) -> Iterator[None]:
        """As on the virtual clock, without effect."""
        yield

    def enter(self, count: int = 1) -> None:
        """As on the virtual clock, without effect."""

    def leave(self, count: int = 1) -> None:
        """As on the virtual clock, without effect."""

    def listen(self, callback: Callable[[], None]) -> None:
        """As on the virtual clock; there are no jumps to tell of."""


class VirtualClock:
    """Time that stands still while anything is open, and jumps to the next deadline otherwise.

    Starts at `start`, else at the time in `file` (left by an earlier host), else at the real time; the engine then
    puts it to the time stored with the last COMMIT. `file` always holds the time as 8 bytes, little-endian, in
    nanoseconds since 1970, so that other processes of the app can read it.
    """

    mode: Literal["run", "hold"] = "run"
    until: datetime | None = None
    opened = 0
    # Times of the next timer trigger and of the next change on the bus, set by the edge. A time that has come holds the
    # clock until the edge has fired it: it opens a scope first and moves its answer on inside.
    next_trigger: Callable[[], datetime | None] | None = None
    next_message: Callable[[], datetime | None] | None = None
    # Time of the first scheduled message, which moves the clock as a durable timer does.
    next_scheduled: Callable[[], datetime | None] | None = None

    def __init__(self, start: datetime | None, file: Path) -> None:
        self._lock = threading.Lock()
        self._file = file
        self._listeners: list[Callable[[], None]] = []
        self._now = start or _read(file) or datetime.now(UTC)
        self.wake: Callable[[], None] = _nobody  # set by the engine: something closed, or the mode changed
        file.parent.mkdir(parents=True, exist_ok=True)
        # A file that is there may be another running host's; the engine publishes once it has locked the directory.
        if not file.exists():
            self.publish()

    def now(self) -> datetime:
        """The virtual time in UTC."""
        return self._now

    @contextmanager
    def open(self) -> Iterator[None]:
        """Time stands still inside the block."""
        self.enter()
        try:
            yield
        finally:
            self.leave()

    def enter(self, count: int = 1) -> None:
        """Hold time still until `leave` has been called for all of `count`."""
        with self._lock:
            self.opened += count

    def leave(self, count: int = 1) -> None:
        """Let go what `enter` held."""
        with self._lock:
            self.opened -= count
            quiet = self.opened == 0
        if quiet:
            self.wake()

    def listen(self, callback: Callable[[], None]) -> None:
        """Call back after each jump, on the thread that is the engine."""
        self._listeners.append(callback)

    def set(self, mode: Literal["run", "hold"], until: datetime | None = None) -> None:
        """Run freely, run until a time and hold there, or hold now. ValueError says what is wrong with `until`."""
        if until is not None and until.tzinfo is None:
            raise ValueError("until: the time needs a zone, such as 2026-01-31T09:00:00Z")
        if until is not None and mode == "hold":
            raise ValueError("until: only the mode 'run' takes it")
        with self._lock:
            if until is not None and until < self._now:
                raise ValueError(f"until: {until.isoformat()} is before the clock's {self._now.isoformat()}")
            self.mode, self.until = mode, until
        self.wake()

    def restore(self, stored: datetime | None) -> None:
        """Take up the time of the last COMMIT, if there was one."""
        if stored is not None:
            self._now = stored
        self.publish()

    def jump(self, timer: datetime | None) -> bool:
        """Go to the next deadline, the next durable timer being at `timer`, if nothing is open; at `until`: hold.

        Returns whether time has moved.
        """
        told = self.mode, self.until
        stop = self._next_stop(timer)
        with self._lock:
            # Whoever opened or set anything since has the last word, and wakes the engine to look again.
            if stop is None or self.opened or (self.mode, self.until) != told:
                return False
            if stop <= self._now:
                self.mode, self.until = "hold", None
                return False
            self._now = stop
            return True

    def _next_stop(self, timer: datetime | None) -> datetime | None:
        """Where the clock may go now; None: nowhere.

        Timer triggers, and messages that only expire, never move it, unless it runs until a time.
        """
        edge = [time for look in (self.next_trigger, self.next_message) if look and (time := look()) is not None]
        if self.mode == "hold" or any(time <= self._now for time in edge):
            return None
        scheduled = self.next_scheduled() if self.next_scheduled else None
        reasons = [time for time in (timer, scheduled, self.until) if time is not None]
        return min(reasons + edge) if reasons else None

    def goes_on(self, timer: datetime | None) -> bool:
        """Whether time will move as soon as nothing is open: on the way to `until`, or to a durable timer."""
        on_the_way = self.until is not None and self._now < self.until
        return self.mode == "run" and (on_the_way or timer is not None)

    def publish(self) -> None:
        """Let other processes see the time; the engine calls this after the COMMIT that stored it."""
        nanoseconds = (self._now - _EPOCH) // _MICROSECOND * 1000
        descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT, 0o644)
        try:
            os.write(descriptor, nanoseconds.to_bytes(8, "little", signed=True))
        finally:
            os.close(descriptor)

    def tell(self) -> None:
        """Call the listeners."""
        for callback in self._listeners:
            callback()


Clock = RealClock | VirtualClock


def _read(file: Path) -> datetime | None:
    stored = file.read_bytes() if file.exists() else b""
    if len(stored) < 8:  # not there, or made by a host that was killed before it wrote the time
        return None
    nanoseconds = int.from_bytes(stored, "little", signed=True)
    return _EPOCH + nanoseconds // 1000 * _MICROSECOND


def _nobody() -> None:
    """Before the engine has started."""
