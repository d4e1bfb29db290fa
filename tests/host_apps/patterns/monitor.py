"""A monitor: look, wait, look again, give up at a deadline."""

from datetime import timedelta

import azure.durable_functions as df

bp = df.Blueprint()


@bp.orchestration_trigger(context_name="context")
def watch(context: df.DurableOrchestrationContext):
    asked = context.get_input()
    deadline = context.current_utc_datetime + timedelta(hours=asked["hours"])
    looks = 0
    while context.current_utc_datetime < deadline:
        looks += 1
        if (yield context.call_activity("thaws", looks)) >= asked["degrees"]:
            return {"looks": looks, "at": context.current_utc_datetime.isoformat()}
        yield context.create_timer(context.current_utc_datetime + timedelta(minutes=10))
    return {"looks": looks, "at": None}


@bp.activity_trigger(input_name="look")
async def thaws(look: int) -> int:
    """The temperature at a look: one degree more each time."""
    return look - 5
