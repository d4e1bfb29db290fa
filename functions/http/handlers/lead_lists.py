"""Lists of companies over HTTP: taken in, looked up, scored anew; they go on by themselves."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from functions.flows import discovery_flow, import_flow
from shared.access.call import Answer, Call, Listing, Paging
from shared.agents.qualify import lists, people
from shared.domain.imports import Import
from shared.domain.lead_list import LeadList, LeadSearch
from shared.domain.texts import Line


class ListQuery(BaseModel):
    """What the list is called, and where it is from."""

    model_config = ConfigDict(extra="forbid")

    name: Line = "pasted"
    source: Annotated[Line, Field(max_length=120)] = "a pasted list"


def create(call: Call, query: ListQuery, body: bytes) -> Answer[LeadList]:
    """Companies to be looked at and scored (202): web sites, one a line, or a table (CSV, XLSX, ODS)."""
    return _begun(call, lists.take(call.ports, call.scope, call.principal, body, query.name, query.source))


def search(call: Call, body: LeadSearch) -> Answer[LeadList]:
    """Look companies up in the directory, then look at each and score it (202)."""
    return _begun(call, lists.search(call.ports, call.scope, call.principal, body))


def rescore(call: Call) -> Answer[LeadList]:
    """Score every lead anew by the newest criteria (202); no site is looked at."""
    return _begun(call, lists.rescore(call.ports, call.scope, call.principal))


def listing(call: Call, query: Paging) -> Answer[Listing[LeadList]]:
    """Lists, newest first."""
    items, cursor = lists.listing(call.ports, call.scope, query.limit, query.cursor)
    return Answer(Listing(items=items, cursor=cursor))


def show(call: Call) -> Answer[LeadList]:
    """How far a list is, and what of it could not be read. Its leads: `GET /api/v1/leads?list=`."""
    return Answer(lists.get(call.ports, call.scope, call.path["id"]))


def contacts(call: Call) -> Answer[Import]:
    """Everybody of a qualified lead who has an address becomes a contact (202), with where they were found."""
    made = people.to_contacts(call.ports, call.scope, call.path["id"], call.principal)
    at = {"Location": f"/api/v1/contacts/imports/{made.id}"}
    return Answer(made, status=202, headers=at, start=[import_flow(call.scope, made)])


def _begun(call: Call, made: LeadList) -> Answer[LeadList]:
    at = {"Location": f"/api/v1/leads/lists/{made.id}"}
    return Answer(made, status=202, headers=at, start=[discovery_flow(call.scope, made)])
