"""Reads files that nobody trusts in a process of their own, with little memory, little time and no rights."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from threading import BoundedSemaphore
from typing import IO

from shared.domain.knowledge_passages import Piece
from shared.ports import Read, Unreadable

_FORMATS = frozenset(("text", "markdown", "html", "pdf", "docx", "csv"))
_AT_ONCE = 2
"""Processes at a time: each may take 1 GB."""


class ChildReader:
    """`shared.ports.Reader`; a file that takes longer than `seconds` is given up."""

    def __init__(self, seconds: float = 90) -> None:
        self._seconds = seconds
        self._turn = BoundedSemaphore(_AT_ONCE)

    def read(self, format: str, data: bytes) -> Read:
        if format not in _FORMATS:
            raise Unreadable(f"there is no format {format!r}; there are {', '.join(sorted(_FORMATS))}")
        with self._turn, tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as said:
            given.write(data)
            given.seek(0)
            code = self._run(format, given, said)
            said.seek(0)
            return _understood(said, code)

    def _run(self, format: str, given: IO[bytes], said: IO[bytes]) -> int:
        with tempfile.TemporaryDirectory() as folder:
            child = subprocess.Popen(
                [sys.executable, "-s", "-B", "-m", "shared.adapters.knowledge._child", format],
                stdin=given,
                stdout=said,
                stderr=subprocess.DEVNULL,
                cwd=folder,
                env={"PYTHONPATH": os.pathsep.join(os.path.abspath(each) for each in sys.path), "LC_ALL": "C.UTF-8"},
                start_new_session=True,
            )
            try:
                return child.wait(self._seconds)
            except subprocess.TimeoutExpired:
                raise Unreadable(f"takes longer than {self._seconds:g} seconds to be read: too complicated") from None
            finally:
                if child.poll() is None:
                    os.killpg(child.pid, signal.SIGKILL)
                    child.wait()


def _understood(said: IO[bytes], code: int) -> Read:
    """What the process found, if it came to its end."""
    found: list[Piece] = []
    for line in said:
        message = json.loads(line) if line.endswith(b"\n") else {}
        if "piece" in message:
            text, heading, page, rows = message["piece"]
            found.append(Piece(text, heading, page, rows and tuple(rows)))
        elif "refused" in message:
            raise Unreadable(message["refused"])
        elif "title" in message:
            return Read(message["title"], found)
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        raise Unreadable("takes too much time or memory to be read: too complicated")
    raise Unreadable("cannot be read: it is broken, or not what it says it is")
