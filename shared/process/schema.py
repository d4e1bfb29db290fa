"""The published JSON Schema of a plan: what editors complete and explain from. Made from the model of a plan and from
those of the types; whatever `load` takes is valid in it."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from shared.process.declared import Plan
from shared.process.shapes import schema_of
from shared.process.steps import TYPES, step_type

Json = dict[str, Any]
URL = "https://json-schema.org/draft/2020-12/schema"
_EXPRESSION = {"type": "string", "pattern": "\\$\\{\\{", "description": "An expression: `${{ inputs.name }}`."}
_ANY = {"$ref": "#/$defs/expression"}


@cache
def published() -> str:
    """As text, ready to be served and kept in docs/process.schema.json."""
    schema = json.loads(json.dumps(schema_of(Plan)))
    definitions: Json = {**schema.pop("$defs"), "expression": _EXPRESSION}
    rules = [_rule(name, definitions) for name in sorted(TYPES)]
    definitions["typed"] = {"allOf": rules}
    for action in ("Step", "Action"):
        definitions[action]["properties"]["type"] = {"enum": sorted(TYPES), "description": "What is done."}
        definitions[action]["allOf"] = [{"$ref": "#/$defs/typed"}]
    made = _plain({**schema, "$defs": definitions})
    made = {"$schema": URL, "title": "A process of Baton", **made}
    return json.dumps(made, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _rule(name: str, definitions: Json) -> Json:
    """If a step is of this type, `with` is what the type takes."""
    cls = step_type(name)
    schema = json.loads(json.dumps(schema_of(cls)).replace('"#/$defs/', f'"#/$defs/{name}.'))
    for each, body in schema.pop("$defs", {}).items():
        definitions[f"{name}.{each}"] = _open(body)
    schema["description"] = _explained(cls.__doc__ or "", dict(cls.outputs))
    then: Json = {"properties": {"with": _open(schema)}}
    if schema.get("required"):
        then["required"] = ["with"]
    return {"if": {"properties": {"type": {"const": name}}, "required": ["type"]}, "then": then}


def _open(schema: Json) -> Json:
    """The same object, where an expression may stand in the place of each value."""
    opened = dict(schema)
    for named in ("properties", "patternProperties"):
        if named in schema:
            opened[named] = {name: _or_expression(each) for name, each in schema[named].items()}
    if isinstance(schema.get("additionalProperties"), dict):
        opened["additionalProperties"] = _or_expression(schema["additionalProperties"])
    if isinstance(schema.get("items"), dict):
        opened["items"] = _or_expression(schema["items"])
    for ways in ("anyOf", "oneOf"):
        if ways in schema:
            # Of `oneOf` several may fit where an expression stands.
            opened.pop(ways)
            opened["anyOf"] = [_open(each) for each in schema[ways]]
    opened.pop("discriminator", None)
    return opened


def _plain(schema: Any) -> Any:
    """Without the titles that pydantic makes of names; editors show the names anyway."""
    if isinstance(schema, dict):
        kept = {key: each for key, each in schema.items() if not (key == "title" and isinstance(each, str))}
        return {key: _plain(each) for key, each in kept.items()}
    return [_plain(each) for each in schema] if isinstance(schema, list) else schema


def _or_expression(schema: Json) -> Json:
    if not schema or schema == {"type": "string"}:
        return schema
    about: Json = {key: schema[key] for key in ("title", "description", "default") if key in schema}
    return {**about, "anyOf": [_open({key: each for key, each in schema.items() if key not in about}), _ANY]}


def _explained(text: str, outputs: Json) -> str:
    said = " ".join(text.split())
    return said + ("" if not outputs else " Outputs: " + "; ".join(f"{name}: {what}" for name, what in outputs.items()))
