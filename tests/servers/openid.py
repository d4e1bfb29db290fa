"""An issuer of tokens on the loopback, as Entra ID is one: OpenID configuration and keys over TLS, tokens signed RS256.

A test may turn its keys over, have it fail, and count what it was asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from tests.servers.smtp_strict import Authority

DIRECTORY = "11111111-1111-1111-1111-111111111111"
AUDIENCE = "22222222-2222-2222-2222-222222222222"
PERSON = "33333333-3333-3333-3333-333333333333"


@cache
def private_key(name: str) -> RSAPrivateKey:
    """A key of this name; made once, for that takes its time."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class OpenId:
    """Running at `url`. `shown`: the ids of the keys that it publishes; `failing`: it answers 500; `asked`: paths."""

    url: str
    shown: list[str] = field(default_factory=lambda: ["one"])
    failing: bool = False
    asked: list[str] = field(default_factory=list)

    def claims(self, now: datetime, **changed: Any) -> dict[str, Any]:
        """A person's token for Baton, as version 2.0 has it; None takes a claim away."""
        at = int(now.timestamp())
        held = {
            "iss": f"{self.url}/{DIRECTORY}/v2.0",
            "aud": AUDIENCE,
            "tid": DIRECTORY,
            "oid": PERSON,
            "iat": at,
            "nbf": at,
            "exp": at + 3600,
            "ver": "2.0",
            "roles": ["operator"],
            **changed,
        }
        return {name: value for name, value in held.items() if value is not None}

    def token(self, now: datetime, key: str = "one", kid: str | None = None, **changed: Any) -> str:
        """Signed with the key of this name, under its id unless `kid` says another."""
        headers = {"kid": key if kid is None else kid}
        return jwt.encode(self.claims(now, **changed), private_key(key), algorithm="RS256", headers=headers)

    def answer(self, path: str) -> Mapping[str, Any] | None:
        """What is published at a path."""
        for directory, issuer in (
            (f"/{DIRECTORY}/v2.0", f"{self.url}/{DIRECTORY}/v2.0"),
            (f"/{DIRECTORY}", f"https://sts.windows.net/{DIRECTORY}/"),
        ):
            if path == f"{directory}/.well-known/openid-configuration":
                return {"issuer": issuer, "jwks_uri": f"{self.url}/{DIRECTORY}/discovery/v2.0/keys"}
        if path == f"/{DIRECTORY}/discovery/v2.0/keys":
            return {"keys": [_shown(kid) for kid in self.shown]}
        return None


def _shown(kid: str) -> dict[str, Any]:
    public: dict[str, Any] = jwt.algorithms.RSAAlgorithm.to_jwk(private_key(kid).public_key(), as_dict=True)
    return {**public, "kid": kid, "use": "sig"}


@contextmanager
def openid(trusted: Authority) -> Iterator[OpenId]:
    """Serve until the block ends, with a certificate of this authority."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.socket = trusted.context.wrap_socket(server.socket, server_side=True)
        server.openid = OpenId(f"https://127.0.0.1:{server.server_address[1]}")  # type: ignore[attr-defined]
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield server.openid  # type: ignore[attr-defined]
        finally:
            server.shutdown()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        issuer: OpenId = self.server.openid  # type: ignore[attr-defined]
        issuer.asked.append(self.path)
        found = None if issuer.failing else issuer.answer(self.path)
        body = json.dumps(found).encode()
        self.send_response(500 if issuer.failing else 200 if found else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:
        pass
