"""The rows of an import that were left out, as a file for a person: why, and the row as it came."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from tempfile import TemporaryFile

from shared.agents.contacts.records import path
from shared.agents.contacts.rows import Row
from shared.domain.faults import Missing
from shared.domain.imports import RowError
from shared.domain.scope import Scope
from shared.ports import Ports
from shared.process.rows.values import as_text
from shared.process.rows.written import harmless

NAME = "quarantine.csv"
_BLOCK = 1 << 20
_HEADINGS = ("baton_file", "baton_line", "baton_reason")


class Quarantine:
    """Takes rows as they come; on disk, so that memory does not grow with them. Use as a context. `headings`: those of
    each file of an archive."""

    def __init__(self, headings: Mapping[str | None, Sequence[str]]) -> None:
        self._headings = headings
        self._file = TemporaryFile()  # noqa: SIM115 - closed with the text over it
        self._text = io.TextIOWrapper(self._file, "utf-8", errors="replace", newline="", write_through=True)
        self._writer = csv.writer(self._text)
        self._of: object = self
        self.rows = 0

    def add(self, row: Row, errors: Iterable[RowError]) -> None:
        """Where the rows of another file of an archive begin, its headings stand."""
        if row.file != self._of:
            self._of = row.file
            self._write((*_HEADINGS, *self._headings.get(row.file, ("row",))))
        self.rows += 1
        why = "; ".join(f"{error.field}: {error.reason}" for error in errors)
        self._write((row.file or "", str(row.line), why, *map(as_text, row.original)))

    def keep(self, ports: Ports, scope: Scope, id: str) -> None:
        """Put it among the files of the import."""
        self._file.seek(0)
        ports.files.put_blocks(scope, path(id, NAME), iter(lambda: self._file.read(_BLOCK), b""))

    def _write(self, values: Iterable[str]) -> None:
        self._writer.writerow([harmless(each) for each in values])

    def __enter__(self) -> Quarantine:
        return self

    def __exit__(self, *_: object) -> None:
        self._text.close()


def quarantined(ports: Ports, scope: Scope, id: str) -> bytes:
    """The file. Raises Missing where no row was left out, or it was removed since."""
    try:
        return ports.files.get(scope, path(id, NAME))
    except FileNotFoundError:
        raise Missing("quarantine", id) from None


def without(data: bytes, about: Callable[[str], bool]) -> bytes | None:
    """The file without the rows that may be `about` somebody; None if there is none."""
    rows = list(csv.reader(io.StringIO(data.decode(errors="replace"), newline="")))
    others = [row for row in rows if not about("\n".join(row))]
    if len(others) == len(rows):
        return None
    kept = io.StringIO(newline="")
    csv.writer(kept).writerows(others)
    return kept.getvalue().encode()
