"""The client against a real server of its own: broken connections, refusals, faults."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from local.cli.client import Client
from local.cli.errors import Fault, Refused

Reply = tuple[int, str, Any]
"""Status, content type, JSON; a status of 0 hangs up, and 302 leads to what stands for the type."""


@contextmanager
def answering(reply: Callable[[int, BaseHTTPRequestHandler], Reply]) -> Iterator[Client]:
    """A client of a server that answers the nth request with what `reply` says."""
    count = iter(range(1000))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, kind, content = reply(next(count), self)
            self.close_connection = True
            if not status:
                return
            data = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Location" if status == 302 else "Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    client = Client(f"http://127.0.0.1:{server.server_port}/", "secret", "north")
    try:
        yield client
    finally:
        client.close()
        server.shutdown()
        thread.join()
        server.server_close()


def test_what_is_created_over_a_breaking_connection_is_asked_for_under_one_key() -> None:
    keys = []

    def reply(n: int, request: BaseHTTPRequestHandler) -> Reply:
        keys.append(request.headers["Idempotency-Key"])
        return (0, "", None) if n == 0 else (202, "application/json", {"id": "made"})

    with answering(reply) as client:
        assert client.create("campaigns", b"{}", "application/json") == {"id": "made"}
        client.create("campaigns", b"{}", "application/json")
    assert keys[0] == keys[1] != keys[2]


def test_what_is_refused_is_not_asked_again() -> None:
    problem = {"errors": [{"field": "name", "reason": "is taken"}], "difference": {"people": [519, 480]}}
    asked = []

    def reply(n: int, request: BaseHTTPRequestHandler) -> Reply:
        asked.append(n)
        return 409, "application/problem+json", problem

    with answering(reply) as client, pytest.raises(Refused) as refused:
        client.create("campaigns", b"{}", "application/json")
    assert str(refused.value) == "name: is taken\n  people: 519 was sent, 480 holds"
    assert asked == [0]


def test_every_request_says_who_asks_for_which_workspace() -> None:
    seen = []

    def reply(n: int, request: BaseHTTPRequestHandler) -> Reply:
        seen.append((request.path, request.headers["Authorization"], request.headers["Baton-Workspace"]))
        return 200, "application/json", {}

    with answering(reply) as client:
        client.get("campaigns", limit=5)
    assert seen == [("/api/v1/campaigns?limit=5", "Bearer secret", "north")]


def test_a_list_is_read_page_by_page_and_no_further_than_asked() -> None:
    def reply(n: int, request: BaseHTTPRequestHandler) -> Reply:
        wanted = int(request.path.partition("limit=")[2].partition("&")[0])
        return 200, "application/json", {"items": [n] * wanted, "cursor": f"after-{n}" if n < 2 else None}

    with answering(reply) as client:
        assert client.listing("contacts", 150) == {"items": [0] * 100 + [1] * 50, "cursor": "after-1"}
    with answering(reply) as client:
        assert len(client.listing("contacts", 1000)["items"]) == 300


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ((503, "application/problem+json", {"errors": [{"field": "disk", "reason": "is full"}]}), "disk: is full"),
        ((502, "text/html", "oops"), "answered 502 without saying why; is that Baton?"),
        ((404, "text/html", "oops"), "answered 404 without saying why; is that Baton?"),
        ((0, "", None), "did not answer: "),
    ],
)
def test_what_is_not_the_askers_fault_is_a_fault(reply: Reply, said: str) -> None:
    with answering(lambda n, request: reply) as client, pytest.raises(Fault) as fault:
        client.get("campaigns")
    assert said in str(fault.value)


def test_a_host_without_the_embedded_clock_has_none() -> None:
    with answering(lambda n, request: (404, "text/plain", "")) as client:
        assert client.clock() is None


def test_a_file_that_lies_elsewhere_is_fetched_there_without_the_token() -> None:
    seen: list[str | None] = []

    def there(number: int, request: BaseHTTPRequestHandler) -> Reply:
        seen.append(request.headers.get("Authorization"))
        return 200, "application/pdf", "the file"

    with answering(there) as elsewhere:
        where = elsewhere.url.replace("127.0.0.1", "localhost")
        with answering(lambda number, request: (302, f"{where}/blob?sig=x", "")) as client:
            assert json.loads(client.content("documents/d1/document.pdf")) == "the file"
    assert seen == [None]
