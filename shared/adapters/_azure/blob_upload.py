"""One file on its way into Blob storage: at once if it is small, else block by block, to appear with the last
request."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

import uuid_utils

from shared.adapters._azure.blobs import BLOCK
from shared.domain.faults import Unavailable

Ask = Callable[[Callable[[], Any]], Any]


class Upload:
    """The content of a blob; `ask` repeats a request after a passing fault.

    Blocks have names of this call, so those of two who write at once do not mix. The blob carries a mark of it too: who
    is refused because the file exists finds out whether that is its own, the answer having been lost."""

    def __init__(self, blob: Any, ask: Ask, only_new: bool) -> None:
        self._blob, self._ask, self._only_new = blob, ask, only_new
        self._mark = uuid_utils.uuid4().hex
        self._hash = hashlib.sha256()

    def write(self, blocks: Iterable[bytes]) -> bool:
        """Whether it was written. Raises what `blocks` raises, and Unavailable if somebody else wrote the file
        meanwhile; nothing has changed then."""
        portions = self._portions(blocks)
        begun = list(islice(portions, 2))
        if len(begun) < 2:
            data = b"".join(begun)
            return self._finish(lambda: self._blob.upload_blob(data, overwrite=not self._only_new, **self._labels()))
        if self._only_new and self._exists():  # The condition decides; this saves sending it all.
            return False
        listed = [self._staged(number, each) for number, each in enumerate(_rest(begun, portions))]
        return self._finish(lambda: self._blob.commit_block_list(listed, **self._condition(), **self._labels()))

    def _portions(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """At least 4 MiB at a time, but the last: there may be 50,000."""
        gathered: list[bytes] = []
        for block in blocks:
            self._hash.update(block)
            gathered.append(block)
            if sum(map(len, gathered)) >= BLOCK:
                together = b"".join(gathered)
                gathered.clear()
                yield together
        if gathered:
            yield b"".join(gathered)

    def _staged(self, number: int, data: bytes) -> Any:
        from azure.storage.blob import BlobBlock

        id = f"{self._mark}-{number:05}"
        self._ask(lambda: self._blob.stage_block(id, data))
        return BlobBlock(id)

    def _finish(self, write: Callable[[], Any]) -> bool:
        from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceModifiedError

        try:
            self._ask(write)
        except (ResourceExistsError, ResourceModifiedError):
            return self._is_ours()
        except HttpResponseError as fault:
            if getattr(fault, "error_code", None) != "InvalidBlockList":
                raise
            if self._only_new and self._exists():
                return self._is_ours()
            raise Unavailable(f"{self._blob.blob_name}: somebody else wrote it meanwhile") from fault
        return True

    def _is_ours(self) -> bool:
        properties = self._ask(self._blob.get_blob_properties)
        return bool(properties.metadata.get("mark") == self._mark)

    def _exists(self) -> bool:
        return bool(self._ask(self._blob.exists))

    def _labels(self) -> dict[str, Any]:
        return {"metadata": {"mark": self._mark, "sha256": self._hash.hexdigest()}}

    def _condition(self) -> dict[str, Any]:
        from azure.core import MatchConditions

        return {"match_condition": MatchConditions.IfMissing} if self._only_new else {}


def _rest(begun: list[bytes], others: Iterator[bytes]) -> Iterator[bytes]:
    """One after the other; what was handed out is not held here any more."""
    while begun:
        yield begun.pop(0)
    yield from others
