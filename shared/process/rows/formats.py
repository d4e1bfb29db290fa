"""Which reader takes a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, get_args

from shared.process.errors import InputError
from shared.process.rows.columns import Column
from shared.process.rows.raw import Options, Source
from shared.process.steps.call import Desk

Format = Literal["csv", "tsv", "fixed", "json", "jsonl", "xml", "xlsx", "ods", "parquet"]
FORMATS: tuple[Format, ...] = get_args(Format)
_ENDINGS: dict[str, Format] = {
    "csv": "csv",
    "tsv": "tsv",
    "tab": "tsv",
    "json": "json",
    "jsonl": "jsonl",
    "ndjson": "jsonl",
    "xml": "xml",
    "xlsx": "xlsx",
    "xlsm": "xlsx",
    "ods": "ods",
    "parquet": "parquet",
}


def format_of(file: str) -> Format:
    """By the ending of its name. Raises InputError."""
    found = _ENDINGS.get(file.rpartition(".")[2].lower())
    if found is None:
        raise InputError(f"its name does not say what it is; set format to one of {', '.join(FORMATS)}", "format")
    return found


def source(desk: Desk, path: Path, format: Format, options: Options, columns: Sequence[Column]) -> Source:
    """A reader of the file. Raises InputError."""
    match format:
        case "csv" | "tsv":
            from shared.process.rows.delimited import Delimited

            chosen = options if format == "csv" or options.delimiter else replace(options, delimiter="\t")
            return Delimited(path, chosen, [each.headings[0] for each in columns])
        case "fixed":
            from shared.process.rows.fixed import Fixed

            return Fixed(path, options, columns)
        case "json" | "jsonl":
            from shared.process.rows.json_files import JsonLines, JsonList

            return JsonList(path, options) if format == "json" else JsonLines(path, options)
        case "xml":
            from shared.process.rows.xml_files import Xml

            return Xml(path, options)
        case "xlsx" | "ods":
            from shared.process.rows.sheets import Sheet

            return Sheet(path, options)
        case "parquet":
            from shared.process.rows.parquet import Parquet

            return Parquet(path, desk)
