"""The activity that makes invoices on their day, lets them leave and reminds of them."""

from __future__ import annotations

from typing import Any

import azure.durable_functions as df
import azure.functions as func

from functions.loading import loading
from shared.domain.names import BOOKS

bp = df.Blueprint()


@bp.activity_trigger(input_name="order", activity=BOOKS)
def books(order: dict[str, Any], context: func.Context) -> dict[str, Any]:
    """One turn over the books of a workspace."""
    with loading:
        from functions.activities.step import step
        from shared.agents.books.turn import run

    return step(run, order, context.trace_context.trace_parent)
