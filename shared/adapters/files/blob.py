"""Files in Azure Blob storage, a blob each."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from threading import Lock
from typing import Any, TypeVar

from shared.adapters._azure.blob_part import blob_part
from shared.adapters._azure.blob_upload import Upload
from shared.adapters._azure.patience import patiently
from shared.adapters.files._blob_names import blob_name, path_of, prefix_of
from shared.domain.scope import Scope
from shared.ports import Clock

T = TypeVar("T")
_LONGEST_LINK = timedelta(days=7)
"""For so long a key lasts that was fetched with a token (user delegation)."""


class BlobFiles:
    """`shared.ports.Files` in the container `name` of the service that `connect` opens, at the first use.

    A blob carries the SHA-256 of its content, which is checked when it is read whole (OSError). Methods raise
    Unavailable when the service cannot be reached, and Misconfigured when it does not let us in."""

    def __init__(self, connect: Callable[[], Any], clock: Clock, name: str = "files") -> None:
        self._connect, self._clock, self._name = connect, clock, name
        self._opening = Lock()
        self._service: Any = None
        self._container: Any = None
        self._key: tuple[Any, datetime] | None = None

    def put(self, scope: Scope, path: str, data: bytes, only_new: bool = False) -> bool:
        return self.put_blocks(scope, path, (data,), only_new)

    def put_blocks(self, scope: Scope, path: str, blocks: Iterable[bytes], only_new: bool = False) -> bool:
        return Upload(self._blob(scope, path), self._ask, only_new).write(blocks)

    def get(self, scope: Scope, path: str, start: int = 0, length: int | None = None) -> bytes:
        from azure.core.exceptions import ResourceModifiedError, ResourceNotFoundError

        blob = self._blob(scope, path)
        try:
            if length == 0:
                self._ask(blob.get_blob_properties)
                return b""
            return self._read(blob, path, start, length)
        except ResourceNotFoundError:
            raise FileNotFoundError(path) from None
        except ResourceModifiedError:  # It was replaced while it was read.
            return self.get(scope, path, start, length)

    def size(self, scope: Scope, path: str) -> int | None:
        found = self._properties(self._blob(scope, path))
        return None if found is None else int(found.size)

    def list(self, scope: Scope, prefix: str) -> Iterator[str]:
        paths = (path_of(scope, name) for name in self._names(prefix_of(scope, prefix)))
        return iter(sorted(path for path in paths if path.startswith(prefix)))

    def delete(self, scope: Scope, path: str) -> None:
        from azure.core.exceptions import ResourceNotFoundError

        blob = self._blob(scope, path)
        with suppress(ResourceNotFoundError):
            self._ask(lambda: blob.delete_blob(delete_snapshots="include"))

    def link(self, scope: Scope, path: str, until: datetime) -> str | None:
        from azure.storage.blob import BlobSasPermissions, generate_blob_sas

        blob = self._blob(scope, path)
        if self._properties(blob) is None:
            raise FileNotFoundError(path)
        signature = generate_blob_sas(
            self._service.account_name,
            blob.container_name,
            blob.blob_name,
            permission=BlobSasPermissions(read=True),
            expiry=until,
            content_disposition="attachment",
            **self._signer(until),
        )
        return f"{blob.url}?{signature}"

    def close(self) -> None:
        """Let go of the connections; the next use opens them again."""
        with self._opening:
            if self._service is not None:
                self._service.close()
            self._service = self._container = self._key = None

    def _read(self, blob: Any, path: str, start: int, length: int | None) -> bytes:
        """All of it, some MB a request: each is repeated by itself, and none answers of another version."""
        data, block, left = bytearray(), None, sys.maxsize if length is None else length
        while left and (block := self._ask(partial(blob_part, blob, start + len(data), left, block))):
            data += block.data
            left = min(left - len(block.data), block.size - start - len(data))
        if block and len(data) == block.size and hashlib.sha256(data).hexdigest() != block.sha256:
            raise OSError(f"{path}: its content is not the one that was written")
        return bytes(data)

    def _properties(self, blob: Any) -> Any:
        from azure.core.exceptions import ResourceNotFoundError

        try:
            return self._ask(blob.get_blob_properties)
        except ResourceNotFoundError:
            return None

    def _names(self, prefix: str) -> Iterator[str]:
        token: str | None = None
        while True:
            page, token = self._ask(partial(_page, self._opened(), prefix, token))
            yield from page
            if not token:
                return

    def _signer(self, until: datetime) -> dict[str, Any]:
        """What signs a link: the account's key if the connection has one, else a key that the identity fetches."""
        secret = getattr(self._service.credential, "account_key", None)
        if secret is not None:
            return {"account_key": secret}
        now = self._clock.now()
        if until > now + _LONGEST_LINK:
            raise ValueError("until: a link lasts seven days at most")
        with self._opening:
            if self._key is None or self._key[1] < until:
                end = min(until + timedelta(days=1), now + _LONGEST_LINK)
                self._key = self._ask(lambda: self._service.get_user_delegation_key(now, end)), end
            return {"user_delegation_key": self._key[0]}

    def _blob(self, scope: Scope, path: str) -> Any:
        name = blob_name(scope, path)
        return self._opened().get_blob_client(name)

    def _opened(self) -> Any:
        from azure.core.exceptions import ResourceExistsError

        with self._opening:
            if self._container is None:
                self._service = self._connect()
                container = self._service.get_container_client(self._name)
                with suppress(ResourceExistsError):
                    self._ask(container.create_container)
                self._container = container
            return self._container

    def _ask(self, question: Callable[[], T]) -> T:
        return patiently(question, self._clock.pace, "FilesConnection")


def _page(container: Any, prefix: str, token: str | None) -> tuple[list[str], str | None]:
    pages = container.list_blob_names(name_starts_with=prefix).by_page(token)
    return list(next(pages, ())), pages.continuation_token
