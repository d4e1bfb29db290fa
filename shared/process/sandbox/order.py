"""What is to be run in the sandbox, within which limits, and how it went."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Stopped = Literal["time", "output", "disk", "asked"]
"""Why it was ended from outside. `asked`: the watcher raised, as when the run was cancelled."""


@dataclass(frozen=True)
class Limits:
    """Seconds and bytes. `memory` binds each process, and all of them together where cgroups can be written;
    `processes` counts threads, too."""

    seconds: float = 3600
    cpu_seconds: int = 3600
    memory: int = 1 << 30
    processes: int = 64
    file: int = 2 << 30
    disk: int = 4 << 30
    output: int = 10 << 20
    """Of stdout and stderr together."""


@dataclass(frozen=True)
class Order:
    """`argv` without a shell. `folder` is where it runs and the only place it can write to; `readable` are further
    files and folders that it may read, under their own paths. Its environment is this one and nothing else."""

    argv: tuple[str, ...]
    folder: Path
    stdin: bytes = b""
    environment: Mapping[str, str] = field(default_factory=dict)
    readable: tuple[Path, ...] = ()
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class Ran:
    """How it ended: `code` is the exit code, negative if a signal ended it (of a process in a sandbox with processes of
    its own: 128 + signal). `tail` is the end of stderr."""

    code: int
    seconds: float
    cpu_seconds: float
    memory: int
    """Peak of the largest process, bytes."""
    level: int
    stopped: Stopped | None = None
    tail: str = ""


Hear = Callable[[str, str], None]
"""Called with (`stdout` or `stderr`, a line) as it comes."""
