"""The channel that needs no server: every message becomes a file that any mail program opens.

Layout: `<folder>/<tenant>~<workspace>/<effect key>.eml`. A message is written beside its place under a hidden name,
synced, and then linked to its place: a link is made whole or not at all and never replaces a file, so a key is there
at most once, whoever sends and whenever he is killed. The folder is synced once a window, before its receipts: what
was receipted survives a power cut. Without a receipt the ledger holds an unknown, and `evidence` looks."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from math import inf
from pathlib import Path
from threading import get_ident
from time import monotonic

from shared.domain.scope import Scope
from shared.ports import NONE_SENT, Outgoing, Proof, Receipt, Sent

_WRITERS = 4
"""Threads of a session: most of the time of a write is spent waiting for the disk."""


_ROOM = 32_768
"""Octets that must be free before anything is claimed: a mail and what surrounds it."""


class OutboxChannel:
    """Messages as `.eml` files below `folder`. Free, and as fast as the disk."""

    name = "outbox"
    tariff = None
    reported_as = None
    rate_per_second = 1000.0
    cost_micros = 0

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def refusal(self) -> str | None:
        """Only if the folder cannot be made or written."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            return f"the outbox folder {self._folder} cannot be made: {fault.strerror}"
        if not os.access(self._folder, os.W_OK | os.X_OK):
            return f"the outbox folder {self._folder} cannot be written: allow it, or choose another home"
        return None

    @contextmanager
    def session(self, scope: Scope) -> Iterator[_Writers]:
        folder = self._folder / str(scope)
        _why_not_made(folder)
        with ThreadPoolExecutor(_WRITERS) as threads:
            yield _Writers(folder, threads)

    def evidence(self, scope: Scope, keys: Sequence[str], sent: Mapping[str, Sent] = NONE_SENT) -> Mapping[str, Proof]:
        """By looking. Nothing is claimed before a session has made the folder, so without a folder (a disk that is not
        mounted, say) nothing can be told."""
        folder = self._folder / str(scope)
        if not folder.is_dir():
            return {}
        _sync(folder)
        return {key: "accepted" if _place(folder, key).exists() else "absent" for key in keys}

    def forget(self, scope: Scope, keys: Sequence[str]) -> int:
        """Remove the files of these messages; returns how many there were."""
        folder, removed = self._folder / str(scope), 0
        for key in keys:
            with suppress(FileNotFoundError):
                _place(folder, key).unlink()
                removed += 1
        if removed:
            _sync(folder)
        return removed

    def kept(self, scope: Scope, keys: Sequence[str]) -> list[str]:
        """Of which of these messages the file is here."""
        return [key for key in keys if _place(self._folder / str(scope), key).exists()]


class _Writers:
    """One session: a few threads that write into one folder."""

    def __init__(self, folder: Path, threads: ThreadPoolExecutor) -> None:
        self._folder = folder
        self._threads = threads

    def unreachable(self) -> str | None:
        """Its folder cannot be made, or its disk has no room for a mail."""
        return _why_not_made(self._folder) or _why_no_room(self._folder)

    def send(self, messages: Sequence[Outgoing], within: float = inf) -> list[Receipt]:
        until = monotonic() + within
        receipts = list(self._threads.map(lambda message: self._write(message, until), messages))
        try:
            _sync(self._folder)
        except OSError as fault:
            return [_in_doubt(receipt, fault) for receipt in receipts]
        return receipts

    def _write(self, message: Outgoing, until: float) -> Receipt:
        if monotonic() >= until:
            return Receipt(message.key, message.attempt, "unsent")
        place = _place(self._folder, message.key)
        partial = place.with_name(f".{message.key}.{os.getpid()}.{get_ident()}")
        try:
            _write_whole(partial, message.message)
            os.link(partial, place)
        except FileExistsError:
            # Another attempt's work: `evidence` credits it once; a second acceptance would count as sent twice.
            return Receipt(message.key, message.attempt, "unknown", detail="was in the outbox already")
        except OSError as fault:
            return Receipt(message.key, message.attempt, "deferred", detail=f"outbox: {fault.strerror}")
        finally:
            with suppress(OSError):
                partial.unlink()
        return Receipt(message.key, message.attempt, "accepted", provider_id=f"{self._folder.name}/{place.name}")


def _why_not_made(folder: Path) -> str | None:
    try:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            _sync(folder.parent)
    except OSError as fault:
        return f"the outbox folder {folder} cannot be made: {fault.strerror}"
    return None


def _why_no_room(folder: Path) -> str | None:
    try:
        found = os.statvfs(folder)
    except OSError as fault:
        return f"the outbox folder {folder} cannot be looked at: {fault.strerror}"
    full = found.f_bavail * found.f_frsize < _ROOM or (found.f_files and not found.f_favail)
    return f"the disk of the outbox folder {folder} is full" if full else None


def _place(folder: Path, key: str) -> Path:
    if not key.isalnum():
        raise ValueError(f"effect key {key!r} must be letters and digits")
    return folder / f"{key}.eml"


def _write_whole(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _in_doubt(receipt: Receipt, fault: OSError) -> Receipt:
    if receipt.state != "accepted":
        return receipt
    return replace(receipt, state="unknown", detail=f"outbox: {fault.strerror}")


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
