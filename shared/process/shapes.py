"""What may stand where, read from JSON Schemas: field names for suggestions, types for expressions."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from pydantic import BaseModel

from shared.process.source import Path

Json = dict[str, Any]


@cache
def schema_of(model: type[BaseModel]) -> Json:
    """The schema of what the model takes."""
    return model.model_json_schema(by_alias=True)


def fields(schema: Json, path: Path) -> set[str]:
    """The names of the fields that an object at the path may have."""
    return {name for shape in _at(schema, path) for name in shape.get("properties", {})}


@lru_cache(maxsize=4096)
def kinds(model: type[BaseModel], path: Path) -> frozenset[str] | None:
    """The types that a value at the path may have; None if any may stand there, or nobody knows."""
    found: set[str] = set()
    shapes = list(_at(schema_of(model), path))
    for shape in shapes:
        kind = shape.get("type") or (
            "string" if all(isinstance(each, str) for each in shape.get("enum", [0])) else None
        )
        kind = kind or ("string" if isinstance(shape.get("const"), str) else None)
        if kind is None:
            return None
        found |= {kind} if isinstance(kind, str) else set(kind)
    return frozenset(found) or None


def _at(schema: Json, path: Path) -> Iterator[Json]:
    """Every shape that the value at the path may have."""
    level = list(_ways(schema, schema))
    for key in path:
        level = [way for shape in level for below in _below(shape, key) for way in _ways(schema, below)]
    yield from level


def _below(shape: Json, key: str | int) -> Iterator[Json]:
    if isinstance(key, int):
        yield shape.get("items") or {}
    elif key in shape.get("properties", {}):
        yield shape["properties"][key]
    else:
        other = shape.get("additionalProperties")
        if isinstance(other, dict):
            yield other
        elif other is True:
            yield {}
        yield from shape.get("patternProperties", {}).values()


def _ways(schema: Json, shape: Json) -> Iterator[Json]:
    if "$ref" in shape:
        yield from _ways(schema, schema["$defs"][shape["$ref"].rpartition("/")[2]])
    elif ways := shape.get("anyOf") or shape.get("oneOf"):
        for each in ways:
            yield from _ways(schema, each)
    else:
        yield shape
