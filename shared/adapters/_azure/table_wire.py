"""One table of Azure Table storage on the wire: batches, point reads, ranges. Each request is repeated after a passing
fault. Keys are quoted: they have at most 512 characters and none of / \\ # ? and control characters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import islice
from threading import Lock
from typing import Any, TypeVar
from urllib.parse import quote, unquote

from shared.adapters._azure.patience import patiently

T = TypeVar("T")
Entity = Mapping[str, Any]
Operation = tuple[Any, ...]

MOST = 100
"""Entities that a transaction takes."""
_AT_ONCE = 8
_KEY_MOST = 150


class Outrun(Exception):
    """What a transaction was conditional on holds no longer, or the same transaction was there before."""


class Wire:
    """The table `name` of the service that `connect` opens at the first use, made there if it is not there.

    Every method raises Unavailable if the service cannot be reached, and Misconfigured, naming `setting`, if it does
    not let us in."""

    def __init__(self, connect: Callable[[], Any], name: str, pace: Callable[[float], None], setting: str) -> None:
        self._connect, self._name, self._pace, self._setting = connect, name, pace, setting
        self._opening = Lock()
        self._service: Any = None
        self._table: Any = None
        self._readers = _pool()

    def submit(self, operations: Sequence[Operation]) -> list[str]:
        """All or none, in one partition; the ETags of what was written. Raises Outrun."""
        from azure.data.tables import TableTransactionError

        try:
            done = self._ask(lambda table: table.submit_transaction(operations))
        except TableTransactionError as fault:
            if fault.status_code in (409, 412):
                raise Outrun from fault
            raise
        return [each.get("etag", "") for each in done]

    def get(self, partition: str, row: str) -> Entity | None:
        """One entity, if it exists."""
        from azure.core.exceptions import ResourceNotFoundError

        try:
            found: Entity = self._ask(lambda table: table.get_entity(partition, row))
        except ResourceNotFoundError:
            return None
        return found

    def get_all(self, places: Sequence[tuple[str, str]]) -> list[Entity | None]:
        """Entities by partition and row, some at a time."""
        if len(places) == 1:
            return [self.get(*places[0])]
        return list(self._readers.map(lambda place: self.get(*place), places))

    def range(self, partition: str, after: str = "", before: str = "~", limit: int | None = None) -> list[Entity]:
        """Entities of a partition whose row lies strictly between, in order; at most `limit`."""
        between = f"PartitionKey eq '{partition}' and RowKey gt '{after}' and RowKey lt '{before}'"
        per_page = min(limit or 1000, 1000)

        def ask(table: Any) -> list[Entity]:
            return list(islice(table.query_entities(between, results_per_page=per_page), limit))

        return self._ask(ask)

    def close(self) -> None:
        """Let go of connections and threads; the next use opens them again."""
        with self._opening:
            self._readers.shutdown()
            self._readers = _pool()
            if self._service is not None:
                self._service.close()
            self._service = self._table = None

    def _ask(self, question: Callable[[Any], T]) -> T:
        table = self._table or self._open()
        return patiently(lambda: question(table), self._pace, self._setting)

    def _open(self) -> Any:
        from azure.core.exceptions import ResourceExistsError

        with self._opening:
            if self._table is None:
                self._service = self._connect()
                table = self._service.get_table_client(self._name)
                with suppress(ResourceExistsError):
                    patiently(table.create_table, self._pace, self._setting)
                self._table = table
            return self._table


def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="tables")


def create(entity: Entity) -> Operation:
    """Of a transaction: the entity, which must be new."""
    return "create", entity, {"response_preference": "return-no-content"}


def put(entity: Entity) -> Operation:
    """Of a transaction: the entity, whatever is there."""
    return "upsert", entity, {"mode": "replace"}


def replace(entity: Entity, etag: str) -> Operation:
    """Of a transaction: the entity in the place of that version."""
    from azure.core import MatchConditions

    return "update", entity, {"mode": "replace", "etag": etag, "match_condition": MatchConditions.IfNotModified}


def quoted(field: str, text: str) -> str:
    """A part of a key: percent-encoding with `=` for `%`, which some gateways decode once more. At most 450 characters.
    Raises ValueError, naming the field, for more than 150 bytes."""
    size = len(text.encode())
    if size > _KEY_MOST:
        raise ValueError(f"{field}: at most {_KEY_MOST} bytes on Azure Tables, not {size}")
    return quote(text, safe="").replace("%", "=")


def unquoted(text: str) -> str:
    """The inverse of `quoted`."""
    return unquote(text.replace("=", "%"))


def portions(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of at most `size`, in order."""
    rest = iter(items)
    while portion := list(islice(rest, size)):
        yield portion
