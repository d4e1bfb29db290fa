"""The activity of the verb generate."""

from __future__ import annotations

from typing import Any

import azure.durable_functions as df
import azure.functions as func

from functions.loading import loading
from shared.domain.names import Verb

bp = df.Blueprint()


@bp.activity_trigger(input_name="order", activity=Verb.GENERATE)
def generate(order: dict[str, Any], context: func.Context) -> dict[str, Any]:
    """Write the variants of a campaign, or the next text of a piece."""
    with loading:
        from functions.activities.step import step
        from shared.agents.generate import pieces, run

    return step(pieces.run if "piece" in order else run, order, context.trace_context.trace_parent)
