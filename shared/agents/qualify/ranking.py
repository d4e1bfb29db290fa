"""Who would change place if other criteria held: nothing is stored."""

from __future__ import annotations

from shared.agents.qualify.weighing import criteria
from shared.domain.lead import Lead
from shared.domain.lead_criteria import Criteria, CriteriaRequest
from shared.domain.lead_ranking import Ranking, ranking
from shared.domain.lead_score import score
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Order, Ports

MOST = 1_000
"""Leads that are compared, the best of today first."""
_PAGE = 100


def preview(ports: Ports, scope: Scope, wanted: CriteriaRequest) -> Ranking:
    """The order by the score that is stored, and by these criteria."""
    by = Criteria(**wanted.model_dump(), version=criteria(ports, scope).version + 1)
    names, before, after = dict[str, str](), dict[str, float](), dict[str, float]()
    best, cursor, now = Order("score.value", descending=True), None, ports.clock.now()
    while len(names) < MOST:
        page = ports.documents.find(scope, Kind.LEAD, order=best, limit=_PAGE, cursor=cursor)
        for lead in (Lead.model_validate(each.body) for each in page.documents):
            if lead.score and not lead.merged_into:
                names[lead.id], before[lead.id] = lead.name, lead.score.value
                after[lead.id] = score(lead, by, now).value
        cursor = page.cursor
        if cursor is None:
            break
    return ranking(names, before, after, cursor is None)
