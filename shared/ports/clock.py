"""Now: the only reader and sleeper of time in the app."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The only reader and sleeper of time in the app."""

    def now(self) -> datetime: ...

    def pace(self, seconds: float) -> None:
        """Wait, so as not to exceed a rate. Under the host's virtual clock it returns at once: nothing elapses there
        while anyone works."""
        ...

    def rest(self, seconds: float) -> float:
        """How long `pace` waits in real seconds: for who waits in a loop of its own, with others."""
        ...
