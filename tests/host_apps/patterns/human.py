"""Human interaction: an approval that escalates after three days."""

import json
from datetime import timedelta

import azure.durable_functions as df

bp = df.Blueprint()


@bp.orchestration_trigger(context_name="context")
def approval(context: df.DurableOrchestrationContext):
    answer = context.wait_for_external_event("Approval")
    timeout = context.create_timer(context.current_utc_datetime + timedelta(days=3))
    winner = yield context.task_any([answer, timeout])
    if winner == timeout:
        return {"decision": "escalated", "at": context.current_utc_datetime.isoformat()}
    timeout.cancel()
    # The client sends JSON in a string; a plain POST sends the value itself.
    given = answer.result
    return {"decision": json.loads(given) if isinstance(given, str) else given}
