"""The report as a page shows it: the page must not wait until every row is counted."""

from __future__ import annotations

from shared.agents.analyze.report import final_report, report, report_path, summed
from shared.domain.campaign import Campaign
from shared.domain.freshness import stale
from shared.domain.report import Report
from shared.domain.scope import Scope
from shared.ports import Ports

AT_ONCE = 200
"""Of so many planned at most every row is counted whenever somebody looks; of more the newest count is shown, dated."""


def shown(ports: Ports, scope: Scope, found: Campaign, anew: bool = False) -> Report:
    """The newest count, or the sums that are kept with the rows while there is none. `anew`: somebody waits for a new
    one, which is made unless the newest is."""
    planned = sum(n for state, n in ports.ledger.tally(scope, found.id).items() if "." not in state)
    if planned <= AT_ONCE:
        return report(ports, scope, found.id)
    kept = _kept(ports, scope, found)
    if anew and (kept is None or stale(kept.made_at, planned, ports.clock.now())):
        return look_again(ports, scope, found.id)
    if kept is not None:
        return kept
    return final_report(ports, scope, found) if found.status == "completed" else summed(ports, scope, found)


def look_again(ports: Ports, scope: Scope, campaign: str) -> Report:
    """Count, and keep it for those who look until the next time. Raises Missing."""
    made = report(ports, scope, campaign)
    if made.final:
        made = made.model_copy(update={"made_at": ports.clock.now()})  # what orders brought in is as of now
    ports.files.put(scope, report_path(campaign, "shown.json"), made.model_dump_json().encode())
    return made


def _kept(ports: Ports, scope: Scope, found: Campaign) -> Report | None:
    """The newest count; before the report was final is another matter."""
    path = report_path(found.id, "shown.json")
    if ports.files.size(scope, path) is None:
        return None
    made = Report.model_validate_json(ports.files.get(scope, path))
    return made if made.final or found.status != "completed" else None
