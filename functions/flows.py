"""Which orchestration carries which document, and whom its doorbell wakes."""

from __future__ import annotations

from shared.access.call import Start
from shared.domain.campaign import Campaign
from shared.domain.imports import Import
from shared.domain.journey_state import Journey
from shared.domain.lead_list import LeadList
from shared.domain.names import Flow, instance_id
from shared.domain.piece import Piece
from shared.domain.privacy import Erasure
from shared.domain.renewal import Renewal
from shared.domain.run import Run
from shared.domain.scope import SHARED_WORKSPACE, Scope
from shared.domain.watch import Watch


def campaign_flow(scope: Scope, campaign: Campaign) -> Start:
    """The one flow of a campaign: that of its present attempt."""
    order = {"scope": list(scope), "campaign": campaign.id, "attempt": campaign.attempt}
    return Start(Flow.CAMPAIGN, instance_id(scope, "campaign", campaign.id, campaign.attempt), order)


def again_flows(scope: Scope, campaign: Campaign) -> list[Start]:
    """The distributions that were started anew, each under the number of its last start; of a mail of a journey there
    are none."""
    if campaign.journey:
        return []
    return [
        Start(
            Flow.DISTRIBUTION,
            instance_id(scope, Flow.DISTRIBUTION, f"{campaign.id}-{number}", campaign.attempt + times),
            {
                "scope": list(scope),
                "campaign": campaign.id,
                "distribution": int(number),
                "attempt": campaign.attempt,
            },
        )
        for number, times in campaign.again.items()
    ]


def import_flow(scope: Scope, made: Import) -> Start:
    """The flow of the present pass of a contact import: its preview, what takes it in, what takes it back."""
    order = {"scope": list(scope), "import": made.id, "attempt": made.attempt}
    return Start(Flow.CONTACT_IMPORT, instance_id(scope, "import", made.id, made.attempt), order)


def opt_in_flow(scope: Scope, asking: str) -> Start:
    """The one flow of a request that asks people to confirm."""
    return Start(Flow.OPT_IN, instance_id(scope, "opt-in", asking), {"scope": list(scope), "asking": asking})


def piece_flow(scope: Scope, piece: Piece) -> Start:
    """The flow of a piece's present turn."""
    return Start(
        Flow.PIECE, instance_id(scope, "piece", piece.id, piece.turn), {"scope": list(scope), "piece": piece.id}
    )


def erasure_flow(scope: Scope, erasure: Erasure) -> Start:
    """The flow of an erasure's present attempt."""
    order = {"scope": list(scope), "erasure": erasure.id, "workspaces": erasure.workspaces}
    return Start(Flow.ERASURE, instance_id(scope, Flow.ERASURE, erasure.id, erasure.attempt), order)


def renewal_flow(tenant: str, renewal: Renewal) -> Start:
    """The flow that moves what an agency has encrypted to the newest key."""
    agency = Scope(tenant, SHARED_WORKSPACE)
    order = {"scope": list(agency), "attempt": renewal.attempt}
    return Start(Flow.RENEWAL, instance_id(agency, Flow.RENEWAL, "field", renewal.attempt), order)


def doorbells(scope: Scope, campaign: Campaign) -> list[str]:
    """The instances that a decision about a campaign wakes: its flow, its senders, and those of them that were started
    anew."""
    senders = (
        instance_id(scope, Flow.DISTRIBUTION, f"{campaign.id}-{n}", campaign.attempt)
        for n in range(campaign.distributions)
    )
    again = (flow.instance_id for flow in again_flows(scope, campaign))
    journey = [journey_instance(scope, campaign.journey.id)] if campaign.journey else []
    return [campaign_flow(scope, campaign).instance_id, *senders, *again, *journey]


def journey_flow(scope: Scope, journey: Journey) -> Start:
    """The one flow of a journey: that of its present attempt."""
    order = {"scope": list(scope), "journey": journey.id, "attempt": journey.attempt}
    return Start(Flow.JOURNEY, journey_instance(scope, journey.id, journey.attempt), order)


def journey_instance(scope: Scope, id: str, attempt: int = 1) -> str:
    """Where its flow goes on."""
    return instance_id(scope, Flow.JOURNEY, id, attempt)


def books_flow(scope: Scope, attempt: int) -> Start:
    """The flow that looks after a workspace's books at present."""
    order = {"scope": list(scope), "attempt": attempt}
    return Start(Flow.BOOKKEEPING, instance_id(scope, Flow.BOOKKEEPING, "flow", attempt), order)


def discovery_flow(scope: Scope, found: LeadList) -> Start:
    """The one flow of a list of companies: that of its present attempt."""
    order = {"scope": list(scope), "list": found.id, "attempt": found.attempt}
    return Start(Flow.DISCOVERY, instance_id(scope, Flow.DISCOVERY, found.id, found.attempt), order)


def watch_flow(scope: Scope, found: Watch) -> Start:
    """The one flow of a watch: that of its present attempt."""
    order = {"scope": list(scope), "watch": found.id, "attempt": found.attempt}
    return Start(Flow.WATCH, instance_id(scope, Flow.WATCH, found.id, found.attempt), order)


def task_flow(scope: Scope, id: str, run: int) -> Start:
    """The flow of one run of a task."""
    return Start(Flow.TASK, instance_id(scope, Flow.TASK, id, run), {"scope": list(scope), "task": id, "run": run})


def run_flow(scope: Scope, run: Run) -> Start:
    """The flow of the present attempt at a run of a process."""
    order = {"scope": list(scope), "run": run.id, "attempt": run.attempt}
    return Start(Flow.RUN, instance_id(scope, "run", run.id, run.attempt), order)
