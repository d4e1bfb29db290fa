"""A double opt-in request: its mails leave at once, or as soon as they can (design 2)."""

from __future__ import annotations

import azure.durable_functions as df

from functions.orchestrators.perform import Steps, perform
from shared.domain.names import CONFIRMATIONS, Flow

bp = df.Blueprint()


@bp.orchestration_trigger(context_name="context", orchestration=Flow.OPT_IN)
def opt_in(context: df.DurableOrchestrationContext) -> Steps:
    """Input: {scope, asking}. Ends when of each mail it is known whether it left, or when its link has ended."""
    yield from perform(context, CONFIRMATIONS, context.get_input())
