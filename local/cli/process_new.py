"""`baton process new`: a plan to begin with, made from a file of the kind it is to take."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from local.cli.contact import read
from local.cli.errors import Refused
from local.cli.output import Whole
from local.cli.session import Session, with_session
from local.cli.words import program

_LOOKED_AT = 1000
"""Rows that say what a column holds."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_KINDS = (
    ("integer", re.compile(r"-?(?:0|[1-9][0-9]{0,14})")),
    ("number", re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,10})?")),
    ("date", re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")),
)
_TOP = """\
# yaml-language-server: $schema=process.schema.json
# (The schema gives completion in editors: `{program} process schema > process.schema.json`.)
process: {name}
title: {title}

inputs:
  # What a run is given: `{program} process run {name} file={file}`.
  file: {{type: file, title: The file}}

steps:
  # Read the file. A row that does not fit goes to the quarantine with the reason; the rest goes on.
  - id: rows
    type: read
    with:
      file: ${{{{ inputs.file }}}}
"""
_COLUMNS = """\
      # Types: text, integer, number, decimal, boolean, date, datetime. Add `required: true` where one must be there.
      columns:
"""
_REST = """\

  # Take away rows that come twice. Other things to do: filter, map, join, aggregate, sort (docs/processes.md).
  - id: tidy
    type: transform
    needs: [rows]
    with:
      rows: ${{{{ steps.rows.outputs.rows }}}}
      do:
        - deduplicate: {{by: [{first}]}}

  # Write the result. Columns with personal data are masked unless `allow` names them.
  - id: result
    type: output
    needs: [tidy]
    with:
      rows: ${{{{ steps.tidy.outputs.rows }}}}
      format: csv

outputs:
  result: ${{{{ steps.result.outputs.file }}}}
  quarantined: ${{{{ steps.rows.outputs.quarantined }}}}
"""


@with_session
def new(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Small letters, digits and _.")],
    source: Annotated[Path, typer.Option("--from", metavar="FILE", help="A file of the kind it is to take: CSV, TSV.")],
) -> None:
    """Write a plan that runs at once, with comments, for files like this one.

    It is written to NAME.yaml here.
    """
    if not _NAME.fullmatch(name):
        raise Refused(f"{name}: must begin with a small letter and have only a to z, digits and _, at most 40")
    made = Path(f"{name}.yaml")
    if made.exists():
        raise Refused(f"{made}: is there already; choose another name")
    columns = list(_columns(read(source), "\t" if source.suffix == ".tsv" else None))
    made.write_text(_plan(name, source, columns), encoding="utf-8")
    said = f"Wrote {made}. Next: {program()} process put {made}"
    session.show({"file": str(made), "columns": dict(columns)}, lambda _: [Whole(said)])


def _plan(name: str, source: Path, columns: list[tuple[str, str]]) -> str:
    title = _quoted(name.replace("_", " ").capitalize())
    top = _TOP.format(program="baton", name=name, title=title, file=source.name)
    lines = [f"        - {{name: {_quoted(each)}, type: {kind}}}\n" for each, kind in columns]
    return top + _COLUMNS + "".join(lines) + _REST.format(first=", ".join(_quoted(each) for each, _ in columns))


def _columns(content: bytes, delimiter: str | None) -> Iterator[tuple[str, str]]:
    """The columns of a table and what each holds. Raises Refused if there are none to name."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("windows-1252", errors="replace")
    lines = text.splitlines()[: _LOOKED_AT + 1]
    rows = list(csv.reader(lines, delimiter=delimiter or _delimiter(lines[:1])))
    headings = [each.strip() for each in rows[0]] if rows else []
    if not headings or len(set(map(str.casefold, headings))) < len(headings) or not all(map(_is_name, headings)):
        raise Refused("the first line must name the columns, each once")
    for place, heading in enumerate(headings):
        yield heading, _kind([row[place].strip() for row in rows[1:] if place < len(row)])


def _delimiter(first: list[str]) -> str:
    return max(",;\t|", key=first[0].count) if first else ","


def _is_name(heading: str) -> bool:
    return bool(re.fullmatch(r'[^\x00-\x1f"]{1,100}', heading)) and heading.casefold() != "_row"


def _kind(values: list[str]) -> str:
    filled = [value for value in values if value]
    return next((kind for kind, form in _KINDS if filled and all(map(form.fullmatch, filled))), "text")


def _quoted(text: str) -> str:
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9_ ]*", text) and text.lower() not in ("true", "false", "null"):
        return text.strip()
    return "'" + text.replace("'", "''") + "'"
