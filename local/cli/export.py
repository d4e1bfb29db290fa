"""`baton export`: tables for spreadsheets and BI tools."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from local.cli.errors import Refused
from local.cli.session import Session, with_session
from shared.domain.figures import octets
from shared.domain.tables import TABLES


@with_session
def export(
    session: Session,
    table: Annotated[str, typer.Argument(metavar="TABLE", help="campaigns, contacts, imports, messages, orders …")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Write it there.")],
    format: Annotated[str, typer.Option(metavar="FORMAT", help="csv or parquet.")] = "csv",
) -> None:
    """Write a table to a file, for a spreadsheet or a BI tool."""
    if table not in TABLES:
        raise Refused(f"table: {table!r} is none of {', '.join(TABLES)}")
    with session.output.progress() as bars:
        bar = bars.add_task(table, total=None, note="")
        try:
            with out.open("wb") as file:
                for part in session.client.parts(f"tables/{table}", format=format):
                    file.write(part)
                    bars.update(bar, completed=file.tell())
        except OSError as error:
            raise Refused(f"{out}: {error.strerror}") from error
    size = out.stat().st_size
    told = {"table": table, "format": format, "file": str(out), "bytes": size}
    session.show(told, lambda _: [f"{out}: {octets(size)}."])
