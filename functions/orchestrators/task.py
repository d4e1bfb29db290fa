"""A task: an agent works on it until it has ended (S3.18)."""

from __future__ import annotations

import azure.durable_functions as df

from functions.orchestrators.perform import Steps, perform
from shared.domain.names import TASKS, Flow

bp = df.Blueprint()


@bp.orchestration_trigger(context_name="context", orchestration=Flow.TASK)
def task(context: df.DurableOrchestrationContext) -> Steps:
    """Input: {scope, task, run}. The document is closed in any case: as failed if the step kept faulting."""
    order = context.get_input()
    try:
        yield from perform(context, TASKS, order)
    except Exception:
        yield from perform(context, TASKS, {**order, "op": "give_up"})
        raise
