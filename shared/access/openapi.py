"""The OpenAPI 3.1 page: written from the rows and the handlers' annotations, so it cannot drift from either."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Union

from pydantic import BaseModel, TypeAdapter

from shared.access.contract import Contract, Handler, contract_of
from shared.access.problem import CONTENT_TYPE
from shared.access.route import Route

Json = dict[str, Any]
_Schemas = dict[tuple[str, Any], Json]

_TEXT: Json = {"type": "string"}
_PROBLEM: Json = {
    "type": "object",
    "description": "RFC 9457; `errors` names each field and the reason.",
    "required": ["type", "title", "status", "detail", "instance", "trace_id", "errors"],
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
        "instance": _TEXT,
        "trace_id": _TEXT,
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "reason"],
                "properties": {"field": _TEXT, "reason": _TEXT},
            },
        },
        "difference": {"type": "object", "additionalProperties": {"type": "array"}},
    },
}
_REFUSED: Json = {
    "description": "Refused; nothing was changed. Browsers are told on a page.",
    "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}, "text/html": {"schema": _TEXT}},
}


def openapi(routes: Sequence[Route], resolve: Callable[[Route], Handler], version: str) -> Json:
    """The page for the rows below `/api/`; `resolve` finds a row's handler."""
    shown = [(route, resolve(route)) for route in routes if route.path.startswith("/api/")]
    schemas, definitions = _all_schemas(shown)
    paths: dict[str, Json] = {}
    for route, handler in shown:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, handler, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Baton", "version": version, "description": "An agency's work as durable workflows."},
        "paths": paths,
        "components": {
            "schemas": {**definitions, "Problem": _PROBLEM},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}],
    }


def _all_schemas(shown: Sequence[tuple[Route, Handler]]) -> tuple[_Schemas, Json]:
    inputs: list[tuple[str, Any, TypeAdapter[Any]]] = []
    for route, handler in shown:
        contract = contract_of(handler)
        if contract.body:
            inputs.append((route.name, "validation", TypeAdapter(contract.body)))
        if contract.json_answers:
            answered: Any = Union[contract.json_answers]  # noqa: UP007 - joins a tuple of types
            inputs.append((route.name, "serialization", TypeAdapter(answered)))
    schemas, page = TypeAdapter.json_schemas(inputs, ref_template="#/components/schemas/{model}")
    return {(name, mode): schema for (name, mode), schema in schemas.items()}, page.get("$defs", {})


def _operation(route: Route, handler: Handler, schemas: _Schemas) -> Json:
    contract = contract_of(handler)
    operation: Json = {
        "operationId": route.name,
        "summary": (handler.__doc__ or route.name).strip().splitlines()[0],
        "tags": [route.handler.partition(":")[0]],
        "parameters": _parameters(route, contract),
        "responses": {"2XX": _answered(route, contract, schemas), "4XX": _REFUSED, "5XX": _REFUSED},
    }
    if contract.body or contract.raw:
        operation["requestBody"] = {"required": True, "content": _taken(route, contract, schemas)}
    return {**operation, "security": []} if route.role == "public" else operation


def _parameters(route: Route, contract: Contract) -> list[Json]:
    names = re.findall(r"\{\*?(\w+)\}", route.path)
    parameters: list[Json] = [{"name": name, "in": "path", "required": True, "schema": _TEXT} for name in names]
    parameters += _query_parameters(contract.query) if contract.query else []
    if route.role != "public":
        parameters.append({"name": "Baton-Workspace", "in": "header", "required": False, "schema": _TEXT})
        if route.is_repeatable:
            parameters.append({"name": "Idempotency-Key", "in": "header", "required": False, "schema": _TEXT})
    return parameters


def _query_parameters(model: type[BaseModel]) -> list[Json]:
    schema = model.model_json_schema()
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": described}
        for name, described in schema["properties"].items()
    ]


def _taken(route: Route, contract: Contract, schemas: _Schemas) -> Json:
    if contract.raw:
        return {"*/*": {"schema": {"type": "string", "format": "binary"}}}
    return {"application/json": {"schema": schemas[route.name, "validation"]}}


def _answered(route: Route, contract: Contract, schemas: _Schemas) -> Json:
    content: Json = {}
    if contract.json_answers:
        content["application/json"] = {"schema": schemas[route.name, "serialization"]}
    if str in contract.answers:
        content["text/html"] = {"schema": _TEXT}
    if bytes in contract.answers:
        content["*/*"] = {"schema": {"type": "string", "format": "binary"}}
    return {"description": "Done, or accepted.", **({"content": content} if content else {})}
