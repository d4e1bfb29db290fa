"""A control group for one run, where this machine lets us write one: it counts what rlimits cannot, all processes
together. Linux, versions 1 and 2."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from uuid import uuid4

from shared.process.sandbox.order import Limits

_ROOT = Path("/sys/fs/cgroup")
_OURS = 3
"""Processes of bubblewrap and of the launcher."""


@cache
def writable() -> bool:
    """A group with a limit of processes can be made here."""
    try:
        with group(Limits()) as folders:
            return bool(folders)
    except OSError:
        return False


@contextmanager
def group(limits: Limits) -> Iterator[tuple[Path, ...]]:
    """Folders whose `cgroup.procs` the first process joins; empty where there are none. Whatever is left in them is
    killed at the end."""
    made: list[Path] = []
    try:
        for parent, settings in _controllers(limits):
            folder = parent / f"baton-{uuid4().hex[:12]}"
            with suppress(OSError):
                folder.mkdir()
                made.append(folder)
                for name, value in settings.items():
                    _set(folder / name, value, needed=name == "pids.max")
        yield tuple(made) if any((folder / "pids.max").exists() for folder in made) else ()
    finally:
        for folder in made:
            _end(folder)


def _controllers(limits: Limits) -> Iterator[tuple[Path, dict[str, str]]]:
    pids, memory = {"pids.max": str(limits.processes + _OURS)}, str(limits.memory)
    if (_ROOT / "cgroup.controllers").exists():
        yield _ROOT, {**pids, "memory.max": memory, "memory.swap.max": "0"}
        return
    if (_ROOT / "pids").is_dir():
        yield _ROOT / "pids", pids
    if (_ROOT / "memory").is_dir():
        yield _ROOT / "memory", {"memory.limit_in_bytes": memory}


def _set(file: Path, value: str, needed: bool) -> None:
    try:
        file.write_text(value)
    except OSError:
        if needed:
            raise


def _end(folder: Path) -> None:
    """Kill who is left, and remove the group as soon as the kernel has buried them."""
    for _ in range(50):
        with suppress(OSError):
            for pid in (folder / "cgroup.procs").read_text().split():
                os.kill(int(pid), 9)
        try:
            folder.rmdir()
            return
        except OSError:
            time.sleep(0.02)  # a dead process stays counted for a moment
