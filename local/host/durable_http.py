"""Durable HTTP: `context.call_http` as a built-in activity, and the polling that an answer 202 asks for.

A call that was answered with 202 and a Location is put off, and asked for there again after Retry-After: what has been
sent is not sent again after a restart, and under the virtual clock the waits take no time.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import aiohttp

from local.host.model import ActivityFunction, Later
from local.host.steps import HTTP_ACTIVITY

_TIMEOUT = aiohttp.ClientTimeout(total=100)  # seconds, as on Azure
_SECRETS = {"authorization", "cookie"}
_LOCATION = "location"  # where the next look goes; the rest of the input is what the orchestrator asked for

Request = dict[str, Any]


def http_activity(poll_after: timedelta) -> ActivityFunction:
    """The activity that runs `call_http`; it waits `poll_after` between looks when the server names no time."""

    async def call(text: str | None) -> str | Later:
        return await _call(json.loads(text or "{}"), poll_after)

    return ActivityFunction(HTTP_ACTIVITY, call, is_async=True)


async def _call(request: Request, poll_after: timedelta) -> str | Later:
    if request.get("tokenSource"):
        raise ValueError("call_http: token_source: a managed identity exists on Azure only; send a header instead")
    async with aiohttp.ClientSession(timeout=_TIMEOUT) as session, _sent(session, request) as response:
        location = response.headers.get("Location")
        if response.status == 202 and location:
            look = request | {_LOCATION: urljoin(str(response.url), location)}
            return Later(json.dumps(look), _wait(response.headers, poll_after))
        content = await response.text(errors="replace")
    return json.dumps({"statusCode": response.status, "headers": _headers(response), "content": content})


def _sent(session: aiohttp.ClientSession, request: Request) -> Any:
    location, headers = request.get(_LOCATION), request.get("headers") or {}
    if location is not None:
        return session.get(location, headers=_for_look(headers, request["uri"], location))
    content = request.get("content")
    if content is not None and "content-type" not in map(str.lower, headers):
        headers = {**headers, "Content-Type": "text/plain"}
    body = None if content is None else content.encode()
    return session.request(request["method"], request["uri"], data=body, headers=headers)


def _for_look(headers: Mapping[str, str], uri: str, location: str) -> dict[str, str]:
    """The headers of the call: never its function key, and its credentials only for the server that they are for."""
    kept_back = {"x-functions-key", "content-type"} | (set() if _origin(uri) == _origin(location) else _SECRETS)
    return {name: value for name, value in headers.items() if name.lower() not in kept_back}


def _origin(uri: str) -> tuple[str, str]:
    parts = urlsplit(uri)
    return parts.scheme, parts.netloc


def _wait(headers: Mapping[str, str], default: timedelta) -> timedelta:
    """Retry-After (RFC 9110, 10.2.3): seconds or a date."""
    text = headers.get("Retry-After", "")
    if text.isdecimal():
        return timedelta(seconds=int(text))
    try:
        return timedelta(seconds=max(0.0, parsedate_to_datetime(text).timestamp() - time.time()))
    except ValueError:
        return default


def _headers(response: aiohttp.ClientResponse) -> dict[str, str | list[str]]:
    """One value as it is, several as a list."""
    values = {name: response.headers.getall(name) for name in response.headers}
    return {name: found[0] if len(found) == 1 else found for name, found in values.items()}
