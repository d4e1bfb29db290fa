"""What a Functions app asks for tokens of its managed identity, on the loopback: the identity endpoint of App Service.

The tokens are signed by nobody: whoever takes them must not look at that (Azurite with `--oauth basic` does not)."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

SECRET = "only-this-machine"
TENANT = "11111111-1111-1111-1111-111111111111"


@dataclass
class IdentityEndpoint:
    """Running; `environment` is what App Service sets, `asked` the queries that came."""

    port: int
    asked: list[dict[str, str]] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        return {"IDENTITY_ENDPOINT": f"http://127.0.0.1:{self.port}/msi/token", "IDENTITY_HEADER": SECRET}


@contextmanager
def identity_endpoint() -> Iterator[IdentityEndpoint]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.endpoint = IdentityEndpoint(server.server_address[1])  # type: ignore[attr-defined]
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield server.endpoint  # type: ignore[attr-defined]
        finally:
            server.shutdown()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        self.server.endpoint.asked.append(query)  # type: ignore[attr-defined]
        if self.headers.get("X-IDENTITY-HEADER") != SECRET:
            self.send_error(403)
            return
        now = int(time.time())
        claims = {
            "iss": f"https://sts.windows.net/{TENANT}/",
            "aud": query["resource"],
            "iat": now - 300,
            "nbf": now - 300,
            "exp": now + 3600,
            "tid": TENANT,
            "oid": "22222222-2222-2222-2222-222222222222",
        }
        token = {"access_token": _unsigned(claims), "expires_on": str(now + 3600), "token_type": "Bearer", **query}
        body = json.dumps(token).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:
        pass


def _unsigned(claims: dict[str, Any]) -> str:
    parts = (json.dumps(part).encode() for part in ({"alg": "none", "typ": "JWT"}, claims))
    return ".".join([*(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts), "bm9ib2R5"])
