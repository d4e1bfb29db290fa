"""Companies of a list, taken in together: the same leads as if each was added by itself, in one write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from shared.agents.qualify.books import add, fresh, keep, together
from shared.agents.scopes import register
from shared.domain.lead import Lead, LeadRequest, lead_id, merged
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Document, Ports, Stale, Write

_TOGETHER = 100


class Named(NamedTuple):
    """A company as its row says it; `more`: the file's own columns. `by_name`: its id as long as nobody knew its site;
    None: it has none, or that is its id."""

    request: LeadRequest
    more: Mapping[str, str]
    id: str
    by_name: str | None

    @classmethod
    def of(cls, asked: LeadRequest, more: Mapping[str, str]) -> Named:
        """Raises ValueError for a site that is none."""
        by_name = lead_id(None, asked.name, asked.country) if asked.website and asked.name else None
        return cls(asked, more, lead_id(asked.website, asked.name, asked.country), by_name)


def take_in(ports: Ports, scope: Scope, by: str, found: Sequence[Named], on: str) -> list[Lead]:
    """The leads that these are now, each once. At most 100 at a time are read and written."""
    register(ports, scope)
    leads: dict[str, Lead] = {}
    half = _TOGETHER // 2
    for at in range(0, len(found), half):
        for each in _some(ports, scope, by, found[at : at + half], on):
            leads[each.id] = each
    return list(leads.values())


def _some(ports: Ports, scope: Scope, by: str, found: Sequence[Named], on: str) -> list[Lead]:
    stored = _stored(ports, scope, found)
    listed = {each.id for each in found}
    meeting = [each for each in found if _meets(each, stored, listed)]
    apart = {id for each in meeting for id in (each.id, each.by_name)}
    alone = [add(ports, scope, by, each.request, on, each.more) for each in found if each.id in apart]
    return alone + _written(ports, scope, by, [each for each in found if each.id not in apart], on, stored)


def _meets(each: Named, stored: Mapping[str, Document], listed: set[str]) -> bool:
    """Does it meet another lead, or one that went into another?"""
    went = (found := stored.get(each.id)) is not None and bool(found.body.get("merged_into"))
    return went or (each.by_name is not None and (each.by_name in stored or each.by_name in listed))


def _stored(ports: Ports, scope: Scope, found: Sequence[Named]) -> dict[str, Document]:
    ids = list({id for each in found for id in (each.id, each.by_name) if id})
    if not ids:
        return {}
    page = ports.documents.find(scope, Kind.LEAD, [Filter("id", "in", ids)], limit=len(ids))
    return {each.id: each for each in page.documents}


def _written(
    ports: Ports, scope: Scope, by: str, found: Sequence[Named], on: str, stored: Mapping[str, Document]
) -> list[Lead]:
    now, told = ports.clock.now(), dict[str, Lead]()
    for each in found:
        new = fresh(now, by, each.request, on, each.more)
        told[new.id] = merged(told[new.id], new) if new.id in told else new
    known = {id: Lead.model_validate(stored[id].body) for id in told if id in stored}
    after = {id: together(ports, scope, known.get(id), new) for id, new in told.items()}
    writes = [
        Write(id, lead.model_dump(mode="json"), stored[id].rev if id in stored else None)
        for id, lead in after.items()
        if lead != known.get(id)
    ]
    try:
        if writes:
            ports.documents.batch(scope, Kind.LEAD, writes)
    except Stale:
        return [keep(ports, scope, each) for each in told.values()]
    return list(after.values())
