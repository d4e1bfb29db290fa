"""A campaign: generate → approve and schedule → distribute → analyze (design 2)."""

from __future__ import annotations

from typing import Any

import azure.durable_functions as df

from functions.orchestrators.perform import Bell, Steps, perform
from shared.domain.names import Flow, Verb, instance_id
from shared.domain.outcome import Refused

bp = df.Blueprint()


@bp.orchestration_trigger(context_name="context", orchestration=Flow.CAMPAIGN)
def campaign(context: df.DurableOrchestrationContext) -> Steps:
    """Input: {scope, campaign, attempt}. Ends when the report is final, or when a person or a check said no."""
    order, bell = context.get_input(), Bell(context)
    distributions = yield from _write_and_plan(context, order, bell)
    if distributions is None:
        return
    yield from bell.listen(context.task_all([_distribution(context, order, n) for n in range(distributions)]))
    yield from perform(context, Verb.ANALYZE, order, bell)


def _write_and_plan(context: df.DurableOrchestrationContext, order: dict[str, Any], bell: Bell) -> Steps:
    """Write, let a person decide, plan; again from the start while changes are wanted. None: it ends here."""
    while True:
        written = yield from perform(context, Verb.GENERATE, order, bell)
        if isinstance(written, Refused):
            return None
        planned = yield from perform(context, Verb.SCHEDULE, order, bell)
        if isinstance(planned, Refused) or planned.data.get("next") == "end":
            return None
        if planned.data.get("next") != Verb.GENERATE:
            return planned.data["distributions"]


def _distribution(context: df.DurableOrchestrationContext, order: dict[str, Any], n: int) -> Any:
    child = instance_id(order["scope"], Flow.DISTRIBUTION, f"{order['campaign']}-{n}", order.get("attempt", 1))
    return context.call_sub_orchestrator(Flow.DISTRIBUTION, {**order, "distribution": n}, child)
