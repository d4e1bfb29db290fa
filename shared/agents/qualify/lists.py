"""Lists of companies: taken in at once, looked at and scored in batches that a flow carries on. A person is not a step
of it: a list of 10,000 is some two hundred steps, and memory holds one batch."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import islice
from typing import Any

import orjson
import uuid_utils

from shared.agents import budget
from shared.agents.qualify import enrich, weighing
from shared.agents.qualify.books import LEADS, add
from shared.agents.qualify.table import TableSource
from shared.agents.records import Records
from shared.agents.scopes import register
from shared.domain.budget import Amount, OverBudget, accounts_of
from shared.domain.faults import FieldError, Rejected
from shared.domain.lead import Lead, LeadRequest, with_facts, with_people
from shared.domain.lead_criteria import Criteria
from shared.domain.lead_list import BATCH, MOST_PROBLEMS, LeadList, LeadSearch
from shared.domain.lead_score import score
from shared.domain.money import Money
from shared.domain.names import Kind
from shared.domain.outcome import Done, Outcome
from shared.domain.scope import Scope
from shared.domain.seal import digest
from shared.domain.segment import Filter
from shared.ports import Order, Ports, Reading, Stale, Write
from shared.ports.sources import Asked, Unreadable

LISTS = Records(Kind.LEAD_LIST, LeadList)
_RESCORED = _TOGETHER = 100
_LOOKED_UP = ("name", "city", "country", "taken", "changed_at")
_PERSON = {"person": "name", "role": "role", "email": "email", "phone": "phone"}


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
        _rescored(ports, scope, found)
    elif found.batches is None:
        _look_up(ports, scope, found)
    else:
        _batch(ports, scope, found)
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
        ports.files.put(scope, _path(found.id, count), orjson.dumps(told))
        count += 1
    found.batches, found.received, found.whole = count, len(reading.items), reading.whole
    found.licence, found.method = reading.licence, reading.method
    found.problems = list(reading.problems)[:MOST_PROBLEMS]


def _look_up(ports: Ports, scope: Scope, found: LeadList) -> None:
    """What costs money is reserved before, and is asked for once; where the budget is used up nothing is."""
    assert found.search is not None
    source, wanted = ports.sources["directory"], found.search
    key = digest({"list": found.id, "search": wanted.model_dump(mode="json")})
    price = Amount(Money(micros=source.costs), calls=1) if source.costs else None
    try:
        hold = budget.reserve(ports, scope, accounts_of("researcher", None, None), price, key) if price else None
        asked = Asked(terms=wanted.terms, city=wanted.city or "", country=wanted.country or "", most=wanted.most)
        reading = source.read(asked)
    except (Unreadable, OverBudget) as why:
        fail(ports, scope, found.id, str(why))
        return
    if hold and price:
        budget.settle(ports, scope, hold, price)
    made = found.model_copy()
    _keep_batches(ports, scope, made, reading)

    def note(each: LeadList) -> None:
        for name in ("batches", "received", "whole", "licence", "method", "problems"):
            setattr(each, name, getattr(made, name))
        if not made.batches:
            _end(ports, each, "completed", "nothing was found")

    LISTS.change(ports, scope, found.id, note)


def _batch(ports: Ports, scope: Scope, found: LeadList) -> None:
    number, problems = found.done, list[str]()
    leads: dict[str, Lead] = {}
    for told in orjson.loads(ports.files.get(scope, _path(found.id, number))):
        try:
            lead = add(ports, scope, found.created_by, _request(found, told), found.id, _own(told))
            leads[lead.id] = lead
        except ValueError as wrong:
            problems.append(f"{told['where']}: {_first(wrong)}")
    made = enrich.enriched(ports, scope, list(leads.values()))
    _save(ports, scope, made)

    def note(each: LeadList) -> None:
        if each.done != number:
            return
        each.done, each.scored = number + 1, each.scored + len(made)
        each.taken += sum(one.taken for one in made)
        each.unreached += sum((fact := one.fact("reachable")) is None or fact.value is not True for one in made)
        each.problems = [*each.problems, *problems][:MOST_PROBLEMS]
        if each.done == each.batches:
            _end(ports, each, "completed", None)

    LISTS.change(ports, scope, found.id, note)


def _rescored(ports: Ports, scope: Scope, found: LeadList) -> None:
    page = ports.documents.find(scope, Kind.LEAD, limit=_RESCORED, cursor=found.cursor)
    leads = [lead for each in page.documents if not (lead := Lead.model_validate(each.body)).merged_into]
    _save(ports, scope, enrich.unasked(ports, scope, leads))

    def note(each: LeadList) -> None:
        each.cursor, each.scored, each.done = page.cursor, each.scored + len(leads), each.done + 1
        if page.cursor is None:
            _end(ports, each, "completed", None)

    LISTS.change(ports, scope, found.id, note)


def _save(ports: Ports, scope: Scope, leads: Sequence[Lead]) -> None:
    """A hundred in one write; where somebody changed one meanwhile, each by itself: what was found joins what is
    there, and both together are weighed."""
    by = weighing.criteria(ports, scope)
    for at in range(0, len(leads), _TOGETHER):
        part = {each.id: each for each in leads[at : at + _TOGETHER]}
        page = ports.documents.find(scope, Kind.LEAD, [Filter("id", "in", list(part))], limit=_TOGETHER)
        present = [(Lead.model_validate(each.body), each.rev) for each in page.documents]
        shunned = _shunned(ports, scope, [*part.values(), *(lead for lead, _ in present)])
        writes = [
            Write(lead.id, _joined(lead, part[lead.id], shunned, by).model_dump(mode="json"), rev)
            for lead, rev in present
        ]
        try:
            ports.documents.batch(scope, Kind.LEAD, writes)
        except Stale:
            for id, lead in part.items():
                LEADS.change(ports, scope, id, partial(_join, ports, scope, lead, by))


def _shunned(ports: Ports, scope: Scope, leads: Sequence[Lead]) -> set[str]:
    return enrich.shunned(ports, scope, (one.email for each in leads for one in each.people))


def _joined(now: Lead, found: Lead, shunned: set[str], by: Criteria) -> Lead:
    """What was looked up; a person's decisions, who was erased, and what was given or merged meanwhile, stay so."""
    given = [each for each in now.facts if each.method == "given"]
    looked_up = {name: getattr(found, name) for name in _LOOKED_UP}
    people = [each for each in with_people(now.people, found.people) if each.email.casefold() not in shunned]
    made = now.model_copy(update={**looked_up, "people": people, "facts": with_facts(given, found.facts)})
    return made.model_copy(update={"score": score(made, by, made.changed_at)})


def _join(ports: Ports, scope: Scope, found: Lead, by: Criteria, now: Lead) -> None:
    joined = _joined(now, found, _shunned(ports, scope, [now, found]), by)
    for name in (*_LOOKED_UP, "people", "facts", "score"):
        setattr(now, name, getattr(joined, name))


def _own(told: dict[str, Any]) -> dict[str, str]:
    """Columns that are the file's own."""
    return {name: value for name, value in told["values"].items() if name.startswith("given.")}


def _request(found: LeadList, told: dict[str, Any]) -> LeadRequest:
    """Raises ValidationError, which is a ValueError."""
    values: dict[str, str] = told["values"]
    person = {field: values[name] for name, field in _PERSON.items() if values.get(name)}
    given = {name: values[name] for name in ("name", "website", "city", "industry") if values.get(name)}
    country = values.get("country", "")
    return LeadRequest.model_validate(
        {
            **given,
            "country": country if len(country) == 2 else None,
            "people": [person] if person.get("name") or person.get("email") else [],
            "source": f"{found.source}, {told['where']}"[:200],
            "licence": values.get("licence") or found.licence or None,
        }
    )


def _first(wrong: ValueError) -> str:
    errors = getattr(wrong, "errors", None)
    one = errors()[0] if callable(errors) else None
    return f"{'.'.join(map(str, one['loc']))}: {one['msg']}"[:200] if one else str(wrong)[:200]


def _end(ports: Ports, found: LeadList, status: str, why: str | None) -> None:
    if found.status == "running":
        found.status, found.status_reason, found.ended_at = status, why, ports.clock.now()  # type: ignore[assignment]


def _path(id: str, number: int) -> str:
    return f"leads/{id}/batch-{number:05}.json"
