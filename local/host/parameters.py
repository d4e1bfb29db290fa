"""Reading what callers of the management API send; what cannot be read is refused with the field and the reason."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection
from datetime import datetime
from typing import Any, NoReturn

from starlette.requests import Request

from local.host.bodies import BodyTooLarge, read_body
from local.host.config import parse_time

_DIGITS = 9


class Refusal(Exception):
    """A request that is answered with `status` and the reason."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


async def json_body(request: Request) -> Any:
    """The value in the body, None when there is no body."""
    try:
        body = await read_body(request)
        return json.loads(body, parse_constant=_no_json) if body else None
    except BodyTooLarge as error:
        raise Refusal(413, str(error)) from None
    except (ValueError, RecursionError) as error:
        raise Refusal(400, f"the body is not valid JSON: {error}") from None


def _no_json(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def flag(request: Request, name: str, default: bool = False) -> bool:
    """`true` or `false` in any case; anything else is the default, as on Azure."""
    return {"true": True, "false": False}.get(request.query_params.get(name, "").lower(), default)


def moment(request: Request, name: str) -> datetime | None:
    """An ISO 8601 time."""
    text = request.query_params.get(name)
    try:
        return parse_time(text) if text else None
    except ValueError:
        raise Refusal(400, f"{name}: {text!r} is not an ISO 8601 time") from None


def seconds(request: Request, name: str) -> float | None:
    """A number of seconds."""
    text = request.query_params.get(name)
    try:
        return float(text) if text else None
    except ValueError:
        raise Refusal(400, f"{name}: {text!r} is not a number of seconds") from None


def count(request: Request, name: str) -> int | None:
    """A whole number from 1 on."""
    text = request.query_params.get(name)
    if text and (not text.isdecimal() or len(text) > _DIGITS or int(text) < 1):
        raise Refusal(400, f"{name}: {text[:40]!r} is not a positive number of at most {_DIGITS} digits")
    return int(text) if text else None


def choices(request: Request, name: str, known: Collection[str]) -> list[str]:
    """Known words, repeated or with commas."""
    given = [word for text in request.query_params.getlist(name) for word in text.split(",") if word]
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise Refusal(400, f"{name}: {', '.join(unknown)} is none of {', '.join(sorted(known))}")
    return given


def continuation_token(last_id: str) -> str:
    """The token that stands for a page that ended with `last_id`; a header can carry it."""
    return urlsafe_b64encode(last_id.encode()).decode()


def last_id(token: str | None) -> str | None:
    """The id in a continuation token."""
    try:
        return urlsafe_b64decode(token).decode() if token else None
    except ValueError:
        raise Refusal(400, f"{token!r} is not a continuation token of this host") from None
