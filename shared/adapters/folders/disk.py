"""A folder on a disk that other programs and people write to as well. Each part of a path is opened by itself, relative
to the one before it and never through a link, so nothing that somebody puts there between a look and a use leads out
of the folder (openat(2), O_NOFOLLOW)."""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import IO

from shared.ports.folders import Entry, NoFolder, NotAllowed

_BLOCK = 4 * 2**20
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# A pipe would wait for its writer: O_NONBLOCK.
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_UNFINISHED = re.compile(r"\.baton-[0-9a-f]{16}\.part")
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class DiskFolder:
    """The folder at `root`, which whoever runs Baton made; it may itself be a link."""

    def __init__(self, root: str) -> None:
        self._root = root

    def list(self, glob: str) -> Iterator[Entry]:
        with self._opened() as root:
            for where, folders, names, here in os.fwalk(".", dir_fd=root, follow_symlinks=False):
                folders.sort()
                for name in names:
                    with suppress(FileNotFoundError):
                        found = os.lstat(name, dir_fd=here)
                        if stat.S_ISREG(found.st_mode):
                            yield _entry(os.path.normpath(f"{where}/{name}"), found)

    def stat(self, path: str) -> Entry | None:
        try:
            with self._parent(path) as (folder, name):
                return _entry(path, _regular(path, os.lstat(name, dir_fd=folder)))
        except FileNotFoundError:
            return None

    def read(self, path: str) -> Iterator[bytes]:
        with self._parent(path) as (folder, name), _refusing(path):
            handle = os.open(name, _READ, dir_fd=folder)
        try:
            begun = _regular(path, os.fstat(handle))
            while data := os.read(handle, _BLOCK):
                yield data
            if _version(os.fstat(handle)) != _version(begun):
                raise OSError(f"{path}: it was changed while it was read")
        finally:
            os.close(handle)

    def write(self, path: str, blocks: Iterable[bytes], only_new: bool) -> bool:
        with self._parent(path, make=True) as (folder, name):
            if only_new and _there(folder, name):
                return False
            unfinished = f".baton-{secrets.token_hex(8)}.part"
            try:
                with open(_locked(os.open(unfinished, _NEW, 0o666, dir_fd=folder)), "wb") as file:
                    _fill(file, blocks)
                    return _rename(path, (folder, unfinished), (folder, name), only_new)
            finally:
                with suppress(FileNotFoundError):
                    os.unlink(unfinished, dir_fd=folder)

    def delete(self, path: str) -> None:
        with suppress(FileNotFoundError), self._parent(path) as (folder, name):
            _regular(path, os.lstat(name, dir_fd=folder))
            os.unlink(name, dir_fd=folder)
            os.fsync(folder)

    def move(self, path: str, to: str, only_new: bool) -> bool:
        with self._parent(path) as (folder, name):
            _regular(path, os.lstat(name, dir_fd=folder))
            with self._parent(to, make=True) as (other, target):
                moved = _rename(to, (folder, name), (other, target), only_new)
                if moved and only_new:
                    os.unlink(name, dir_fd=folder)
                os.fsync(folder)
                return moved

    def sweep(self, before: datetime) -> int:
        count = 0
        with suppress(NoFolder, OSError), self._opened() as root:
            for _, _, names, here in os.fwalk(".", dir_fd=root, follow_symlinks=False):
                count += sum(_swept(here, name, before.timestamp()) for name in names if _UNFINISHED.fullmatch(name))
        return count

    @contextmanager
    def _opened(self) -> Iterator[int]:
        try:
            handle = os.open(self._root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise NoFolder(f"folder: it cannot be opened ({errno.errorcode[error.errno or 0]})") from None
        try:
            yield handle
        finally:
            os.close(handle)

    @contextmanager
    def _parent(self, path: str, make: bool = False) -> Iterator[tuple[int, str]]:
        """The folder that the file is in, opened, and its name there. Raises FileNotFoundError and NotAllowed."""
        *folders, name = path.split("/")
        with self._opened() as root:
            here = os.dup(root)
            try:
                for each in folders:
                    inner = _inner(path, here, each, make)
                    os.close(here)
                    here = inner
                yield here, name
            finally:
                os.close(here)


def _inner(path: str, folder: int, name: str, make: bool) -> int:
    with _refusing(path):
        if make:
            with suppress(FileExistsError):
                os.mkdir(name, dir_fd=folder)
        return os.open(name, _FOLDER, dir_fd=folder)


@contextmanager
def _refusing(path: str) -> Iterator[None]:
    """Links, and what is no folder where one should be: ELOOP and ENOTDIR; a socket: ENXIO."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENOTDIR, errno.ENXIO, errno.EMLINK):
            raise NotAllowed(f"path: {path!r} leads through a link, or is no regular file") from None
        raise


def _regular(path: str, found: os.stat_result) -> os.stat_result:
    if not stat.S_ISREG(found.st_mode):
        raise NotAllowed(f"path: {path!r} is no regular file")
    return found


def _there(folder: int, name: str) -> bool:
    try:
        os.lstat(name, dir_fd=folder)
    except FileNotFoundError:
        return False
    return True


def _locked(handle: int) -> int:
    """Whoever writes holds it, so that nobody takes it for what a kill left."""
    from fcntl import LOCK_EX, LOCK_NB, flock  # not on every system

    with suppress(OSError):  # a share without locks: there its age is all that tells
        flock(handle, LOCK_EX | LOCK_NB)
    return handle


def _swept(folder: int, name: str, before: float) -> bool:
    """Remove it, if it was last written to before then and nobody holds it."""
    from fcntl import LOCK_EX, LOCK_NB, flock

    try:
        handle = os.open(name, _READ, dir_fd=folder)
    except OSError:
        return False  # gone meanwhile, or no file
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode) or found.st_mtime >= before:
            return False
        flock(handle, LOCK_EX | LOCK_NB)
        os.unlink(name, dir_fd=folder)
    except OSError:
        return False
    finally:
        os.close(handle)
    return True


def _fill(file: IO[bytes], blocks: Iterable[bytes]) -> None:
    file.writelines(blocks)
    file.flush()
    os.fsync(file.fileno())


def _rename(path: str, old: tuple[int, str], new: tuple[int, str], only_new: bool) -> bool:
    """With `only_new` the old name stays: a second name is the one thing that fails if there is a file already."""
    try:
        if only_new:
            os.link(old[1], new[1], src_dir_fd=old[0], dst_dir_fd=new[0], follow_symlinks=False)
        else:
            if _there(*new):
                _regular(path, os.lstat(new[1], dir_fd=new[0]))
            os.replace(old[1], new[1], src_dir_fd=old[0], dst_dir_fd=new[0])
    except FileExistsError:
        return False
    os.fsync(new[0])
    return True


def _entry(path: str, found: os.stat_result) -> Entry:
    return Entry(path, found.st_size, datetime.fromtimestamp(found.st_mtime, UTC), _version(found))


def _version(found: os.stat_result) -> str:
    return f"{found.st_ino:x}-{found.st_mtime_ns:x}-{found.st_size:x}"
