"""The durable management API: what the SDK's client and curl send to start, watch and steer orchestrations."""

from __future__ import annotations

import asyncio
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import Response

from local.host.config import parse_time
from local.host.engine import Engine
from local.host.http import BodyTooLarge, path_of, read_body
from local.host.keys import Keys
from local.host.links import PUBLIC_BASE, Links
from local.host.model import FINISHED, EngineError, Instance, InstanceExists, InstanceFinished, InstanceNotFound
from local.host.routes import Route, Router
from local.host.view import history_view, status_view

_STATUSES = {"Pending", "Running", "Suspended", "ContinuedAsNew", *FINISHED}
_PAGE = 1000
_NEXT_PAGE = "x-ms-continuation-token"


class _Refusal(Exception):
    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class ManagementApi:
    """Answers requests below the two bases of `links`; every answer to a change follows the COMMIT that holds it."""

    def __init__(self, engine: Engine, links: Links, keys: Keys) -> None:
        self._engine, self._links, self._keys = engine, links, keys
        self._router: Router[Callable[..., Awaitable[Response]]] = Router()
        for method, template, handler in (
            ("POST", "orchestrators/{name}/{instance_id?}", self._start),
            ("GET", "instances", self._list),
            ("DELETE", "instances", self._purge_many),
            ("GET", "instances/{instance_id}", self._status),
            ("DELETE", "instances/{instance_id}", self._purge),
            ("POST", "instances/{instance_id}/raiseEvent/{event}", self._raise_event),
            ("POST", "instances/{instance_id}/restart", self._restart),
            ("POST", "instances/{instance_id}/{operation}", self._steer),
        ):
            self._router.add(Route(template, {method}, handler))

    async def respond(self, request: Request) -> Response:
        """Answer one request; refusals are JSON with a `Message`."""
        try:
            path = self._admitted_path(request)
            for route, values in self._router.matches(path):
                if route.serves(request.method):
                    return await route.endpoint(request, **{name: unquote(value) for name, value in values.items()})
            raise _Refusal(404, f"the durable management API has no {request.method} {path}")
        except _Refusal as refusal:
            return _refuse(refusal.status, refusal)
        except EngineError as error:
            return _refuse(_status_of(error), error)

    def _admitted_path(self, request: Request) -> str:
        path = path_of(request)
        if path.startswith(self._links.internal_path + "/"):
            return path.removeprefix(self._links.internal_path)
        if not path.startswith(PUBLIC_BASE + "/"):
            raise _Refusal(404, "no such resource")
        if not self._keys.admit(request, self._keys.durabletask):
            raise _Refusal(401, "the durable management API needs its key, as ?code= or x-functions-key")
        return path.removeprefix(PUBLIC_BASE)

    async def _start(self, request: Request, name: str, instance_id: str | None = None) -> Response:
        payload = await _json_body(request)
        version = request.query_params.get("version")
        started = await self._engine.start_new(name, instance_id, _as_input(payload), version)
        return await self._started(request, started)

    async def _restart(self, request: Request, instance_id: str) -> Response:
        new_id = _flag(request, "restartWithNewInstanceId", default=True)
        return await self._started(request, await self._engine.restart(instance_id, new_id))

    async def _started(self, request: Request, instance_id: str) -> Response:
        wait = _Wait.asked(request)
        if wait and await self._finished_within(instance_id, wait):
            return self._outcome(request, instance_id)
        links = self._links.of_instance(instance_id, origin=_origin(request))
        return _json(links, 202, {"location": links["statusQueryGetUri"], "retry-after": "10"})

    async def _finished_within(self, instance_id: str, wait: _Wait) -> bool:
        deadline = asyncio.get_running_loop().time() + wait.timeout
        while self._found(instance_id).status not in FINISHED:
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                return False
            await asyncio.sleep(min(wait.interval, left))
        return True

    def _outcome(self, request: Request, instance_id: str) -> Response:
        view = status_view(self._found(instance_id))
        return _json(view["output"]) if view["runtimeStatus"] == "Completed" else self._status_answer(request, view)

    async def _status(self, request: Request, instance_id: str) -> Response:
        instance = self._found(instance_id)
        show_input, show_output = _flag(request, "showInput", default=True), _flag(request, "showHistoryOutput")
        history = None
        if _flag(request, "showHistory"):
            history = history_view(self._engine.history(instance_id), show_input, show_output)
        return self._status_answer(request, status_view(instance, show_input, history))

    def _status_answer(self, request: Request, view: dict[str, Any]) -> Response:
        if view["runtimeStatus"] not in FINISHED:
            return _json(view, 202, {"location": str(request.url), "retry-after": "5"})
        failed = view["runtimeStatus"] == "Failed"
        return _json(view, 500 if failed and _flag(request, "returnInternalServerErrorOnFailure") else 200)

    async def _list(self, request: Request) -> Response:
        show_input = _flag(request, "showInput", default=True)
        top = _number(request, "top")
        instances = self._matching(request, top)
        headers = {}
        if top is not None and len(instances) > top:
            instances = instances[:top]
            headers[_NEXT_PAGE] = urlsafe_b64encode(instances[-1].id.encode()).decode()
        return _json([status_view(instance, show_input) for instance in instances], 200, headers)

    def _matching(self, request: Request, top: int | None) -> list[Instance]:
        """The instances that the query asks for; with `top`, one more if there is one."""
        after, found = _continuation(request), list[Instance]()
        while True:
            limit = _PAGE if top is None else min(_PAGE, top + 1 - len(found))
            page = self._engine.query(
                status=_statuses(request),
                created_from=_moment(request, "createdTimeFrom"),
                created_to=_moment(request, "createdTimeTo"),
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
            raise _Refusal(412, f"only finished instances can be purged; {instance_id} is {status}")
        return _json({"instancesDeleted": await self._engine.purge([instance_id])})

    async def _purge_many(self, request: Request) -> Response:
        if _moment(request, "createdTimeFrom") is None:
            raise _Refusal(400, "createdTimeFrom is required")
        finished = [instance.id for instance in self._matching(request, None) if instance.status in FINISHED]
        deleted = await self._engine.purge(finished)
        return _json({"instancesDeleted": deleted}, 200 if deleted else 404)

    async def _raise_event(self, request: Request, instance_id: str, event: str) -> Response:
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise _Refusal(400, "only application/json request content is supported")
        payload = await _json_body(request)
        await self._engine.raise_event(instance_id, event, None if payload is None else json.dumps(payload))
        return Response(status_code=202)

    async def _steer(self, request: Request, instance_id: str, operation: str) -> Response:
        if operation == "rewind":
            raise _Refusal(501, "this host does not rewind; restart the instance")
        operations = {
            "terminate": self._engine.terminate,
            "suspend": self._engine.suspend,
            "resume": self._engine.resume,
        }
        if operation not in operations:
            raise _Refusal(404, f"an instance has no operation {operation!r}")
        await operations[operation](instance_id, request.query_params.get("reason"))
        return Response(status_code=202)

    def _found(self, instance_id: str) -> Instance:
        instance = self._engine.status(instance_id)
        if instance is None:
            raise _Refusal(404, f"there is no instance {instance_id!r}")
        return instance


@dataclass(frozen=True)
class _Wait:
    """How long a start waits for the end, in seconds."""

    timeout: float
    interval: float

    @staticmethod
    def asked(request: Request) -> _Wait | None:
        timeout, interval = request.query_params.get("timeout"), request.query_params.get("pollingInterval")
        if not timeout or not interval:
            return None
        try:
            return _Wait(float(timeout), max(0.01, float(interval)))
        except ValueError:
            raise _Refusal(400, "timeout and pollingInterval are numbers of seconds") from None


async def _json_body(request: Request) -> Any:
    """The value in the body, None when there is no body."""
    try:
        body = await read_body(request)
    except BodyTooLarge:
        raise _Refusal(413, "the body is too large") from None
    try:
        return json.loads(body, parse_constant=_no_json) if body else None
    except ValueError as error:
        raise _Refusal(400, f"the body is not valid JSON: {error}") from None


def _no_json(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _as_input(payload: Any) -> str | None:
    """The input as JSON text. The SDK's client sends its JSON inside a string, curl sends it bare."""
    if payload is None:
        return None
    if isinstance(payload, str):
        with suppress(ValueError):
            json.loads(payload)
            return payload
    return json.dumps(payload)


def _statuses(request: Request) -> list[str]:
    given = [status for text in request.query_params.getlist("runtimeStatus") for status in text.split(",") if status]
    unknown = set(given) - _STATUSES
    if unknown:
        raise _Refusal(400, f"runtimeStatus: {', '.join(sorted(unknown))} is none of {', '.join(sorted(_STATUSES))}")
    return given


def _moment(request: Request, name: str) -> datetime | None:
    text = request.query_params.get(name)
    try:
        return parse_time(text) if text else None
    except ValueError:
        raise _Refusal(400, f"{name}: {text!r} is not an ISO 8601 time") from None


def _number(request: Request, name: str) -> int | None:
    text = request.query_params.get(name)
    if not text:
        return None
    if not text.isdecimal() or int(text) < 1:
        raise _Refusal(400, f"{name}: {text!r} is not a positive number")
    return int(text)


def _flag(request: Request, name: str, default: bool = False) -> bool:
    text = request.query_params.get(name, "").lower()
    return text == "true" if text in ("true", "false") else default


def _continuation(request: Request) -> str | None:
    token = request.headers.get(_NEXT_PAGE)
    try:
        return urlsafe_b64decode(token).decode() if token else None
    except ValueError:
        raise _Refusal(400, f"{_NEXT_PAGE} is not a token of this host") from None


def _origin(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}"


def _status_of(error: EngineError) -> int:
    codes: dict[type[EngineError], int] = {InstanceExists: 409, InstanceNotFound: 404, InstanceFinished: 410}
    return codes.get(type(error), 400)


def _refuse(status: int, error: Exception) -> Response:
    # The SDK reads ExceptionMessage, people read Message.
    return _json({"Message": str(error), "ExceptionMessage": str(error)}, status)


def _json(value: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    # Payloads of orchestrators may hold NaN, which the SDK writes and reads; so this is the lenient encoder.
    return Response(json.dumps(value), status, headers, "application/json")
