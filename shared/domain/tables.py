"""Tables that other programs read: what each column is. Names and types stay; columns may be added at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel

Type = Literal["text", "integer", "decimal", "boolean", "time"]
TableName = Literal["campaigns", "contacts", "imports", "messages", "orders", "reactions"]
Format = Literal["csv", "parquet"]
PARQUET: Mapping[Type, str] = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "decimal": "DECIMAL(38, 6)",
    "boolean": "BOOLEAN",
    "time": "TIMESTAMP",
}
"""As Parquet has it. Times are in UTC."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""With these a text begins that a spreadsheet would calculate (OWASP, CSV injection)."""


class Column(NamedTuple):
    """One column, and what it holds."""

    name: str
    type: Type
    holds: str


def _text(name: str, holds: str) -> Column:
    return Column(name, "text", holds)


def _time(name: str, holds: str) -> Column:
    return Column(name, "time", holds)


def _count(name: str, holds: str) -> Column:
    return Column(name, "integer", holds)


TABLES: Mapping[TableName, tuple[Column, ...]] = {
    "campaigns": (
        _text("id", "the campaign"),
        _text("name", "what it is called"),
        _text("status", "where it stands"),
        _text("channel", "over which channel it goes"),
        _text("purpose", "what consent it needs"),
        _text("topic", "what it is about"),
        _text("language", "of its brief"),
        _count("audience", "people whom its approval sealed"),
        _time("created_at", "when it was taken in"),
        _text("created_by", "by whom"),
        _time("first_due", "when its first message was due"),
        _time("last_due", "and its last"),
        _time("final_at", "when its report is final"),
    ),
    "contacts": (
        _text("id", "the contact"),
        _text("email", "their address"),
        _text("first_name", "as imported"),
        _text("last_name", "as imported"),
        _text("company", "as imported"),
        _text("role", "as imported"),
        _text("city", "as imported"),
        _text("country", "as imported"),
        _text("timezone", "as imported"),
        _text("phone", "as imported"),
        _text("tags", "with `;` between them"),
        _text("email_consent", "granted, withdrawn, pending or unknown"),
        _text("source", "where they come from"),
        _time("created_at", "when they came in"),
    ),
    "imports": (
        _text("id", "the import"),
        _text("status", "running, completed or failed"),
        _time("created_at", "when the file came"),
        _text("by", "who brought it"),
        _count("received", "rows that were read"),
        _count("created", "new contacts"),
        _count("updated", "contacts with other values since"),
        _count("unchanged", "contacts that were so already"),
        _count("merged", "further rows of an address in the same file"),
        _count("quarantined", "rows that were left out"),
    ),
    "messages": (
        _text("id", "the message: the key of its row in the ledger"),
        _text("campaign", "whose message it is"),
        _text("contact", "for whom"),
        _text("variant", "which text"),
        _text("state", "planned, intent, submitted, accepted, delivered, failed, held or unknown"),
        _text("held", "why it is held"),
        _time("due", "when it was planned for"),
        _time("intended_at", "when it was allowed to leave"),
        _time("settled_at", "when it was last held or settled"),
        _count("attempt", "how often it was tried, the present try included"),
        Column("cost", "decimal", "what it cost, in euros"),
    ),
    "orders": (
        _text("id", "the row"),
        _text("what", "order, refund or correction"),
        _text("order_id", "the shop's number"),
        _text("reference", "the refund's or correction's own number"),
        Column("value", "decimal", "what it adds; of a refund less than nothing"),
        _text("currency", "ISO 4217"),
        _time("occurred_at", "when it was bought"),
        _time("recorded_at", "when it came in"),
        _text("contact", "who bought"),
        _text("basis", "click, delivered or none"),
        _text("why", "why it belongs to no campaign"),
        _text("campaign", "which campaign it followed"),
        _text("message", "which message of it"),
        _text("variant", "which text"),
        _time("touched_at", "when they clicked, or the message arrived"),
    ),
    "reactions": (
        _text("campaign", "to which campaign"),
        _text("message", "to which message"),
        _text("what", "open, click, unsubscribe, complaint or reply"),
        _count("human", "how often a person did"),
        _count("machine", "how often a machine did"),
        _time("first_at", "when first"),
        _time("first_human_at", "when a person did first"),
        _time("last_at", "when last"),
        Column("simulated", "boolean", "whether any of it came from simulated people"),
    ),
}


class ShownColumn(BaseModel):
    """One column as the API shows it."""

    name: str
    type: Type
    holds: str


class ShownTable(BaseModel):
    """One table as the API shows it."""

    table: TableName
    columns: list[ShownColumn]


def shown() -> list[ShownTable]:
    """Every table with its columns."""
    return [
        ShownTable(table=table, columns=[ShownColumn(**column._asdict()) for column in columns])
        for table, columns in TABLES.items()
    ]


def documented() -> Iterator[str]:
    """The rows of the table that docs/exports.md shows."""
    for table, columns in TABLES.items():
        for column in columns:
            yield f"| `{table}` | `{column.name}` | {column.type} | {column.holds} |"


def plain(value: Any, type: Type) -> str | None:
    """A value as a program reads it: times in UTC without an offset, decimal numbers of millionths."""
    if value is None:
        return None
    match type:
        case "time":
            at = value if isinstance(value, datetime) else datetime.fromisoformat(value)
            return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
        case "decimal":
            units, rest = divmod(abs(int(value)), 1_000_000)
            return f"{'-' * (value < 0)}{units}.{rest:06}"
        case "boolean":
            return "true" if value else "false"
        case _:
            return str(value)


def cell(value: Any, type: Type) -> str:
    """The same in a spreadsheet: a text that would be calculated begins with `'`."""
    text = plain(value, type) or ""
    return f"'{text}" if type == "text" and text.startswith(_FORMULA) else text
