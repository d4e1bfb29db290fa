"""A folder that is a prefix in a container of Azure Blob storage; its blobs keep the names that others gave them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, NamedTuple, TypeVar

from shared.adapters._azure.blob_part import BlobPart, blob_part
from shared.adapters._azure.blob_upload import Upload
from shared.adapters._azure.patience import patiently
from shared.ports.folders import Entry

T = TypeVar("T")


class _Page(NamedTuple):
    entries: Sequence[Entry]
    next: str | None


class BlobFolder:
    """The blobs of the container whose names begin with `prefix/`. The container is made by whoever shares it.

    Methods raise Unavailable when the service cannot be reached, and Misconfigured when it does not let us in."""

    def __init__(self, container: Any, prefix: str, pace: Callable[[float], None]) -> None:
        self._container, self._prefix, self._pace = container, f"{prefix}/" if prefix else "", pace

    def list(self, glob: str) -> Iterator[Entry]:
        literal = glob[: min((glob.find(each) for each in "*?[" if each in glob), default=len(glob))]
        token: str | None = None
        while True:
            page = self._ask(partial(self._page, literal, token))
            yield from page.entries
            token = page.next
            if not token:
                return

    def stat(self, path: str) -> Entry | None:
        from azure.core.exceptions import ResourceNotFoundError

        try:
            return self._entry(self._ask(self._blob(path).get_blob_properties))
        except ResourceNotFoundError:
            return None

    def read(self, path: str) -> Iterator[bytes]:
        from azure.core.exceptions import ResourceModifiedError, ResourceNotFoundError

        blob, at = self._blob(path), 0
        part: BlobPart | None = None
        try:
            while part := self._ask(partial(blob_part, blob, at, sys.maxsize, part)):
                at += len(part.data)
                yield part.data
                if at >= part.size:
                    return
            if at == 0 and self.stat(path) is None:
                raise FileNotFoundError(path)
        except ResourceNotFoundError:
            raise FileNotFoundError(path) from None
        except ResourceModifiedError:
            raise OSError(f"{path}: it was changed while it was read") from None

    def write(self, path: str, blocks: Iterable[bytes], only_new: bool) -> bool:
        return Upload(self._blob(path), self._ask, only_new).write(blocks)

    def delete(self, path: str) -> None:
        from azure.core.exceptions import ResourceNotFoundError

        with suppress(ResourceNotFoundError):
            self._ask(lambda: self._blob(path).delete_blob(delete_snapshots="include"))

    def move(self, path: str, to: str, only_new: bool) -> bool:
        """Written there, whole, then deleted here: who is killed in between finds it in both places."""
        if not self.write(to, self.read(path), only_new):
            return False
        self.delete(path)
        return True

    def _page(self, literal: str, token: str | None) -> _Page:
        pages = self._container.list_blobs(name_starts_with=self._prefix + literal).by_page(token)
        return _Page([self._entry(each) for each in next(pages, ())], pages.continuation_token)

    def _entry(self, found: Any) -> Entry:
        path = found.name.removeprefix(self._prefix)
        return Entry(path, int(found.size), found.last_modified, str(found.etag).strip('"'))

    def _blob(self, path: str) -> Any:
        return self._container.get_blob_client(self._prefix + path)

    def _ask(self, question: Callable[[], T]) -> T:
        return patiently(question, self._pace, "FilesConnection")
