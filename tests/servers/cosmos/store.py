"""Databases, containers and items in memory: what a write does, under one lock, and in which order it shows."""

from __future__ import annotations

import copy
import json
import threading
import time
from typing import Any, NamedTuple
from uuid import uuid4

from azure.cosmos import PartitionKey

from tests.servers.cosmos.faults import Refused

Item = dict[str, Any]
LARGEST = 2 * 1024 * 1024
"""Bytes of a request, and of an item."""
_FAILED_DEPENDENCY = 424


class Stored(NamedTuple):
    """An item, its place in the order of commits (a batch has one place), and its effective partition key."""

    item: Item
    lsn: int
    epk: str


class Container:
    """Items by partition key value and id. `created` answers a GET."""

    def __init__(self, definition: dict[str, Any]) -> None:
        self.paths = [path.removeprefix("/") for path in definition["partitionKey"]["paths"]]
        # How values are hashed to effective keys is taken from the SDK: that it is Azure's own way is not tested here.
        self._key = PartitionKey(definition["partitionKey"]["paths"], kind=definition["partitionKey"]["kind"])
        self.created = {**definition, "_rid": uuid4().hex[:8], "_etag": _etag(), "_ts": int(time.time())}
        self._expires = "defaultTtl" in definition
        self.ahead = 0
        """Seconds that have gone by for what is stored here, beyond those that have."""
        self._stored: dict[tuple[tuple[str, ...], str], Stored] = {}
        self._lsn = 0
        self._lock = threading.Lock()

    @property
    def _items(self) -> dict[tuple[tuple[str, ...], str], Stored]:
        """Without those whose time to live is over."""
        if self._expires and self.ahead:
            now = time.time() + self.ahead
            self._stored = {at: each for at, each in self._stored.items() if _lives(each.item, now)}
        return self._stored

    def read(self, key: list[str], id: str) -> Item:
        """Raises Refused(404), also if it is in another partition."""
        with self._lock:
            found = self._items.get((tuple(key), id))
        if not found:
            raise Refused(404, "Entity with the specified id does not exist in the system.")
        return found.item

    def items(self, key: list[str] | None) -> list[Item]:
        """Those of one logical partition, or all."""
        with self._lock:
            return [stored.item for (of, _), stored in self._items.items() if key is None or of == tuple(key)]

    def changes(self, epk_range: tuple[str, str], after: int, most: int) -> tuple[list[Item], int]:
        """What was written after a place, oldest first, each in its last state; a batch is not split. And the place."""
        low, high = epk_range
        with self._lock:
            later = [stored for stored in self._items.values() if stored.lsn > after and low <= stored.epk < high]
        later.sort(key=lambda stored: stored.lsn)
        if not later:
            return [], after
        last = later[: most + 1][min(most, len(later)) - 1].lsn
        return [{**stored.item, "_lsn": stored.lsn} for stored in later if stored.lsn <= last], last

    def batch(self, key: list[str], operations: list[dict[str, Any]]) -> tuple[int, list[dict[str, Any]]]:
        """All or none; the status and a result for each."""
        if not 0 < len(operations) <= 100:
            raise Refused(400, "Batch request has more operations than what is supported.")
        with self._lock:
            draft, results = dict(self._items), []
            for operation in operations:
                try:
                    results.append(self._apply(draft, key, operation))
                except Refused as refused:
                    failed = [{"statusCode": _FAILED_DEPENDENCY, "requestCharge": 0} for _ in operations]
                    failed[len(results)] = {"statusCode": refused.status, "requestCharge": 1.0}
                    return 207, failed
            self._stored, self._lsn = draft, self._lsn + 1
            return 200, results

    def _apply(self, draft: dict[Any, Stored], key: list[str], operation: dict[str, Any]) -> dict[str, Any]:
        match operation:
            case {"operationType": "Create", "resourceBody": body}:
                if (tuple(key), body["id"]) in draft:
                    raise Refused(409, "Resource with specified id already exists.")
                return self._keep(draft, key, dict(body), 201)
            case {"operationType": "Patch", "id": id, "resourceBody": {"operations": steps}}:
                found = draft.get((tuple(key), id))
                if not found:
                    raise Refused(404, "Resource Not Found.")
                if operation.get("ifMatch") not in (None, "*", found.item["_etag"]):
                    raise Refused(412, "Operation cannot be performed because a precondition is not met.")
                return self._keep(draft, key, _patched(found.item, steps), 200)
        raise Refused(501, f"this server does no {operation.get('operationType')} in a batch")

    def _keep(self, draft: dict[Any, Stored], key: list[str], item: Item, status: int) -> dict[str, Any]:
        _check(item, self.paths, key)
        item |= {
            "_rid": item.get("_rid", uuid4().hex),
            "_etag": _etag(),
            "_ts": int(time.time()) + self.ahead,
            "_self": "",
            "_attachments": "",
        }
        epk = self._key._get_epk_range_for_partition_key(key).min
        draft[tuple(key), item["id"]] = Stored(item, self._lsn + 1, epk)
        return {"statusCode": status, "requestCharge": 7.0, "eTag": item["_etag"], "resourceBody": item}


def _check(item: Item, paths: list[str], key: list[str]) -> None:
    id = item.get("id")
    if not isinstance(id, str) or not id or set(id) & set("/\\?#") or len(id.encode()) > 1023:
        raise Refused(400, "The input content is invalid because the id is.")
    if [item.get(path) for path in paths] != key:
        raise Refused(400, "PartitionKey extracted from document doesn't match the one specified in the header", 1001)
    if len(json.dumps(item, ensure_ascii=False).encode()) > LARGEST:
        raise Refused(413, "Request size is too large")


def _patched(item: Item, steps: list[dict[str, Any]]) -> Item:
    """Partial document update: set, add and remove on a path of names, the last of which may be an array's index."""
    if not 0 < len(steps) <= 10:
        raise Refused(400, "The number of patch operations must be 1 to 10.")
    item = copy.deepcopy(item)
    for step in steps:
        *way, last = step["path"].removeprefix("/").split("/")
        here: Any = item
        for name in way:
            here = here[name]
        _step(here, last, step)
    return item


def _step(here: Any, last: str, step: dict[str, Any]) -> None:
    place: Any = int(last) if isinstance(here, list) else last
    missing = place >= len(here) if isinstance(here, list) else place not in here
    match step["op"]:
        case "remove" if missing:
            raise Refused(400, "For Remove operation, the target path must exist.")
        case "remove":
            del here[place]
        case "add" if isinstance(here, list):
            here.insert(place, step["value"])
        case "set" | "add":
            here[place] = step["value"]
        case other:
            raise Refused(501, f"this server does not patch with {other}")


def _lives(item: Item, now: float) -> bool:
    """-1 is for ever; the server's own default is not served here, only that of each item."""
    ttl = item.get("ttl", -1)
    return bool(ttl == -1 or item["_ts"] + ttl > now)


def _etag() -> str:
    return f'"{uuid4()}"'
