"""Imports of deals and companies over HTTP: started, previewed, told what stages are, confirmed, taken back."""

from __future__ import annotations

from typing import Annotated, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from functions.flows import import_flow
from functions.http.handlers import imports
from functions.http.handlers.accepted import Accepted, accepted
from functions.http.handlers.html import see
from shared.access.call import Answer, Call, Listing, Paging
from shared.access.problem import rejected
from shared.access.upload import filled_in, uploaded
from shared.agents import contacts, deals
from shared.domain.faults import FieldError, Rejected
from shared.domain.imports import Import, StagesRequest
from shared.domain.money import EURO, Currency
from shared.domain.texts import Line

_PARTS = ("meanings", "confirm", "undo", "quarantine")


class DealsFile(BaseModel):
    """How a file is to be taken in. `of`: what its rows are; companies become leads. `columns`: headings and fields,
    `stages`: its stages and ours, as JSON objects; `currency`: of amounts that come without one; `name`: of the
    file."""

    model_config = ConfigDict(extra="forbid")

    of: Literal["deals", "companies"] = "deals"
    dry_run: bool = False
    columns: Annotated[str, Field(max_length=20_000)] = "{}"
    stages: Annotated[str, Field(max_length=20_000)] = "{}"
    currency: Currency = EURO
    name: Line | None = None

    def told(self) -> StagesRequest:
        """What is said of columns and stages. Raises Rejected."""
        try:
            said = {"columns": orjson.loads(self.columns), "stages": orjson.loads(self.stages)}
        except orjson.JSONDecodeError:
            raise Rejected(FieldError("stages", 'columns and stages must be JSON such as {"Demo": "needs"}')) from None
        try:
            return StagesRequest.model_validate(said)
        except ValidationError as error:
            raise rejected(error, "query") from None


def start(call: Call, query: DealsFile, body: bytes) -> Answer[Accepted]:
    """Take in deals, or companies as leads: CSV, XLSX, ODS, a ZIP of these; HubSpot's export is known by its headings.

    `?dry_run=true` says only what would become of each row, and waits for `confirm`."""
    told = query.told()
    made = deals.accept(
        call.ports,
        call.scope,
        call.principal,
        body,
        call.headers.get("content-type", ""),
        dry_run=query.dry_run,
        columns=told.columns,
        said=told.stages,
        currency=query.currency,
        name=query.name,
        of=query.of,
    )
    return _accepted(call, made)


def listing(call: Call, query: Paging) -> Answer[Listing[Import]]:
    """Imports of deals and companies, newest first, without their errors; each can be looked at and taken back."""
    items, cursor = contacts.list_imports(call.ports, call.scope, query.limit, query.cursor, deals.TAKINGS)
    return Answer(Listing(items=items, cursor=cursor))


def show(call: Call) -> Answer[Import]:
    """How far an import is, what its stages are here, some rows of each outcome, and why rows are in quarantine."""
    return Answer(contacts.get_import(call.ports, call.scope, _id(call)))


def tell(call: Call, body: StagesRequest) -> Answer[Accepted]:
    """Say what its stages and columns are, for this preview and for every later file; it is made again."""
    return _accepted(call, deals.tell(call.ports, call.scope, call.path["id"], body.columns, body.stages))


def confirm(call: Call) -> Answer[Accepted]:
    """Take in what was previewed."""
    return _accepted(call, contacts.confirm(call.ports, call.scope, _id(call), call.principal))


def undo(call: Call) -> Answer[Accepted]:
    """Take an import back: deals that it made go, those that it changed are as before, unless somebody changed them."""
    return _accepted(call, contacts.undo(call.ports, call.scope, _id(call), call.principal))


def quarantine(call: Call) -> Answer[bytes]:
    """The rows that were left out, with the reasons, as CSV."""
    _id(call)
    return imports.quarantine(call)


def bring_in(call: Call, body: bytes) -> Answer[str]:
    """Look at an uploaded file of deals; nothing of it is taken in yet."""
    kind = call.headers.get("content-type", "")
    file, form = uploaded(body, kind, "file"), filled_in(body, kind)
    try:
        currency = form.get("currency", "").strip().upper() or EURO
        wish = DealsFile.model_validate({"currency": currency, "of": form.get("of") or "deals"})
    except ValidationError as error:
        raise rejected(error, "form") from None
    made = deals.accept(
        call.ports,
        call.scope,
        call.principal,
        file.data,
        "application/octet-stream",
        dry_run=True,
        currency=wish.currency,
        of=wish.of,
        name=file.name.rpartition("/")[2].rpartition("\\")[2][:200],
    )
    return see(f"/imports/{made.id}", start=[import_flow(call.scope, made)] if made.status == "running" else [])


def _id(call: Call) -> str:
    return deals.of_deals(call.ports, call.scope, call.path["id"]).id


def _accepted(call: Call, made: Import) -> Answer[Accepted]:
    answer = accepted(made.id, made.status, f"/api/v1/deals/imports/{made.id}", _PARTS, import_flow(call.scope, made))
    return answer if made.status == "running" else Answer(answer.body, status=202, headers=answer.headers)
