"""One watch: a flow that wakes when its source is to be read again, and ends when nobody watches it (S1.4-1.6)."""

from __future__ import annotations

import azure.durable_functions as df

from functions.orchestrators.perform import Bell, Steps, attempt
from shared.domain.names import SIGHTINGS, Flow
from shared.domain.outcome import Later

bp = df.Blueprint()

TURNS = 40
"""After so many the history begins anew: it stays small, however long something is watched."""


@bp.orchestration_trigger(context_name="context", orchestration=Flow.WATCH)
def watch(context: df.DurableOrchestrationContext) -> Steps:
    """Input: {scope, watch, attempt}. When it is due stands in the document; each turn can be done again."""
    order, bell = context.get_input(), Bell(context)
    for _ in range(TURNS):
        outcome = yield from attempt(context, SIGHTINGS, order, bell)
        if not isinstance(outcome, Later):
            return
        yield from bell.wait(outcome.at)
    context.continue_as_new(order)
