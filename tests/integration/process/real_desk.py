"""A desk over real folders: what a step keeps lies in Files, what it opens is checked."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from shared.adapters.folders.named import NamedFolders
from shared.domain.folder_places import folder_places
from shared.domain.scope import Scope
from shared.ports import Ports
from shared.process.errors import InputError, ResourceError
from shared.process.steps import step_type
from shared.process.steps.call import Answer, Kept
from tests.integration.contacts.home import SCOPE, home

_BLOCK = 2**20


@dataclass
class RealDesk:
    ports: Ports
    folder: Path
    scope: Scope = SCOPE
    run: str = "r1"
    step: str = "s1"
    item: int | None = None
    deadline: datetime = field(default_factory=lambda: datetime.now(UTC) + timedelta(minutes=2))
    lines: list[str] = field(default_factory=list)
    kept: int = 0

    @property
    def key(self) -> str:
        return f"{self.run}-{self.step}"

    def open(self, kept: Kept) -> Path:
        path = self.folder / f"{len(list(self.folder.iterdir()))}-{kept.name}"
        digest = hashlib.sha256()
        with path.open("wb") as file:
            for start in range(0, kept.bytes, _BLOCK):
                block = self.ports.files.get(self.scope, kept.file, start, _BLOCK)
                digest.update(block)
                file.write(block)
        if digest.hexdigest() != kept.sha256:
            raise InputError(f"{kept.name}: it is another file now")
        return path

    def keep(self, path: Path, name: str | None = None) -> Kept:
        with path.open("rb") as source:
            digest = hashlib.file_digest(source, "sha256").hexdigest()
        self.kept += 1
        file = f"runs/{self.run}/{self.step}/{self.kept}-{name or path.name}"
        with path.open("rb") as source:
            self.ports.files.put_blocks(self.scope, file, iter(lambda: source.read(_BLOCK), b""))
        return Kept(file=file, name=name or path.name, bytes=path.stat().st_size, sha256=digest)

    def log(self, line: str) -> None:
        self.lines.append(line)

    def progress(self, done: int, total: int | None = None, unit: str = "rows") -> None: ...

    def spent(self, cpu_seconds: float, peak_bytes: int | None = None) -> None: ...

    def beat(self) -> None:
        if datetime.now(UTC) > self.deadline:
            raise ResourceError("the step takes too long")


class Room:
    """Where steps are done one after the other; `inbox` is a folder outside."""

    def __init__(self, ports: Ports, folder: Path) -> None:
        self.inbox = folder / "inbox"
        self.inbox.mkdir()
        folders = NamedFolders(folder_places(f"inbox={self.inbox}"), None, ports.clock)
        self.ports, self._folder, self._done = replace(ports, folders=folders), folder / "steps", 0

    def desk(self, step: str | None = None, **more: Any) -> RealDesk:
        """A desk with an empty folder."""
        self._done += 1
        folder = self._folder / str(self._done)
        folder.mkdir(parents=True)
        return RealDesk(self.ports, folder, step=step or f"s{self._done}", **more)

    def do(self, type: str, given: dict[str, Any], desk: RealDesk | None = None) -> Answer:
        """One step of a plan, as its `with` says it; its folder is gone afterwards."""
        desk = desk or self.desk()
        try:
            return step_type(type).model_validate(given).run(desk)
        finally:
            shutil.rmtree(desk.folder)

    def file(self, name: str, data: bytes | str) -> dict[str, Any]:
        """A kept file of the run."""
        desk = self.desk()
        path = desk.folder / Path(name).name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return desk.keep(path, name).model_dump()

    def bytes(self, kept: Any) -> bytes:
        return self.ports.files.get(SCOPE, kept["file"])

    def rows(self, rows: Any) -> list[dict[str, Any]]:
        """What lies in the file of rows."""
        import orjson

        return [orjson.loads(line) for line in self.bytes(rows["file"]).splitlines()]


@contextmanager
def room(folder: Path) -> Iterator[Room]:
    with home(folder / "home") as ports:
        yield Room(ports, folder)
