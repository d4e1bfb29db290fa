"""A request, an orchestration, its child, their activities and a message: each writes down its place in the trace."""

import os
from typing import Any

import azure.durable_functions as df
import azure.functions as func

app = df.DFApp(http_auth_level=func.AuthLevel.ANONYMOUS)


def note(name: str, context: func.Context) -> None:
    with open(os.environ["TRACE_NOTES"], "a", encoding="utf-8") as file:
        file.write(f"{name} {context.trace_context.trace_parent}\n")


@app.route(route="begin/{id}", methods=["POST"])
@app.durable_client_input(client_name="client")
async def begin(req: func.HttpRequest, client: Any, context: func.Context) -> func.HttpResponse:
    note("begin", context)
    await client.start_new("parent", req.route_params["id"])
    return func.HttpResponse("begun")


@app.orchestration_trigger(context_name="context")
def parent(context: df.DurableOrchestrationContext) -> Any:
    yield context.call_activity("work", "first")
    yield context.wait_for_external_event("go")
    yield context.call_activity("later", "second")
    yield context.call_sub_orchestrator("child", None, f"{context.instance_id}-child")


@app.orchestration_trigger(context_name="context")
def child(context: df.DurableOrchestrationContext) -> Any:
    yield context.call_activity("tell", "third")


@app.activity_trigger(input_name="what")
def work(what: str, context: func.Context) -> str:
    note("work", context)
    return what


@app.activity_trigger(input_name="what")
async def later(what: str, context: func.Context) -> str:
    note("later", context)
    return what


@app.activity_trigger(input_name="what")
@app.service_bus_queue_output(arg_name="$return", queue_name="told", connection="ServiceBusConnection")
def tell(what: str, context: func.Context) -> str:
    note("tell", context)
    return what


@app.service_bus_queue_trigger(arg_name="message", queue_name="told", connection="ServiceBusConnection")
def hear(message: func.ServiceBusMessage, context: func.Context) -> None:
    note("hear", context)
