"""Lists of companies: taken in at once, looked at and scored in batches that a flow carries on. A person is not a step
of it: a list of 10,000 is some two hundred steps, and memory holds one batch."""

from __future__ import annotations

from itertools import islice
from typing import Any

import orjson
import uuid_utils

from shared.agents.qualify import batches, weighing
from shared.agents.qualify.lookups import looked_up
from shared.agents.qualify.table import TableSource
from shared.agents.records import Records
from shared.agents.scopes import register
from shared.domain.budget import OverBudget
from shared.domain.faults import FieldError, Rejected
from shared.domain.lead_list import BATCH, MOST_PROBLEMS, LeadList, LeadSearch
from shared.domain.names import Kind
from shared.domain.outcome import Done, Outcome
from shared.domain.scope import Scope
from shared.ports import Order, Ports, Reading
from shared.ports.sources import Asked, Unreadable

LISTS = Records(Kind.LEAD_LIST, LeadList)


def take(ports: Ports, scope: Scope, by: str, data: bytes, name: str, source: str) -> LeadList:
    """A pasted list or a table becomes a list on its way; the caller starts its flow. Raises Rejected."""
    try:
        reading = TableSource().read(Asked(blocks=[data]))
    except Unreadable as wrong:
        raise Rejected(FieldError("body", str(wrong))) from None
    if not reading.items:
        raise Rejected(FieldError("body", f"names no company: {'; '.join(reading.problems[:3]) or 'it is empty'}"))
    made = _new(ports, by, name, source)
    _keep_batches(ports, scope, made, reading)
    return _stored(ports, scope, made)


def search(ports: Ports, scope: Scope, by: str, wanted: LeadSearch) -> LeadList:
    """Companies are looked up, then looked at; the caller starts the flow. Raises Rejected."""
    if "directory" not in ports.sources:
        fix = "no directory is named; set BATON_DIRECTORY_URL, as in https://overpass-api.de/api/interpreter"
        raise Rejected(FieldError("directory", fix))
    where = ", ".join(filter(None, [wanted.city, wanted.country]))
    made = _new(ports, by, f"{wanted.terms} in {where}"[:200], "directory")
    return _stored(ports, scope, made.model_copy(update={"search": wanted}))


def rescore(ports: Ports, scope: Scope, by: str) -> LeadList:
    """Every lead is weighed anew by the newest criteria; none is looked at. The caller starts the flow."""
    made = _new(ports, by, f"scored by version {weighing.criteria(ports, scope).version}", "leads")
    return _stored(ports, scope, made.model_copy(update={"rescore": True}))


def get(ports: Ports, scope: Scope, id: str) -> LeadList:
    """As it stands. Raises Missing."""
    return LISTS.load(ports, scope, id)


def listing(ports: Ports, scope: Scope, limit: int, cursor: str | None) -> tuple[list[LeadList], str | None]:
    """Lists, newest first. Raises Rejected for a wrong cursor."""
    try:
        newest = Order("created_at", descending=True)
        page = ports.documents.find(scope, Kind.LEAD_LIST, order=newest, limit=limit, cursor=cursor)
    except ValueError as error:
        raise Rejected(FieldError("cursor", str(error))) from None
    return [LeadList.model_validate(each.body) for each in page.documents], page.cursor


def run(ports: Ports, order: dict[str, Any]) -> Outcome:
    """The next step of a list: look up, one batch, or some leads scored anew. `left`: there is another."""
    scope, id = Scope(*order["scope"]), str(order["list"])
    found = LISTS.load(ports, scope, id)
    if found.status != "running":
        return Done({"left": False})
    if found.rescore:
        _noted(ports, scope, found, batches.weighed_anew(ports, scope, found))
    elif found.batches is None:
        _look_up(ports, scope, found)
    else:
        _noted(ports, scope, found, batches.looked_at(ports, scope, found))
    return Done({"left": LISTS.load(ports, scope, id).status == "running"})


def fail(ports: Ports, scope: Scope, id: str, why: str) -> None:
    """Say on the list that it will not go on by itself."""
    LISTS.change(ports, scope, id, lambda found: _end(ports, found, "failed", why))


def _new(ports: Ports, by: str, name: str, source: str) -> LeadList:
    id = uuid_utils.uuid7().hex
    return LeadList(id=id, name=name, source=source, created_at=ports.clock.now(), created_by=by)


def _stored(ports: Ports, scope: Scope, made: LeadList) -> LeadList:
    register(ports, scope)
    ports.documents.put(scope, Kind.LEAD_LIST, made.id, made.model_dump(mode="json"))
    return made


def _keep_batches(ports: Ports, scope: Scope, found: LeadList, reading: Reading) -> None:
    items, count = iter(reading.items), 0
    while together := list(islice(items, BATCH)):
        told = [{"where": each.where, "values": dict(each.values)} for each in together]
        ports.files.put(scope, batches.path(found.id, count), orjson.dumps(told))
        count += 1
    found.batches, found.received, found.whole = count, len(reading.items), reading.whole
    found.licence, found.method = reading.licence, reading.method
    found.problems = list(reading.problems)[:MOST_PROBLEMS]


def _look_up(ports: Ports, scope: Scope, found: LeadList) -> None:
    assert found.search is not None
    try:
        reading = looked_up(ports, scope, found.id, found.search)
    except (Unreadable, OverBudget) as why:
        fail(ports, scope, found.id, str(why))
        return
    made = found.model_copy()
    _keep_batches(ports, scope, made, reading)

    def note(each: LeadList) -> None:
        for name in ("batches", "received", "whole", "licence", "method", "problems"):
            setattr(each, name, getattr(made, name))
        if not made.batches:
            _end(ports, each, "completed", "nothing was found")

    LISTS.change(ports, scope, found.id, note)


def _noted(ports: Ports, scope: Scope, found: LeadList, step: batches.Step) -> None:
    """Whoever was killed before this did the same once more, which counts once."""

    def note(each: LeadList) -> None:
        if each.done != found.done:
            return
        each.done, each.cursor, each.scored = found.done + 1, step.cursor, each.scored + len(step.leads)
        each.unweighed += len(step.unweighed)
        problems = [*each.problems, *step.problems, *(f"{one.name}: {one.trouble}" for one in step.unweighed)]
        each.problems = problems[:MOST_PROBLEMS]
        if not each.rescore:
            each.taken += sum(one.taken for one in step.leads)
            each.unreached += sum(not one.reached for one in step.leads)
        if step.cursor is None if each.rescore else each.done == each.batches:
            _end(ports, each, "completed", None)

    LISTS.change(ports, scope, found.id, note)


def _end(ports: Ports, found: LeadList, status: str, why: str | None) -> None:
    if found.status == "running":
        found.status, found.status_reason, found.ended_at = status, why, ports.clock.now()  # type: ignore[assignment]
