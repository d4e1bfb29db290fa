"""The activity that has the mails of one double opt-in request leave."""

from __future__ import annotations

from typing import Any

import azure.durable_functions as df
import azure.functions as func

from functions.loading import loading
from shared.domain.names import CONFIRMATIONS

bp = df.Blueprint()


@bp.activity_trigger(input_name="order", activity=CONFIRMATIONS)
def confirmations(order: dict[str, Any], context: func.Context) -> dict[str, Any]:
    """Send what can be sent now, and look after what is unknown."""
    with loading:
        from functions.activities.step import step
        from shared.agents.contacts.confirmations import run

    return step(run, order, context.trace_context.trace_parent)
