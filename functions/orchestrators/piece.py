"""A piece: plan → confirm → text after text; or one part of a text said otherwise (design 2)."""

from __future__ import annotations

import azure.durable_functions as df

from functions.orchestrators.perform import Bell, Steps, perform
from shared.domain.names import Flow, Verb
from shared.domain.outcome import Refused

bp = df.Blueprint()


@bp.orchestration_trigger(context_name="context", orchestration=Flow.PIECE)
def piece(context: df.DurableOrchestrationContext) -> Steps:
    """Input: {scope, piece}. One text a step, so that a crash costs no more than one."""
    order, bell = context.get_input(), Bell(context)
    while True:
        written = yield from perform(context, Verb.GENERATE, order, bell)
        if isinstance(written, Refused) or not written.data["left"]:
            return
