"""A list of companies: looked at and scored batch by batch (design 2, Discovery)."""

from __future__ import annotations

import azure.durable_functions as df

from functions.orchestrators.perform import Bell, Steps, perform
from shared.domain.names import Flow, Verb
from shared.domain.outcome import Done

bp = df.Blueprint()

TURNS = 40
"""Batches after which the history begins anew: it stays small, however long the list."""


@bp.orchestration_trigger(context_name="context", orchestration=Flow.DISCOVERY)
def discovery(context: df.DurableOrchestrationContext) -> Steps:
    """Input: {scope, list, attempt}. How far it is stands in the document; each batch can be done again."""
    order, bell = context.get_input(), Bell(context)
    for _ in range(TURNS):
        outcome = yield from perform(context, Verb.QUALIFY, order, bell)
        if not isinstance(outcome, Done) or not outcome.data["left"]:
            return
    context.continue_as_new(order)
