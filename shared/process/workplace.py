"""Where steps work: a folder each, locked as long as somebody works in it, so that what a kill left is told apart."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from shared.ports import Ports


@contextmanager
def workplace(ports: Ports, name: str) -> Iterator[Path]:
    """A folder of one's own: empty at first, gone afterwards. The first of a process removes what earlier ones left."""
    work = _work(ports)
    _swept_once(work)
    held = _taken(work / name)
    try:
        yield work / name / "folder"
    finally:
        shutil.rmtree(work / name, ignore_errors=True)
        os.close(held)


def sweep(ports: Ports) -> int:
    """Remove the folders on this machine in which nobody works any more; how many. Repeatable."""
    return _swept(_work(ports))


@cache
def _swept_once(work: Path) -> int:
    return _swept(work)


def _swept(work: Path) -> int:
    return sum(map(_removed, list(work.iterdir()))) if work.is_dir() else 0


def _removed(place: Path) -> bool:
    """False if somebody works in it: a lock ends with the process that holds it, however that ends."""
    try:
        held = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return False  # gone meanwhile, or none of ours
    try:
        if _locked(held, wait=False):
            shutil.rmtree(place, ignore_errors=True)
            return True
        return False
    finally:
        os.close(held)


def _taken(place: Path) -> int:
    """Make it and lock it, anew should a sweep have come in between; what an earlier attempt left is removed."""
    while True:
        shutil.rmtree(place, ignore_errors=True)
        try:
            (place / "folder").mkdir(mode=0o700, parents=True)
            held = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
        except FileNotFoundError:
            continue
        _locked(held, wait=True)
        if _is_there(place, held):
            return held
        os.close(held)


def _is_there(place: Path, held: int) -> bool:
    try:
        return os.path.samestat(place.stat(), os.fstat(held)) and (place / "folder").is_dir()
    except FileNotFoundError:
        return False


def _locked(held: int, *, wait: bool) -> bool:
    from fcntl import LOCK_EX, LOCK_NB, flock  # not on every system; only whoever runs processes needs it

    try:
        flock(held, LOCK_EX if wait else LOCK_EX | LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _work(ports: Ports) -> Path:
    return ports.work or Path(tempfile.gettempdir()) / "baton-work"
