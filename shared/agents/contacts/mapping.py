"""What the columns of a file are: said once for files with these headings, and remembered."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence

from shared.agents.contacts.read import PEOPLE, Columns, Reading, Upload, opened
from shared.agents.contacts.records import change, known_columns, load, source_of
from shared.domain.faults import Conflict, FieldError, Missing, Rejected
from shared.domain.imports import Import, ImportColumn
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Ports

OPEN = ("unmapped", "previewed")
"""In these an import may still be told what its columns are."""


def map_columns(ports: Ports, scope: Scope, id: str, said: Mapping[str, str]) -> Import:
    """Take these headings for these fields, and preview the import again: the caller starts the flow. Files with the
    same headings are taken so from now on.

    Raises Missing, Conflict (it is in, or its file is gone), Rejected."""
    found, meant = load(ports, scope, id), meanings(said)
    if found.of != "contacts":
        raise Missing("import", id)
    refuse_unless_open(found)
    known = known_columns(found)
    try:
        source = source_of(ports, scope, id)
        with opened(source, found.content_type, lambda *of: {**known(*of), **meant}) as upload:
            if unknown := meant.keys() - {heading for each in upload.columns for heading in each.headings}:
                raise Rejected(
                    *(FieldError("columns", f"there is no column {each[:60]!r}") for each in sorted(unknown))
                )
            if upload.problem:
                raise upload.problem
            columns = columns_in(upload)
            remember(ports, scope, upload.columns)
    except FileNotFoundError:
        raise gone() from None

    def again(present: Import) -> None:
        refuse_unless_open(present)
        present.columns = columns
        present.split_again()

    return change(ports, scope, id, again)


def columns_of(ports: Ports, scope: Scope, id: str, reading: Reading = PEOPLE) -> list[Columns]:
    """The columns of its tables, with some values of each; none once the file was removed. Raises Missing."""
    found = load(ports, scope, id)
    try:
        source = source_of(ports, scope, id)
        with opened(source, found.content_type, known_columns(found), reading) as upload:
            return upload.columns
    except (FileNotFoundError, Rejected):
        return []


def columns_in(upload: Upload) -> list[ImportColumn]:
    """As the import's document keeps them."""
    return [
        ImportColumn(heading=heading, field=field, file=each.file)
        for each in upload.columns
        for heading, field in zip(each.headings, each.layout.fields, strict=True)
    ]


def meanings(said: Mapping[str, str], reading: Reading = PEOPLE) -> dict[str, str]:
    """heading -> field. Raises Rejected for what no column can be."""
    found, errors = {}, []
    for heading, text in said.items():
        try:
            found[heading.strip()] = reading.meaning(text.strip())
        except ValueError as error:
            errors.append(FieldError(f"columns.{heading[:60]}", str(error)))
    if errors:
        raise Rejected(*errors)
    return found


def remember(ports: Ports, scope: Scope, tables: Iterable[Columns], of: str = "") -> None:
    """Files with these headings are read so from now on."""
    for each in tables:
        body = {"headings": each.headings, "fields": dict(zip(each.headings, each.layout.fields, strict=True))}
        ports.documents.put(scope, Kind.IMPORT_COLUMNS, of + _id(each.headings), body, "*")


def remembered(
    ports: Ports, scope: Scope, said: Mapping[str, str], of: str = ""
) -> Callable[[str, Sequence[str]], dict[str, str]]:
    """What was said of files with such headings, and now."""

    def known(_: str, headings: Sequence[str]) -> dict[str, str]:
        found = ports.documents.get(scope, Kind.IMPORT_COLUMNS, of + _id(headings))
        return {**(found.body["fields"] if found else {}), **said}

    return known


def _id(headings: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(sorted(headings)).casefold().encode(errors="replace")).hexdigest()[:32]


def refuse_unless_open(found: Import) -> None:
    """What its rows are can be said before it is taken in. Raises Conflict."""
    if found.status not in OPEN:
        raise Conflict("status", f"the import is {found.status}; its columns can be changed before it is taken in")


def gone() -> Conflict:
    """Its file is not there any more."""
    return Conflict("status", "its file was removed in the meantime; bring it in again")
