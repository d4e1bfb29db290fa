"""An erasure: workspace after workspace, then the address books, then the certificate (rule G6)."""

from __future__ import annotations

import azure.durable_functions as df

from functions.orchestrators.perform import Steps, perform
from shared.domain.names import PRIVACY, Flow

bp = df.Blueprint()


@bp.orchestration_trigger(context_name="context", orchestration=Flow.ERASURE)
def erasure(context: df.DurableOrchestrationContext) -> Steps:
    """Input: {scope, erasure, workspaces}. Each step can be begun again; a flow that broke is followed by another."""
    order = context.get_input()
    for workspace in order["workspaces"]:
        yield from perform(context, PRIVACY, {**order, "op": "workspace", "workspace": workspace})
    yield from perform(context, PRIVACY, {**order, "op": "people"})
    yield from perform(context, PRIVACY, {**order, "op": "finish"})
