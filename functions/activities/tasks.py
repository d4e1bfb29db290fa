"""The activity that lets an agent work on a task."""

from __future__ import annotations

from typing import Any

import azure.durable_functions as df
import azure.functions as func

from functions.loading import loading
from shared.domain.names import TASKS

bp = df.Blueprint()


@bp.activity_trigger(input_name="order", activity=TASKS)
def tasks(order: dict[str, Any], context: func.Context) -> dict[str, Any]:
    """Work on one task until it has ended, or must wait."""
    with loading:
        from functions.activities.step import step
        from shared.agents.tasks import run

    return step(run, order, context.trace_context.trace_parent)
