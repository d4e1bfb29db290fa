"""The desk of one step: a folder of its own, files in and out with their checksums, log, progress, limits."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from functools import cached_property
from pathlib import Path
from threading import Lock, Timer
from time import monotonic
from typing import Any

import uuid_utils

from shared.domain.names import Kind
from shared.domain.run import Progress, Run, RunStep
from shared.domain.scope import Scope
from shared.ports import Ports
from shared.process.books import RUN_BOOK, step_key, write_step
from shared.process.errors import InputError, PolicyError, ResourceError
from shared.process.rows.sensitive import masked
from shared.process.steps.call import Kept
from shared.process.workplace import workplace

RUNS = "runs/"
"""Where files of runs lie; a step opens no others."""
MOST_LINES = 10_000
"""Of one attempt at a step."""
LONGEST_LINE = 2_000
_BLOCK = 1 << 20
_SOON = 0.3
_NOW_AND_THEN = 2.0
_SPEAKING = Lock()


class WorkDesk:
    """The desk of a step, as `shared.process.steps.call.Desk` has it. Used in `with`: then the folder is gone."""

    def __init__(self, ports: Ports, scope: Scope, run: Run, step: RunStep, deadline: datetime) -> None:
        self.ports, self.scope, self.run, self.step, self.item = ports, scope, run.id, step.step, step.item
        self.key = step_key(scope, run.id, step.step, step.item)
        self.began, self.deadline = step.tries[-1].at if step.tries else ports.clock.now(), deadline
        self.cpu_seconds = 0.0
        self.peak_bytes: int | None = None
        self._document = step
        self._open = ExitStack()
        self._log = _Log(ports, scope, run.id, step.step, step.item)
        self._looked = self._told = monotonic()

    def __enter__(self) -> WorkDesk:
        return self

    @cached_property
    def folder(self) -> Path:
        """See `Desk.folder`. Most steps that reach something else never need one."""
        return self._open.enter_context(workplace(self.ports, self.key[:32]))

    def __exit__(self, *_: object) -> None:
        with self._open:
            self._log.close()

    def open(self, kept: Kept) -> Path:
        """See `Desk.open`."""
        if not kept.file.startswith(RUNS) or ".." in kept.file:
            raise PolicyError("a step opens files of runs only", "file")
        place = self.folder / "in" / kept.sha256[:16]
        place.mkdir(parents=True, exist_ok=True)
        path = place / _plain_name(kept.name)
        if not path.exists():
            self._fetch(kept, path)
        return path

    def keep(self, path: Path, name: str | None = None) -> Kept:
        """See `Desk.keep`. Its path in Files holds its checksum, so it never becomes another file."""
        if not path.resolve().is_relative_to(self.folder.resolve()) or not path.is_file():
            raise PolicyError("only a file of the step's own folder can be kept", "path")
        called = _plain_name(name or path.name)
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        where = f"{RUNS}{self.run}/{self.step}/{digest}/{called}"
        self.ports.files.put_blocks(self.scope, where, _blocks(path))
        return Kept(file=where, name=called, bytes=path.stat().st_size, sha256=digest)

    def log(self, line: str) -> None:
        """See `Desk.log`."""
        self._log.say(line)

    def progress(self, done: int, total: int | None = None, unit: str = "rows") -> None:
        """See `Desk.progress`; written down every now and then, and at the end."""
        self._document.progress = Progress(done=done, total=total, unit=unit)
        if monotonic() - self._told > _NOW_AND_THEN / 2:
            self._told = monotonic()
            write_step(self.ports, self.scope, self._document)
        self.beat()

    def spent(self, cpu_seconds: float, peak_bytes: int | None = None) -> None:
        """See `Desk.spent`."""
        self.cpu_seconds += cpu_seconds
        self.peak_bytes = max(self.peak_bytes or 0, peak_bytes) if peak_bytes else self.peak_bytes

    def beat(self) -> None:
        """See `Desk.beat`."""
        if self.ports.clock.now() > self.deadline:
            raise ResourceError("it took longer than its timeout")
        if monotonic() - self._looked > _NOW_AND_THEN:
            self._looked = monotonic()
            if RUN_BOOK.load(self.ports, self.scope, self.run).cancelled_by:
                raise PolicyError("the run was cancelled")

    def _fetch(self, kept: Kept, path: Path) -> None:
        digest = hashlib.sha256()
        with path.open("wb") as file:
            for start in range(0, max(kept.bytes, 1), _BLOCK):
                block = self._block(kept, start)
                digest.update(block)
                file.write(block)
        if digest.hexdigest() != kept.sha256:
            path.unlink()
            raise InputError(f"{kept.name} is not the file that it was: its checksum is another", "file")

    def _block(self, kept: Kept, start: int) -> bytes:
        try:
            return self.ports.files.get(self.scope, kept.file, start, _BLOCK)
        except FileNotFoundError:
            raise InputError(f"{kept.name} is not there any more", "file") from None


class _Log:
    """Lines, written down a moment after they were said; in order within one process."""

    def __init__(self, ports: Ports, scope: Scope, run: str, step: str, item: int | None) -> None:
        self._ports, self._scope, self._run, self._step, self._item = ports, scope, run, step, item
        self._waiting: list[dict[str, Any]] = []
        self._lock, self._timer, self._said = Lock(), Timer(0, self._flush), 0

    def say(self, line: str) -> None:
        with self._lock:
            self._said += 1
            if self._said > MOST_LINES:
                return
            text = line if self._said < MOST_LINES else "… no more is kept"
            self._waiting.append({"at": self._ports.clock.now().isoformat(), "text": _cleaned(text)})
            if not self._timer.is_alive():
                self._timer = Timer(_SOON, self._flush)
                self._timer.daemon = True
                self._timer.start()

    def close(self) -> None:
        self._timer.cancel()
        self._flush()

    def _flush(self) -> None:
        with self._lock:
            lines, self._waiting = self._waiting, []
        for first in range(0, len(lines), 200):
            self._write(lines[first : first + 200])

    def _write(self, lines: list[dict[str, Any]]) -> None:
        with _SPEAKING:
            now = self._ports.clock.now()
            id = f"{self._run}~{uuid_utils.uuid7().hex}"
            body = {"step": self._step, "item": self._item, "at": now.isoformat(), "lines": lines}
            self._ports.documents.put(self._scope, Kind.RUN_LOG, id, body, "*")


def _cleaned(line: str) -> str:
    """As it is kept: plain letters, and nothing that looks like somebody's address, number or key. What is cut off in
    the middle would look like nothing, so more than is kept is looked at."""
    text = line.rstrip("\r\n")[: LONGEST_LINE + 200]
    kept = "".join(letter if letter.isprintable() or letter == "\t" else "\ufffd" for letter in text)
    return masked(kept)[:LONGEST_LINE]


def _plain_name(name: str) -> str:
    """A name without a path. Raises PolicyError."""
    if not name or name in (".", "..") or any(letter in name for letter in "/\\\0") or len(name.encode()) > 200:
        raise PolicyError("a file's name has no path in it and at most 200 bytes", "name")
    return name


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block
