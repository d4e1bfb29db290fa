"""An eternal orchestration that begins anew with each step, until it has counted far enough."""

import azure.durable_functions as df

bp = df.Blueprint()


@bp.orchestration_trigger(context_name="context")
def count(context: df.DurableOrchestrationContext):
    state = context.get_input()
    square = yield context.call_activity("square", state["at"])
    if state["at"] == state["to"]:
        return state["sum"] + square
    context.continue_as_new({**state, "at": state["at"] + 1, "sum": state["sum"] + square})
