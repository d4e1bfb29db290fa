"""What orchestrations can do beyond the patterns, driven by the SDK's client, as a plain Azure Functions app."""

import json
import os
from datetime import timedelta

import azure.durable_functions as df
import azure.functions as func

app = df.DFApp(http_auth_level=func.AuthLevel.ANONYMOUS)
Client = df.DurableOrchestrationClient
CHANGED = os.environ.get("CORNERS_CHANGED") == "yes"


def note(text: str) -> int:
    """Write a line; returns how often it is there."""
    with open(os.environ["CORNERS_NOTES"], "a+", encoding="utf-8") as file:
        file.write(f"{text}\n")
        file.seek(0)
        return file.read().splitlines().count(text)


@app.route(route="start/{name}/{id}", methods=["POST"])
@app.durable_client_input(client_name="client")
async def start(req: func.HttpRequest, client: Client) -> func.HttpResponse:
    given = req.get_json() if req.get_body() else None
    name, id_ = req.route_params["name"], req.route_params["id"]
    return client.create_check_status_response(req, await client.start_new(name, id_, given, req.params.get("version")))


@app.route(route="status/{id}", methods=["GET"])
@app.durable_client_input(client_name="client")
async def status(req: func.HttpRequest, client: Client) -> func.HttpResponse:
    found = await client.get_status(req.route_params["id"])
    return func.HttpResponse(json.dumps(found.to_json()), mimetype="application/json")


@app.route(route="events/{id}/{name}", methods=["POST"])
@app.durable_client_input(client_name="client")
async def event(req: func.HttpRequest, client: Client) -> func.HttpResponse:
    await client.raise_event(req.route_params["id"], req.route_params["name"], req.get_json())
    return func.HttpResponse("null")


@app.orchestration_trigger(context_name="context")
def retries(context: df.DurableOrchestrationContext):
    """An activity that fails twice, with as many attempts as the input says."""
    try:
        options = df.RetryOptions(1, context.get_input())
        return (yield context.call_activity_with_retry("flaky", options, context.instance_id))
    except Exception as error:
        return f"gave up: {error}"


@app.orchestration_trigger(context_name="context")
def retries_a_child(context: df.DurableOrchestrationContext):
    options = df.RetryOptions(1, 3)
    return (yield context.call_sub_orchestrator_with_retry("child", options, context.instance_id))


@app.orchestration_trigger(context_name="context")
def child(context: df.DurableOrchestrationContext):
    return (yield context.call_activity("flaky", context.get_input()))


@app.activity_trigger(input_name="key")
def flaky(key: str) -> str:
    count = note(key)
    if count < 3:
        raise RuntimeError(f"attempt {count} failed")
    return f"attempt {count}"


@app.orchestration_trigger(context_name="context")
def nested(context: df.DurableOrchestrationContext):
    """All of: the first of two, and all of two more."""
    first = context.task_any([context.call_activity("name", "a"), context.wait_for_external_event("never")])
    more = context.task_all([context.call_activity("name", "b"), context.call_activity("name_async", "c")])
    winner, both = yield context.task_all([first, more])
    return [winner.result, both]


@app.activity_trigger(input_name="word")
def name(word: str) -> str:
    return word.upper()


@app.activity_trigger(input_name="word")
async def name_async(word: str) -> str:
    return word.upper()


@app.orchestration_trigger(context_name="context")
def listens(context: df.DurableOrchestrationContext):
    """First waits for a signal, so that the two events of the other name are early."""
    yield context.wait_for_external_event("go")
    first = yield context.wait_for_external_event("number")
    second = yield context.wait_for_external_event("number")
    return [json.loads(first), json.loads(second)]


@app.orchestration_trigger(context_name="context")
def reports(context: df.DurableOrchestrationContext):
    for step in (1, 2):
        context.set_custom_status({"step": step})
        yield context.wait_for_external_event("go")
    return context.version


@app.orchestration_trigger(context_name="context")
def sleeps(context: df.DurableOrchestrationContext):
    yield context.create_timer(context.current_utc_datetime + timedelta(days=context.get_input()))
    return context.current_utc_datetime.isoformat()


@app.orchestration_trigger(context_name="context")
def versioned(context: df.DurableOrchestrationContext):
    return context.version


@app.orchestration_trigger(context_name="context")
def changing(context: df.DurableOrchestrationContext):
    """Somebody edits the first step while instances run."""
    yield context.call_activity("name_async" if CHANGED else "name", "x")
    yield context.wait_for_external_event("go")
    return "done"


@app.timer_trigger(schedule="06:00:00", arg_name="timer")
def each_six_hours(timer: func.TimerRequest) -> None:
    note("tick")
