"""`baton payment`: money that came, and what it is for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from local.cli.contact import read
from local.cli.output import table
from local.cli.session import Session, with_session
from shared.domain.payment import STATES

Answer = dict[str, Any]
payment = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Id = Annotated[str, typer.Argument(metavar="ID", help="As `baton payment list` shows it.")]


@payment.command()
@with_session
def record(
    session: Session,
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help="Such as 1190.00.")],
    currency: Annotated[str, typer.Argument(metavar="CURRENCY", help="Such as EUR.")],
    reference: Annotated[
        str, typer.Option(metavar="TEXT", help="The bank's own name for it: the same is the same payment.")
    ],
    invoice: Annotated[str, typer.Option(metavar="NUMBER", help="For which invoice.")] = "",
    payer: Annotated[str, typer.Option(metavar="NAME", help="Who paid.")] = "",
) -> None:
    """Record what came on the account."""
    said = {"amount": amount, "currency": currency, "reference": reference, "invoice": invoice, "payer": payer}
    session.show(session.client.post("payments", said), _one)


@payment.command("import")
@with_session
def bring_in(
    session: Session, file: Annotated[Path, typer.Argument(metavar="FILE", help="A bank's CSV file.")]
) -> None:
    """Take the payments of a bank's file, each once."""
    session.show(session.client.create("payments/imports", read(file), "text/csv"), _imported)


@payment.command("list")
@with_session
def listing(
    session: Session,
    waiting: Annotated[bool, typer.Option("--waiting", help="Only those that wait for a person.")] = False,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many at most.")] = 50,
) -> None:
    """List payments, newest first, with where each counts or why it does not."""
    asked = {"waiting": "true"} if waiting else {}
    session.show(session.client.listing("payments", limit, **asked), _listed)


@payment.command()
@with_session
def assign(
    session: Session,
    id: Id,
    invoice: Annotated[str, typer.Argument(metavar="INVOICE", help="The invoice's id.")],
    counts_as: Annotated[
        str, typer.Option(metavar="AMOUNT", help="Of the invoice's currency, if it came in another.")
    ] = "",
) -> None:
    """Say which invoice a payment is for."""
    more = {"counts_as": counts_as} if counts_as else {}
    session.show(session.client.post(f"payments/{id}/assign", {"invoice": invoice, **more}), _one)


@payment.command()
@with_session
def refund(
    session: Session, id: Id, amount: Annotated[str, typer.Argument(metavar="AMOUNT", help="In all; 0: nothing.")]
) -> None:
    """Say how much of it was given back: the rest counts."""
    session.show(session.client.post(f"payments/{id}/refund", {"amount": amount}), _one)


@payment.command("return")
@with_session
def give_back(session: Session, id: Id) -> None:
    """Say that it was given back: it counts no more."""
    session.show(session.client.post(f"payments/{id}/return"), _one)


def _one(found: Answer) -> Iterator[RenderableType]:
    where = f", for the invoice {found['invoice']}" if found["invoice"] else ""
    yield f"{found['amount']} {found['currency']} of {found['at'][:10]} {STATES[found['state']]}{where}."
    yield f"Its id is {found['id']}."


def _listed(found: Answer) -> Iterator[RenderableType]:
    if not found["items"]:
        yield "None."
        return
    rows = (
        (each["at"][:10], f"{each['amount']} {each['currency']}", STATES[each["state"]], each["named"], each["id"])
        for each in found["items"]
    )
    yield table(("Day", "Amount", "Stands", "Says", "Id"), rows)


def _imported(found: Answer) -> Iterator[RenderableType]:
    said = [f"{count} {STATES[state]}" for state, count in found["states"].items()]
    yield f"{'; '.join(said) or 'No payment'}. {found['outgoing']} rows say that money went out."
    if found["errors"]:
        yield table(("Line", "Why it was not taken"), ((each["row"], each["reason"]) for each in found["errors"]))
