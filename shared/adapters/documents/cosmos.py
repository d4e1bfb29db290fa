"""Documents in Azure Cosmos DB: one container, partitioned by tenant, workspace and kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from threading import Lock
from typing import Any

import orjson

from shared.adapters.documents import _cosmos_query as query
from shared.adapters.documents._cosmos_batch import Batch
from shared.adapters.documents._cosmos_items import Item, document
from shared.adapters.documents._cosmos_wire import Wire
from shared.adapters.documents._pages import page, read_cursor
from shared.adapters.documents._rules import check_batch, encode
from shared.domain.fields import check_query
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.domain.stamp import next_stamp
from shared.ports import Body, Clock, Document, Order, Page, Write


class CosmosDocuments:
    """`shared.ports.Documents` in the account that `connect` opens (a `CosmosClient`) at the first use.

    `replica` names this home in `changed_by`. The rev is the ETag. Stamps never go back for one document, nor for this
    process. A batch holds at most 2 MB.

    A mark of `changes` is a place in the container's change feed, which is in the order of commits: it misses nothing
    that was committed late. A batch is not split there, so a portion may exceed its limit; and once a scope is spread
    over several physical partitions, only each kind is in order. A tombstone is in it for 90 days.

    A write whose answer was lost is neither repeated blindly nor reported Stale: the item tells whose writes arrived.
    Raises InDoubt if it cannot, and Misconfigured if the account does not let us in."""

    def __init__(self, connect: Callable[[], Any], *, clock: Clock, replica: str) -> None:
        self._wire = Wire(connect, clock.pace)
        self._clock = clock
        self._replica = replica
        self._stamping = Lock()
        self._last: str | None = None

    def get(self, scope: Scope, kind: str, id: str) -> Document | None:
        item = self._wire.get(scope, kind, id)
        return None if item is None or item["deleted"] else self._seen(item)

    def put(self, scope: Scope, kind: str, id: str, body: Body, if_match: str | None = None) -> Document:
        document = self.batch(scope, kind, [Write(id, body, if_match)])[0]
        assert document is not None
        return document

    def delete(self, scope: Scope, kind: str, id: str, if_match: str = "*") -> None:
        self.batch(scope, kind, [Write(id, None, if_match)])

    def batch(self, scope: Scope, kind: str, writes: Sequence[Write], durable: bool = True) -> list[Document | None]:
        check_batch(writes)
        if not writes:
            return []
        plain = [replace(each, body=None if each.body is None else orjson.loads(encode(each.body))) for each in writes]
        return Batch(self._wire, (scope, kind), plain, self._stamps, self._clock.pace, self._replica).write()

    def find(
        self,
        scope: Scope,
        kind: str,
        filters: Sequence[Filter] = (),
        order: Order | None = None,
        limit: int = 100,
        cursor: str | None = None,
    ) -> Page:
        order = order or Order("id")
        check_query(kind, filters, order.field)
        if limit < 1:
            raise ValueError(f"limit {limit} must be at least 1")
        narrowing = query.narrow(filters)

        def ask(conditions: list[query.Condition], ordering: str) -> Iterator[Item]:
            condition, values = query.joined([*narrowing, *conditions])
            return self._wire.query(scope, kind, condition, values, ordering, limit + 1)

        rows = query.in_order(ask, order, read_cursor(order, cursor), limit)
        return page(((self._seen(item), value) for item, value in rows), filters, order, limit)

    def changes(self, scope: Scope, since: str | None, limit: int = 1000) -> tuple[list[Document], str | None]:
        of, _, token = (since or "").partition(":")
        if since is not None and (of != str(scope) or not token):
            raise ValueError("the mark is not one of this scope")
        items, end = self._wire.feed(scope, token or None, limit)
        return [self._seen(item) for item in items], f"{scope}:{end}" if end else since

    def close(self) -> None:
        """Let go of the connections."""
        self._wire.close()

    def _seen(self, item: Item) -> Document:
        """The document; from now on, stamps are after its own (hybrid logical clock)."""
        with self._stamping:
            self._last = max(self._last or "", item["changed_at"])
        return document(item)

    def _stamps(self, count: int, after: str) -> list[str]:
        """The next stamps, later than every one seen, and than `after`."""
        now, stamps = self._clock.now(), []
        with self._stamping:
            last = max(self._last or "", after) or None
            for _ in range(count):
                last = next_stamp(now, last)
                stamps.append(last)
            self._last = last
        return stamps
