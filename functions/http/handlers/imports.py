"""Imports of contacts over HTTP: started, previewed, confirmed, taken back."""

from __future__ import annotations

from typing import Annotated

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from functions.flows import import_flow
from functions.http.handlers.accepted import Accepted, accepted
from shared.access.call import Answer, Call, Listing, Paging
from shared.access.problem import rejected
from shared.agents import contacts
from shared.domain.faults import FieldError, Rejected
from shared.domain.imports import ColumnsRequest, ConfirmRequest, FileConsent, Import
from shared.domain.texts import Line

_PARTS = ("columns", "confirm", "undo", "quarantine")


class ImportQuery(BaseModel):
    """How a file is to be taken in. `consent`: the words that its people agreed to, as whoever brings it declares, with
    `consent_at` and `consent_source`; `columns`: headings and fields as a JSON object; `name`: of the file."""

    model_config = ConfigDict(extra="forbid")

    dry_run: bool = False
    double_opt_in: bool = False
    consent: Annotated[str, Field(max_length=2000)] | None = None
    consent_at: str | None = None
    consent_source: str | None = None
    columns: Annotated[str, Field(max_length=20_000)] | None = None
    name: Line | None = None

    def declared(self) -> FileConsent | None:
        """The declaration. Raises Rejected."""
        return declared({"wording": self.consent, "at": self.consent_at, "source": self.consent_source})

    def meanings(self) -> dict[str, str]:
        """What is said of headings. Raises Rejected."""
        try:
            return ColumnsRequest.model_validate({"columns": orjson.loads(self.columns or "{}")}).columns
        except (orjson.JSONDecodeError, ValidationError):
            raise Rejected(FieldError("columns", 'must be a JSON object such as {"Mail": "email"}')) from None


def start(call: Call, query: ImportQuery, body: bytes) -> Answer[Accepted]:
    """Take in contacts: CSV, XLSX, ODS, a ZIP of these (as Mailchimp exports it), or a JSON list; at most 1,000,000.

    `?dry_run=true` says only what would become of each row, and waits for `confirm`."""
    made = contacts.accept_import(
        call.ports,
        call.scope,
        call.principal,
        body,
        call.headers.get("content-type", ""),
        query.double_opt_in,
        dry_run=query.dry_run,
        consent=query.declared(),
        columns=query.meanings(),
        name=query.name,
    )
    return _accepted(call, made)


def listing(call: Call, query: Paging) -> Answer[Listing[Import]]:
    """Imports, newest first, without their errors."""
    items, cursor = contacts.list_imports(call.ports, call.scope, query.limit, query.cursor)
    return Answer(Listing(items=items, cursor=cursor))


def show(call: Call) -> Answer[Import]:
    """How far an import is, some rows of each outcome, and why rows are in quarantine."""
    return Answer(contacts.get_import(call.ports, call.scope, call.path["id"]))


def columns(call: Call, body: ColumnsRequest) -> Answer[Accepted]:
    """Say what columns are, for this preview and for every later file with the same headings; it is made again."""
    return _accepted(call, contacts.map_columns(call.ports, call.scope, call.path["id"], body.columns))


def confirm(call: Call, body: ConfirmRequest) -> Answer[Accepted]:
    """Take in what was previewed. Who calls is who declares the consent."""
    made = contacts.confirm(call.ports, call.scope, call.path["id"], call.principal, body.consent)
    return _accepted(call, made)


def undo(call: Call) -> Answer[Accepted]:
    """Take an import back: what it wrote and nobody has changed since. A suppression stays."""
    return _accepted(call, contacts.undo(call.ports, call.scope, call.path["id"], call.principal))


def quarantine(call: Call) -> Answer[bytes]:
    """The rows that were left out, with the reasons, as CSV."""
    content = contacts.quarantined(call.ports, call.scope, call.path["id"])
    named = {"Content-Disposition": 'attachment; filename="quarantine.csv"'}
    return Answer(content, content_type="text/csv; charset=utf-8", headers=named)


def quarantine_page(call: Call) -> Answer[bytes]:
    """The same, from the page."""
    return quarantine(call)


def declared(said: dict[str, str | None]) -> FileConsent | None:
    """What is declared; None if nothing is. Raises Rejected."""
    given = {name: text for name, text in said.items() if text and text.strip()}
    if not given:
        return None
    try:
        return FileConsent.model_validate(given)
    except ValidationError as error:
        raise rejected(error, "consent") from None


def _accepted(call: Call, made: Import) -> Answer[Accepted]:
    answer = accepted(
        made.id, made.status, f"/api/v1/contacts/imports/{made.id}", _PARTS, import_flow(call.scope, made)
    )
    return answer if made.status == "running" else Answer(answer.body, status=202, headers=answer.headers)
