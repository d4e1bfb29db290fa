"""The app's HTTP functions called as a worker calls them: real requests, real adapters in a home of the test's own."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import azure.functions as func
import pytest

import function_app
from functions.http.table import ROWS
from local.host.invoke import InvocationContext
from shared import wiring
from shared.access.route import Route

OWNERS = "the owner's"
ORIGIN = "http://127.0.0.1:7071"
# Nobody listens there: what would start a flow is left to the sweep, as it is when the runtime is out of reach.
NO_RUNTIME = json.dumps(
    {
        "taskHubName": "test",
        "creationUrls": {},
        "managementUrls": {"id": "INSTANCEID"},
        "rpcBaseUrl": "http://127.0.0.1:9/",
        "baseUrl": "",
        "requiredQueryStringParameters": "",
    }
)

CONTEXT = InvocationContext("edge", Path.cwd(), {})


@cache
def app_functions() -> Mapping[str, Any]:
    """The app's functions by name; the SDK allows asking for them once."""
    return {each.get_function_name(): each for each in function_app.app.get_functions()}


class Answered(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def fields(self) -> dict[str, str]:
        """Of a problem: what is wrong, by field."""
        assert self.headers["Content-Type"] == "application/problem+json", self
        return {error["field"]: error["reason"] for error in self.json["errors"]}


def row_of(method: str, path: str) -> tuple[Route, dict[str, str]]:
    """The row that serves a path, the most literal one first."""
    for row in sorted(ROWS, key=lambda each: (each.method == "*", each.path.count("{"))):
        if row.method == "*":
            return row, {"path": path.lstrip("/")}
        found = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", row.path), path)
        if found and (row.method == method or (row.method, method) == ("GET", "HEAD")):
            return row, found.groupdict()
    raise LookupError(f"no row serves {method} {path}")


class Edge:
    """Asks as the owner does; `token=None` asks as nobody."""

    def __init__(self, runner: asyncio.Runner) -> None:
        self._runner = runner

    def ask(
        self,
        method: str,
        target: str,
        body: bytes | dict[str, Any] = b"",
        *,
        token: str | None = OWNERS,
        origin: str = ORIGIN,
        **headers: str,
    ) -> Answered:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            given["Authorization"] = f"Bearer {wiring.owner_token() if token == OWNERS else token}"
        row, params = row_of(method, urlsplit(target).path)
        request = func.HttpRequest(
            method,
            origin + target,
            headers=given,
            params=dict(parse_qsl(urlsplit(target).query, keep_blank_values=True)),
            route_params=params,
            body=body if isinstance(body, bytes) else json.dumps(body).encode(),
        )
        function = app_functions()[row.name].get_user_function()
        response = self._runner.run(function(request=request, client=NO_RUNTIME, context=CONTEXT))
        return Answered(response.status_code, dict(response.headers), response.get_body())


@pytest.fixture(scope="session")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name in ("BATON_SMTP_URL", "BATON_MODEL_URL", "BATON_PUBLIC_URL", "BATON_TIMEZONE", "HOST_CLOCK"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BATON_HOME", str(tmp_path / "home"))
    wiring.close()
    yield tmp_path / "home"
    wiring.close()


@pytest.fixture
def edge(home: Path, runner: asyncio.Runner) -> Edge:
    return Edge(runner)
