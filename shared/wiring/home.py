"""What all choices share: the settings as they were read, the clock, the database file, and what is to be closed."""

from __future__ import annotations

from contextlib import ExitStack, closing
from functools import cached_property
from typing import Protocol, TypeVar

from shared import settings
from shared.adapters._sqlite.database import Database
from shared.adapters.clock.host import HostClock
from shared.home import KeyFile


class _Closable(Protocol):
    def close(self) -> object: ...


T = TypeVar("T", bound=_Closable)


class Home:
    """Raises Misconfigured for settings that cannot be."""

    def __init__(self) -> None:
        self.settings = settings.read()
        self.clock = HostClock(self.settings.host_clock)
        self._open = ExitStack()

    @cached_property
    def database(self) -> Database:
        """One file for whatever has its home on this machine."""
        where = self.settings.home
        where.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self.closing(Database(where / "baton.db"))

    @cached_property
    def key_file(self) -> KeyFile | None:
        """None: the keys come by a setting."""
        return KeyFile(self.settings.home) if self.settings.keys is None else None

    def closing(self, made: T) -> T:
        """What was made, to be closed with the home."""
        return self._open.enter_context(closing(made))

    def close(self) -> None:
        self._open.close()
