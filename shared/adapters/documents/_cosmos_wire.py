"""One container of Cosmos DB on the wire: what was read, what was written, and what is not known."""

from __future__ import annotations

import json
import logging
import re
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping, Sequence
from threading import Lock
from typing import Any, TypeVar

from shared.adapters._azure.cosmos import CONTAINER, DATABASE
from shared.adapters._azure.patience import patiently
from shared.domain.faults import Misconfigured, Unavailable
from shared.domain.scope import Scope

T = TypeVar("T")
Item = dict[str, Any]

_LOG = logging.getLogger("baton.cosmos")
_SAFE_IN_A_PATH = re.compile(r"[A-Za-z0-9_~-][A-Za-z0-9_.~-]*")
_LARGEST_PAGE = 1000
_BAD_REQUEST, _NOT_FOUND, _TOO_LARGE = 400, 404, 413
_OUTRUN, _NOT_NOW = {_NOT_FOUND, 409, 412}, {429, 449}
_NO_CONTAINER = 1003
"""The sub-status of a 404 that is about the container, not an item."""


class Outrun(Exception):
    """What a batch was conditional on holds no longer, or the same batch was there before. Nothing was changed."""


class NotNow(Unavailable):
    """The batch was turned away (429, 449): nothing was changed, and it may be sent again."""


class Unanswered(Exception):
    """A batch was sent, and it is not known whether it was carried out."""


class Wire:
    """Container `documents` of database `baton` in the account that `connect` opens at the first use."""

    def __init__(self, connect: Callable[[], Any], pace: Callable[[float], None]) -> None:
        self._connect, self._pace = connect, pace
        self._opening = Lock()
        self._client: Any = None

    def get(self, scope: Scope, kind: str, id: str) -> Item | None:
        """One item, if it is there: one RU for each KB."""
        if not _SAFE_IN_A_PATH.fullmatch(id):
            return next(self.query(scope, kind, "c.id = @0", [id], "", 1), None)
        from azure.cosmos.exceptions import CosmosResourceNotFoundError

        def ask(container: Any) -> Item:
            found: Item = container.read_item(id, [*scope, kind], response_hook=_count(f"read {kind}"))
            return found

        try:
            return self._ask(ask)
        except CosmosResourceNotFoundError:
            return None

    def query(
        self, scope: Scope, kind: str, condition: str, values: Sequence[Any], ordering: str, page_size: int
    ) -> Iterator[Item]:
        """The items of one logical partition that meet a condition on `c`, whose parameters are @0, @1, …"""
        parameters = [{"name": f"@{number}", "value": value} for number, value in enumerate(values)]
        options = {
            "query": f"SELECT * FROM c WHERE {condition}{ordering}",
            "parameters": parameters,
            "partition_key": [*scope, kind],
            "max_item_count": min(page_size, _LARGEST_PAGE),
            "response_hook": _count(f"query {kind}"),
        }

        def ask(container: Any) -> tuple[list[Item], str | None]:
            pages = container.query_items(**options)
            page = list(next(pages.by_page(token), ()))
            # Not the iterator's own token: that one is of whichever answer the client got last, for any thread.
            return page, pages.get_response_headers().get("x-ms-continuation")

        token: str | None = None
        while True:
            page, token = self._ask(ask)
            yield from page
            if token is None:
                return

    def write(self, scope: Scope, kind: str, operations: Sequence[tuple[Any, ...]]) -> list[str]:
        """All or none, in one logical partition; the ETags of what was written.

        Raises Outrun, NotNow or Unanswered, and ValueError if it is more than Cosmos takes at once."""
        from azure.core.exceptions import AzureError

        hook = _count(f"write {kind}")
        try:
            done = self._container().execute_item_batch(operations, [*scope, kind], response_hook=hook)
        except AzureError as fault:
            meaning = _meaning(fault)
            if meaning is None:
                raise
            raise meaning from fault
        return [each.get("eTag") or each["resourceBody"]["_etag"] for each in done]

    def feed(self, scope: Scope, token: str | None, most: int) -> tuple[list[Item], str | None]:
        """The next portion of a scope's change feed (each item in its last state), and the token to go on with."""
        start = {"start_time": "Beginning", "partition_key": [*scope]} if token is None else {"continuation": token}
        headers: list[Mapping[str, str]] = []

        def ask(container: Any) -> list[Item]:
            headers.clear()
            pages = container.query_items_change_feed(
                **start, max_item_count=most, response_hook=lambda got, _: headers.append(got)
            ).by_page()
            return list(next(pages, ()))

        found = self._ask(ask)
        return found, _feed_token(headers[-1]["etag"]) if found else None

    def close(self) -> None:
        """Let go of the connections; the next use opens them again."""
        with self._opening:
            if self._client is not None:
                self._client.close()
            self._client = None

    def _container(self) -> Any:
        with self._opening:
            if self._client is None:
                self._client = self._connect()
            return self._client.get_database_client(DATABASE).get_container_client(CONTAINER)

    def _ask(self, ask: Callable[[Any], T]) -> T:
        """What was read, in the end; a write is not asked like this, for it does not stand being repeated."""
        from azure.core.exceptions import HttpResponseError

        try:
            return patiently(lambda: ask(self._container()), self._pace, "CosmosConnection")
        except HttpResponseError as fault:
            _check_account(fault)
            raise


def _meaning(fault: Any) -> Exception | None:
    """What a batch's failure says; None if it speaks for itself. Whatever is not certain is Unanswered."""
    _check_account(fault)
    status = getattr(fault, "status_code", None)
    if status in _OUTRUN:
        return Outrun()
    if status in _NOT_NOW:
        return NotNow()
    if status == _TOO_LARGE:
        return ValueError("writes: together more than Cosmos DB takes at once (2 MB)")
    return None if status == _BAD_REQUEST else Unanswered()


def _check_account(fault: Any) -> None:
    """Raises Misconfigured if the account is the wrong one, or does not let us in."""
    status = getattr(fault, "status_code", None)
    if status in (401, 403):
        raise Misconfigured("CosmosConnection", f"is refused by Cosmos DB ({status}): check key, role and network")
    if status == _NOT_FOUND and getattr(fault, "sub_status", None) == _NO_CONTAINER:
        raise Misconfigured("CosmosConnection", f"leads to no database {DATABASE!r} with a container {CONTAINER!r}")


def _count(what: str) -> Callable[[Mapping[str, str], Any], None]:
    """A hook that tells the request charge."""

    def count(headers: Mapping[str, str], _: Any) -> None:
        _LOG.debug("%s cost %s RU", what, headers.get("x-ms-request-charge"))

    return count


def _feed_token(etag: str) -> str:
    """The SDK leaves its own token, which knows about ranges, in the place of the server's."""
    if json.loads(b64decode(etag)).get("v") != "v2":
        raise ValueError("this version of azure-cosmos gives no token of a whole range")
    return etag
