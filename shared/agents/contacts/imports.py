"""Taking a file of contacts in, following it, closing it, taking it back."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping

import orjson
import uuid_utils

from shared.agents import policy
from shared.agents.contacts.batch import examples_of
from shared.agents.contacts.mapping import columns_in, meanings, remember, remembered
from shared.agents.contacts.read import Columns, opened
from shared.agents.contacts.records import change, load, path
from shared.agents.scopes import register
from shared.domain.faults import Conflict, FieldError, Rejected
from shared.domain.imports import FileConsent, Import, Of, RowError
from shared.domain.names import Kind
from shared.domain.outcome import Done
from shared.domain.scope import Scope
from shared.ports import Order, Ports

_ENDED = {"preview": "previewed", "import": "completed", "undo": "undone"}

_CONTACTS: tuple[Of, ...] = ("contacts",)


def accept_import(
    ports: Ports,
    scope: Scope,
    by: str,
    data: bytes,
    content_type: str,
    double_opt_in: bool = False,
    id: str | None = None,
    *,
    dry_run: bool = False,
    consent: FileConsent | None = None,
    columns: Mapping[str, str] | None = None,
    name: str | None = None,
) -> Import:
    """Check the file as a whole, store it, and make the import document; the caller starts the flow if it is running
    (should it die first, the sweep does). `double_opt_in`: who is said to have agreed is to confirm it first.
    `dry_run`: say only what would become of each row; where the columns cannot be told, it waits for who tells them.
    `columns`: what headings mean. Under a given `id` it is made once.

    Raises Rejected if the file cannot be read; bad rows are no reason."""
    if id and (made := ports.documents.get(scope, Kind.IMPORT, id)):
        return Import.model_validate(made.body)
    meant = meanings(columns or {})
    with opened([data], content_type, remembered(ports, scope, meant)) as upload:
        if upload.problem and not dry_run:
            raise upload.problem
        rows = sum(1 for _ in upload.rows())
        if not rows:
            raise Rejected(FieldError("body", "the file has no rows"))
        if not dry_run:
            _refuse_undeclared(ports, scope, consent)
        if meant and not upload.problem:
            remember(ports, scope, upload.columns)
    accepted = Import(
        id=id or str(uuid_utils.uuid7().hex),
        status="unmapped" if upload.problem else "running",
        status_reason=_said(upload.problem),
        doing="preview" if dry_run else "import",
        created_at=ports.clock.now(),
        by=by,
        name=name,
        content_type=content_type,
        origin=origin_of(upload.columns),
        columns=columns_in(upload),
        consent=consent,
        rows=rows,
        double_opt_in=double_opt_in,
        digest=hashlib.sha256(data).hexdigest(),
    )
    register(ports, scope)
    ports.files.put(scope, path(accepted.id, "source"), data)
    ports.documents.put(scope, Kind.IMPORT, accepted.id, accepted.model_dump(mode="json"))
    return accepted


def confirm(ports: Ports, scope: Scope, id: str, by: str, consent: FileConsent | None = None) -> Import:
    """Take in what was previewed; `by` is who declares the consent. The caller starts the flow.

    Raises Missing, Rejected (a declaration is asked for), Conflict (it is not a preview, or its rows are gone)."""
    found = load(ports, scope, id)
    if found.of == "contacts":
        _refuse_undeclared(ports, scope, consent or found.consent)
    if found.batches and ports.files.size(scope, path(id, "batches", "0.jsonl")) is None:
        raise Conflict("status", "its rows were removed in the meantime; bring the file in again")

    def begin(present: Import) -> None:
        if present.status != "previewed":
            raise Conflict("status", f"the import is {present.status}; only a preview can be confirmed")
        present.consent, present.by = consent or present.consent, by
        present.confirmed_at = ports.clock.now()
        present.begin("import")

    return change(ports, scope, id, begin)


def undo(ports: Ports, scope: Scope, id: str, by: str) -> Import:
    """Take back what it wrote and nobody changed since; every "no" of it stays. The caller starts the flow.

    Raises Missing, Conflict (nothing of it is in, or what was there before is not on file any more)."""
    found = load(ports, scope, id)
    on_file = next(iter(ports.files.list(scope, path(id, "before", ""))), None)
    if found.created + found.updated and on_file is None:
        raise Conflict("status", "what was there before is not on file any more, so it cannot be taken back")

    def begin(present: Import) -> None:
        if present.status not in ("completed", "failed") or present.doing == "preview":
            raise Conflict("status", f"the import is {present.status}; one that was taken in can be taken back")
        present.begin("undo")

    begun = change(ports, scope, id, begin)
    ports.journal.append(scope, f"import/{id}", ports.clock.now(), by, "undo", {})
    return begun


def get_import(ports: Ports, scope: Scope, id: str) -> Import:
    """The import as it stands, with the first 1,000 errors and some rows of each outcome. Raises Missing."""
    found = load(ports, scope, id)
    if found.errors_total:
        stored = orjson.loads(ports.files.get(scope, path(id, "errors.json")))
        found.errors = [RowError.model_validate(error) for error in stored]
    found.examples = examples_of(ports, scope, id, "preview" if found.doing == "preview" else "import")
    return found


def list_imports(
    ports: Ports, scope: Scope, limit: int, cursor: str | None = None, of: Collection[Of] = _CONTACTS
) -> tuple[list[Import], str | None]:
    """Imports of such rows, newest first, without their errors. Raises Rejected for a cursor that is none."""
    found = list[Import]()
    while len(found) < limit:
        try:
            left, newest = limit - len(found), Order("id", descending=True)
            page = ports.documents.find(scope, Kind.IMPORT, (), newest, left, cursor)
        except ValueError as error:
            raise Rejected(FieldError("query", str(error))) from None
        every = (Import.model_validate(document.body) for document in page.documents)
        found += [each for each in every if each.of in of]
        if (cursor := page.cursor) is None:
            break
    return found, cursor


def finish(ports: Ports, scope: Scope, id: str, attempt: int) -> Done:
    """Close the pass: it is done if every batch is, else it failed. What is in stays in; sending the file again is
    harmless."""
    closed = change(ports, scope, id, lambda present: _close(present, attempt))
    return Done({"status": closed.status})


def _close(found: Import, attempt: int) -> None:
    if found.status != "running" or found.attempt != attempt:
        return
    if found.batches is not None and found.batches_done == found.batches:
        found.status = _ENDED[found.doing]  # type: ignore[assignment]
        return
    done, batches = found.batches_done, "?" if found.batches is None else found.batches
    what, then = ("were taken back", "undo it again") if found.doing == "undo" else ("came in", "import the file again")
    found.status, found.status_reason = "failed", f"{done} of {batches} batches {what}; {then}"


def _refuse_undeclared(ports: Ports, scope: Scope, consent: FileConsent | None) -> None:
    if consent is None and policy.read(ports, scope).imports_declare_consent:
        why = "the policy asks for a declaration: which words did these people agree to, where and when?"
        raise Rejected(FieldError("consent", why))


def origin_of(columns: list[Columns]) -> str | None:
    return next((each.layout.origin for each in columns if each.layout.origin), None)


def _said(problem: Rejected | None) -> str | None:
    return "; ".join(error.reason for error in problem.errors) if problem else None
