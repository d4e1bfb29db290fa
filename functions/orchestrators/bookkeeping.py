"""The books of a workspace: one flow that wakes when an agreed day has come, or something happened; it ends when there
is nothing left to wait for, and another begins when there is (design 2)."""

from __future__ import annotations

import azure.durable_functions as df

from functions.orchestrators.perform import Bell, Steps, attempt
from shared.domain.names import BOOKS, Flow
from shared.domain.outcome import Later

bp = df.Blueprint()

TURNS = 40
"""After so many the history begins anew: it stays small, however long a client pays monthly."""


@bp.orchestration_trigger(context_name="context", orchestration=Flow.BOOKKEEPING)
def bookkeeping(context: df.DurableOrchestrationContext) -> Steps:
    """Input: {scope, attempt}. What is due stands in documents; each turn can be begun again."""
    order, bell = context.get_input(), Bell(context)
    for _ in range(TURNS):
        outcome = yield from attempt(context, BOOKS, order, bell)
        if not isinstance(outcome, Later):
            return
        yield from bell.wait(outcome.at)
    context.continue_as_new(order)
