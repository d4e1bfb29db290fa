"""HTTP functions around the durable client: each does one call and answers with what the client gave."""

import json
from datetime import datetime

import azure.durable_functions as df
import azure.functions as func

bp = df.Blueprint()
Client = df.DurableOrchestrationClient


def answer(value, status=200):
    return func.HttpResponse(json.dumps(value), status_code=status, mimetype="application/json")


def body_of(req):
    return req.get_json() if req.get_body() else None


@bp.route(route="ping", methods=["GET"])
def ping(req: func.HttpRequest) -> func.HttpResponse:
    return answer("pong")


@bp.route(route="start/{name}/{id?}", methods=["POST"])
@bp.durable_client_input(client_name="client")
async def start(req: func.HttpRequest, client: Client) -> func.HttpResponse:
    instance_id = req.route_params.get("id")
    try:
        started = await client.start_new(req.route_params["name"], instance_id, body_of(req), req.params.get("version"))
    except Exception as error:
        return answer({"error": str(error)}, 409)
    return client.create_check_status_response(req, started)


@bp.route(route="run/{name}", methods=["POST"])
@bp.durable_client_input(client_name="client")
async def run(req: func.HttpRequest, client: Client) -> func.HttpResponse:
    started = await client.start_new(req.route_params["name"], None, body_of(req))
    return await client.wait_for_completion_or_create_check_status_response(req, started, 20_000, 10)


@bp.route(route="instances/{id}", methods=["GET", "DELETE"])
@bp.durable_client_input(client_name="client")
async def one(req: func.HttpRequest, client: Client) -> func.HttpResponse:
    if req.method == "DELETE":
        result = await client.purge_instance_history(req.route_params["id"])
        return answer(result.instances_deleted)
    status = await client.get_status(req.route_params["id"], show_history=True, show_history_output=True)
    return answer({**status.to_json(), "events": status.historyEvents}) if status else answer(None, 404)


@bp.route(route="instances", methods=["GET", "DELETE"])
@bp.durable_client_input(client_name="client")
async def many(req: func.HttpRequest, client: Client) -> func.HttpResponse:
    since = datetime.fromisoformat(req.params["since"]) if "since" in req.params else None
    if req.method == "DELETE":
        result = await client.purge_instance_history_by(since, None, [df.OrchestrationRuntimeStatus.Completed])
        return answer(result.instances_deleted)
    wanted = [df.OrchestrationRuntimeStatus(req.params["status"])] if "status" in req.params else None
    found = await client.get_status_by(since, None, wanted, req.params.get("prefix"))
    return answer([status.instance_id for status in found])


@bp.route(route="instances/{id}/events/{event}", methods=["POST"])
@bp.durable_client_input(client_name="client")
async def raise_event(req: func.HttpRequest, client: Client) -> func.HttpResponse:
    await client.raise_event(req.route_params["id"], req.route_params["event"], body_of(req))
    return answer(None, 202)


@bp.route(route="instances/{id}/{operation}", methods=["POST"])
@bp.durable_client_input(client_name="client")
async def steer(req: func.HttpRequest, client: Client) -> func.HttpResponse:
    operation = req.route_params["operation"]
    if operation == "restart":
        return answer(await client.restart(req.route_params["id"], req.params.get("new") == "true"))
    try:
        await getattr(client, operation)(req.route_params["id"], req.params.get("reason", "asked to"))
    except Exception as error:
        return answer({"error": str(error)}, 409)
    return answer(None, 202)
