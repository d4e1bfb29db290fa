"""The server: paths, authorization, and all that can go wrong on the wire."""

from __future__ import annotations

import json
import re
import socket
import ssl
import struct
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.servers.models import chat, foundry
from tests.servers.models.script import Reply, Said, made_out

TOKEN = "a-token-of-the-identity"
"""What the identity hands out, and Azure's paths ask for."""


class ModelServer:
    """Listens on 127.0.0.1 while it is entered. `url` is the base of an OpenAI-compatible endpoint, `azure` that of an
    Azure OpenAI resource, `project` that of a Foundry project; the last two take the identity's token only.

    `requests` are the bodies that models were asked with, in order; `keys` and `once` what came as Authorization and as
    Idempotency-Key, `headers` the names of all; `agents` those of the project."""

    def __init__(self, port: int = 0, model: str = "test-model", tls: ssl.SSLContext | None = None) -> None:
        self.model = model
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.headers: list[list[str]] = []
        self.once: list[str | None] = []
        self.replies: deque[Reply] = deque()
        self.agents = foundry.Agents()
        self.closing = threading.Event()
        self.lock = threading.Lock()
        self._http = _Listener(("127.0.0.1", port), _Handler)
        self._http.owner = self
        if tls is not None:
            self._http.socket = tls.wrap_socket(self._http.socket, server_side=True, do_handshake_on_connect=False)
        origin = f"{'https' if tls else 'http'}://127.0.0.1:{self._http.server_port}"
        self.origin, self.url = origin, f"{origin}/v1"
        self.azure, self.project = origin, f"{origin}/api/projects/test"

    def __enter__(self) -> ModelServer:
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    @property
    def identity(self) -> dict[str, str]:
        """The environment in which azure-identity finds its managed identity here, as on App Service."""
        return {"IDENTITY_ENDPOINT": f"{self.origin}/msi/token", "IDENTITY_HEADER": "the-header"}

    def script(self, *replies: Reply) -> None:
        """Give these replies next, one a request."""
        self.replies.extend(replies)

    def next_reply(self) -> Reply:
        try:
            return self.replies.popleft()
        except IndexError:
            return Reply()


class _Listener(ThreadingHTTPServer):
    owner: ModelServer
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is part of the tests, not an error."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version, disable_nagle_algorithm = "HTTP/1.1", True
    server: _Listener

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/requests":
            self._json(200, self.server.owner.requests)
        elif path == "/msi/token" and self.headers.get("X-IDENTITY-HEADER") == "the-header":
            lasts = {"expires_on": str(int(time.time()) + 3600), "resource": "test", "token_type": "Bearer"}
            self._json(200, {"access_token": TOKEN, **lasts})
        elif path.endswith("/models"):
            self._json(200, {"object": "list", "data": [{"id": self.server.owner.model, "object": "model"}]})
        else:
            self._managed(lambda agents: agents.get(self._agent("")))

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        path = self.path.partition("?")[0]
        if path.startswith("/api/projects/") and path.endswith("/versions"):
            self._managed(lambda agents: agents.create(self._agent("/versions"), asked))
            return
        answers: dict[str, Callable[[dict[str, Any], Reply], None]] = {
            "/v1/chat/completions": self._chat,
            "/v1/embeddings": lambda asked, _: self._json(200, chat.embeddings(asked)),
            "/v1/images/generations": lambda asked, _: self._json(200, chat.images(asked)),
            "/api/projects/test/openai/v1/responses": self._respond,
        }
        answer = answers.get(path.removeprefix("/openai"))
        if answer is None:
            self._json(404, _error(f"no such path: {path}"))
        elif not path.startswith("/v1/") and self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._json(401, _error("the token is missing or wrong"))
        else:
            self._answer(asked, answer)

    def _answer(self, asked: dict[str, Any], answer: Callable[[dict[str, Any], Reply], None]) -> None:
        """As the script says; where it only says what, by the API's own form."""
        owner = self.server.owner
        with owner.lock:
            owner.requests.append(asked)
            owner.keys.append(self.headers.get("Authorization"))
            owner.headers.append(list(self.headers))
            owner.once.append(self.headers.get("Idempotency-Key"))
            reply = owner.next_reply()
        if reply.delay and owner.closing.wait(reply.delay):
            self.close_connection = True
        elif reply.then == "reset":
            self._reset()
        elif reply.raw is not None:
            self._send(reply.status, reply.raw, reply.headers)
        elif reply.status != 200:
            self._json(reply.status, _error(f"scripted {reply.status}"), reply.headers)
        else:
            answer(asked, reply)

    def _chat(self, asked: dict[str, Any], reply: Reply) -> None:
        said = made_out(reply, asked, chat.schema_of(asked), self.server.owner.model)
        if asked.get("stream"):
            self._stream((json.dumps(each) for each in chat.chunks(said)), reply, said)
        else:
            self._whole(chat.completion(said), reply)

    def _respond(self, asked: dict[str, Any], reply: Reply) -> None:
        try:
            definition = self.server.owner.agents.definition(asked)
        except foundry.Refusal as refusal:
            self._json(refusal.status, refusal.body)
            return
        said = made_out(reply, asked, foundry.schema_of(definition), self.server.owner.model)
        if asked.get("stream"):
            self._stream((json.dumps(each) for each in foundry.events(said)), reply, said)
        else:
            self._whole(foundry.response(said), reply)

    def _managed(self, act: Callable[[foundry.Agents], dict[str, Any]]) -> None:
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._json(401, _error("the token is missing or wrong"))
            return
        try:
            with self.server.owner.lock:
                made = act(self.server.owner.agents)
            self._json(200, made)
        except foundry.Refusal as refusal:
            self._json(refusal.status, refusal.body)

    def _agent(self, ending: str) -> str:
        found = re.fullmatch(rf"/api/projects/test/agents/([^/]+){ending}", self.path.partition("?")[0])
        if found is None:
            raise foundry.Refusal(404, "not_found", f"no such path: {self.path}")
        return found[1]

    def _whole(self, body: dict[str, Any], reply: Reply) -> None:
        text = json.dumps(body).encode()
        match reply.then:
            case "cut":
                self._begin({"Content-Length": str(len(text) + 100)})
                self.wfile.write(text)
                self.close_connection = True
            case "endless":
                self._begin({"Transfer-Encoding": "chunked"})
                self._endlessly(text.replace(b'"', b" ") * 100)
            case _:
                self._send(200, text, reply.headers)

    def _stream(self, events: Iterator[str], reply: Reply, said: Said) -> None:
        """Server-sent events, in chunks. Cut: after the first of them, without a last chunk."""
        self._begin({"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked"})
        for number, event in enumerate(events):
            if reply.then == "cut" and number == 2:
                self.close_connection = True
                return
            if reply.then == "endless" and number == 1:
                self._endlessly(f"data: {event}\n\n".encode() * 100)
                return
            self._chunk(f"data: {event}\n\n".encode())
        if '"chat.completion.chunk"' in event:
            self._chunk(b"data: [DONE]\n\n")
        self._chunk(b"")

    def _endlessly(self, block: bytes) -> None:
        self.close_connection = True
        with suppress(OSError):
            while not self.server.owner.closing.is_set():
                self._chunk(block)

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def _reset(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def _json(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        self._send(status, json.dumps(body).encode(), headers or {})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self._begin({**headers, "Content-Length": str(len(body))}, status)
        self.wfile.write(body)

    def _begin(self, headers: dict[str, str], status: int = 200) -> None:
        self.send_response(status)
        for name, value in ({"Content-Type": "application/json"} | headers).items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: tests read `requests`."""


def _error(message: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": "test", "code": None}}
