"""Files within the run and in folders outside: copied, moved, deleted, listed, counted, split and put together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import Field, model_validator

from shared.process.errors import InputError
from shared.process.places import AFile, Given, InFolders, Place, kept, reaching, several
from shared.process.steps.call import Answer, Desk, Kept, StepType
from shared.process.trash import Wanted, from_trash, is_own, make, plan, planned

_BLOCK = 2**20
_SUM = re.compile(r"([0-9a-fA-F]{64}) [ *](.+)")


class List(StepType):
    """The files of a folder whose path fits a glob: `*` is part of a name, `**` any folders."""

    folder: str
    glob: str = "*"
    at_least: Annotated[int, Field(ge=0)] = 0
    """If there are fewer, the step fails."""

    outputs: ClassVar[Mapping[str, str]] = {
        "files": "each with folder and path, in the order of the paths",
        "count": "how many there are",
        "bytes": "how large they are together",
    }

    def run(self, desk: Desk) -> Answer:
        with reaching(desk.ports) as folders:
            found = list(folders.list(desk.scope, self.folder, self.glob))
        if len(found) < self.at_least:
            raise InputError(f"there are {len(found)} files like {self.glob}; {self.at_least} are needed", "glob")
        files = [{"folder": self.folder, "path": each.path} for each in found]
        return Answer({"files": files, "count": len(found), "bytes": sum(each.bytes for each in found)})


class Copy(StepType):
    """Copy files: to a place in a folder, or, without `to`, into the run. A path of `to` that ends with / is where
    several go. What would be overwritten (only with `overwrite`) goes to the run's trash for 30 days."""

    source: Given = Field(alias="from")
    to: Place | None = None
    overwrite: bool = False

    outputs: ClassVar[Mapping[str, str]] = {"files": "the files as kept ones of the run", "count": "how many"}

    def run(self, desk: Desk) -> Answer:
        files = [kept(desk, each) for each in several(desk, self.source)]
        left, undo = self._written(desk, _into(self.to, files)) if self.to else ((), ())
        return Answer({"files": [each.model_dump() for each in files], "count": len(files)}, left, undo)

    def _written(self, desk: Desk, wanted: list[Wanted]) -> tuple[tuple[str, ...], tuple[Mapping[str, Any], ...]]:
        changes = planned(desk, self)
        if changes is None:
            _check(desk, wanted, self.overwrite)
            changes = plan(desk, self, wanted)
        return make(desk, changes)


class Move(StepType):
    """Move files of a folder: to another place, or, without `to`, into the run. What is deleted or overwritten goes to
    the run's trash for 30 days."""

    source: InFolders = Field(alias="from")
    to: Place | None = None
    overwrite: bool = False

    outputs: ClassVar[Mapping[str, str]] = {"files": "the files as kept ones of the run", "count": "how many"}

    def run(self, desk: Desk) -> Answer:
        changes = planned(desk, self)
        if changes is None:
            places = [each for each in several(desk, self.source) if isinstance(each, Place)]
            wanted = _into(self.to, [kept(desk, each) for each in places]) if self.to else []
            if {each.place for each in wanted} & set(places):
                raise InputError("a file cannot be moved to where it is", "to")
            _check(desk, wanted, self.overwrite)
            changes = plan(desk, self, [*wanted, *(Wanted(each, None) for each in places)])
        files = [from_trash(desk, each.was) for each in changes if each.becomes is None and each.was is not None]
        left, undo = make(desk, changes)
        return Answer({"files": [each.model_dump() for each in files], "count": len(files)}, left, undo)


class Delete(StepType):
    """Delete files of a folder. They lie in the run's trash for 30 days: `baton process undo` restores them."""

    files: InFolders

    outputs: ClassVar[Mapping[str, str]] = {"count": "how many were deleted"}

    def run(self, desk: Desk) -> Answer:
        changes = planned(desk, self)
        if changes is None:
            found = several(desk, self.files)
            changes = plan(desk, self, [Wanted(each, None) for each in found if isinstance(each, Place)])
        left, undo = make(desk, changes)
        return Answer({"count": sum(each.was is not None for each in changes)}, left, undo)


class Hash(StepType):
    """The SHA-256 of files, and a file of them as sha256sum -c takes it."""

    files: Given

    outputs: ClassVar[Mapping[str, str]] = {
        "files": "name, bytes and sha256 of each",
        "checksums": "the file of the checksums",
    }

    def run(self, desk: Desk) -> Answer:
        found = [kept(desk, each) for each in several(desk, self.files)]
        sums = desk.folder / "sha256sums"
        sums.write_text("".join(f"{each.sha256}  {each.name}\n" for each in found))
        shown = [{"name": each.name, "bytes": each.bytes, "sha256": each.sha256} for each in found]
        return Answer({"files": shown, "checksums": desk.keep(sums, "SHA256SUMS").model_dump()})


class Verify(StepType):
    """Are files what they should be? By `sha256` of a single one, or by a file of checksums (`sums`). If one is not, or
    has no checksum, or is named and missing, the step fails with class input."""

    files: Given
    sha256: Annotated[str, Field(pattern=r"^[0-9a-fA-F]{64}$")] | None = None
    sums: AFile | None = None

    outputs: ClassVar[Mapping[str, str]] = {"count": "how many were verified"}

    @model_validator(mode="after")
    def _one(self) -> Verify:
        if (self.sha256 is None) == (self.sums is None):
            raise ValueError("either sha256 or sums is needed")
        return self

    def run(self, desk: Desk) -> Answer:
        found = {each.name: each.sha256 for each in (kept(desk, each) for each in several(desk, self.files))}
        said = self._said(desk, list(found))
        for name in sorted(found.keys() | said.keys()):
            if name not in said or name not in found:
                raise InputError(f"{name[:200]}: {'has no checksum' if name in found else 'is missing'}", "files")
            if found[name] != said[name]:
                raise InputError(f"{name[:200]} is not what it should be: its checksum is another", "files")
        return Answer({"count": len(found)})

    def _said(self, desk: Desk, names: list[str]) -> dict[str, str]:
        if self.sha256 is not None:
            if len(names) != 1:
                raise InputError("sha256 is of one file; for several use sums", "sha256")
            return {names[0]: self.sha256.lower()}
        assert self.sums is not None
        with desk.open(kept(desk, self.sums)).open(encoding="utf-8", errors="replace") as file:
            lines = [_SUM.fullmatch(line.rstrip("\r\n")) for line in islice(file, 100_000) if line.strip()]
        if not all(lines):
            raise InputError("this is no file of SHA-256 checksums", "sums")
        return {each[2].rpartition("/")[2]: each[1].lower() for each in lines if each}


class Split(StepType):
    """Cut a file into parts of so many lines or bytes; with `heading` each begins with its first line."""

    file: AFile
    lines: Annotated[int, Field(ge=1)] | None = None
    size: Annotated[int, Field(ge=1024)] | None = None
    """Bytes of a part."""
    heading: bool = False

    outputs: ClassVar[Mapping[str, str]] = {"files": "the parts, in their order", "count": "how many"}

    @model_validator(mode="after")
    def _one(self) -> Split:
        if (self.lines is None) == (self.size is None) or (self.size and self.heading):
            raise ValueError("either lines (with heading, if wanted) or size is needed")
        return self

    def run(self, desk: Desk) -> Answer:
        whole = kept(desk, self.file)
        stem, ending = Path(whole.name).stem, Path(whole.name).suffix
        parts = []
        for n, blocks in enumerate(self._parts(desk.open(whole)), 1):
            if n > 10_000:
                raise InputError("there would be more than 10,000 parts", "lines" if self.lines else "size")
            part = desk.folder / "part"
            with part.open("wb") as target:
                target.writelines(blocks)
            parts.append(desk.keep(part, f"{stem}.{n:04}{ending}").model_dump())
            desk.beat()
        return Answer({"files": parts, "count": len(parts)})

    def _parts(self, path: Path) -> Iterator[Iterator[bytes]]:
        """Each is to be read before the next."""
        with path.open("rb") as file:
            first = [file.readline()] if self.heading else []
            pieces: Iterator[bytes] = file if self.lines else iter(lambda: file.read(_BLOCK), b"")
            if self.size:
                while data := file.read(self.size):
                    yield iter([data])
                return
            while line := next(pieces, None):
                yield iter([*first, line, *islice(pieces, (self.lines or 1) - 1)])


class Merge(StepType):
    """Put files together in the order in which they are given; with `heading` the first line of the others is left
    out, if it is the same as that of the first one, and an error if not."""

    files: Given
    name: Annotated[str, Field(max_length=200)] = "merged"
    heading: bool = False

    outputs: ClassVar[Mapping[str, str]] = {"file": "all in one"}

    def run(self, desk: Desk) -> Answer:
        target, first = desk.folder / "merged", b""
        with target.open("wb") as out:
            for n, each in enumerate(several(desk, self.files)):
                file = kept(desk, each)
                with desk.open(file).open("rb") as source:
                    if self.heading:
                        line = source.readline().rstrip(b"\r\n")
                        if n and line != first:
                            raise InputError(f"{file.name[:200]} has another heading", "files")
                        first = line
                        out.write(b"" if n else line + b"\n")
                    last = b"\n"
                    while block := source.read(_BLOCK):
                        out.write(block)
                        last = block[-1:]
                    if self.heading and last != b"\n":
                        out.write(b"\n")
                desk.beat()
        return Answer({"file": desk.keep(target, self.name).model_dump()})


def _check(desk: Desk, wanted: list[Wanted], overwrite: bool) -> None:
    if len({each.place for each in wanted}) < len(wanted):
        raise InputError("two files would have the same place", "to")
    if overwrite:
        return
    with reaching(desk.ports) as folders:
        for place, _ in wanted:
            if folders.stat(desk.scope, place.folder, place.path) is not None and not is_own(desk, place):
                raise InputError(f"{place} is there already; overwrite: true replaces it", "to")


def _into(to: Place, files: list[Kept]) -> list[Wanted]:
    if to.path.endswith("/"):
        return [Wanted(Place(folder=to.folder, path=to.path + each.name), each) for each in files]
    if len(files) != 1:
        raise InputError(f"{len(files)} files cannot become one; a path that ends with / takes several", "to")
    return [Wanted(to, files[0])]
