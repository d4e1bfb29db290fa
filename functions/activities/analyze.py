"""The activity of the verb analyze."""

from __future__ import annotations

from typing import Any

import azure.durable_functions as df
import azure.functions as func

from functions.loading import loading
from shared.domain.names import Verb

bp = df.Blueprint()


@bp.activity_trigger(input_name="order", activity=Verb.ANALYZE)
def analyze(order: dict[str, Any], context: func.Context) -> dict[str, Any]:
    """Watch what comes back until the report is final."""
    with loading:
        from functions.activities.step import step
        from shared.agents.analyze import run

    return step(run, order, context.trace_context.trace_parent)
