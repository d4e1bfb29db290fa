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
_FORMATS = {"pdf": "pdf", "docx": "docx", "md": "markdown", "html": "html", "htm": "html", "txt": "text"}


class Text(StepType):
    """The text of a PDF, a Word document (docx), a web page, Markdown or plain text, passage by passage: rows with
    `page`, `heading` and `text`. A process without rights and with little memory reads it: a file may be anybody's."""

    file: Kept
    format: Literal["pdf", "docx", "markdown", "html", "text"] | None = None
    """Absent: by the ending of the name."""

    outputs: ClassVar[Mapping[str, str]] = {
        "rows": "the passages",
        "title": "the document's own, or null",
        "count": "how many",
    }

    def run(self, desk: Desk) -> Answer:
        format = self.format or _FORMATS.get(self.file.name.rpartition(".")[2].lower())
        if format is None:
            raise InputError("its name does not say what it is; set format", "format")
        if self.file.bytes > _MOST:
            raise InputError(f"the file is larger than {_MOST // 10**6} MB", "file")
        try:
            found = desk.ports.reader.read(format, desk.open(self.file).read_bytes())
        except Unreadable as error:
            raise InputError(f"the file {error}", "file") from None
        path = desk.folder / "passages.jsonl"
        with RowsWriter(path) as writer:
            for n, piece in enumerate(found.pieces, 1):
                writer.add({"_row": n, "page": piece.page, "heading": piece.heading, "text": piece.text})
        columns = [RowColumn(name="page", type="integer"), RowColumn(name="heading"), RowColumn(name="text")]
        rows = Rows(file=desk.keep(path), columns=columns, count=writer.count)
        return Answer({"rows": rows.model_dump(), "title": found.title, "count": writer.count})
