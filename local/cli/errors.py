"""The two ways in which a command ends badly, and the exit code of each."""

from __future__ import annotations

from typing import ClassVar


class Ended(Exception):
    """One sentence a line, fit for a person to read."""

    code: ClassVar[int]

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))


class Refused(Ended):
    """The input is wrong, or Baton said no; whoever asked can mend it."""

    code = 2


class Fault(Ended):
    """Something does not work: no host, no answer, no disk."""

    code = 1


class NoHost(Fault):
    """It is not known where Baton is."""
