"""A small real HTTP server for the API of a message provider; each provider's rules are a subclass's `answer`.

`script` twists what it does with the next sending requests: take it or not, then say something else, or nothing."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request. Header names are lower-case; `query` has the last value of each name."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    target: str

    def json(self) -> Any:
        return json.loads(self.body)

    def form(self) -> dict[str, str]:
        return {name: values[-1] for name, values in parse_qs(self.body.decode(), keep_blank_values=True).items()}


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @staticmethod
    def of(status: int, value: Any, **headers: str) -> Reply:
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        return Reply(status, json.dumps(value).encode(), {"Content-Type": "application/json", **named})


@dataclass(frozen=True)
class Twist:
    """`take`: what it gets is carried out; then `reply` is said instead, None: the connection is closed without a
    word; `hang`: nothing is said until the server closes. `claimed`: octets that Content-Length promises."""

    take: bool = True
    reply: Reply | None = None
    hang: bool = False
    claimed: int | None = None


class ProviderServer:
    """Listens on 127.0.0.1 while it is entered, or on `address`; `url` is its base. `asked` holds every request, in
    order."""

    def __init__(self, tls: ssl.SSLContext | None = None, address: str = "127.0.0.1") -> None:
        self.asked: list[Asked] = []
        self.script: deque[Twist] = deque()
        self.lock = threading.RLock()
        self.closing = threading.Event()
        self._http = _Listener((address, 0), _Handler)
        self._http.owner = self
        if tls is not None:
            self._http.socket = tls.wrap_socket(self._http.socket, server_side=True, do_handshake_on_connect=False)
        self.port = self._http.server_port
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"

    def __enter__(self) -> Any:
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Nobody answers any more."""
        if self.closing.is_set():
            return
        self.closing.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()
        self._http.hang_up()

    def answer(self, asked: Asked) -> Reply:
        """What this provider does with a request; called under `lock`."""
        raise NotImplementedError

    def sends(self, asked: Asked) -> bool:
        """Is this the kind of request that the script is about?"""
        return asked.method == "POST"

    def work(self, asked: Asked) -> tuple[Reply | None, Twist | None]:
        with self.lock:
            self.asked.append(asked)
            twist = self.script.popleft() if self.script and self.sends(asked) else None
            reply = self.answer(asked) if twist is None or twist.take else None
            return (reply, None) if twist is None else (twist.reply, twist)


class _Listener(ThreadingHTTPServer):
    owner: ProviderServer
    request_queue_size = 64

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._clients: list[socket.socket] = []

    def process_request(self, request: Any, client_address: Any) -> None:
        self._clients.append(request)
        super().process_request(request, client_address)

    def hang_up(self) -> None:
        for client in self._clients:
            with suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up, or does not like the certificate, is part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Listener

    def _do(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        query = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply, twist = self.server.owner.work(Asked(self.command, parts.path, query, headers, body, self.path))
        if twist and twist.hang:
            self.server.owner.closing.wait(60)
        if reply is None:
            self.close_connection = True
            return
        self._say(reply, len(reply.body) if twist is None or twist.claimed is None else twist.claimed)

    do_GET = do_POST = do_PUT = do_HEAD = _do

    def _say(self, reply: Reply, length: int) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(reply.body)
        self.close_connection = self.close_connection or length != len(reply.body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: tests read `asked`."""
