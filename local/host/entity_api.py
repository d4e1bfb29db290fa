"""Entities in the durable management API: signal one, read its state, list those that exist."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from local.host.bodies import BodyTooLarge, read_body
from local.host.engine import Engine
from local.host.entities import split_id
from local.host.model import Entity
from local.host.parameters import Refusal, continuation_token, count, flag, json_body, last_id, moment

_PAGE = 100  # entities, as on Azure
_TOKEN = "x-ms-continuation-token"  # noqa: S105 - a header's name


Handler = Callable[..., Awaitable[Response]]


class EntityApi:
    """`routes` are rows of (method, template, handler) below the bases of the management API."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.routes: list[tuple[str, str, Handler]] = [
            ("GET", "entities/{name?}", self._list),
            ("GET", "entities/{name}/{key}", self._read),
            ("POST", "entities/{name}/{key}", self._signal),
        ]

    async def _signal(self, request: Request, name: str, key: str) -> Response:
        operation = request.query_params.get("op", "")
        await self._engine.signal_entity(_entity_id(name, key), operation, await _input(request))
        return Response(status_code=202)

    async def _read(self, request: Request, name: str, key: str) -> Response:
        entity = self._engine.entity(_entity_id(name, key))
        if entity is None:
            raise Refusal(404, f"there is no entity {_entity_id(name, key)!r}")
        return Response(entity.state, media_type="application/json")

    async def _list(self, request: Request, name: str | None = None) -> Response:
        top = count(request, "top") or _PAGE
        found = self._engine.entities(
            id_prefix="@" if name is None else _entity_id(name, ""),
            operated_from=moment(request, "lastOperationTimeFrom"),
            operated_to=moment(request, "lastOperationTimeTo"),
            after=last_id(request.headers.get(_TOKEN)),
            limit=top + 1,
        )
        page, with_state = found[:top], flag(request, "fetchState")
        more = {_TOKEN: continuation_token(page[-1].id)} if len(page) < len(found) else None
        text = json.dumps([_view(entity, with_state) for entity in page])
        return Response(text, headers=more, media_type="application/json")


def _entity_id(name: str, key: str) -> str:
    return f"@{name.lower()}@{key}"


async def _input(request: Request) -> str | None:
    """The input as the SDK decodes it, which is twice: its client sends JSON in a JSON string, curl may send text."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json":
        value = await json_body(request)
        return None if value is None else json.dumps(value)
    try:
        text = (await read_body(request)).decode("utf-8", "replace")
    except BodyTooLarge as error:
        raise Refusal(413, f"the body {error}") from None
    return json.dumps(text) if text else None


def _view(entity: Entity, with_state: bool) -> dict[str, Any]:
    name, key = split_id(entity.id)
    return {
        "entityId": {"name": name, "key": key},
        "lastOperationTime": entity.last_operation.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "state": json.loads(entity.state) if with_state else None,
    }
