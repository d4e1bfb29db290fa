"""The reference of the types of steps, for docs/processes.md: what each takes and gives, from the types themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shared.process.shapes import schema_of
from shared.process.steps import TYPES, step_type

Json = dict[str, Any]


def reference() -> str:
    """One section a type, in Markdown."""
    return "\n".join(line for name in sorted(TYPES) for line in _section(name))


def _section(name: str) -> Iterator[str]:
    cls = step_type(name)
    schema = schema_of(cls)
    yield f"### `{name}`\n\n{_one_line(cls.__doc__ or '')}\n"
    if fields := schema.get("properties"):
        yield "| `with` | Is | |\n|---|---|---|"
        required = schema.get("required", [])
        for field, shape in fields.items():
            yield f"| `{field}`{' (needed)' if field in required else ''} | {_kind(shape)} | {_about(shape)} |"
        yield ""
    if cls.outputs:
        yield "Outputs: " + "; ".join(f"`{each}`: {_one_line(what)}" for each, what in cls.outputs.items()) + ".\n"


def _about(shape: Json) -> str:
    said = _one_line(shape.get("description", ""))
    default = shape.get("default")
    if default in (None, "", [], {}):
        return said
    shown = str(default).lower() if isinstance(default, bool) else default
    return f"{said}{' ' if said else ''}Default: `{shown}`."


def _kind(shape: Json) -> str:
    """In words: a text, one of …, a list of …"""
    if "enum" in shape:
        return ", ".join(f"`{each}`" for each in shape["enum"])
    if "const" in shape:
        return f"`{shape['const']}`"
    if "$ref" in shape:
        return str(shape["$ref"]).rpartition("/")[2].removeprefix("type.")
    if ways := shape.get("anyOf") or shape.get("oneOf"):
        return " or ".join(dict.fromkeys(_kind(each) for each in ways if each.get("type") != "null"))
    match shape.get("type"):
        case "array":
            return f"list of {_kind(shape.get('items', {}))}"
        case "object":
            inner = shape.get("additionalProperties")
            return f"object of {_kind(inner)}" if isinstance(inner, dict) else "object"
        case "string":
            return "text"
        case str(kind):
            return kind
    return "any"


def _one_line(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
