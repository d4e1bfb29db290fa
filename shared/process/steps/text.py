"""Texts of documents become rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from shared.ports import Unreadable
from shared.process.errors import InputError
from shared.process.rows.columns import RowColumn, Rows
from shared.process.rows.file import RowsWriter
from shared.process.steps.call import Answer, Desk, Kept, StepType

_MOST = 100_000_000
_COLUMNS = [
    RowColumn(name="file"),
    RowColumn(name="page", type="integer"),
    *(RowColumn(name=each) for each in ("heading", "text", "problem")),
]
_NOTHING = {"page": None, "heading": None, "text": None}
_FORMATS = {"pdf": "pdf", "docx": "docx", "md": "markdown", "html": "html", "htm": "html", "txt": "text"}


class Text(StepType):
    """The text of a PDF, a Word document (docx), a web page, Markdown or plain text, passage by passage: rows with
    `file`, `page`, `heading` and `text`. Of a list those files are read whose names say that they are documents; one
    that cannot be read is a row with its `problem`. A process without rights and with little memory reads them: a file
    may be anybody's."""

    file: Kept | list[Kept]
    format: Literal["pdf", "docx", "markdown", "html", "text"] | None = None
    """Absent: by the ending of the name."""

    outputs: ClassVar[Mapping[str, str]] = {
        "rows": "the passages",
        "title": "the document's own, or null; of a list null",
        "count": "how many",
    }

    def run(self, desk: Desk) -> Answer:
        path, title = desk.folder / "passages.jsonl", None
        with RowsWriter(path) as writer:
            if isinstance(self.file, Kept):
                title = self._add(desk, writer, self.file)
            else:
                self._all(desk, writer, self.file)
        rows = Rows(file=desk.keep(path), columns=_COLUMNS, count=writer.count)
        return Answer({"rows": rows.model_dump(), "title": title, "count": writer.count})

    def _all(self, desk: Desk, writer: RowsWriter, files: list[Kept]) -> None:
        for n, file in enumerate(files, 1):
            if self._format(file) is not None:
                try:
                    self._add(desk, writer, file)
                except InputError as error:
                    problem = str(error).removeprefix("the file ")
                    writer.add({"_row": writer.count + 1, **_NOTHING, "file": file.name, "problem": problem})
            desk.beat()
            desk.progress(n, len(files), "files")

    def _add(self, desk: Desk, writer: RowsWriter, file: Kept) -> str | None:
        """Raises InputError if it cannot be read."""
        format = self._format(file)
        if format is None:
            raise InputError("its name does not say what it is; set format", "format")
        if file.bytes > _MOST:
            raise InputError(f"the file is larger than {_MOST // 10**6} MB", "file")
        try:
            found = desk.ports.reader.read(format, desk.open(file).read_bytes())
        except Unreadable as error:
            raise InputError(f"the file {error}", "file") from None
        for piece in found.pieces:
            said = {"file": file.name, "page": piece.page, "heading": piece.heading, "text": piece.text}
            writer.add({"_row": writer.count + 1, **said, "problem": None})
        return found.title

    def _format(self, file: Kept) -> str | None:
        return self.format or _FORMATS.get(file.name.rpartition(".")[2].lower())
