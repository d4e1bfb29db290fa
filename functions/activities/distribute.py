"""The activity of the verb distribute."""

from __future__ import annotations

from typing import Any

import azure.durable_functions as df
import azure.functions as func

from functions.loading import loading
from shared.domain.names import Verb

bp = df.Blueprint()


@bp.activity_trigger(input_name="order", activity=Verb.DISTRIBUTE)
def distribute(order: dict[str, Any], context: func.Context) -> dict[str, Any]:
    """Send what is due of one shard."""
    with loading:
        from functions.activities.step import step
        from shared.agents.distribute import run

    return step(run, order, context.trace_context.trace_parent)
