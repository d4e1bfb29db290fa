"""The app's only reader and sleeper of time."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class HostClock:
    """`shared.ports.Clock`: the host's virtual time if it publishes one in `published` (8 bytes, little-endian signed
    nanoseconds since 1970), else real time."""

    def __init__(self, published: Path | None = None) -> None:
        self._published = published

    def now(self) -> datetime:
        """Aware, UTC. Raises OSError or ValueError if the host's file cannot be read."""
        if self._published is None:
            return datetime.now(UTC)
        written = self._published.read_bytes()
        if len(written) != 8:
            raise ValueError(f"HOST_CLOCK: {self._published} holds {len(written)} bytes instead of 8")
        return _EPOCH + timedelta(microseconds=int.from_bytes(written, "little", signed=True) // 1000)

    def pace(self, seconds: float) -> None:
        if left := self.rest(seconds):
            time.sleep(left)

    def rest(self, seconds: float) -> float:
        return max(0.0, seconds) if self._published is None else 0.0
