"""HTTP triggers: from a request to the function that serves it, and back."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping
from typing import IO, Any
from urllib.parse import parse_qsl, unquote

import azure.functions as func
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from local.host.bodies import LIMIT, BodyTooLarge, HttpRequest, spooled
from local.host.clock import Clock
from local.host.config import ConfigError, app_setting
from local.host.invoke import AppFunction, Invoker, converter
from local.host.keys import Keys
from local.host.routes import Route, Router

_BODY_LIMIT = "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT"  # an app setting, in bytes
log = logging.getLogger("local.host.http")


class HttpFunctions:
    """Serves the HTTP functions of an app under the route prefix of host.json."""

    def __init__(
        self, functions: Iterable[AppFunction], prefix: str, invoker: Invoker, keys: Keys, clock: Clock
    ) -> None:
        self._router: Router[AppFunction] = Router()
        self._invoker, self._keys, self._clock = invoker, keys, clock
        self._body_limit = _body_limit()
        self.warnings: list[str] = []
        for function in functions:
            self._add(function, prefix)

    def _add(self, function: AppFunction, prefix: str) -> None:
        methods = function.trigger.methods and {str(method.value) for method in function.trigger.methods}
        template = f"{prefix.strip('/')}/{function.trigger.route.strip('/')}".strip("/")
        try:
            self._router.add(Route(template, methods, function))
        except ValueError as error:
            self.warnings.append(f"{function.name} is left out: {error}")

    async def respond(self, request: Request) -> Response:
        """Call the function that serves the request; 400, 404, 401, 413 and 500 are answered here."""
        if len(request.headers.getlist("host")) > 1:  # RFC 9112 section 3.2
            return PlainTextResponse("Host: comes twice.\n", 400)
        others: set[str] = set()
        for route, values in self._router.matches(path_of(request)):
            if route.serves(request.method):
                return await self._serve(request, route, values)
            others.update(route.methods or ())
        # 404, not 405: so does Azure, also for HEAD where only GET was declared.
        known = f"; this path serves {', '.join(sorted(others))}" if others else ""
        return PlainTextResponse(f"No function serves {request.method} here{known}.\n", 404)

    async def _serve(self, request: Request, route: Route[AppFunction], values: Mapping[str, str]) -> Response:
        started = time.perf_counter()
        if not self._admits(request, route.endpoint):
            response: Response = PlainTextResponse("This function needs a key, as ?code= or x-functions-key.\n", 401)
        else:
            response = await self._call(request, route.endpoint, values)
        # The template, not the path: paths may carry tokens and names.
        milliseconds = (time.perf_counter() - started) * 1000
        log.info("%s /%s %d %.1f ms", request.method, route.template, response.status_code, milliseconds)
        return response

    def _admits(self, request: Request, function: AppFunction) -> bool:
        level = function.trigger.auth_level
        if level is func.AuthLevel.ANONYMOUS:
            return True
        return self._keys.admit(request, *([self._keys.functions] if level is func.AuthLevel.FUNCTION else []))

    async def _call(self, request: Request, function: AppFunction, values: Mapping[str, str]) -> Response:
        with self._clock.open():
            try:
                async with spooled(request, self._body_limit) as body:
                    trigger = _trigger_value(request, values, body)
                    return _response(await self._invoker.invoke(function, trigger, trigger.headers))
            except BodyTooLarge as error:
                return _too_large(error)
            except ClientDisconnect:
                return Response(status_code=400)
            except Exception:
                log.exception("%s failed", function.name)
                return PlainTextResponse(f"{function.name} failed; the host's log says why.\n", 500)


def _too_large(error: BodyTooLarge) -> Response:
    # As problem details (RFC 9457): apps answer their own limits so, and the caller should not see a difference.
    problem = {"title": "Content Too Large", "status": 413, "detail": f"body: {error}"}
    problem["errors"] = [{"field": "body", "reason": str(error)}]
    return JSONResponse(problem, 413, {"connection": "close"}, "application/problem+json")


def path_of(request: Request) -> str:
    """The decoded path; an encoded slash stays encoded, so it never splits a segment (as in ASP.NET Core)."""
    raw: bytes = request.scope["raw_path"]
    return unquote(raw.decode("latin-1").replace("%2F", "%252F").replace("%2f", "%252f"))


def _body_limit() -> int:
    text = app_setting(_BODY_LIMIT) or str(LIMIT)
    if not text.isdecimal():
        raise ConfigError(f"{_BODY_LIMIT}: {text!r} is not a number of bytes")
    return int(text)


def _trigger_value(request: Request, values: Mapping[str, str], body: IO[bytes]) -> HttpRequest:
    query = request.scope["query_string"].decode("latin-1")
    return HttpRequest(
        body,
        method=request.method,
        url=_url(request, query),
        headers=_joined(request.headers.items()),
        params=_joined(parse_qsl(query)),
        route_params=values,
    )


def _url(request: Request, query: str) -> str:
    path = request.scope["raw_path"].decode("latin-1")
    return f"{request.url.scheme}://{request.url.netloc}{path}{'?' + query if query else ''}"


def _joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Azure hands repeated names on as one value with commas."""
    joined: dict[str, str] = {}
    for name, value in pairs:
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined


_HTTP = converter("http")


def _response(result: object) -> Response:
    if result is None:
        return Response(status_code=204)
    if isinstance(result, str):
        return PlainTextResponse(result)
    if not isinstance(result, func.HttpResponse):
        raise TypeError(f"an HTTP function returns an HttpResponse, a str or None, not {type(result).__name__}")
    encoded: dict[str, Any] = _HTTP.encode(result, expected_type=None).value
    headers = {name: datum.value for name, datum in encoded["headers"].items()}
    response = Response(encoded["body"].value, int(encoded["status_code"].value), headers)
    for cookie in encoded["cookies"] or ():
        response.raw_headers += [(b"set-cookie", morsel.OutputString().encode("latin-1")) for morsel in cookie.values()]
    return response
