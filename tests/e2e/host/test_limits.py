"""What host.json, local.settings.json and app settings limit or allow: time, size, origins, methods."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.e2e.host.process import RunningHost, running

APP = """
import asyncio, threading
import azure.functions as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)

@app.route(route="size/{name:length(2,5)?}", methods=["POST"])
def size(req: func.HttpRequest) -> str:
    return str(len(req.get_body()))

@app.route(route="json", methods=["POST"])
def keys(req: func.HttpRequest) -> str:
    return ",".join(req.get_json())

@app.route(route="page/{number:int:range(1,99)=7}", methods=["GET", "OPTIONS"])
def page(req: func.HttpRequest) -> func.HttpResponse:
    number = req.route_params["number"]
    headers = {"Allow": "GET, OPTIONS"} if req.method == "OPTIONS" else {"Set-Cookie": "last=" + number}
    seen = req.headers.get("cookie", "no cookie") + " " + number
    return func.HttpResponse(seen, headers=headers)

@app.route(route="async")
async def slow_async(req: func.HttpRequest) -> str:
    await asyncio.Event().wait()

@app.route(route="sync")
def slow_sync(req: func.HttpRequest) -> str:
    threading.Event().wait(4)
    return "late"

@app.route(route="free")
def free(req: func.HttpRequest) -> str:
    return "free"
"""
LIMIT = 3_000_000
ORIGIN = "https://praxis.example"


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHost]:
    folder = tmp_path_factory.mktemp("limited")
    (folder / "function_app.py").write_text(APP)
    (folder / "host.json").write_text(json.dumps({"version": "2.0", "functionTimeout": "00:00:01"}))
    settings = {
        "Values": {"FUNCTIONS_REQUEST_BODY_SIZE_LIMIT": str(LIMIT)},
        "Host": {"CORS": f"{ORIGIN},https://other.example", "CORSCredentials": True},
    }
    (folder / "local.settings.json").write_text(json.dumps(settings))
    with running(folder, folder / "state") as host:
        yield host


def test_bodies_go_over_the_disk_up_to_the_limit_of_the_app(limited: RunningHost) -> None:
    assert limited.http.post("/api/size", content=bytes(LIMIT)).text == str(LIMIT)
    chunks = iter([bytes(1_000_000)] * 3 + [b"x"])
    refused = limited.http.post("/api/size", content=chunks)
    assert (refused.status_code, refused.headers["connection"]) == (413, "close")
    assert refused.json()["errors"] == [
        {"field": "body", "reason": "has more than 3,000,000 bytes, the most that is taken"}
    ]
    assert limited.http.post("/api/json", json={"a": 1, "b": 2}).text == "a,b"


@pytest.mark.parametrize(("path", "name"), [("async", "slow_async"), ("sync", "slow_sync")])
def test_a_function_that_takes_too_long_is_500_and_named_in_the_log(limited: RunningHost, path: str, name: str) -> None:
    assert limited.http.get(f"/api/{path}").status_code == 500
    assert limited.logged(f"Timeout value of 0:00:01 exceeded by function '{name}'")
    assert limited.http.get("/api/free").text == "free"


def test_pages_of_allowed_origins_may_call_with_credentials(limited: RunningHost) -> None:
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "x-own"}
    allowed = limited.http.options("/api/size", headers=asked)
    assert (allowed.status_code, allowed.headers["access-control-allow-origin"]) == (200, ORIGIN)
    assert "PUT" in allowed.headers["access-control-allow-methods"]
    assert "x-own" in allowed.headers["access-control-allow-headers"]
    answer = limited.http.get("/api/free", headers={"Origin": ORIGIN})
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert answer.headers["access-control-allow-credentials"] == "true"


def test_pages_of_other_origins_may_not(limited: RunningHost) -> None:
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "GET"}
    assert limited.http.options("/api/free", headers=asked).status_code == 400
    answer = limited.http.get("/api/free", headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in answer.headers


def test_without_cors_settings_nothing_is_allowed(web: RunningHost) -> None:
    assert "access-control-allow-origin" not in web.http.get("/api/hello", headers={"Origin": ORIGIN}).headers


def test_options_that_are_no_preflight_reach_the_function_that_declares_them(limited: RunningHost) -> None:
    answer = limited.http.options("/api/page/3")
    assert (answer.status_code, answer.headers["allow"]) == (200, "GET, OPTIONS")
    assert limited.http.options("/api/free").status_code == 200  # declares no methods: takes all
    assert limited.http.options("/api/json").status_code == 404


def test_parameters_may_be_absent_have_a_default_and_must_fit(limited: RunningHost) -> None:
    assert limited.http.get("/api/page").text.endswith(" 7")
    assert limited.http.get("/api/page/42").text.endswith(" 42")
    assert limited.http.get("/api/page/100").status_code == 404
    assert limited.http.post("/api/size/toolong").status_code == 404


def test_cookies_go_both_ways(limited: RunningHost) -> None:
    first = limited.http.get("/api/page/5")
    assert first.headers["set-cookie"].startswith("last=5")
    assert limited.http.get("/api/page", headers={"Cookie": "last=5; b=c"}).text == "last=5; b=c 7"
