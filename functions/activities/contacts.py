"""The activity that takes contacts in, batch by batch."""

from __future__ import annotations

from typing import Any

import azure.durable_functions as df
import azure.functions as func

from functions.loading import loading
from shared.domain.names import CONTACTS

bp = df.Blueprint()


@bp.activity_trigger(input_name="order", activity=CONTACTS)
def contacts(order: dict[str, Any], context: func.Context) -> dict[str, Any]:
    """Split an import, take one batch of it in, or close it."""
    with loading:
        from functions.activities.step import step
        from shared.agents.imports import run

    return step(run, order, context.trace_context.trace_parent)
