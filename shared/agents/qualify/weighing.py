"""The criteria of a workspace, each version for ever; and the model that closed deals may add."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from shared.domain.faults import Conflict, Missing
from shared.domain.lead import Lead, LeadScore
from shared.domain.lead_criteria import Criteria, CriteriaRequest
from shared.domain.lead_defaults import DEFAULTS
from shared.domain.lead_model import Closed, Comparison, compared
from shared.domain.lead_score import score
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Order, Ports, Stale

STREAM = "leads"
"""The journal's stream of a workspace: ids and codes of who decided what."""
_PAGE = 100


def criteria(ports: Ports, scope: Scope, version: int | None = None) -> Criteria:
    """The newest, or a given version. Raises Missing."""
    if version is None:
        newest = ports.documents.find(scope, Kind.LEAD_CRITERIA, order=Order("id", descending=True), limit=1).documents
        return Criteria.model_validate(newest[0].body) if newest else DEFAULTS
    found = ports.documents.get(scope, Kind.LEAD_CRITERIA, _id(version))
    if found is None and version != DEFAULTS.version:
        raise Missing("criteria", str(version))
    return Criteria.model_validate(found.body) if found else DEFAULTS


def weighed(ports: Ports, scope: Scope, lead: Lead, at: datetime | None = None) -> Lead:
    """The lead with a score of what it is now, or at a moment, if it was weighed before: what is stored can always be
    recomputed."""
    if lead.score is None and not lead.trouble:
        return lead
    return scored(lead, criteria(ports, scope), at or ports.clock.now())


def scored(lead: Lead, by: Criteria, at: datetime) -> Lead:
    """The lead with its score by these criteria; one that cannot be weighed has none, and says why: the others of its
    list go on."""
    try:
        return lead.model_copy(update={"score": score(lead, by, at), "trouble": ""})
    except Exception as fault:  # whatever a fact makes fail is this lead's loss
        return lead.model_copy(update={"score": None, "trouble": f"it could not be weighed ({type(fault).__name__})"})


def put_criteria(ports: Ports, scope: Scope, by: str, wanted: CriteriaRequest) -> Criteria:
    """A new version; leads keep their scores until they are scored anew. Raises Conflict if somebody was faster."""
    return _next(ports, scope, by, Criteria(**wanted.model_dump(), version=criteria(ports, scope).version + 1))


def recomputed(ports: Ports, scope: Scope, lead: Lead) -> LeadScore | None:
    """The lead's score from what is stored: the same numbers, whoever computes them. None: it has none. Raises
    Missing."""
    if lead.score is None:
        return None
    return score(lead, criteria(ports, scope, lead.score.criteria), lead.score.at)


def compare(ports: Ports, scope: Scope) -> Comparison:
    """A model and the score on closed deals of which a part was held out; nothing is kept."""
    return compared(list(_closed(ports, scope)))


def fit(ports: Ports, scope: Scope, by: str) -> Comparison:
    """Compare; where the model is better, the next version of the criteria has it."""
    found = compare(ports, scope)
    now = criteria(ports, scope)
    if (found.fit or now.fit) and found.fit != now.fit:
        _next(ports, scope, by, now.model_copy(update={"fit": found.fit, "version": now.version + 1}))
    return found


def _next(ports: Ports, scope: Scope, by: str, made: Criteria) -> Criteria:
    made = made.model_copy(update={"changed_at": ports.clock.now(), "changed_by": by})
    try:
        ports.documents.put(scope, Kind.LEAD_CRITERIA, _id(made.version), made.model_dump(mode="json"))
    except Stale:
        raise Conflict("version", "somebody changed the criteria at the same moment; look at theirs first") from None
    ports.journal.append(scope, STREAM, ports.clock.now(), by, "criteria", {"version": made.version})
    return made


def _closed(ports: Ports, scope: Scope) -> Iterator[Closed]:
    """Deals that were won or lost, whose lead is here, or in that into which it was merged, and has a score by the
    newest weights."""
    cursor, ended = None, [Filter("stage", "in", ["won", "lost"])]
    while True:
        page = ports.documents.find(scope, Kind.DEAL, ended, limit=_PAGE, cursor=cursor)
        leads = _leads(ports, scope, [each.body["lead"] for each in page.documents if each.body.get("lead")])
        for deal in page.documents:
            if (lead := leads.get(deal.body.get("lead", ""))) and lead.score:
                factors = {each.criterion: each.factor for each in lead.score.factors}
                yield Closed(deal.id, factors, lead.score.value, deal.body["stage"] == "won")
        cursor = page.cursor
        if cursor is None:
            return


def _leads(ports: Ports, scope: Scope, ids: list[str]) -> dict[str, Lead]:
    """Each by the id that is asked for, wherever it went."""
    if not ids:
        return {}
    page = ports.documents.find(scope, Kind.LEAD, [Filter("id", "in", ids)], limit=len(ids))
    found = {each.id: Lead.model_validate(each.body) for each in page.documents}
    went = {id: into for id, lead in found.items() if (into := lead.merged_into)}
    there = {**found, **_leads(ports, scope, list(dict.fromkeys(went.values())))}
    return {id: there[last] for id in found if (last := went.get(id, id)) in there}


def _id(version: int) -> str:
    return f"v{version:06}"
