"""Taking a file of contacts in, following it, closing it."""

from __future__ import annotations

import hashlib

import orjson
import uuid_utils

from shared.agents.contacts.read import read
from shared.agents.contacts.records import change, load, path
from shared.agents.scopes import register
from shared.domain.faults import FieldError, Rejected
from shared.domain.imports import Import, RowError
from shared.domain.names import Kind
from shared.domain.outcome import Done
from shared.domain.scope import Scope
from shared.ports import Order, Ports


def accept_import(
    ports: Ports,
    scope: Scope,
    by: str,
    data: bytes,
    content_type: str,
    double_opt_in: bool = False,
    id: str | None = None,
) -> Import:
    """Check the file as a whole, store it, and make the import document; the caller starts the flow (should it die
    first, the sweep does). `double_opt_in`: who is said to have agreed is to confirm it first. Under a given
    `id` it is made once.

    Raises Rejected if the file cannot be read; bad rows are no reason."""
    if id and (made := ports.documents.get(scope, Kind.IMPORT, id)):
        return Import.model_validate(made.body)
    rows = sum(1 for _ in read(data, content_type))
    if not rows:
        raise Rejected(FieldError("body", "the file has no rows"))
    accepted = Import(
        id=id or str(uuid_utils.uuid7().hex),
        created_at=ports.clock.now(),
        by=by,
        content_type=content_type,
        rows=rows,
        double_opt_in=double_opt_in,
        digest=hashlib.sha256(data).hexdigest(),
    )
    register(ports, scope)
    ports.files.put(scope, path(accepted.id, "source"), data)
    ports.documents.put(scope, Kind.IMPORT, accepted.id, accepted.model_dump(mode="json"))
    return accepted


def get_import(ports: Ports, scope: Scope, id: str) -> Import:
    """The import as it stands, with the first 1,000 errors. Raises Missing."""
    found = load(ports, scope, id)
    if found.errors_total:
        stored = orjson.loads(ports.files.get(scope, path(id, "errors.json")))
        found.errors = [RowError.model_validate(error) for error in stored]
    return found


def list_imports(ports: Ports, scope: Scope, limit: int, cursor: str | None = None) -> tuple[list[Import], str | None]:
    """Imports, newest first, without their errors. Raises Rejected for a cursor that is none."""
    try:
        page = ports.documents.find(scope, Kind.IMPORT, (), Order("id", descending=True), limit, cursor)
    except ValueError as error:
        raise Rejected(FieldError("query", str(error))) from None
    return [Import.model_validate(document.body) for document in page.documents], page.cursor


def finish(ports: Ports, scope: Scope, id: str) -> Done:
    """Close the import: completed if every batch is in, else failed. What is in stays in; sending the file again is
    harmless."""
    closed = change(ports, scope, id, _close)
    return Done({"status": closed.status})


def _close(found: Import) -> None:
    if found.status != "running":
        return
    if found.batches is not None and found.batches_done == found.batches:
        found.status = "completed"
    else:
        done, batches = found.batches_done, "?" if found.batches is None else found.batches
        found.status, found.status_reason = "failed", f"{done} of {batches} batches came in; import the file again"
