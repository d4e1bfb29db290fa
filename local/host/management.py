"""The durable management API: what the SDK's client and curl send to start, watch and steer orchestrations."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Any
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import Response

from local.host import telemetry
from local.host.engine import Engine
from local.host.entity_api import EntityApi, Handler
from local.host.http import path_of
from local.host.keys import Keys
from local.host.links import PUBLIC_BASE, Links
from local.host.model import FINISHED, EngineError, Instance, InstanceExists, InstanceFinished, InstanceNotFound
from local.host.parameters import (
    Refusal,
    choices,
    continuation_token,
    count,
    flag,
    json_body,
    last_id,
    moment,
    seconds,
)
from local.host.routes import Route, Router
from local.host.view import history_view, status_view

_STATUSES = {"Pending", "Running", "Suspended", "ContinuedAsNew", *FINISHED}
_PAGE = 1000
_NEXT_PAGE = "x-ms-continuation-token"


class ManagementApi:
    """Answers requests below the two bases of `links`; the answer to a change follows the COMMIT that holds it."""

    def __init__(self, engine: Engine, links: Links, keys: Keys) -> None:
        self._engine, self._links, self._keys = engine, links, keys
        self._router: Router[Handler] = Router()
        rows: list[tuple[str, str, Handler]] = [
            ("POST", "orchestrators/{name}/{instance_id?}", self._start),
            ("GET", "instances", self._list),
            ("DELETE", "instances", self._purge_many),
            ("GET", "instances/{instance_id}", self._status),
            ("DELETE", "instances/{instance_id}", self._purge),
            ("POST", "instances/{instance_id}/raiseEvent/{event}", self._raise_event),
            ("POST", "instances/{instance_id}/restart", self._restart),
            ("POST", "instances/{instance_id}/{operation}", self._steer),
            *EntityApi(engine).routes,
        ]
        for method, template, handler in rows:
            self._router.add(Route(template, {method}, handler))

    async def respond(self, request: Request) -> Response:
        """Answer one request; refusals are JSON with the reason in `Message`."""
        try:
            path = self._admitted_path(request)
            for route, values in self._router.matches(path):
                if route.serves(request.method):
                    return await route.endpoint(request, **{name: unquote(value) for name, value in values.items()})
            raise Refusal(404, f"the durable management API has no {request.method} {path}")
        except Refusal as refusal:
            return _refuse(refusal.status, refusal)
        except EngineError as error:
            return _refuse(_status_of(error), error)

    def _admitted_path(self, request: Request) -> str:
        path = path_of(request)
        if path.startswith(self._links.internal_path + "/"):
            return path.removeprefix(self._links.internal_path)
        if not path.startswith(PUBLIC_BASE + "/"):
            raise Refusal(404, "no such resource")
        if not self._keys.admit(request, self._keys.durabletask):
            raise Refusal(401, "the durable management API needs its key, as ?code= or x-functions-key")
        return path.removeprefix(PUBLIC_BASE)

    async def _start(self, request: Request, name: str, instance_id: str | None = None) -> Response:
        text = _as_input(await json_body(request))
        version, trace = request.query_params.get("version"), telemetry.starter(request.headers)
        started = await self._engine.start_new(name, instance_id, text, version, trace)
        return await self._started(request, started)

    async def _restart(self, request: Request, instance_id: str) -> Response:
        new_id = flag(request, "restartWithNewInstanceId", default=True)
        return await self._started(request, await self._engine.restart(instance_id, new_id))

    async def _started(self, request: Request, instance_id: str) -> Response:
        # Here nobody polls; but without both parameters Azure does not wait.
        timeout, interval = seconds(request, "timeout"), seconds(request, "pollingInterval")
        if timeout and interval:
            with suppress(TimeoutError):
                return _outcome(request, await asyncio.wait_for(self._engine.ended(instance_id), timeout))
        links = self._links.of_instance(instance_id, origin=f"{request.url.scheme}://{request.url.netloc}")
        return _json(links, 202, {"location": links["statusQueryGetUri"], "retry-after": "10"})

    async def _status(self, request: Request, instance_id: str) -> Response:
        instance = self._found(instance_id)
        show_input, show_output = flag(request, "showInput", default=True), flag(request, "showHistoryOutput")
        history = None
        if flag(request, "showHistory"):
            events = await asyncio.to_thread(self._engine.history, instance_id)
            history = history_view(events, show_input, show_output)
        return _status_answer(request, status_view(instance, show_input, history))

    async def _list(self, request: Request) -> Response:
        top, show_input = count(request, "top"), flag(request, "showInput", default=True)
        found = await asyncio.to_thread(self._matching, request, top)
        page = found[:top]
        more = {_NEXT_PAGE: continuation_token(page[-1].id)} if len(page) < len(found) else None
        return _json([status_view(instance, show_input) for instance in page], headers=more)

    def _matching(self, request: Request, top: int | None) -> list[Instance]:
        """The instances that the query asks for; with `top`, one more if there is one."""
        after, found = last_id(request.headers.get(_NEXT_PAGE)), list[Instance]()
        while True:
            limit = _PAGE if top is None else min(_PAGE, top + 1 - len(found))
            page = self._engine.query(
                status=choices(request, "runtimeStatus", _STATUSES),
                created_from=moment(request, "createdTimeFrom"),
                created_to=moment(request, "createdTimeTo"),
                id_prefix=request.query_params.get("instanceIdPrefix"),
                after=after,
                limit=limit,
            )
            found += page
            if len(page) < limit or (top is not None and len(found) > top):
                return found
            after = page[-1].id

    async def _purge(self, request: Request, instance_id: str) -> Response:
        status = self._found(instance_id).status
        if status not in FINISHED:
            raise Refusal(412, f"only finished instances can be purged; {instance_id} is {status}")
        return _json({"instancesDeleted": await self._engine.purge([instance_id])})

    async def _purge_many(self, request: Request) -> Response:
        if moment(request, "createdTimeFrom") is None:
            raise Refusal(400, "createdTimeFrom is required")
        found = await asyncio.to_thread(self._matching, request, None)
        deleted = await self._engine.purge([instance.id for instance in found if instance.status in FINISHED])
        return _json({"instancesDeleted": deleted}, 200 if deleted else 404)

    async def _raise_event(self, request: Request, instance_id: str, event: str) -> Response:
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise Refusal(400, "only application/json request content is supported")
        payload = await json_body(request)
        await self._engine.raise_event(instance_id, event, None if payload is None else json.dumps(payload))
        return Response(status_code=202)

    async def _steer(self, request: Request, instance_id: str, operation: str) -> Response:
        if operation == "rewind":
            raise Refusal(501, "this host does not rewind; restart the instance")
        engine = self._engine
        operations = {"terminate": engine.terminate, "suspend": engine.suspend, "resume": engine.resume}
        if operation not in operations:
            raise Refusal(404, f"an instance has no operation {operation!r}")
        await operations[operation](instance_id, request.query_params.get("reason"))
        return Response(status_code=202)

    def _found(self, instance_id: str) -> Instance:
        instance = self._engine.status(instance_id)
        if instance is None:
            raise Refusal(404, f"there is no instance {instance_id!r}")
        return instance


def _as_input(payload: Any) -> str | None:
    """The input as JSON text. The SDK's client sends its JSON inside a string, curl sends it bare."""
    if payload is None:
        return None
    if isinstance(payload, str):
        with suppress(ValueError):
            json.loads(payload)
            return payload
    return json.dumps(payload)


def _outcome(request: Request, instance: Instance) -> Response:
    view = status_view(instance)
    return _json(view["output"]) if view["runtimeStatus"] == "Completed" else _status_answer(request, view)


def _status_answer(request: Request, view: dict[str, Any]) -> Response:
    if view["runtimeStatus"] not in FINISHED:
        # As it was asked for: decoded, the path may hold what no header can.
        here = request.url.replace(path=request.scope["raw_path"].decode("latin-1"))
        return _json(view, 202, {"location": str(here), "retry-after": "5"})
    failed = view["runtimeStatus"] == "Failed"
    return _json(view, 500 if failed and flag(request, "returnInternalServerErrorOnFailure") else 200)


def _status_of(error: EngineError) -> int:
    codes: dict[type[EngineError], int] = {InstanceExists: 409, InstanceNotFound: 404, InstanceFinished: 410}
    return codes.get(type(error), 400)


def _refuse(status: int, error: Exception) -> Response:
    # The SDK reads ExceptionMessage, people read Message.
    return _json({"Message": str(error), "ExceptionMessage": str(error)}, status)


def _json(value: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    # The lenient encoder: payloads of orchestrators may hold NaN, which the SDK writes and reads.
    return Response(json.dumps(value), status, headers, "application/json")
