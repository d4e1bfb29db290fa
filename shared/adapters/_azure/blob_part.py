"""A part of a blob, fetched with one request."""

from __future__ import annotations

from typing import Any, NamedTuple

from shared.adapters._azure.blobs import BLOCK

_RANGE_AFTER_THE_END = 416


class BlobPart(NamedTuple):
    """Some bytes, and of which version, size and digest the whole is."""

    data: bytes
    etag: str
    size: int
    sha256: str | None


def blob_part(blob: Any, at: int, most: int, before: BlobPart | None) -> BlobPart | None:
    """From `at` on, of the same version as the one before; None: that is behind the end."""
    from azure.core import MatchConditions
    from azure.core.exceptions import HttpResponseError

    same = {"etag": before.etag, "match_condition": MatchConditions.IfNotModified} if before else {}
    try:
        found = blob.download_blob(offset=at, length=min(most, BLOCK), **same)
        data, said = found.readall(), found.properties
    except HttpResponseError as fault:
        if fault.status_code == _RANGE_AFTER_THE_END:
            return None
        raise
    return BlobPart(data, said.etag, int(said.content_range.rpartition("/")[2]), said.metadata.get("sha256"))
