"""One step of a list: a batch of companies is taken in, looked at, weighed and stored; or leads are weighed anew."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import orjson

from shared.agents.qualify import enrich, weighing
from shared.agents.qualify.books import LEADS
from shared.agents.qualify.taking import Named, take_in
from shared.domain.lead import Lead, LeadRequest, with_facts, with_people
from shared.domain.lead_criteria import Criteria
from shared.domain.lead_list import LeadList
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.domain.website import is_shared
from shared.ports import Ports, Stale, Write

_RESCORED = _TOGETHER = 100
_LOOKED_UP = ("name", "city", "country", "taken", "changed_at")
_PERSON = {"person": "name", "role": "role", "email": "email", "phone": "phone"}


@dataclass
class Step:
    """What came of it: the leads as they are stored now, what could not be read, and how to go on."""

    leads: list[Lead]
    problems: list[str] = field(default_factory=list)
    cursor: str | None = None

    @property
    def unweighed(self) -> list[Lead]:
        return [each for each in self.leads if each.trouble]


def path(id: str, number: int) -> str:
    """The file of a batch: rows as they came."""
    return f"leads/{id}/batch-{number:05}.json"


def looked_at(ports: Ports, scope: Scope, found: LeadList) -> Step:
    """The next batch; to do it again after a kill changes nothing."""
    named, problems = _named(found, orjson.loads(ports.files.get(scope, path(found.id, found.done))))
    leads = take_in(ports, scope, found.created_by, named, found.id)
    return Step(_saved(ports, scope, enrich.enriched(ports, scope, leads)), problems)


def weighed_anew(ports: Ports, scope: Scope, found: LeadList) -> Step:
    """The next leads by the newest criteria; none is looked at."""
    page = ports.documents.find(scope, Kind.LEAD, limit=_RESCORED, cursor=found.cursor)
    leads = [lead for each in page.documents if not (lead := Lead.model_validate(each.body)).merged_into]
    return Step(_saved(ports, scope, enrich.unasked(ports, scope, leads)), cursor=page.cursor)


def _named(found: LeadList, rows: Sequence[dict[str, Any]]) -> tuple[list[Named], list[str]]:
    named, problems = list[Named](), list[str]()
    for row in rows:
        try:
            named.append(Named.of(_request(found, row), _own(row)))
        except ValueError as wrong:
            problems.append(f"{row['where']}: {_first(wrong)}")
    return named, problems


def _saved(ports: Ports, scope: Scope, leads: Sequence[Lead]) -> list[Lead]:
    """A hundred in one write; where somebody changed one meanwhile, each by itself: what was found joins what is
    there, and both together are weighed."""
    by, saved = weighing.criteria(ports, scope), list[Lead]()
    for at in range(0, len(leads), _TOGETHER):
        saved += _together(ports, scope, {each.id: each for each in leads[at : at + _TOGETHER]}, by)
    return saved


def _together(ports: Ports, scope: Scope, part: dict[str, Lead], by: Criteria) -> list[Lead]:
    page = ports.documents.find(scope, Kind.LEAD, [Filter("id", "in", list(part))], limit=_TOGETHER)
    present = [(Lead.model_validate(each.body), each.rev) for each in page.documents]
    shunned = _shunned(ports, scope, [*part.values(), *(lead for lead, _ in present)])
    joined = [_joined(lead, part[lead.id], shunned, by) for lead, _ in present]
    writes = [Write(lead.id, lead.model_dump(mode="json"), rev) for lead, (_, rev) in zip(joined, present, strict=True)]
    try:
        ports.documents.batch(scope, Kind.LEAD, writes)
    except Stale:
        return [LEADS.change(ports, scope, id, partial(_join, ports, scope, lead, by)) for id, lead in part.items()]
    return joined


def _shunned(ports: Ports, scope: Scope, leads: Sequence[Lead]) -> set[str]:
    return enrich.shunned(ports, scope, (one.email for each in leads for one in each.people))


def _joined(now: Lead, found: Lead, shunned: set[str], by: Criteria) -> Lead:
    """What was looked up; a person's decisions, who was erased, and what was given or merged meanwhile, stay so."""
    given = [each for each in now.facts if each.method == "given"]
    looked_up = {name: getattr(found, name) for name in _LOOKED_UP}
    people = [each for each in with_people(now.people, found.people) if each.email.casefold() not in shunned]
    made = now.model_copy(update={**looked_up, "people": people, "facts": with_facts(given, found.facts)})
    return weighing.scored(made, by, made.changed_at)


def _join(ports: Ports, scope: Scope, found: Lead, by: Criteria, now: Lead) -> None:
    joined = _joined(now, found, _shunned(ports, scope, [now, found]), by)
    for name in (*_LOOKED_UP, "people", "facts", "score", "trouble"):
        setattr(now, name, getattr(joined, name))


def _own(told: dict[str, Any]) -> dict[str, str]:
    """Columns that are the file's own."""
    return {name: value for name, value in told["values"].items() if name.startswith("given.")}


def _request(found: LeadList, told: dict[str, Any]) -> LeadRequest:
    """Raises ValidationError, which is a ValueError."""
    values: dict[str, str] = told["values"]
    person = {field: values[name] for name, field in _PERSON.items() if values.get(name)}
    given = {name: values[name] for name in ("name", "website", "city", "industry") if values.get(name)}
    if "name" in given and _is_shared(given.get("website", "")):
        del given["website"]
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


def _is_shared(website: str) -> bool:
    """Is it a page among those of others? What is no address at all is refused as such."""
    with suppress(ValueError):
        return is_shared(website)
    return False


def _first(wrong: ValueError) -> str:
    errors = getattr(wrong, "errors", None)
    one = errors()[0] if callable(errors) else None
    return f"{'.'.join(map(str, one['loc']))}: {one['msg']}"[:200] if one else str(wrong)[:200]
