"""host.json's durable settings, through HTTP and the SDK: functionTimeout, what runs at once, the poll of call_http."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.e2e.host.process import RunningHost, running

APP = """
import asyncio, os, threading
import azure.durable_functions as df
import azure.functions as func

app = df.DFApp(http_auth_level=func.AuthLevel.ANONYMOUS)
log = os.open(os.environ["NOTES"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

def note(text):
    os.write(log, f"{text}\\n".encode())

@app.route(route="start/{name}/{id}", methods=["POST"])
@app.durable_client_input(client_name="client")
async def start(req, client):
    body = req.get_json() if req.get_body() else None
    return func.HttpResponse(await client.start_new(req.route_params["name"], req.route_params["id"], body))

@app.orchestration_trigger(context_name="context")
def tries(context):
    said = []
    for name in ("hangs", "hangs_async"):
        try:
            yield context.call_activity(name, None)
        except Exception as error:
            said.append(str(error))
    try:
        yield context.call_entity(df.EntityId("slow", "one"), "hang", None)
    except Exception as error:
        said.append(str(error))
    said.append((yield context.call_entity(df.EntityId("slow", "one"), "count", 1)))
    return said

@app.activity_trigger(input_name="x")
def hangs(x: str) -> None:
    threading.Event().wait(60)

@app.activity_trigger(input_name="x")
async def hangs_async(x: str) -> None:
    await asyncio.Event().wait()

@app.entity_trigger(context_name="context")
def slow(context):
    if context.operation_name == "hang":
        threading.Event().wait(60)
    if context.operation_name == "pass":
        note(f"begin {context.entity_key}")
        threading.Event().wait(0.02)
        note(f"end {context.entity_key}")
    context.set_state(context.get_state(int) + 1)
    context.set_result(context.get_state(int))

@app.orchestration_trigger(context_name="context")
def crowd(context):
    yield context.task_all([context.call_entity(df.EntityId("slow", str(n)), "pass", 0) for n in range(6)])
    yield context.task_all([context.call_activity("passes", n) for n in range(6)])

@app.activity_trigger(input_name="n")
def passes(n: int) -> None:
    note(f"begin {n}")
    threading.Event().wait(0.02)
    note(f"end {n}")

@app.orchestration_trigger(context_name="context")
def fetch(context):
    answer = yield context.call_http("GET", context.get_input())
    return answer["content"]
"""
HOST_JSON = {
    "version": "2.0",
    "functionTimeout": "00:00:01",
    "extensions": {
        "durableTask": {
            "maxConcurrentActivityFunctions": 1,
            "maxConcurrentEntityFunctions": 1,
            "httpSettings": {"defaultAsyncRequestSleepTimeMilliseconds": 60_000, "useForwardedHost": False},
        }
    },
}


class Job(BaseHTTPRequestHandler):
    """Accepted twice, with no word on when to look again; then done."""

    looks = 0

    def do_GET(self) -> None:
        Job.looks += 1
        self.send_response(202 if Job.looks < 3 else 200)
        self.send_header("Location", self.path)
        self.send_header("Content-Length", "4")
        self.end_headers()
        self.wfile.write(b"done")

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on the screen."""


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHost]:
    folder = tmp_path_factory.mktemp("host-json")
    (folder / "function_app.py").write_text(APP)
    (folder / "host.json").write_text(json.dumps(HOST_JSON))
    with running(
        folder, folder / "state", "--clock", "virtual=2026-03-01T08:00:00Z", NOTES=str(folder / "notes")
    ) as it:
        yield it


def notes(host: RunningHost) -> list[str]:
    return (host.state.parent / "notes").read_text().splitlines()


def test_activities_and_entities_that_take_too_long_fail_and_the_rest_goes_on(host: RunningHost) -> None:
    host.http.post("/api/start/tries/t")
    sync, async_, entity, count = host.until("t", "Completed")["output"]
    for said, name in ((sync, "hangs"), (async_, "hangs_async"), (entity, "slow")):
        assert f"Timeout value of 0:00:01 exceeded by function '{name}'" in said
    assert count == 1  # what hung has set nothing


def test_as_many_run_at_once_as_host_json_says(host: RunningHost) -> None:
    host.http.post("/api/start/crowd/c")
    host.until("c", "Completed")
    pairs = list(zip(notes(host)[::2], notes(host)[1::2], strict=True))
    assert len(pairs) == 12
    assert all((begin.split()[0], begin.split()[1]) == ("begin", end.split()[1]) for begin, end in pairs)


def test_an_accepted_call_is_looked_at_after_the_default_of_host_json(host: RunningHost) -> None:
    before = host.clock()["now"]
    with ThreadingHTTPServer(("127.0.0.1", 0), Job) as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        host.http.post("/api/start/fetch/f", json=f"http://127.0.0.1:{server.server_port}/job")
        assert host.until("f", "Completed")["output"] == "done"
        server.shutdown()
        serving.join()
    assert host.clock()["now"] == before.replace("08:00", "08:02")


def test_a_setting_without_effect_is_named(host: RunningHost) -> None:
    assert host.logged("host.json: extensions.durableTask.httpSettings.useForwardedHost has no effect in this host")
