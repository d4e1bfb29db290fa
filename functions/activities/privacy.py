"""The activity that erases a person's data, one step at a time."""

from __future__ import annotations

from typing import Any

import azure.durable_functions as df
import azure.functions as func

from functions.loading import loading
from shared.domain.names import PRIVACY

bp = df.Blueprint()


@bp.activity_trigger(input_name="order", activity=PRIVACY)
def privacy(order: dict[str, Any], context: func.Context) -> dict[str, Any]:
    """Erase one workspace, the address books, or close with the certificate."""
    with loading:
        from functions.activities.step import step
        from shared.agents.privacy.erase import run

    return step(run, order, context.trace_context.trace_parent)
