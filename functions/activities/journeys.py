"""The activity that takes people a step further in a journey."""

from __future__ import annotations

from typing import Any

import azure.durable_functions as df
import azure.functions as func

from functions.loading import loading
from shared.domain.names import JOURNEYS

bp = df.Blueprint()


@bp.activity_trigger(input_name="order", activity=JOURNEYS)
def journeys(order: dict[str, Any], context: func.Context) -> dict[str, Any]:
    """Look at whoever has come to a next step."""
    with loading:
        from functions.activities.step import step
        from functions.unreadable import tell
        from shared.agents.journeys import run
        from shared.agents.mailbox import read_all

    return step(
        lambda ports, order: run(ports, order, lambda ports: read_all(ports, tell)),
        order,
        context.trace_context.trace_parent,
    )
