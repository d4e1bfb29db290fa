"""A document as an item of Cosmos DB, and the trail in it that tells whose writes arrived.

The trail holds the last writes, newest first, each as the id of the write and a digest of the revision it replaced. At
most one write can replace a revision; so whoever got no answer reads the item and knows whether its own write did."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import uuid4

from shared.adapters._azure.cosmos import TOMBSTONES_LIVE
from shared.domain.fields import BODY_SCHEMA
from shared.domain.scope import Scope
from shared.ports import Body, Document

Item = dict[str, Any]

_TRAIL = 24
_ID_LENGTH = 12
_DIGEST_BYTES = 6
"""As are the id's: enough among the writes of one document."""


class Mark(NamedTuple):
    """What a write leaves beside the body: its id, its stamp, its replica."""

    write: str
    at: str
    by: str


def write_id() -> str:
    """Of one batch, for all that it sends."""
    return uuid4().hex[:_ID_LENGTH]


def document(item: Item) -> Document:
    """A tombstone's revision is one that no write is accepted with."""
    stamp, deleted = item["changed_at"], item["deleted"]
    revision = stamp if deleted else rev(item)
    return Document(
        item["kind"], item["id"], item["body"], revision, stamp, item["changed_by"], item["schema"], deleted
    )


def rev(item: Mapping[str, Any]) -> str:
    """The ETag without its quotes."""
    return str(item["_etag"]).strip('"')


def operation(scope: Scope, kind: str, id: str, body: Body | None, base: str | None, mark: Mark) -> tuple[Any, ...]:
    """The operation of a batch that puts a body, or a tombstone, in place of revision `base`, or where nothing was.

    What is there is patched, which keeps its trail."""
    content = {
        "body": body or {},
        "deleted": body is None,
        "changed_at": mark.at,
        "changed_by": mark.by,
        "schema": BODY_SCHEMA,
        "ttl": TOMBSTONES_LIVE if body is None else -1,
    }
    entry = mark.write + _digest(base)
    if base is None:
        place = {"id": id, "tenant": scope.tenant, "workspace": scope.workspace, "kind": kind}
        return "create", ({**place, **content, "trail": [entry] + [""] * (_TRAIL - 1)},)
    steps = [{"op": "set", "path": f"/{name}", "value": value} for name, value in content.items()]
    steps += [{"op": "add", "path": "/trail/0", "value": entry}, {"op": "remove", "path": f"/trail/{_TRAIL}"}]
    return "patch", (id, steps), {"if_match_etag": f'"{base}"'}


def arrived(item: Item | None, write: str, base: str | None) -> bool | None:
    """Whether that write took the place of `base`; None if too many others did since to tell."""
    if item is None or rev(item) == base:
        return False
    for entry in item["trail"]:
        if entry[:_ID_LENGTH] == write:
            return True
        if entry[_ID_LENGTH:] == _digest(base):
            return False
    return None


def newest(item: Item, write: str) -> bool:
    """Whether the item still is as that write left it."""
    return bool(item["trail"][0].startswith(write))


def _digest(base: str | None) -> str:
    return urlsafe_b64encode(sha256((base or "").encode()).digest()[:_DIGEST_BYTES]).decode()
