"""Request bodies: on disk while they arrive, up to a limit, so that large ones do not sit in memory side by side."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cached_property
from tempfile import SpooledTemporaryFile
from typing import IO, Any

import azure.functions as func
from starlette.requests import Request

LIMIT = 100 * 1024 * 1024  # bytes, as on Azure
_IN_MEMORY = 1024 * 1024  # bytes


class BodyTooLarge(Exception):
    """The request body exceeds the limit."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"has more than {limit:,} bytes, the most that is taken")


@asynccontextmanager
async def spooled(request: Request, limit: int = LIMIT) -> AsyncIterator[IO[bytes]]:
    """The whole body as a file, closed at the end of the block. Raises BodyTooLarge as soon as it is known."""
    if int(request.headers.get("content-length", 0)) > limit:
        raise BodyTooLarge(limit)
    with SpooledTemporaryFile(_IN_MEMORY) as file:
        async for chunk in request.stream():
            file.write(chunk)
            if file.tell() > limit:
                raise BodyTooLarge(limit)
        yield file


async def read_body(request: Request) -> bytes:
    """The whole body. Raises BodyTooLarge."""
    async with spooled(request) as file:
        file.seek(0)
        return file.read()


class HttpRequest(func.HttpRequest):  # type: ignore[misc]  # azure.functions is not typed
    """A request whose body is read when the function asks for it, on the function's own thread."""

    def __init__(self, file: IO[bytes], **given: Any) -> None:
        super().__init__(**given, body=b"")
        self._file = file

    def get_body(self) -> bytes:
        return self._content

    def get_json(self) -> Any:
        return json.loads(self._content.decode("utf-8"))

    @cached_property
    def _content(self) -> bytes:
        self._file.seek(0)
        return self._file.read()
