"""`baton conversion`: orders in, and which campaign brought them."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from local.cli.contact import SHOWN_ERRORS, read
from local.cli.output import table
from local.cli.session import Session, with_session
from local.cli.words import moment
from shared.domain.conversion import MOST_ROWS, WHY, Value
from shared.domain.revenue import told

Answer = dict[str, Any]
_SUMS = ("total", "clicked", "delivered", "unattributed")
_COUNTS = ("received", "recorded", "unchanged", "refused")
conversion = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@conversion.command("import")
@with_session
def import_orders(
    session: Session,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Orders as CSV.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would come of it; nothing is recorded.")] = False,
) -> None:
    """Record the orders, refunds and corrections of a file, each once."""
    where = "conversions/imports" + ("?dry_run=true" if dry_run else "")
    with session.output.progress() as bars:
        bar, made = bars.add_task("recording", total=None, note=""), Answer()
        for content, lines in parts(read(file)):
            done = session.client.create(where, content, "text/csv")
            made = _added(made, _at(done, lines))
            bars.update(bar, completed=made["received"])
    session.show(made, taken)


@conversion.command("list")
@with_session
def list_orders(
    session: Session,
    campaign: Annotated[str, typer.Option(metavar="ID", help="Only those of this campaign.")] = "",
    unattributed: Annotated[bool, typer.Option("--unattributed", help="Only those of no campaign.")] = False,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many at most.")] = 50,
) -> None:
    """List orders, newest first, with what each is attributed to."""
    asked = {**({"campaign": campaign} if campaign else {}), **({"basis": "none"} if unattributed else {})}
    session.show(session.client.listing("conversions", limit, **asked), listed)


@conversion.command()
@with_session
def summary(session: Session) -> None:
    """Sum all orders: by campaign, and what could not be attributed."""
    session.show(session.client.get("conversions/summary"), summed)


def parts(data: bytes) -> Iterator[tuple[bytes, list[int]]]:
    """The file as it is or, beyond what one request may hold, in parts, each with the line of each of its rows."""
    if data.count(b"\n") <= MOST_ROWS:
        yield data, []
        return
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=text.partition("\n")[0].count))
    heading, rows, lines = next(reader), list[list[str]](), list[int]()
    for row in reader:
        rows.append(row)
        lines.append(reader.line_num)
        if len(rows) == MOST_ROWS:
            yield _csv([heading, *rows]), lines
            rows, lines = [], []
    if rows:
        yield _csv([heading, *rows]), lines


def _csv(rows: list[list[str]]) -> bytes:
    made = io.StringIO(newline="")
    csv.writer(made).writerows(rows)
    return made.getvalue().encode()


def _at(done: Answer, lines: list[int]) -> Answer:
    """With the lines of the whole file in the place of those of its part."""
    if not lines:
        return done
    return {**done, "errors": [{**each, "row": lines[each["row"] - 2]} for each in done["errors"]]}


def _added(before: Answer, more: Answer) -> Answer:
    if not before:
        return more
    sums = {name: _sum([*before[name], *more[name]]) for name in _SUMS}
    counts = {name: before[name] + more[name] for name in _COUNTS}
    return {**more, **sums, **counts, "errors": [*before["errors"], *more["errors"]]}


def _sum(values: list[Answer]) -> list[Answer]:
    micros, rows = defaultdict[str, Decimal](Decimal), defaultdict[str, int](int)
    for each in values:
        micros[each["currency"]] += Decimal(each["value"])
        rows[each["currency"]] += each["rows"]
    return [{"currency": each, "value": str(micros[each]), "rows": rows[each]} for each in sorted(micros)]


def taken(made: Answer) -> Iterator[RenderableType]:
    """What became of the rows, and to what they are attributed."""
    new = "would be recorded" if made["dry_run"] else "recorded"
    yield (
        f"{made['received']:,} rows: {made['recorded']:,} {new}, {made['unchanged']:,} here already, "
        f"{made['refused']:,} refused."
    )
    if made["recorded"]:
        yield (
            f"{_told(made['total'])}: {_told(made['clicked'])} after a click, {_told(made['delivered'])} after a "
            f"message that arrived, {_told(made['unattributed'])} of no campaign."
        )
    if made["errors"]:
        shown = [(each["row"], each["field"], each["reason"]) for each in made["errors"][:SHOWN_ERRORS]]
        yield table(("Line", "Field", "Why"), shown, right=["Line"])
    if len(made["errors"]) > SHOWN_ERRORS:
        yield f"and {len(made['errors']) - SHOWN_ERRORS:,} more; --json lists them"
    if made["dry_run"]:
        yield "Nothing was recorded."


def listed(found: Answer) -> Iterator[RenderableType]:
    """One line an order."""
    if not found["items"]:
        yield "No order yet."
        return
    heads = ("When", "Order", "What", "Value", "Campaign", "Because")
    yield table(heads, map(_row, found["items"]), right=["Value"])
    if found["cursor"]:
        yield f"The newest {len(found['items']):,}; --limit shows more."


def _row(each: Answer) -> tuple[str, ...]:
    number = " ".join(filter(None, (each["order"], each["reference"]))) or "(erased)"
    value = f"{Decimal(each['micros']) / 1_000_000:,.2f} {each['currency']}"
    because = {"click": "they clicked", "delivered": "a message had arrived"}.get(each["basis"]) or WHY[each["why"]]
    return moment(each["occurred_at"]) or "", number, each["what"], value, each["campaign"] or "none", because


def summed(found: Answer) -> Iterator[RenderableType]:
    """Campaigns and what is of none of them; they add up to the first line."""
    yield f"All orders: {_told(found['total'])}."
    rows = [(each["name"], _told(each["clicked"]), _told(each["delivered"])) for each in found["campaigns"]]
    if rows:
        yield table(("Campaign", "After a click", "After a message"), rows, right=["After a click", "After a message"])
    if found["unattributed"]:
        none = [(each["reason"], _told(each["values"])) for each in found["unattributed"]]
        yield table(("Of no campaign, because", "Sum"), none, right=["Sum"])


def _told(values: list[Answer]) -> str:
    return told([Value.model_validate(each) for each in values])
