"""The rows of each table, read a page at a time: memory stays flat however many there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from shared.agents.campaigns.certificate import rows as ledger_rows
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.tables import TABLES, TableName
from shared.ports import Body, Ports

_PAGE = 500
Row = tuple[Any, ...]


def rows(ports: Ports, scope: Scope, table: TableName) -> Iterator[Row]:
    """Values in the order of the table's columns."""
    return _ROWS[table](ports, scope)


def _bodies(ports: Ports, scope: Scope, kind: Kind) -> Iterator[tuple[str, Body]]:
    cursor = None
    while True:
        page = ports.documents.find(scope, kind, limit=_PAGE, cursor=cursor)
        yield from ((each.id, each.body) for each in page.documents)
        cursor = page.cursor
        if cursor is None:
            return


def _of(kind: Kind, table: TableName, **elsewhere: Callable[[Body], Any]) -> Callable[[Ports, Scope], Iterator[Row]]:
    """One row a document; a column is the field of its name, unless it is found `elsewhere`."""
    names = [column.name for column in TABLES[table]]

    def read(ports: Ports, scope: Scope) -> Iterator[Row]:
        for id, body in _bodies(ports, scope, kind):
            known = {"id": id, **body}
            yield tuple(elsewhere[name](known) if name in elsewhere else known.get(name) for name in names)

    return read


def _messages(ports: Ports, scope: Scope) -> Iterator[Row]:
    for id, body in _bodies(ports, scope, Kind.CAMPAIGN):
        for row in ledger_rows(ports, scope, id, body["shards"]):
            told = (row.key, id, row.contact, row.variant, row.state, row.held)
            yield (*told, row.due, row.intended_at, row.settled_at, row.attempt, row.cost_micros)


_ROWS: Mapping[TableName, Callable[[Ports, Scope], Iterator[Row]]] = {
    "campaigns": _of(
        Kind.CAMPAIGN,
        "campaigns",
        channel=lambda body: body["request"]["channels"][0],
        purpose=lambda body: body["request"]["purpose"],
        topic=lambda body: body["request"]["topic"],
        language=lambda body: body["request"]["brief"]["language"],
    ),
    "contacts": _of(
        Kind.CONTACT,
        "contacts",
        tags=lambda body: ";".join(body["tags"]),
        email_consent=lambda body: body["consent"].get("email", {}).get("status", "unknown"),
    ),
    "imports": _of(Kind.IMPORT, "imports"),
    "messages": _messages,
    "orders": _of(
        Kind.CONVERSION,
        "orders",
        order_id=lambda body: body["order"],
        value=lambda body: body["micros"],
        message=lambda body: body["key"],
    ),
    "reactions": _of(Kind.ENGAGEMENT, "reactions", message=lambda body: body["key"]),
}
