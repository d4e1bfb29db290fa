"""A small real server that speaks OpenAI's chat completions over HTTP, for tests without a network.

In a test: `with OpenAiServer() as server: …` listens on a free port in a thread. As a process:
`python -m tests.servers.openai_server [PORT]` prints its base URL, and answers `GET /requests` with what it was asked.

Every reply is the next of `server.replies`; when none is left, an answer synthesised from the requested schema."""

from __future__ import annotations

import json
import sys
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Reply:
    """What the server does with one request.

    `content` is the assistant's text (a dict is sent as JSON; None is synthesised from the schema); `raw` replaces the
    whole body; `delay` in seconds is waited, or until the server closes."""

    content: str | dict[str, Any] | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    delay: float = 0


def failing(status: int) -> Reply:
    """An error that the client may retry at once."""
    return Reply(status=status, headers={"retry-after-ms": "1"})


class OpenAiServer:
    """Listens on 127.0.0.1. `url` is the base URL for a client; `requests` are the bodies it got, in order."""

    def __init__(self, port: int = 0, model: str = "test-model") -> None:
        self.model = model
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.replies: deque[Reply] = deque()
        self.closing = threading.Event()
        self._http = _Listener(("127.0.0.1", port), _Handler)
        self._http.owner = self
        self.url = f"http://127.0.0.1:{self._http.server_port}/v1"

    def __enter__(self) -> OpenAiServer:
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def script(self, *replies: Reply) -> None:
        """Give these replies next, one a request."""
        self.replies.extend(replies)

    def next_reply(self) -> Reply:
        try:
            return self.replies.popleft()
        except IndexError:
            return Reply()


class _Listener(ThreadingHTTPServer):
    owner: OpenAiServer

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is part of the tests, not an error."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Listener

    def do_GET(self) -> None:
        if self.path == "/requests":
            self._send(Reply(), json.dumps(self.server.owner.requests).encode())
        else:
            self._send(Reply(status=404), _error("no such path"))

    def do_POST(self) -> None:
        owner = self.server.owner
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path != "/v1/chat/completions":
            self._send(Reply(status=404), _error(f"no such path: {self.path}"))
            return
        owner.requests.append(asked)
        owner.keys.append(self.headers.get("Authorization"))
        reply = owner.next_reply()
        if reply.delay and owner.closing.wait(reply.delay):
            self.close_connection = True
            return
        if reply.raw is not None:
            self._send(reply, reply.raw)
        elif reply.status != 200:
            self._send(reply, _error(f"scripted {reply.status}"))
        else:
            self._send(reply, json.dumps(_completion(owner.model, asked, reply)).encode())

    def _send(self, reply: Reply, body: bytes) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: tests read `requests`."""


def _completion(model: str, asked: dict[str, Any], reply: Reply) -> dict[str, Any]:
    """A chat completion object with plausible token counts (four characters a token)."""
    content = reply.content
    if content is None:
        content = synthesised(asked.get("response_format", {}).get("json_schema", {}).get("schema", {}))
    text = content if isinstance(content, str) else json.dumps(content)
    read, written = len(json.dumps(asked["messages"])) // 4, len(text) // 4
    message = {"role": "assistant", "content": text, "refusal": None}
    return {
        "id": "chatcmpl-test",
        "object": "chat.completion",
        "created": 0,
        "model": model,
        "choices": [{"index": 0, "finish_reason": "stop", "logprobs": None, "message": message}],
        "usage": {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written},
    }


def synthesised(schema: dict[str, Any], root: dict[str, Any] | None = None) -> Any:
    """The plainest value that meets a JSON schema (objects, arrays, enums, `$ref`, `anyOf`, scalars)."""
    root = schema if root is None else root
    if "$ref" in schema:
        return synthesised(root["$defs"][schema["$ref"].rsplit("/", 1)[-1]], root)
    if "anyOf" in schema:
        return synthesised(schema["anyOf"][0], root)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            return {name: synthesised(each, root) for name, each in schema.get("properties", {}).items()}
        case "array":
            return [synthesised(schema["items"], root) for _ in range(schema.get("minItems", 1))]
        case "integer" | "number":
            return schema.get("minimum", 0)
        case "boolean":
            return True
        case "null":
            return None
    return "text"


def _error(message: str) -> bytes:
    return json.dumps({"error": {"message": message, "type": "test", "code": None}}).encode()


def main() -> None:
    with OpenAiServer(int(sys.argv[1]) if len(sys.argv) > 1 else 0) as server:
        print(server.url, flush=True)
        try:
            server.closing.wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
