"""No way out: while it is shut, this thread opens no socket, no database and no process (PEP 578, audit events).

What is refused is refused before anything happens, whichever library tries it, and is listed: also what the code that
tried it has caught."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

_REFUSED = frozenset(
    {
        *(f"socket.{name}" for name in ("__new__", "connect", "bind", "sendto", "sendmsg")),
        *(f"socket.{name}" for name in ("getaddrinfo", "gethostbyname", "gethostbyaddr", "getnameinfo")),
        *(f"os.{name}" for name in ("system", "exec", "fork", "forkpty", "posix_spawn", "spawn", "startfile")),
        "pty.spawn",
        "subprocess.Popen",
        "sqlite3.connect",
        "_thread.start_new_thread",
        "_thread.start_joinable_thread",
    }
)
"""Python 3.11 tells nothing of threads; there it has to suffice that agents start none."""
_TRIED: ContextVar[list[str] | None] = ContextVar("tried", default=None)


class WayOut(Exception):
    """Something tried to get out of a replay."""


@contextmanager
def shut() -> Iterator[Sequence[str]]:
    """While it is entered; the list of what was tried."""
    _listen()
    tried: list[str] = []
    token = _TRIED.set(tried)
    try:
        yield tried
    finally:
        _TRIED.reset(token)


@cache
def _listen() -> None:
    """Once a process: such a hook cannot be taken away again. Other threads pass it at the cost of one look."""
    sys.addaudithook(_hook)


def _hook(event: str, args: tuple[Any, ...]) -> None:
    if event not in _REFUSED:
        return
    tried = _TRIED.get()
    if tried is None:
        return
    what = f"{event}({', '.join(map(_told, args))})"
    tried.append(what)
    raise WayOut(f"a replay does not open anything: {what}")


def _told(value: Any) -> str:
    """Of a socket no more than that it is one: to write it out would ask the system."""
    return repr(value)[:80] if isinstance(value, (str, bytes, int, tuple, list)) else type(value).__name__
