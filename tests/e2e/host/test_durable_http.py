"""call_http through the unmodified SDK, against a real server on the loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.host.process import RunningHost, running, wait_for


class Service(ThreadingHTTPServer):
    """`/echo` answers what was sent; `/job` takes a job (202), which is done once it was looked at `looks` times."""

    def __init__(self, retry_after: str, looks: int) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.retry_after, self.looks = retry_after, looks
        self.seen: list[tuple[str, str, dict[str, str], str]] = []
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.location = "/job/7"

    def asked(self, method: str) -> list[tuple[str, str, dict[str, str], str]]:
        return [each for each in self.seen if each[0] == method]


class Handler(BaseHTTPRequestHandler):
    server: Service

    def do_GET(self) -> None:
        self._take()
        waiting = self.path == "/job/7" and len(self.server.asked("GET")) < self.server.looks
        self._answer(202 if waiting else 200, "done")

    def do_POST(self) -> None:
        body = self._take()
        self._answer(202 if self.path == "/job" else 418, body)

    def _take(self) -> str:
        body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.seen.append((self.command, self.path, headers, body))
        return body

    def _answer(self, status: int, body: str) -> None:
        self.send_response(status)
        self.send_header("X-Kind", "one")
        if status == 202:
            self.send_header("Location", self.server.location)
            self.send_header("Retry-After", self.server.retry_after)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on the screen."""


@pytest.fixture
def service() -> Iterator[Service]:
    with Service(retry_after="0", looks=3) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_call_returns_status_headers_and_content_whatever_the_status(patterns: RunningHost, service: Service) -> None:
    asked = {"method": "POST", "url": f"{service.url}/echo", "content": {"a": 1}, "headers": {"X-Mine": "yes"}}
    answer = patterns.call("POST", "run/fetch", asked)
    assert (answer["statusCode"], answer["content"], answer["headers"]["X-Kind"]) == (418, '{"a": 1}', "one")
    ((_, _, headers, body),) = service.seen
    assert (headers["x-mine"], headers["content-type"], json.loads(body)) == ("yes", "text/plain", {"a": 1})


def test_an_accepted_job_is_looked_at_until_it_is_done(patterns: RunningHost, service: Service) -> None:
    headers = {"x-functions-key": "secret", "Authorization": "Bearer mine"}
    asked = {"method": "POST", "url": f"{service.url}/job", "content": "x", "headers": headers}
    answer = patterns.call("POST", "run/fetch", asked)
    assert (answer["statusCode"], answer["content"]) == (200, "done")
    assert len(service.asked("POST")) == 1
    looks = service.asked("GET")
    assert [path for _, path, _, _ in looks] == ["/job/7"] * 3
    assert all("x-functions-key" not in sent and sent["authorization"] == "Bearer mine" for _, _, sent, _ in looks)


def test_credentials_do_not_go_to_another_server(patterns: RunningHost, service: Service) -> None:
    service.location = f"http://localhost:{service.server_port}/elsewhere"
    headers = {"Authorization": "Bearer mine", "Cookie": "a=b", "X-Mine": "yes"}
    asked = {"method": "POST", "url": f"{service.url}/job", "headers": headers}
    assert patterns.call("POST", "run/fetch", asked)["statusCode"] == 200
    ((_, _, sent, _),) = service.asked("GET")
    assert sent["x-mine"] == "yes"
    assert not {"authorization", "cookie"} & set(sent)


def test_a_managed_identity_is_refused_with_the_reason(patterns: RunningHost, service: Service) -> None:
    failed = patterns.http.post("/api/run/fetch", json={"url": f"{service.url}/echo", "identity": True})
    assert failed.status_code == 500
    assert "token_source: a managed identity exists on Azure only" in failed.json()["output"]
    assert service.seen == []


def test_a_server_that_is_not_there_fails_the_call(patterns: RunningHost) -> None:
    failed = patterns.http.post("/api/run/fetch", json={"url": "http://127.0.0.1:1/"})
    assert failed.status_code == 500
    assert "BuiltIn::HttpActivity" in failed.json()["output"]


def test_waits_between_looks_take_no_time_under_the_virtual_clock(tmp_path: Path, service: Service) -> None:
    service.retry_after = "3600"
    with running("patterns", tmp_path, "--clock", "virtual=2026-03-01T08:00:00Z") as host:
        answer = host.call("POST", "start/fetch/slow", {"method": "POST", "url": f"{service.url}/job"})
        assert answer["id"] == "slow"
        assert host.until("slow", "Completed")["output"]["statusCode"] == 200
        assert host.clock()["now"] == "2026-03-01T11:00:00Z"


def test_a_killed_host_goes_on_looking_and_does_not_send_again(tmp_path: Path, service: Service) -> None:
    service.retry_after = "1"
    with running("patterns", tmp_path) as host:
        host.call("POST", "start/fetch/job", {"method": "POST", "url": f"{service.url}/job", "content": "once"})
        wait_for(lambda: True if service.asked("GET") else None)
        host.kill()
    with running("patterns", tmp_path) as host:
        assert host.until("job", "Completed")["output"]["content"] == "done"
    assert len(service.asked("POST")) == 1
