"""generate: write the variants of a campaign's next version, check them, and keep them as drafts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

from shared.agents.asking import NoHome, Waiting
from shared.agents.generate.examine import apart
from shared.agents.generate.variant import ASKED_AT_MOST, Writing
from shared.agents.records import change, load, note
from shared.agents.roster import AgentOff
from shared.domain.budget import OverBudget
from shared.domain.budget_stop import BudgetStop, asked_about
from shared.domain.campaign import ENDED, Campaign
from shared.domain.draft import Draft, Finding, draft_id
from shared.domain.money import MixedCurrencies
from shared.domain.names import Kind, Verb
from shared.domain.outcome import Done, Later, Outcome, Refused
from shared.domain.scope import Scope
from shared.ports import Ports, Stale

VARIANTS: tuple[Literal["A", "B", "C", "D"], ...] = ("A", "B", "C", "D")
ASKED_AGAIN = timedelta(minutes=10)
"""So often it is looked whether a person has given the budget more."""


def run(ports: Ports, order: dict[str, Any]) -> Outcome:
    """Done({version}) once all variants are stored; Refused, and the campaign failed, if one stays blocked.

    May be repeated at any moment: answers come from the tape, drafts are created once, and a version that is already
    written (no change is wished) is only named. Later if no model or no money is there now. Raises ModelUnavailable."""
    scope, id = Scope(*order["scope"]), order["campaign"]
    campaign = load(ports, scope, id)
    if campaign.status == "failed":
        return Refused("brief", campaign.status_reason or "the campaign failed")
    wished = campaign.change_wish is not None or campaign.part_wish is not None or campaign.recheck
    if campaign.status in ENDED or (campaign.version and not wished):
        return Done({"version": campaign.version})
    try:
        drafts: list[Draft] = []
        for variant in VARIANTS[: campaign.request.variants]:
            others: dict[str, str] = {each.variant: each.text for each in drafts}
            written, findings = Writing(ports, scope, order["instance"], campaign, variant, others).write()
            if written is None:
                return _refuse(ports, scope, campaign, "brief", _blocked(variant, findings))
            drafts.append(apart(written, drafts))
    except Waiting as waiting:
        return _later(ports, scope, campaign, waiting.until, "model", f"waits for a model: {waiting}")
    except OverBudget as over:
        return _over(ports, scope, campaign, over)
    except MixedCurrencies as two:
        return _later(ports, scope, campaign, ports.clock.now() + ASKED_AGAIN, "budget", str(two))
    except AgentOff as off:
        return _later(ports, scope, campaign, ports.clock.now() + ASKED_AGAIN, "agent", str(off))
    except NoHome as nobody:
        return _refuse(ports, scope, campaign, "models", str(nobody))
    return _keep(ports, scope, campaign, drafts)


def _keep(ports: Ports, scope: Scope, campaign: Campaign, drafts: list[Draft]) -> Outcome:
    """Store the drafts, then make their version the campaign's."""
    version = campaign.version + 1
    for draft in drafts:
        try:
            key = draft_id(campaign.id, version, draft.variant)
            ports.documents.put(scope, Kind.DRAFT, key, draft.model_dump(mode="json"))
        except Stale:
            continue  # An earlier execution stored it, from the same tape; a draft never changes.

    def advance(present: Campaign) -> None:
        if present.version < version:
            present.version, present.change_wish, present.part_wish = version, None, None
            present.recheck, present.status_reason = False, None
            present.budget_stop, present.local_only = None, False

    note(ports, scope, campaign.id, Verb.GENERATE, "written", {"version": version, "by": drafts[0].written_by})
    change(ports, scope, campaign.id, advance)
    return Done({"version": version})


def _over(ports: Ports, scope: Scope, campaign: Campaign, over: OverBudget) -> Outcome:
    """What the budget says is to be done: wait for its next period, or for a person to whom it puts the question."""
    if over.then == "refuse":
        return _refuse(ports, scope, campaign, "budget", str(over))
    now = ports.clock.now()
    stop = asked_about(campaign.budget_stop, over, now) if over.then == "ask" else None
    patient = over.then == "wait" or (stop is not None and stop.waits)
    again = over.until if patient and over.until else now + ASKED_AGAIN
    return _later(ports, scope, campaign, again, "budget", str(over), stop)


def _later(
    ports: Ports,
    scope: Scope,
    campaign: Campaign,
    at: datetime,
    why: str,
    reason: str,
    stop: BudgetStop | None = None,
) -> Outcome:
    """Say on the campaign what it waits for."""

    def wait(present: Campaign) -> None:
        if present.status not in ENDED:
            present.status_reason, present.budget_stop = reason, stop

    change(ports, scope, campaign.id, wait)
    return Later(at, why)


def _blocked(variant: str, findings: list[Finding]) -> str:
    said = "; ".join(f"{each.where}: {each.reason}" for each in findings[:3])
    return f"variant {variant} was written {ASKED_AT_MOST} times and stays blocked: {said}"


def _refuse(ports: Ports, scope: Scope, campaign: Campaign, field: str, reason: str) -> Outcome:
    """Say on the campaign what could not be mended."""

    def fail(present: Campaign) -> None:
        if present.status not in ENDED:
            present.status, present.status_reason = "failed", reason

    change(ports, scope, campaign.id, fail)
    return Refused(field, reason)
