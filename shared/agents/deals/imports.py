"""Taking a file of deals or companies in: HubSpot's export, or any table that has a column with their name. What its
stages are here is said once; the rest is the machinery of imports (`agents.contacts`)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import uuid_utils

from shared.agents.contacts.imports import origin_of
from shared.agents.contacts.mapping import columns_in, gone, meanings, refuse_unless_open, remember, remembered
from shared.agents.contacts.read import Columns, Known, Upload, opened
from shared.agents.contacts.records import change, known_columns, load, path, source_of
from shared.agents.contacts.taking import Taking
from shared.agents.contacts.text import clean
from shared.agents.deals import stages
from shared.agents.deals.columns import READING
from shared.agents.deals.companies import COMPANIES
from shared.agents.deals.entry import checker
from shared.agents.deals.plan import DEALS
from shared.agents.scopes import register
from shared.domain.deal import STAGES, Stage
from shared.domain.faults import FieldError, Missing, Rejected
from shared.domain.imports import Import, ImportColumn, Of
from shared.domain.money import EURO
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Ports

TAKINGS: Mapping[Of, Taking] = {"deals": Taking(READING, checker, DEALS.pass_over), "companies": COMPANIES}
"""What rows can be."""


def accept(
    ports: Ports,
    scope: Scope,
    by: str,
    data: bytes,
    content_type: str,
    *,
    dry_run: bool = False,
    columns: Mapping[str, str] | None = None,
    said: Mapping[str, Stage] | None = None,
    currency: str = EURO,
    name: str | None = None,
    of: Of = "deals",
) -> Import:
    """Check the file as a whole, store it, and make the import; the caller starts its flow if it is running. `said`:
    stages of the file -> stages here; `currency`: of amounts without one. With `dry_run` it waits for whoever says what
    columns and stages are, and for whoever confirms it.

    Raises Rejected if the file cannot be read, and, without `dry_run`, if not every stage is known."""
    reading, of_this = TAKINGS[of].reading, f"{of}-"
    meant = meanings(columns or {}, reading)
    known = remembered(ports, scope, meant, of_this)
    with opened([data], content_type, known, reading) as upload:
        seen = _Seen.of(ports, scope, upload, said or {})
        if seen.problem and not dry_run:
            raise seen.problem
        if meant and not upload.problem:
            remember(ports, scope, upload.columns, of_this)
        tables, headings = upload.columns, columns_in(upload)
    stages.remember(ports, scope, said or {})
    made = Import(
        id=uuid_utils.uuid7().hex,
        of=of,
        status="unmapped" if seen.problem else "running",
        status_reason=_said(seen.problem),
        doing="preview" if dry_run else "import",
        created_at=ports.clock.now(),
        by=by,
        name=name,
        content_type=content_type,
        origin=origin_of(tables),
        columns=headings,
        stages=seen.stages,
        currency=currency,
        rows=seen.rows,
        digest=hashlib.sha256(data).hexdigest(),
    )
    register(ports, scope)
    ports.files.put(scope, path(made.id, "source"), data)
    ports.documents.put(scope, Kind.IMPORT, made.id, made.model_dump(mode="json"))
    return made


def tell(ports: Ports, scope: Scope, id: str, columns: Mapping[str, str], said: Mapping[str, Stage]) -> Import:
    """Say what columns and stages are, now and for later files; it is previewed again: the caller starts the flow if it
    is running. What is still unknown then, the import says. Raises Missing, Conflict, Rejected."""
    found = of_deals(ports, scope, id)
    reading = TAKINGS[found.of].reading
    meant = meanings(columns, reading)
    refuse_unless_open(found)
    before = known_columns(found)
    known: Known = lambda *of: {**before(*of), **meant}  # noqa: E731 - one line, used once
    try:
        with opened(source_of(ports, scope, id), found.content_type, known, reading) as upload:
            _refuse_unknown(upload.columns, columns)
            if upload.problem:
                raise upload.problem
            remember(ports, scope, upload.columns, f"{found.of}-")
            now = {text: stage for text, stage in found.stages.items() if stage in STAGES}
            seen = _Seen.of(ports, scope, upload, {**now, **said})
            headings = columns_in(upload)
    except FileNotFoundError:
        raise gone() from None
    stages.remember(ports, scope, said)
    return change(ports, scope, id, lambda present: _again(present, headings, seen))


def of_deals(ports: Ports, scope: Scope, id: str) -> Import:
    """An import of deals or companies. Raises Missing."""
    found = load(ports, scope, id)
    if found.of not in TAKINGS:
        raise Missing("import", id)
    return found


class _Seen(NamedTuple):
    """A file read once: how many rows, what its stages are, and what nobody has said yet."""

    rows: int
    stages: dict[str, str]
    problem: Rejected | None

    @classmethod
    def of(cls, ports: Ports, scope: Scope, upload: Upload, said: Mapping[str, Stage]) -> _Seen:
        if upload.problem:
            return cls(sum(1 for _ in upload.rows()), {}, upload.problem)
        texts: dict[str, str] = {}
        rows = 0
        for text in _stage_texts(upload):
            rows += 1
            if text:
                texts.setdefault(stages.spelled(text), text)
            if len(texts) > stages.MOST:
                raise Rejected(FieldError("stage", f"there are more than {stages.MOST} stages; is this the column?"))
        if not rows:
            raise Rejected(FieldError("body", "the file has no rows"))
        found = stages.mapped(ports, scope, texts.values(), said)
        return cls(rows, found, _unknown(found))


def _stage_texts(upload: Upload) -> Iterator[str]:
    return (clean(row.values.get("stage", ""))[:200] for row in upload.rows())


def _unknown(found: Mapping[str, str]) -> Rejected | None:
    unknown = [text for text, stage in found.items() if not stage]
    if not unknown:
        return None
    reason = f"which stage is it here? One of {', '.join(STAGES)}"
    return Rejected(*(FieldError(f"stages.{text[:60]}", reason) for text in unknown))


def _again(present: Import, columns: list[ImportColumn], seen: _Seen) -> None:
    refuse_unless_open(present)
    present.columns, present.stages, present.rows = columns, seen.stages, seen.rows
    present.split_again()
    if seen.problem:
        present.status, present.status_reason = "unmapped", _said(seen.problem)


def _refuse_unknown(tables: list[Columns], said: Mapping[str, str]) -> None:
    headings = {heading for each in tables for heading in each.headings}
    if unknown := sorted({each.strip() for each in said} - headings):
        raise Rejected(*(FieldError("columns", f"there is no column {each[:60]!r}") for each in unknown))


def _said(problem: Rejected | None) -> str | None:
    if problem is None:
        return None
    if all(error.field.startswith("stages.") for error in problem.errors):
        named = ", ".join(error.field.removeprefix("stages.") for error in problem.errors)
        return f"nobody has said yet which stage this is here: {named}"
    return "; ".join(error.reason for error in problem.errors)
