"""The last step of a campaign: watch until the observation closes, then write the report once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from shared.agents.analyze.report import RECOUNTED_AT_ONCE, keep, recounted, report_path
from shared.agents.analyze.shown import AT_ONCE, look_again
from shared.agents.records import change, note
from shared.domain.campaign import ENDED, Campaign
from shared.domain.outcome import Done, Later, Outcome
from shared.domain.scope import Scope
from shared.ports import Ports
from shared.render.report import page

OBSERVED = timedelta(hours=72)
"""How long after the last message reactions are counted, unless the plan said otherwise."""

LOOKED_AT = timedelta(hours=6)
"""How often a large campaign is recounted while it is observed."""


def run(ports: Ports, order: dict[str, Any]) -> Outcome:
    """Order: {scope, campaign}. Later until the report is final and nobody has paused, then Done.

    A campaign that was cancelled or failed is not reported on by itself; `report` still can be asked for."""
    scope, campaign = Scope(*order["scope"]), str(order["campaign"])
    now = ports.clock.now()
    found = change(ports, scope, campaign, lambda present: _observe(present, now))
    if found.status in ENDED or found.final_at is None:
        return Done({"status": found.status})
    if now < found.final_at:
        return Later(_observed(ports, scope, found, now, found.final_at), "observing")
    if found.paused:
        return Later(now + timedelta(hours=1), "paused")
    return _close(ports, scope, campaign)


def _observed(ports: Ports, scope: Scope, found: Campaign, now: datetime, final_at: datetime) -> datetime:
    """When to look again. Recounting a large campaign takes a while: it is done here, not while somebody waits."""
    if AT_ONCE < found.audience <= RECOUNTED_AT_ONCE:
        look_again(ports, scope, found.id)
    if found.audience <= RECOUNTED_AT_ONCE:
        return final_at
    keep(ports, scope, found.id)
    return min(final_at, now + LOOKED_AT)


def _observe(campaign: Campaign, now: datetime) -> None:
    if campaign.status in ENDED:
        return
    campaign.final_at = campaign.final_at or max(now, campaign.last_due or now) + OBSERVED
    if campaign.paused:
        campaign.status_before_pause = "analyzing"
    else:
        campaign.status = "analyzing"


def _close(ports: Ports, scope: Scope, campaign: str) -> Outcome:
    made = recounted(ports, scope, campaign)
    ports.files.put(scope, report_path(campaign, "json"), made.model_dump_json(indent=2).encode())
    ports.files.put(scope, report_path(campaign, "html"), page(made).encode())
    if change(ports, scope, campaign, _complete).audience > AT_ONCE:
        look_again(ports, scope, campaign)
    note(ports, scope, campaign, "analyze", "completed", {"sent": made.funnel.sent})
    return Done({"status": "completed"})


def _complete(campaign: Campaign) -> None:
    campaign.proceed("analyzing", "completed")
