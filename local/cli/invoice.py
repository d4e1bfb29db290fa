"""`baton invoice`: invoices, their dates, and the terms that they are billed by."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from local.cli.contact import read
from local.cli.errors import Refused
from local.cli.output import facts, table
from local.cli.session import Session, with_session

Answer = dict[str, Any]
invoice = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Id = Annotated[str, typer.Argument(metavar="ID", help="As `baton invoice list` shows it.")]
Given = Annotated[Path, typer.Argument(metavar="FILE", help="YAML or JSON; docs/money.md shows one.")]


@invoice.command()
@with_session
def terms(
    session: Session,
    file: Annotated[Path | None, typer.Option("--set", metavar="FILE", help="Put these in their place.")] = None,
) -> None:
    """Show who sells, where money goes, and how clients are reminded; or say it."""
    found = session.client.put("billing", given(file)) if file else session.client.get("billing")
    session.show(found, _terms)


@invoice.command()
@with_session
def notices(session: Session) -> None:
    """Show where others tell of payments, and with what they sign."""
    session.show(session.client.get("billing/notices"), lambda found: [facts([*found.items()])])


@invoice.command()
@with_session
def new(session: Session, file: Given) -> None:
    """Draft an invoice; it has no number yet."""
    session.show(session.client.create("invoices", _body(file), "application/json"), shown)


@invoice.command()
@with_session
def edit(session: Session, id: Id, file: Given) -> None:
    """Put another content into a draft."""
    session.show(session.client.put(f"invoices/{id}", given(file)), shown)


@invoice.command("list")
@with_session
def listing(
    session: Session,
    deal: Annotated[str, typer.Option(metavar="ID", help="Only those of this deal.")] = "",
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many at most.")] = 50,
) -> None:
    """List invoices and credit notes, newest first."""
    session.show(session.client.listing("invoices", limit, **({"deal": deal} if deal else {})), _listed)


@invoice.command()
@with_session
def show(
    session: Session,
    id: Id,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the PDF here.")] = None,
) -> None:
    """Show an invoice; with --out, write it as PDF."""
    session.show(session.client.get(f"invoices/{id}"), shown)
    if out:
        out.write_bytes(session.client.content(f"invoices/{id}/pdf"))
        session.output.note(f"wrote {out}")


@invoice.command()
@with_session
def issue(session: Session, id: Id) -> None:
    """Give a draft its number, to hand it over by other means."""
    session.show(session.client.post(f"invoices/{id}/issue"), shown)


@invoice.command()
@with_session
def send(session: Session, id: Id) -> None:
    """Have it leave by mail, once; a draft gets its number."""
    session.show(session.client.post(f"invoices/{id}/send"), shown)


@invoice.command()
@with_session
def cancel(
    session: Session,
    id: Id,
    why: Annotated[str, typer.Option(metavar="TEXT", help="Stands on the credit note.")],
    replace: Annotated[bool, typer.Option("--replace", help="Draft another in its place.")] = False,
) -> None:
    """Take an invoice back by a credit note."""
    session.show(session.client.post(f"invoices/{id}/cancel", {"why": why, "replace": replace}), shown)


@invoice.command()
@with_session
def discard(session: Session, id: Id) -> None:
    """Throw a draft away."""
    session.client.delete(f"invoices/{id}")
    session.show({"id": id}, lambda found: [f"The draft {found['id']} is gone."])


@invoice.command()
@with_session
def check(session: Session, id: Id) -> None:
    """Ask the books what came for it, in case a notice was lost."""
    session.show(session.client.post(f"invoices/{id}/check"), shown)


@invoice.command()
@with_session
def unknown(
    session: Session,
    id: Id,
    decision: Annotated[str, typer.Argument(metavar="sent|again", help="Treat it as sent, or send it again.")],
) -> None:
    """Say of a mail of which nobody knows whether it left what holds."""
    session.show(session.client.post(f"invoices/{id}/unknown", {"decision": decision}), shown)


@invoice.command()
@with_session
def owed(session: Session, id: Id) -> None:
    """Say that what went back is owed again: reminders go on."""
    session.show(session.client.post(f"invoices/{id}/owed"), shown)


@invoice.command()
@with_session
def plan(session: Session, file: Given) -> None:
    """Agree on dates: deposit, milestones and months become invoices on their days."""
    session.show(session.client.create("invoice-plans", _body(file), "application/json"), _plan)


@invoice.command()
@with_session
def plans(
    session: Session, limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many at most.")] = 50
) -> None:
    """List agreed dates, and what became of them."""
    session.show(
        session.client.listing("invoice-plans", limit),
        lambda found: [part for each in found["items"] for part in _plan(each)],
    )


@invoice.command("end-plan")
@with_session
def end_plan(session: Session, id: Annotated[str, typer.Argument(metavar="ID", help="Of the plan.")]) -> None:
    """Make no more invoices of a plan; those that are made stay."""
    session.show(session.client.post(f"invoice-plans/{id}/end"), _plan)


def given(file: Path) -> Any:
    """What a file says; numbers to the last digit, dates as they are written."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        found = YAML(typ="safe", pure=True).load(read(file).decode())
    except (YAMLError, UnicodeDecodeError, ValueError) as error:
        raise Refused(f"{file}: is neither YAML nor JSON: {' '.join(str(error).split())[:200]}") from None
    return json.loads(json.dumps(found, default=str))


def _body(file: Path) -> bytes:
    return json.dumps(given(file)).encode()


def shown(found: Answer) -> Iterator[RenderableType]:
    """One invoice, its lines and sums."""
    one, sums = found["invoice"], found["totals"]
    name = one["number"] or f"draft {one['id']}"
    kind, standing = (text.replace("_", " ") for text in (one["kind"], found["standing"]))
    yield f"{kind.capitalize()} {name} to {one['buyer']['name']}: {standing}."
    rows = ((each["title"], each["quantity"], each["unit_net"], f"{each['vat_rate']} %") for each in one["lines"])
    yield table(("What", "Quantity", "Unit price", "VAT"), rows, right=("Quantity", "Unit price", "VAT"))
    taxed = [(f"VAT {each['rate']} % on {each['net']}", each["tax"]) for each in sums["vat"]]
    rest = [("paid", found["paid"]), ("open", found["open"])] if one["number"] else []
    yield facts(
        [("id", one["id"]), ("net", sums["net"]), *taxed, ("total", f"{sums['gross']} {sums['currency']}"), *rest]
    )
    if one["due_on"]:
        yield f"Issued {one['issued_on']}, due {one['due_on']}."
    if one["simulated"]:
        yield "Its mail did not leave this machine: no mail server is set up."
    if one["waits"] == "unknown":
        yield f"Nobody knows whether its mail left: baton invoice unknown {one['id']} sent (or again)."
    if one["waits"] == "refunded":
        yield f"Money went back, and nobody is reminded: baton invoice owed {one['id']}, or take it back."
    if one["waits"] == "refused":
        yield f"A reminder was refused and has not left: baton invoice unknown {one['id']} again (or sent: they know)."
    if one["pay_declined"]:
        yield f"No page to pay it on: {one['pay_declined']}."
    if found["link"]:
        yield f"The client's page: {found['link']}"
    for each in one["reminders"]:
        yield f"{each['title']} on {each['at'][:10]}: {each['mail'] or 'skipped, a later one was due'}."


def _listed(found: Answer) -> Iterator[RenderableType]:
    if not found["items"]:
        yield "None yet: baton invoice new FILE"
        return
    rows = (
        (
            each["invoice"]["number"] or each["invoice"]["id"],
            each["standing"].replace("_", " "),
            each["invoice"]["buyer"]["name"],
            f"{each['totals']['gross']} {each['totals']['currency']}",
            each["open"] if each["invoice"]["number"] else "",
            each["invoice"]["due_on"] or "",
            each["invoice"]["id"],
        )
        for each in found["items"]
    )
    yield table(("Number", "Stands", "Client", "Total", "Open", "Due", "Id"), rows, right=("Total", "Open"))


def _plan(found: Answer) -> Iterator[RenderableType]:
    yield f"Plan {found['id']} for {found['buyer']['name']}: {found['status']}."
    rows = ((each["on"], each["title"], found["made"].get(each["key"], "")) for each in found["instalments"])
    yield table(("On", "What", "Invoice"), rows)


def _terms(found: Answer) -> Iterator[RenderableType]:
    seller = found["seller"]
    yield facts(
        [
            ("seller", f"{seller['name']}, {', '.join(seller['address'].splitlines())}, {seller['country']}"),
            ("account", f"{found['iban']}, {found['bank']}"),
            ("numbers", f"{found['series']}-<year>-<n>"),
            ("to be paid", f"within {found['payment_days']} days, in {found['currency']}"),
            ("made on their day", found["leaves"].replace("_", " ")),
            *((f"{each['after_days']} days after", each["title"]) for each in found["dunning"]),
        ]
    )
