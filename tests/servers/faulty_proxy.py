"""An HTTP proxy before one real server: it counts what passes and, where it is told to, loses answers, refuses, or
holds, slows down or repeats a request on the wire."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    body: bytes


class LoseAnswer:
    """The server does it; whoever asked only sees the connection break."""


class LoseRequest:
    """The connection breaks and the server never hears of it."""


@dataclass(frozen=True)
class Refuse:
    """An answer that the server did not give."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Hold:
    """On the wire until `release` is set; `here` says that it is, `over` that the server has answered."""

    here: Event = field(default_factory=Event)
    release: Event = field(default_factory=Event)
    over: Event = field(default_factory=Event)


@dataclass(frozen=True)
class Slow:
    """Seconds on the way."""

    seconds: float


class Twice:
    """The server is asked twice, and the second answer is the one that is heard."""


Fate = LoseAnswer | LoseRequest | Refuse | Hold | Slow | Twice | None


class FaultyProxy:
    """`fate` is asked about every request: None lets it pass."""

    def __init__(self, upstream: int) -> None:
        self.upstream = upstream
        self.seen: list[Asked] = []
        self.fate: Callable[[Asked], Fate] = lambda asked: None
        self.port = 0

    @contextmanager
    def serving(self) -> Iterator[FaultyProxy]:
        handler = type("Handler", (_Handler,), {"proxy": self})
        with _Listener(("127.0.0.1", 0), handler) as server:
            self.port = server.server_address[1]
            thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
            thread.start()
            try:
                yield self
            finally:
                server.shutdown()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up, or is killed, is part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    proxy: FaultyProxy
    protocol_version = "HTTP/1.1"

    def _pass(self) -> None:
        asked = Asked(self.command, self.path, self.rfile.read(int(self.headers.get("Content-Length", 0))))
        self.proxy.seen.append(asked)
        match self.proxy.fate(asked):
            case LoseRequest():
                self._break()
            case LoseAnswer():
                self._ask(asked)
                self._break()
            case Refuse(status, headers):
                self._answer(status, list(headers.items()), b"")
            case Hold() as hold:
                hold.here.set()
                hold.release.wait(60)
                answer = self._ask(asked)
                hold.over.set()
                self._answer(*answer)
            case Slow(seconds):
                Event().wait(seconds)
                self._answer(*self._ask(asked))
            case Twice():
                self._ask(asked)
                self._answer(*self._ask(asked))
            case None:
                self._answer(*self._ask(asked))

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = _pass

    def _ask(self, asked: Asked) -> tuple[int, list[tuple[str, str]], bytes]:
        upstream = http.client.HTTPConnection("127.0.0.1", self.proxy.upstream, timeout=30)
        try:
            upstream.putrequest(asked.method, asked.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                upstream.putheader(name, value)
            upstream.endheaders(asked.body)
            answer = upstream.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            upstream.close()

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        own = {"transfer-encoding", "content-length", "connection", "keep-alive"}
        lines = [f"{name}: {value}" for name, value in headers if name.lower() not in own]
        lengths = [value for name, value in headers if name.lower() == "content-length"]
        length = lengths[0] if lengths and self.command == "HEAD" else len(body)
        head = "\r\n".join([f"HTTP/1.1 {status} {http.client.responses[status]}", *lines, f"Content-Length: {length}"])
        self.wfile.write(head.encode("latin-1") + b"\r\n\r\n" + body)

    def _break(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *arguments: Any) -> None:
        pass
