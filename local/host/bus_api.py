"""The bus over HTTP: sending as Service Bus has it, and a look into the queues for the owner."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from local.host.bodies import BodyTooLarge, read_body
from local.host.bus import Bus
from local.host.bus_model import BODY_LIMIT, DEAD_LETTERS, BusRefused, Namespace
from local.host.bus_reader import count_messages, peek
from local.host.bus_wire import BATCH_TYPE, read_batch, read_single
from local.host.engine import Engine
from local.host.http import path_of
from local.host.keys import Keys

QUEUES_PATH = "/admin/host/queues"
_SEND = "/messages"
_NO_KEY = "This needs the {} key of host.keys.json, as ?code= or x-functions-key.\n"


class BusApi:
    """POST /{queue or topic}/messages with the key `servicebus`; /admin/host/queues with the key `master`."""

    def __init__(self, bus: Bus, namespace: Namespace, engine: Engine, keys: Keys) -> None:
        self._bus, self._namespace, self._engine, self._keys = bus, namespace, engine, keys

    def serves(self, request: Request) -> bool:
        """Whether the path names a queue or topic of this app; any other is the app's own."""
        path = path_of(request).lower()
        return path.endswith(_SEND) and path[1 : -len(_SEND)] in self._namespace

    async def send(self, request: Request) -> Response:
        """201 when the message is on the disk; 400 names the field, 401, 413."""
        if request.method != "POST":
            return PlainTextResponse("Messages are sent with POST; triggers receive them.\n", 405, {"allow": "POST"})
        if not self._keys.admit(request, self._keys.servicebus):
            return PlainTextResponse(_NO_KEY.format("servicebus"), 401)
        name = path_of(request)[1 : -len(_SEND)]
        try:
            body = await read_body(request)
            batch = request.headers.get("content-type", "").split(";")[0].strip().lower() == BATCH_TYPE
            await self._bus.send(read_batch(name, body) if batch else [read_single(name, request.headers, body)])
        except BodyTooLarge:
            return PlainTextResponse(f"body: a message may hold {BODY_LIMIT} bytes\n", 413, {"connection": "close"})
        except BusRefused as error:
            return PlainTextResponse(f"{error}\n", 413 if str(error).startswith("body:") else 400)
        return Response(status_code=201)

    async def show(self, request: Request) -> Response:
        """The queues with their counts, or the messages of one (?after=&limit=); NAME/$DeadLetterQueue are its dead,
        and a POST there of {"sequenceNumbers": [...]} sends some of them again."""
        if not self._keys.admit(request):
            return PlainTextResponse(_NO_KEY.format("master"), 401)
        name = path_of(request).removeprefix(QUEUES_PATH).strip("/").lower()
        if request.method == "POST" and name.endswith(DEAD_LETTERS):
            return await self._replay(name.removesuffix(DEAD_LETTERS), request)
        if request.method != "GET":
            return PlainTextResponse(
                "Messages are looked at with GET, dead letters replayed with POST.\n", 405, {"allow": "GET"}
            )
        if not name:
            return JSONResponse(await asyncio.to_thread(self._counts))
        return await asyncio.to_thread(self._messages, name, request)

    async def _replay(self, entity: str, request: Request) -> Response:
        if entity not in self._namespace.queues:
            return _unknown(entity)
        try:
            asked = json.loads(await read_body(request))["sequenceNumbers"]
            numbers = [number for number in asked if type(number) is int and abs(number) < 2**63]
            if len(numbers) != len(asked):
                raise ValueError
        except (ValueError, KeyError, TypeError, RecursionError, BodyTooLarge):
            return JSONResponse({"error": 'the body must be {"sequenceNumbers": [1, ...]}'}, 400)
        return JSONResponse({"sequenceNumbers": await self._bus.replay(entity, numbers)})

    def _counts(self) -> list[dict[str, Any]]:
        return self._engine.read(lambda db: count_messages(db, self._namespace))

    def _messages(self, name: str, request: Request) -> Response:
        entity = name.removesuffix(DEAD_LETTERS)
        if entity not in self._namespace.queues:
            return _unknown(name)
        try:
            after, limit = (_number(request, *asked) for asked in (("after", 0), ("limit", 50)))
        except ValueError as error:
            return JSONResponse({"error": str(error)}, 400)
        found = self._engine.read(lambda db: peek(db, name, after, min(limit, 1000)))
        return JSONResponse(found)


def _unknown(name: str) -> Response:
    return JSONResponse({"error": f"no queue or subscription is named {name!r}"}, 404)


def _number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, str(default))
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise ValueError(f"{name}: {text!r} is not a number from 0 on")
    return int(text)
