"""The workflows that every contender runs, as an ordinary Functions app."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import azure.durable_functions as df
import azure.functions as func

app = df.DFApp(http_auth_level=func.AuthLevel.ANONYMOUS)

Workflow = Generator[Any, Any, Any]


@app.activity_trigger(input_name="number")
def add_one(number: int) -> int:
    return number + 1


@app.orchestration_trigger(context_name="context")
def chain(context: df.DurableOrchestrationContext) -> Workflow:
    """Input: a number, and how many steps to take from it."""
    number, steps = context.get_input()
    for _ in range(steps):
        number = yield context.call_activity("add_one", number)
    return number


@app.orchestration_trigger(context_name="context")
def fan(context: df.DurableOrchestrationContext) -> Workflow:
    """Input: how many steps to take side by side."""
    numbers = yield context.task_all([context.call_activity("add_one", n) for n in range(context.get_input())])
    return sum(numbers)


@app.route("chains", methods=["POST"])
@app.durable_client_input(client_name="client")
async def start_chain(req: func.HttpRequest, client: df.DurableOrchestrationClient) -> func.HttpResponse:
    instance_id = await client.start_new("chain", client_input=req.get_json())
    return client.create_check_status_response(req, instance_id)
