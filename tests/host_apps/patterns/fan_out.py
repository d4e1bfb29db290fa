"""Fan out, fan in."""

import azure.durable_functions as df

bp = df.Blueprint()


@bp.orchestration_trigger(context_name="context")
def squares(context: df.DurableOrchestrationContext):
    numbers = range(context.get_input())
    results = yield context.task_all([context.call_activity("square", number) for number in numbers])
    return sum(results)


@bp.activity_trigger(input_name="number")
def square(number: int) -> int:
    return number * number
