"""The activity that does one step of a declared process."""

from __future__ import annotations

from typing import Any

import azure.durable_functions as df
import azure.functions as func

from functions.loading import loading
from shared.domain.names import PROCESS

bp = df.Blueprint()


@bp.activity_trigger(input_name="order", activity=PROCESS)
def process(order: dict[str, Any], context: func.Context) -> dict[str, Any]:
    """One step of a run, or one of its items; what `op` says, if it says anything: begin, join, child,
    compensate, end, give_up."""
    with loading:
        from functions.activities.step import step
        from shared.process.execute import run

    return step(run, order, context.trace_context.trace_parent)
