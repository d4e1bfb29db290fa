"""A file as a person uploads it: CSV of whatever encoding, a workbook, or a ZIP of these. What it is shows in its first
bytes, not in its name."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from shared.process.errors import InputError, StepError
from shared.process.rows.delimited import Delimited
from shared.process.rows.raw import Options, Source
from shared.process.steps.archive import unpacked

MOST_FILES = 500
MOST_MB = 400
"""Of an archive, unpacked: more than a list of a million people has."""
_TEXTS = (".csv", ".tsv", ".tab", ".txt")
_WORKBOOKS = (".xlsx", ".xlsm", ".ods")
_PACKED = b"PK\x03\x04"


class Table(NamedTuple):
    """`file` is its path in an archive; "" where the upload itself is the table."""

    file: str
    source: Source


@contextmanager
def tables(blocks: Iterable[bytes], wanted: Callable[[list[str]], list[str]] = list) -> Iterator[list[Table]]:
    """The tables of an upload, which lies in a temporary folder for as long. Of the paths in an archive that can be
    tables, `wanted` takes some. Raises StepError for what is none, or may not be opened."""
    with TemporaryDirectory(prefix="baton-upload-") as made:
        folder = Path(made)
        path = folder / "upload"
        with path.open("wb") as file:
            file.writelines(blocks)
        if _begins_packed(path) and not _is_workbook(path):
            yield _of_archive(path, folder, wanted)
        else:
            yield [Table("", _source(path))]


def _of_archive(path: Path, folder: Path, wanted: Callable[[list[str]], list[str]]) -> list[Table]:
    """Every part is unpacked, so that what may not be is refused even where nobody wants it."""
    part, places, others = folder / "part", dict[str, Path](), list[str]()
    for n, name in enumerate(unpacked(path, part, MOST_FILES, MOST_MB)):
        hidden = name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith(".")
        if not hidden and name.lower().endswith((*_TEXTS, *_WORKBOOKS)) and part.stat().st_size:
            places[name] = part.rename(folder / str(n))
        elif not hidden:
            others.append(name)
    if not places:
        there = ", ".join(others[:10]) or "nothing"
        raise InputError(f"there is no table in the archive (CSV, XLSX, ODS): it has {there[:300]}", "file")
    found = []
    for name in wanted(sorted(places)):
        try:
            found.append(Table(name, _source(places[name])))
        except StepError as error:
            raise InputError(f"{name}: {error}", "file") from None
    return found


def _source(path: Path) -> Source:
    if not _begins_packed(path):
        return Delimited(path, Options())
    from shared.process.rows.sheets import Sheet  # its reader is loaded by who has workbooks

    return Sheet(path, Options())


def _begins_packed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == _PACKED


def _is_workbook(path: Path) -> bool:
    """By the parts that ECMA-376 and OpenDocument ask for."""
    try:
        with zipfile.ZipFile(path) as archive:
            return not {"[Content_Types].xml", "mimetype"}.isdisjoint(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        return False
