"""What a run is given: each input of its plan, checked, as plain JSON."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from shared.domain.faults import FieldError, Rejected
from shared.domain.scope import Scope
from shared.ports import Ports
from shared.process.declared import Input, Plan
from shared.process.shipped import shipped
from shared.process.steps.call import Kept

_MOST_TEXT = 100_000
_MOST_FILES = 1_000


def checked(ports: Ports, scope: Scope, plan: Plan, given: Mapping[str, Any]) -> dict[str, Any]:
    """All inputs of the plan, defaults in the places of what is not given. Raises Rejected with every error."""
    return filled(ports, scope, plan.inputs, given, "inputs", "the process has no such input; it has")


def filled(
    ports: Ports, scope: Scope, wanted: Mapping[str, Input], given: Mapping[str, Any], at: str, unknown: str
) -> dict[str, Any]:
    """All that is wanted, defaults in the places of what is not given. Raises Rejected with every error, below `at`."""
    errors = [
        FieldError(f"{at}.{name}", f"{unknown} {', '.join(wanted) or 'none'}") for name in given if name not in wanted
    ]
    found: dict[str, Any] = {}
    for name, each in wanted.items():
        try:
            found[name] = _value(ports, scope, each, given.get(name))
        except ValueError as error:
            errors.append(FieldError(f"{at}.{name}", str(error)))
    if errors:
        raise Rejected(*errors)
    return found


def _value(ports: Ports, scope: Scope, wanted: Input, given: Any) -> Any:
    value = wanted.default if given is None else given
    if value is None:
        if wanted.optional:
            return None
        raise ValueError("is missing")
    if wanted.type in ("file", "files"):
        return _files(ports, scope, wanted, value)
    return _AS[wanted.type](wanted, value)


def _text(wanted: Input, value: Any) -> str:
    if not isinstance(value, str) or len(value) > _MOST_TEXT or "\0" in value:
        raise ValueError(f"must be a text of at most {_MOST_TEXT:,} characters")
    return value


def _integer(wanted: Input, value: Any) -> int:
    if isinstance(value, str) and value.strip().lstrip("-").isascii() and value.strip().lstrip("-").isdigit():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 2**53:
        raise ValueError("must be a whole number")
    return value


def _number(wanted: Input, value: Any) -> float:
    try:
        found = float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else None
    except ValueError:
        found = None
    if found is None or not abs(found) <= 2**53:
        raise ValueError("must be a number")
    return value if isinstance(value, int) else found


def _boolean(wanted: Input, value: Any) -> bool:
    known = {"true": True, "yes": True, "false": False, "no": False}
    found = known.get(value.lower()) if isinstance(value, str) else value
    if not isinstance(found, bool):
        raise ValueError("must be true or false")
    return found


def _date(wanted: Input, value: Any) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise ValueError("must be a date such as 2027-03-31") from None


def _choice(wanted: Input, value: Any) -> str:
    if value not in wanted.choices:
        raise ValueError(f"must be one of {', '.join(wanted.choices)}")
    return str(value)


def _list(wanted: Input, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError("must be a list")
    return value


def _object(wanted: Input, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("must be an object")
    return value


def _files(ports: Ports, scope: Scope, wanted: Input, value: Any) -> Any:
    if wanted.type == "file":
        return file_of(ports, scope, value)
    if not isinstance(value, list) or len(value) > _MOST_FILES:
        raise ValueError(f"must be a list of at most {_MOST_FILES:,} files")
    return [file_of(ports, scope, each) for each in value]


def file_of(ports: Ports, scope: Scope, value: Any) -> dict[str, Any]:
    """A file that was sent for a run, or one of the catalogue. Raises ValueError if it is not there."""
    if path := shipped(value):
        return _taken_in(ports, scope, path)
    try:
        kept = Kept.model_validate(value)
    except ValidationError:
        raise ValueError("must be a file as POST /api/v1/runs/files answers it") from None
    if not kept.file.startswith("runs/") or ".." in kept.file or ports.files.size(scope, kept.file) != kept.bytes:
        raise ValueError(f"the file {kept.name} is not there; send it to POST /api/v1/runs/files first")
    return kept.model_dump()


def _taken_in(ports: Ports, scope: Scope, path: Path) -> dict[str, Any]:
    """A file of the catalogue as one of the workspace's; it is stored once."""
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    where = f"runs/catalog/{digest}/{path.name}"
    ports.files.put(scope, where, data, only_new=True)
    return Kept(file=where, name=path.name, bytes=len(data), sha256=digest).model_dump()


_AS: Mapping[str, Callable[[Input, Any], Any]] = {
    "text": _text,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
    "choice": _choice,
    "list": _list,
    "object": _object,
}
