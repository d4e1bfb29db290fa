"""The activity that reads what is watched, and counts."""

from __future__ import annotations

from typing import Any

import azure.durable_functions as df
import azure.functions as func

from functions.loading import loading
from shared.domain.names import SIGHTINGS

bp = df.Blueprint()


@bp.activity_trigger(input_name="order", activity=SIGHTINGS)
def sightings(order: dict[str, Any], context: func.Context) -> dict[str, Any]:
    """One turn of a watch."""
    with loading:
        from functions.activities.step import step
        from shared.agents.watch import run

    return step(run, order, context.trace_context.trace_parent)
