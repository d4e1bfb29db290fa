"""A crowd of activities, and one of messages, that stand before a gate until it is opened."""

import asyncio

import azure.durable_functions as df
import azure.functions as func

app = df.DFApp(http_auth_level=func.AuthLevel.ANONYMOUS)
gate = asyncio.Event()
passed = 0


async def go_through(people: int) -> None:
    global passed
    await gate.wait()
    passed += people


@app.route(route="crowds", methods=["POST"])
@app.durable_client_input(client_name="client")
async def gather(req: func.HttpRequest, client: df.DurableOrchestrationClient) -> func.HttpResponse:
    started = await client.start_new("crowd", None, req.get_json())
    return client.create_check_status_response(req, started)


@app.orchestration_trigger(context_name="context")
def crowd(context: df.DurableOrchestrationContext):
    asked = context.get_input()
    luggage = "x" * asked["luggage"]
    people = [context.call_activity("person", {"number": n, "luggage": luggage}) for n in range(asked["people"])]
    return sum((yield context.task_all(people)))


@app.activity_trigger(input_name="luggage")
async def person(luggage: dict) -> int:
    await go_through(1)
    return luggage["number"]


@app.service_bus_queue_trigger(
    arg_name="messages", queue_name="arrivals", connection="ServiceBusConnection", cardinality="many"
)
async def arrive(messages: list[func.ServiceBusMessage]) -> None:
    await go_through(len(messages))


@app.route(route="gate", methods=["POST"])
async def open_gate(req: func.HttpRequest) -> str:
    gate.set()
    return "open"


@app.route(route="passed", methods=["GET"])
def count(req: func.HttpRequest) -> str:
    return str(passed)
