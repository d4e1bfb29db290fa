"""What pydantic found wrong, in plain words and with what to do about it."""

from __future__ import annotations

from typing import Any

from shared.process.problems import dotted, meant
from shared.process.shapes import fields
from shared.process.source import Path, Wrong

_PATTERNS = {
    "^[a-z][a-z0-9_]{0,39}$": "must begin with a small letter and have only a to z, digits and `_`, at most 40",
    "^[1-9][0-9]{0,5}(s|m|h|d)$": "must be a length of time such as 30s, 10m, 2h or 14d",
    r"^[a-z]+(\.[a-z_]+)?$": "must be the name of a type such as `files.copy`",
}
_WANTED = {
    "string_type": ("must be a text", "put it in quotes"),
    "int_type": ("must be a whole number", "write it without quotes"),
    "float_type": ("must be a number", "write it without quotes"),
    "bool_type": ("must be true or false", "write it without quotes"),
    "dict_type": ("must have fields, as `name: value`", None),
    "model_type": ("must have fields, as `name: value`", None),
    "model_attributes_type": ("must have fields, as `name: value`", None),
    "list_type": ("must be a list", "write it as `[a, b]`, or each on a line of its own after `- `"),
}


def wrong(error: Any, above: Path, path: Path, schema: dict[str, Any], given: Any) -> Wrong:
    """One error of pydantic; `above` is where the model stands in the plan, `path` the field within it."""
    match error["type"]:
        case "missing":
            return Wrong((*above, *path[:-1]), f"`{path[-1]}` is missing", None)
        case "extra_forbidden":
            where = dotted((*above, *path[:-1])) or "a plan"
            hint = meant(str(path[-1]), fields(schema, path[:-1]) - set(_holder(given, path)))
            return Wrong((*above, *path), f"there is no field `{path[-1]}` in {where}", hint, at_key=True)
        case "literal_error" | "enum":
            known = [each.strip("'") for each in error["ctx"]["expected"].replace(" or ", ", ").split(", ")]
            hint = meant(str(error["input"]), known)
            return Wrong((*above, *_without_key(path)), f"must be one of {', '.join(known)}", hint, path[-1] == "[key]")
        case "string_pattern_mismatch":
            pattern = error["ctx"]["pattern"]
            said = _PATTERNS.get(pattern, f"must match {pattern}")
            return Wrong((*above, *_without_key(path)), said, None, path[-1] == "[key]")
        case kind if kind in _WANTED:
            return Wrong((*above, *path), *_WANTED[kind])
        case "value_error":
            return Wrong((*above, *path), str(error["ctx"]["error"]), None)
    said = error["msg"]
    return Wrong((*above, *_without_key(path)), said[:1].lower() + said[1:], None)


def _without_key(path: Path) -> Path:
    """pydantic's path of a name of a field ends in `[key]`."""
    return path[:-1] if path and path[-1] == "[key]" else path


def _holder(given: Any, path: Path) -> Any:
    for key in path[:-1]:
        try:
            given = given[key]
        except (LookupError, TypeError):
            return ()
    return given if isinstance(given, dict) else ()
