"""`baton offer`: what is sold, and what it would cost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import RenderableType

from local.cli.contact import read
from local.cli.errors import Refused
from local.cli.output import facts, table
from local.cli.session import Session, with_session
from local.cli.words import moment
from shared.domain.offer_examples import EXAMPLE

offer = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Id = Annotated[str, typer.Argument(metavar="ID", help="As `baton offer list` shows it.")]
Out = Annotated[Path | None, typer.Option(metavar="FILE", help="Write it here.")]


@offer.command("list")
@with_session
def listing(
    session: Session, limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many at most.")] = 50
) -> None:
    """List the offers, with their newest version."""
    session.show(session.client.listing("offers", limit), _offers)


@offer.command()
@with_session
def show(
    session: Session,
    id: Id,
    version: Annotated[int | None, typer.Option(min=1, metavar="N", help="Of an earlier version.")] = None,
) -> None:
    """Show packages, add-ons, prices, floors and what changes them."""
    query = {"version": version} if version else {}
    session.show(session.client.get(f"offers/{id}", **query), _offer)


@offer.command()
@with_session
def example(session: Session) -> None:
    """Show an invented offer as YAML, to begin with."""
    session.show(EXAMPLE, lambda text: [text.rstrip()])


@offer.command()
@with_session
def put(
    session: Session,
    id: Id,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="YAML or JSON; `baton offer example` shows one.")],
) -> None:
    """Keep what a file says as the newest version of an offer."""
    session.show(session.client.create(f"offers?id={quote(id)}", read(file), "application/octet-stream"), _offer)


@offer.command()
@with_session
def price(
    session: Session,
    id: Id,
    item: Annotated[list[str], typer.Argument(metavar="ITEM[=QUANTITY[*COMPLEXITY]]…", help="website=6*shop, care")],
    currency: Annotated[str | None, typer.Option(metavar="CUR", help="Another than the offer's.")] = None,
    less: Annotated[list[str] | None, typer.Option(metavar="NAME=PERCENT", help="A discount on every line.")] = None,
) -> None:
    """Show what it would cost, with every step of the computation."""
    body = {
        "lines": [_chosen(each) for each in item],
        "currency": currency,
        "discounts": [_less(each) for each in less or []],
    }
    session.show(session.client.post(f"offers/{id}/price", body), _price)


def _chosen(text: str) -> dict[str, Any]:
    name, _, rest = text.partition("=")
    quantity, _, complexity = rest.partition("*")
    return {"item": name, **({"quantity": quantity} if quantity else {}), "complexity": complexity}


def _less(text: str) -> dict[str, str]:
    name, equals, percent = text.rpartition("=")
    if not equals:
        raise Refused(f"{text}: is not of the form NAME=PERCENT")
    return {"name": name, "percent": percent}


def _offers(found: dict[str, Any]) -> Iterator[RenderableType]:
    if not found["items"]:
        yield "None yet: baton offer example > offer.yaml, then baton offer put ID offer.yaml"
        return
    rows = ((each["id"], each["name"], each["version"], moment(each["versions"][-1]["at"])) for each in found["items"])
    yield table(("Id", "Name", "Version", "Since"), rows)


def _offer(found: dict[str, Any]) -> Iterator[RenderableType]:
    terms = found["terms"]
    yield f"{terms['name']}, version {found['shown']} of {found['version']}: net in {terms['currency']}."
    items = [*terms["packages"], *terms["addons"]]
    rows = (
        (
            each["id"],
            each["name"],
            each["price"] or "none: cannot be sold",
            each["unit"],
            each["billing"],
            each["floor"],
        )
        for each in items
    )
    yield table(("Id", "Name", "Price", "Per", "Billed", "Floor"), rows)
    changes = [(each["id"], f"{each['name']} × {each['factor']}") for each in terms["complexities"]]
    changes += [("discount", f"{each['name']} − {each['percent']} %") for each in terms["discounts"]]
    changes += [(each["id"], f"{each['name']} − {each['percent']} %: {each['in_return']}") for each in terms["trades"]]
    yield facts([*changes, ("smallest", terms["smallest"]), ("VAT", f"{terms['vat_rate']} %")])


def _price(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield from found["printed"]
    yield found["rounding"]
    capacity = f" of {found['hours_a_month']} a month" if found["hours_a_month"] else ""
    yield f"{found['hours']} hours of work{capacity}."
    if found["capacity"]:
        yield f"{found['capacity']}."
    for each in found["below"]:
        yield f"Cannot be sent: {each}"
