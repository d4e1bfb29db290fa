"""The demo's host under its virtual clock: run to a moment, hold there, be killed in mid-batch, come back."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO

from local.cli.demo.crash import ENOUGH, Outbox
from local.cli.errors import Fault
from local.cli.host import LocalHost
from local.cli.session import STATE, Session

_PATIENCE = 60.0
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Stage:
    """A home, its host, and the time it is there. Time stands still but in `run`."""

    def __init__(self, session: Session, start: datetime, log: BinaryIO) -> None:
        self._session, self._log = session, log
        self.outbox = Outbox(session.home / "outbox" / "local~main")
        self._deadline = 0.0
        self._host = self._start(0, f"virtual={start.isoformat()}")
        self._set(mode="hold")

    @property
    def now(self) -> datetime:
        """The virtual time, as the host publishes it for other processes (8 bytes, nanoseconds since 1970)."""
        published = (self._session.home / STATE / "clock").read_bytes()
        return _EPOCH + timedelta(microseconds=int.from_bytes(published, "little", signed=True) // 1000)

    def run(self, until: datetime) -> None:
        """Let time run and hold at `until`. Raises Fault if it does not get there."""
        self._let_run(until)
        while not self._holds(until):
            self._patiently(0.002)

    def run_into_crash(self, until: datetime) -> set[str] | None:
        """As `run`, but the host is killed as soon as a window is partly written: the keys that were out then.
        None: nothing of that size left before `until`."""
        enough = len(self.outbox.keys()) + ENOUGH
        self._let_run(until)
        while len(self.outbox.keys()) < enough:
            if self._holds(until):
                return None
            self._patiently(0.0005)
        self._host.kill()
        out = self.outbox.keys()
        self._host = self._start(int(self._host.url.rpartition(":")[2]), "virtual")
        self._set(mode="hold")
        return out

    def close(self) -> None:
        """Stop the host."""
        if self._host.process.poll() is None:
            self._host.stop()

    def _start(self, port: int, clock: str) -> LocalHost:
        return LocalHost(self._session.home, port, clock, log=self._log, alone=True)

    def _let_run(self, until: datetime) -> None:
        self._set(mode="run", until=until.isoformat())
        self._deadline = time.monotonic() + _PATIENCE

    def _holds(self, until: datetime) -> bool:
        return self.now >= until and self._state()["mode"] == "hold"

    def _patiently(self, pause: float) -> None:
        if time.monotonic() > self._deadline:
            raise Fault(f"virtual time stands still at {self.now}: {self._state()}; see the host's log")
        time.sleep(pause)

    def _set(self, **wish: str) -> None:
        self._session.client.clock(**wish)

    def _state(self) -> dict[str, Any]:
        return self._session.client.clock() or {}
