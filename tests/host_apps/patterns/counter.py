"""Entities: a counter, an orchestration that signals and calls it, and its durable client."""

import json

import azure.durable_functions as df
import azure.functions as func

bp = df.Blueprint()


@bp.entity_trigger(context_name="context", entity_name="Counter")
def count_up(context: df.DurableEntityContext):
    value = context.get_state(lambda: 0)
    operation = context.operation_name
    if operation == "add":
        value += context.get_input()
    elif operation == "reset":
        value = 0
    elif operation == "spoil":
        context.set_state(-1)
        raise ValueError("spoilt on purpose")
    elif operation == "delete":
        context.destruct_on_exit()
        return
    context.set_state(value)
    context.set_result(value)


@bp.orchestration_trigger(context_name="context")
def tally(context: df.DurableOrchestrationContext):
    """Signals all but the last number, calls with the last one, and returns what the counter then is."""
    counter = df.EntityId("Counter", context.get_input()["key"])
    *numbers, last = context.get_input()["numbers"]
    for number in numbers:
        context.signal_entity(counter, "add", number)
    return (yield context.call_entity(counter, "add", last))


@bp.orchestration_trigger(context_name="context")
def spoils(context: df.DurableOrchestrationContext):
    counter = df.EntityId("Counter", context.get_input())
    yield context.call_entity(counter, "add", 5)
    try:
        yield context.call_entity(counter, "spoil")
    except Exception as error:
        return {"said": str(error), "left": (yield context.call_entity(counter, "get"))}


@bp.route(route="counters/{key}", methods=["GET"])
@bp.durable_client_input(client_name="client")
async def read(req: func.HttpRequest, client: df.DurableOrchestrationClient) -> func.HttpResponse:
    found = await client.read_entity_state(df.EntityId("Counter", req.route_params["key"]))
    return func.HttpResponse(json.dumps({"exists": found.entity_exists, "value": found.entity_state}))


@bp.route(route="counters/{key}/{operation}", methods=["POST"])
@bp.durable_client_input(client_name="client")
async def signal(req: func.HttpRequest, client: df.DurableOrchestrationClient) -> func.HttpResponse:
    given = req.get_json() if req.get_body() else None
    counter = df.EntityId("Counter", req.route_params["key"])
    await client.signal_entity(counter, req.route_params["operation"], given)
    return func.HttpResponse("null", status_code=202)
