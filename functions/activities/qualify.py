"""The activity that finds, looks at and scores leads."""

from __future__ import annotations

from typing import Any

import azure.durable_functions as df
import azure.functions as func

from functions.loading import loading
from shared.domain.names import Verb

bp = df.Blueprint()


@bp.activity_trigger(input_name="order", activity=Verb.QUALIFY)
def qualify(order: dict[str, Any], context: func.Context) -> dict[str, Any]:
    """The next batch of a list."""
    with loading:
        from functions.activities.step import step
        from shared.agents.qualify import run

    return step(run, order, context.trace_context.trace_parent)
