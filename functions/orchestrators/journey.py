"""A journey of many people: one flow that wakes when somebody's time has come, or something happened (design 2)."""

from __future__ import annotations

import azure.durable_functions as df

from functions.orchestrators.perform import Bell, Steps, attempt
from shared.domain.names import JOURNEYS, Flow
from shared.domain.outcome import Later

bp = df.Blueprint()

TURNS = 40
"""After so many the history begins anew: it stays small, however long people are on their way."""


@bp.orchestration_trigger(context_name="context", orchestration=Flow.JOURNEY)
def journey(context: df.DurableOrchestrationContext) -> Steps:
    """Input: {scope, journey, attempt}. Where everybody is stands in documents; each turn can be begun again. Ends with
    the journey."""
    order, bell = context.get_input(), Bell(context)
    for _ in range(TURNS):
        outcome = yield from attempt(context, JOURNEYS, order, bell)
        if not isinstance(outcome, Later):
            return
        yield from bell.wait(outcome.at)
    context.continue_as_new(order)
