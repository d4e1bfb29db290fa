"""What is encrypted is moved to the newest key, portion after portion."""

from __future__ import annotations

import azure.durable_functions as df

from functions.orchestrators.perform import Bell, Steps, perform
from shared.domain.names import ENCRYPTION, Flow
from shared.domain.outcome import Done

bp = df.Blueprint()

PORTIONS = 50
"""After so many the history begins anew: it stays small, however much there is."""


@bp.orchestration_trigger(context_name="context", orchestration=Flow.RENEWAL)
def renewal(context: df.DurableOrchestrationContext) -> Steps:
    """Input: {scope, attempt}. Where it is stands in the document; each portion can be begun again."""
    order, bell = context.get_input(), Bell(context)
    for _ in range(PORTIONS):
        outcome = yield from perform(context, ENCRYPTION, order, bell)
        if not (isinstance(outcome, Done) and outcome.data["more"]):
            return
    context.continue_as_new(order)
