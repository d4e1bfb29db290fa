"""Archives: ZIP and tar.gz, made and taken apart. What comes from a stranger is refused as a whole if any part of it
would lead elsewhere, or if it is larger than it may be, whatever its directory says."""

from __future__ import annotations

import gzip
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Annotated, ClassVar, Literal, NamedTuple

from pydantic import Field

from shared.domain.paths import is_path
from shared.process.errors import InputError, PolicyError, ResourceError
from shared.process.places import AFile, Given, kept, several
from shared.process.rows.raw import distinct
from shared.process.steps.call import Answer, Desk, Kept, StepType

_BLOCK = 2**18
_EPOCH = (1980, 1, 1, 0, 0, 0)


class Archive(StepType):
    """Pack files into a ZIP or a tar.gz: the same files always make the same archive."""

    files: Given
    format: Literal["zip", "tar.gz"] = "zip"
    name: Annotated[str, Field(max_length=190)] = "files"
    """Without its ending."""

    outputs: ClassVar[Mapping[str, str]] = {"file": "the archive", "count": "how many files are in it"}

    def run(self, desk: Desk) -> Answer:
        found = [kept(desk, each) for each in several(desk, self.files)]
        names = distinct([each.name for each in found])
        target = desk.folder / "archive"
        with target.open("wb") as file:
            (_zip if self.format == "zip" else _tar)(file, _paths(desk, found, names))
        made = desk.keep(target, f"{self.name}.{self.format}")
        return Answer({"file": made.model_dump(), "count": len(found)})


class Extract(StepType):
    """Take a ZIP, a tar or a tar.gz apart. Refused as a whole: paths that lead elsewhere, links, devices, names that
    come twice (in upper or lower case), encrypted ones, more than `most_files` files or `most_mb` MB."""

    file: AFile
    most_files: Annotated[int, Field(ge=1, le=100_000)] = 10_000
    most_mb: Annotated[int, Field(ge=1, le=100_000)] = 1000

    outputs: ClassVar[Mapping[str, str]] = {
        "files": "each with its path in the archive and the kept file",
        "count": "how many there are",
    }

    def run(self, desk: Desk) -> Answer:
        path, target, found = desk.open(kept(desk, self.file)), desk.folder / "part", []
        for name in unpacked(path, target, self.most_files, self.most_mb, desk.beat):
            file = desk.keep(target, name.rpartition("/")[2])
            found.append({"path": name, "file": file.model_dump()})
        return Answer({"files": found, "count": len(found)})


def unpacked(
    path: Path, target: Path, most_files: int, most_mb: int, beat: Callable[[], object] = lambda: None
) -> Iterator[str]:
    """The path of each file in the archive, while what is in it lies at `target`. Raises InputError, PolicyError,
    ResourceError at the first part that may not be."""
    seen, left = set[str](), most_mb * 10**6
    with _told():
        for part in _parts(path):
            _check(part, seen)
            if len(seen) > most_files:
                raise ResourceError(f"the archive has more than {most_files:,} files", "most_files")
            left -= _written(part, target, left, beat)
            yield part.path


class _Part(NamedTuple):
    path: str
    plain: bool
    """A regular file that can be read."""
    open: Callable[[], IO[bytes]]


def _check(part: _Part, seen: set[str]) -> None:
    if not is_path(part.path):
        raise PolicyError(f"the archive has a path that leads elsewhere or is none: {part.path[:80]!r}", "file")
    if not part.plain:
        raise PolicyError(f"the archive has a link, a device or an encrypted file: {part.path[:80]!r}", "file")
    if part.path.casefold() in seen:
        raise PolicyError(f"the archive has a name twice: {part.path[:80]!r}", "file")
    seen.add(part.path.casefold())


def _written(part: _Part, target: Path, most: int, beat: Callable[[], object]) -> int:
    """How many bytes. Raises ResourceError as soon as there are more than may be: what the archive says of its size is
    not believed."""
    size = 0
    with part.open() as source, target.open("wb") as file:
        while block := source.read(_BLOCK):
            size += len(block)
            if size > most:
                raise ResourceError("unpacked, the archive is larger than most_mb", "most_mb")
            file.write(block)
            beat()
    return size


def _parts(path: Path) -> Iterator[_Part]:
    with path.open("rb") as file:
        is_zip = file.read(4) in (b"PK\x03\x04", b"PK\x05\x06")
    yield from _of_zip(path) if is_zip else _of_tar(path)


_BROKEN = (
    *(zipfile.BadZipFile, tarfile.TarError, gzip.BadGzipFile, zlib.error),
    *(EOFError, NotImplementedError, RuntimeError, ValueError, OverflowError),
)


@contextmanager
def _told() -> Iterator[None]:
    """Raises InputError if the archive is none, or broken, at whichever part that shows."""
    try:
        yield
    except _BROKEN as error:
        raise InputError(f"this is no archive (ZIP, tar.gz), or a broken one: {type(error).__name__}", "file") from None


def _of_zip(path: Path) -> Iterator[_Part]:
    with zipfile.ZipFile(path) as archive:
        for each in archive.infolist():
            if each.orig_filename.endswith("/") and not each.file_size:
                continue
            mode = each.external_attr >> 16
            plain = not each.flag_bits & 1 and stat.S_IFMT(mode) in (0, stat.S_IFREG)
            yield _Part(each.orig_filename, plain, partial(archive.open, each))


def _of_tar(path: Path) -> Iterator[_Part]:
    with tarfile.open(path, "r|*") as archive:
        for each in archive:
            if each.isdir():
                continue
            plain = each.isreg() and not each.issparse()
            yield _Part(each.name, plain, partial(_of_tar_member, archive, each))


def _of_tar_member(archive: tarfile.TarFile, entry: tarfile.TarInfo) -> IO[bytes]:
    found = archive.extractfile(entry)
    assert found is not None, "only regular files are opened"
    return found


def _paths(desk: Desk, files: list[Kept], names: list[str]) -> Iterator[tuple[str, Path]]:
    for file, name in sorted(zip(files, names, strict=True), key=lambda each: each[1]):
        yield name, desk.open(file)
        desk.beat()


def _zip(target: IO[bytes], files: Iterator[tuple[str, Path]]) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in files:
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            with path.open("rb") as source, archive.open(entry, "w", force_zip64=True) as part:
                while block := source.read(_BLOCK):
                    part.write(block)


def _tar(target: IO[bytes], files: Iterator[tuple[str, Path]]) -> None:
    with (
        gzip.GzipFile("", "wb", 6, target, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for name, path in files:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = path.stat().st_size, 0o644
            with path.open("rb") as source:
                archive.addfile(entry, source)
