"""A contact import: split the file, take in batch after batch, close (design 2). Previewing one and taking one back are
passes over the same batches: what a pass is for, its document says."""

from __future__ import annotations

from typing import Any

import azure.durable_functions as df

from functions.orchestrators.perform import Steps, perform
from shared.domain.names import CONTACTS, Flow
from shared.domain.outcome import Refused

bp = df.Blueprint()


@bp.orchestration_trigger(context_name="context", orchestration=Flow.CONTACT_IMPORT)
def contact_import(context: df.DurableOrchestrationContext) -> Steps:
    """Input: {scope, import, attempt}. The document is closed in any case: as failed if a step kept faulting."""
    order = context.get_input()
    try:
        yield from _take_in(context, order)
    except Exception:
        yield from perform(context, CONTACTS, {**order, "op": "finish"})
        raise
    yield from perform(context, CONTACTS, {**order, "op": "finish"})


def _take_in(context: df.DurableOrchestrationContext, order: dict[str, Any]) -> Steps:
    """One batch at a time: each counts itself on the document, and a second would only wait for the same writer."""
    split = yield from perform(context, CONTACTS, {**order, "op": "split"})
    if isinstance(split, Refused):
        return
    for n in range(split.data["batches"]):
        yield from perform(context, CONTACTS, {**order, "op": "batch", "batch": n})
