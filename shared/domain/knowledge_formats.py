"""Which format a file has: by what it is said to be, else by its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

Format = Literal["text", "markdown", "html", "pdf", "docx", "csv"]
FORMATS: tuple[Format, ...] = get_args(Format)
SUFFIXES: Mapping[str, Format] = {
    "txt": "text",
    "md": "markdown",
    "markdown": "markdown",
    "html": "html",
    "htm": "html",
    "pdf": "pdf",
    "docx": "docx",
    "csv": "csv",
    "tsv": "csv",
}
TYPES: Mapping[str, Format] = {
    "text/plain": "text",
    "text/markdown": "markdown",
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "text/csv": "csv",
    "text/tab-separated-values": "csv",
}


def format_of(content_type: str, name: str) -> Format | None:
    """None if neither says one that can be read. A name decides over `text/plain`, which programs send for anything."""
    typed = TYPES.get(content_type.partition(";")[0].strip().lower())
    named = SUFFIXES.get(name.rpartition(".")[2].lower())
    return named if typed in (None, "text") and named else typed
