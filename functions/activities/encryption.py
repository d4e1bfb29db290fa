"""The activity that moves a portion of what is encrypted to the newest key."""

from __future__ import annotations

from typing import Any

import azure.durable_functions as df
import azure.functions as func

from functions.loading import loading
from shared.domain.names import ENCRYPTION

bp = df.Blueprint()


@bp.activity_trigger(input_name="order", activity=ENCRYPTION)
def encryption(order: dict[str, Any], context: func.Context) -> dict[str, Any]:
    """Move the next 2,000 documents at most."""
    with loading:
        from functions.activities.step import step
        from shared.agents.encryption.renewal import run

    return step(run, order, context.trace_context.trace_parent)
