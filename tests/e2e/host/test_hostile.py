"""Clients that mean no good: the host answers what is wrong, or hangs up, and goes on serving the others."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from urllib.parse import quote

import pytest

from tests.e2e.host.process import RunningHost

MANAGEMENT = "/runtime/webhooks/durabletask"
START = b"POST /api/start/chain HTTP/1.1\r\nHost: x\r\n"


def connect(host: RunningHost) -> socket.socket:
    return socket.create_connection(("127.0.0.1", host.http.base_url.port), 20)


def answer(host: RunningHost, request: bytes) -> bytes:
    """The status line to raw bytes after which the client says no more; empty when the host just hangs up."""
    with connect(host) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return connection.makefile("rb").read().split(b"\r\n")[0]


@pytest.mark.parametrize(
    "request_",
    [
        b"\x00\x01\x02\r\n\r\n",
        START + b"Content-Length: ten\r\n\r\nabc",
        START + b"Content-Length: -1\r\n\r\nabc",
        START + b"Content-Length: 10\r\nContent-Length: 11\r\n\r\nabc",
        START + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc",
    ],
)
def test_what_is_no_http_is_refused(patterns: RunningHost, request_: bytes) -> None:
    assert answer(patterns, request_) == b"HTTP/1.1 400 Bad Request"
    assert patterns.call("GET", "ping") == "pong"


def test_half_a_request_starts_nothing(patterns: RunningHost) -> None:
    assert answer(patterns, b"POST /api/start/chain/halved HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc") == b""
    assert patterns.manage("GET", "instances/halved").status_code == 404


def test_hundreds_of_clients_that_never_finish_hold_nobody_up(patterns: RunningHost) -> None:
    with ExitStack() as stack:
        for _ in range(300):
            stack.enter_context(connect(patterns)).sendall(b"GET /api/ping HTTP/1.1\r\nHost: x\r\nX-")
        assert patterns.call("GET", "ping") == "pong"


@pytest.mark.parametrize("path", ["%ff%fe", "%00", "%zz%", "../../admin", "%E2%98%83", "x" * 1000])
def test_paths_of_any_kind_are_looked_for(patterns: RunningHost, path: str) -> None:
    request = f"GET /api/{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
    assert answer(patterns, request) == b"HTTP/1.1 404 Not Found"


@pytest.mark.parametrize("id_", ["a%20b%22%27%3C%3E", "%E2%98%83%F0%9F%98%80", "%25zz", "x" * 256])
def test_an_instance_may_have_an_odd_id(patterns: RunningHost, id_: str) -> None:
    started = patterns.manage("POST", f"orchestrators/mirror/{id_}", json=7)
    assert started.status_code == 202, started.text
    patterns.until(id_, "Completed")
    assert patterns.manage("DELETE", f"instances/{id_}").json() == {"instancesDeleted": 1}


@pytest.mark.parametrize("id_", ["x" * 1000, "a%2Fb", "a%0Ab", "a%00b", "%40x%40y"])
def test_an_id_that_azure_would_not_take_is_refused(patterns: RunningHost, id_: str) -> None:
    refused = patterns.manage("POST", f"orchestrators/mirror/{id_}", json=7)
    assert 400 <= refused.status_code < 500, refused.text


@pytest.mark.parametrize("name", ["%E2%98%83", "a%20b", "%ff", "x" * 1000])
def test_an_event_may_have_an_odd_name(patterns: RunningHost, name: str) -> None:
    id_ = patterns.call("POST", "start/approval")["id"]
    assert patterns.manage("POST", f"instances/{id_}/raiseEvent/{name}", json=1).status_code == 202
    patterns.call("POST", f"instances/{id_}/events/Approval", "yes")
    patterns.until(id_, "Completed")


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[" * 100_000, b"{}{}{}"])
@pytest.mark.parametrize("path", ["orchestrators/mirror", "instances/any/raiseEvent/Other"])
def test_what_is_no_json_is_refused(patterns: RunningHost, path: str, body: bytes) -> None:
    refused = patterns.manage("POST", path, content=body)
    assert 400 <= refused.status_code < 500, refused.text


@pytest.mark.parametrize(
    "query",
    ["top=-1", "top=x", "top=1e3", "top=99999999999999999999", f"top={'9' * 5000}", "createdTimeFrom=yesterday",
     "createdTimeFrom=9999-12-31T23:59:59-14:00", "runtimeStatus=Nope"],
)  # fmt: skip
def test_a_query_of_a_wrong_type_is_refused_by_name(patterns: RunningHost, query: str) -> None:
    name = query.partition("=")[0]
    refused = patterns.http.get(f"{MANAGEMENT}/instances?code={patterns.keys['durabletask']}&{query}")
    assert refused.status_code == 400
    assert name in refused.text


@pytest.mark.parametrize("top", ["99999999999999999999", "0", "x"])
def test_a_wrong_number_of_entities_is_refused(patterns: RunningHost, top: str) -> None:
    assert patterns.manage("GET", "entities", params={"top": top}).status_code == 400


@pytest.mark.parametrize("name", ["żółw", "雪", "a b", "50%"])
def test_a_running_instance_of_any_name_says_where_it_is(patterns: RunningHost, name: str) -> None:
    assert patterns.manage("POST", f"orchestrators/approval/{quote(name)}").status_code == 202
    status = patterns.manage("GET", f"instances/{quote(name)}")
    assert status.status_code == 202
    assert patterns.http.get(status.headers["location"]).json()["instanceId"] == name
    patterns.manage("POST", f"instances/{quote(name)}/terminate")
