"""Sub-orchestrations, one of which fails."""

import azure.durable_functions as df

bp = df.Blueprint()


@bp.orchestration_trigger(context_name="context")
def parent(context: df.DurableOrchestrationContext):
    children = [context.call_sub_orchestrator("child", number) for number in (1, 2, 3)]
    results = yield context.task_all(children)
    try:
        yield context.call_sub_orchestrator("child", -1)
        failure = None
    except Exception as error:
        failure = str(error)
    return {"results": results, "failure": failure}


@bp.orchestration_trigger(context_name="context")
def child(context: df.DurableOrchestrationContext):
    priced = yield context.call_activity("price", {"amount": context.get_input()})
    return {"total": priced["total"], "has_parent": context.parent_instance_id is not None}
