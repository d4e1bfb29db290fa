"""Baton's API over HTTP, on this machine or on Azure alike. What it refuses is raised in its own words."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

import httpx2

from local.cli.errors import Fault, Refused
from local.cli.words import program

PAGE = 100
"""The most items that one page of a list holds."""
_TRIES, _SECONDS = 3, 60.0


class Client:
    """Speaks for one workspace. Paths are relative to `/api/v1/`. Raises Refused (4xx) and Fault (anything else)."""

    def __init__(self, url: str, token: str, workspace: str) -> None:
        headers = {"Authorization": f"Bearer {token}", "Baton-Workspace": workspace}
        self.url, self._is_program = url.rstrip("/"), token.startswith("baton_")
        # To read the machine's certificates takes longer than most answers; without TLS nobody asks for them.
        self._http = httpx2.Client(
            base_url=self.url, headers=headers, timeout=_SECONDS, verify=not url.startswith("http:")
        )

    def close(self) -> None:
        """Let the connection go."""
        self._http.close()

    def get(self, path: str, **query: str | int) -> Any:
        """The JSON answer."""
        return self._ask("GET", path, params=query).json()

    def get_in(self, workspace: str, path: str) -> Any:
        """The JSON answer about another workspace."""
        return self._ask("GET", path, headers={"Baton-Workspace": workspace}).json()

    def content(self, path: str, seconds: float = _SECONDS, /, **query: str) -> bytes:
        """The answer as it came, such as a page, which may take so long; also from elsewhere, where large files are.
        The token stays here."""
        return self._ask("GET", path, params=query, follow_redirects=True, timeout=seconds).content

    def parts(self, path: str, **query: str) -> Iterator[bytes]:
        """The answer as it came, a part at a time, so that it may be larger than memory; also from elsewhere."""
        first = self._send("GET", f"/api/v1/{path}", params=query)
        if first.is_success:
            yield first.content
            return
        if not first.has_redirect_location:
            raise _said(first, self.url)
        target = first.headers["location"]
        if not target.startswith("/"):
            yield from _streamed(target)
            return
        at, size = 0, 1
        while at < size:
            response = self._ask("GET", target.removeprefix("/api/v1/"), headers={"Range": f"bytes={at}-"})
            yield response.content
            at, size = at + len(response.content), int(response.headers["content-range"].rpartition("/")[2])

    def post(self, path: str, body: Any = None, seconds: float = _SECONDS) -> Any:
        """The JSON answer to a JSON body, which may take so long."""
        # As a program (with a key of `baton key`), one has to bring it.
        headers = {"Idempotency-Key": uuid.uuid4().hex} if self._is_program else {}
        return self._ask("POST", path, json=body, headers=headers, timeout=seconds).json()

    def put(self, path: str, body: Any, **headers: str) -> Any:
        """The JSON answer to a JSON body that takes the place of what was there."""
        return self._ask("PUT", path, json=body, headers=headers).json()

    def patch(self, path: str, body: Any) -> Any:
        """The JSON answer to a JSON body that changes a part."""
        return self._ask("PATCH", path, json=body).json()

    def put_file(self, path: str, content: bytes) -> Any:
        """The JSON answer to a file that takes the place of what was there."""
        headers = {"Content-Type": "application/octet-stream"}
        return self._ask("PUT", path, content=content, headers=headers).json()

    def delete(self, path: str) -> Any:
        """The JSON answer to taking something away."""
        return self._ask("DELETE", path).json()

    def create(self, path: str, content: bytes, content_type: str, seconds: float = _SECONDS) -> Any:
        """Post something new. Should the connection break, it is sent again and still made once."""
        headers = {"Content-Type": content_type, "Idempotency-Key": uuid.uuid4().hex}
        for left in reversed(range(_TRIES)):
            try:
                return self._ask("POST", path, content=content, headers=headers, timeout=seconds).json()
            except Fault as fault:
                if not left or not isinstance(fault.__cause__, httpx2.TransportError):
                    raise
                time.sleep(0.5)

    def listing(self, path: str, limit: int, **query: str) -> dict[str, Any]:
        """As many items as asked for, from as many pages as that takes: {items, cursor}."""
        found: dict[str, Any] = {"items": [], "cursor": None}
        while len(found["items"]) < limit:
            wanted = min(PAGE, limit - len(found["items"]))
            place = {"cursor": found["cursor"]} if found["cursor"] else {}
            page = self.get(path, limit=wanted, **query, **place)
            found = {"items": found["items"] + page["items"], "cursor": page["cursor"]}
            if page["cursor"] is None:
                break
        return found

    def clock(self, **wish: str) -> dict[str, Any] | None:
        """The embedded host's clock, first set as wished; None where there is no such clock."""
        method = "PUT" if wish else "GET"
        response = self._send(method, "/admin/host/clock", json=wish or None)
        if response.status_code == 404:
            return None
        if not response.is_success:
            raise Refused(f"clock: {response.text}")
        state: dict[str, Any] = response.json()
        return state

    def _ask(self, method: str, path: str, **options: Any) -> httpx2.Response:
        response = self._send(method, f"/api/v1/{path}", **options)
        if response.is_success:
            return response
        raise _said(response, self.url)

    def _send(self, method: str, path: str, **options: Any) -> httpx2.Response:
        try:
            return self._http.request(method, path, **options)
        except httpx2.ConnectError as error:
            raise Fault(
                f"nothing answers at {self.url}; is the host running? `{program()} serve` starts one"
            ) from error
        except httpx2.HTTPError as error:
            raise Fault(f"{self.url} did not answer: {error or type(error).__name__}") from error


def _streamed(url: str) -> Iterator[bytes]:
    """From where large files are; the link is the key, so no token goes there."""
    try:
        with httpx2.stream("GET", url, timeout=60) as response:
            response.raise_for_status()
            yield from response.iter_bytes()
    except httpx2.HTTPError as error:
        raise Fault(f"the file cannot be fetched: {type(error).__name__}") from error


def _said(response: httpx2.Response, url: str) -> Refused | Fault:
    problem = _problem(response)
    if problem is None:
        return Fault(f"{url} answered {response.status_code} without saying why; is that Baton?")
    lines = [f"{error['field']}: {error['reason']}" for error in problem["errors"]]
    lines += [
        f"  {what}: {sent} was sent, {held} holds" for what, (sent, held) in problem.get("difference", {}).items()
    ]
    ended = Refused if response.status_code < 500 else Fault
    return ended(*lines)


def _problem(response: httpx2.Response) -> Mapping[str, Any] | None:
    if response.headers.get("content-type") != "application/problem+json":
        return None
    problem: Mapping[str, Any] = response.json()
    return problem
