"""`baton contract`: from what was agreed to the sealed file with both signatures."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from local.cli.contact import read
from local.cli.errors import Refused
from local.cli.invoice import given
from local.cli.output import Output, facts, table
from local.cli.sealed import examined, lines
from local.cli.session import AsJson, Session, with_session
from local.cli.words import moment

contract = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Id = Annotated[str, typer.Argument(metavar="ID", help="As `baton contract list` shows it.")]
Given = Annotated[Path, typer.Argument(metavar="FILE", help="YAML or JSON; docs/contracts.md shows one.")]
Version = Annotated[int | None, typer.Option(min=1, metavar="N", help="Of an earlier version.")]


@contract.command("list")
@with_session
def listing(
    session: Session,
    deal: Annotated[str | None, typer.Option(metavar="ID", help="Of one deal.")] = None,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many at most.")] = 50,
) -> None:
    """List the contracts, those that changed last first."""
    query = {"deal": deal} if deal else {}
    session.show(session.client.listing("contracts", limit, **query), _contracts)


@contract.command()
@with_session
def create(session: Session, file: Given) -> None:
    """Begin the contract of an accepted proposal; the client sees nothing of it."""
    body = json.dumps(given(file)).encode()
    session.show(session.client.create("contracts", body, "application/json"), _contract)


@contract.command()
@with_session
def show(
    session: Session,
    id: Id,
    version: Version = None,
    text: Annotated[bool, typer.Option("--text", help="All that it says, section by section.")] = False,
) -> None:
    """Show how a contract stands: who has signed, what is wrong with it, which invoices it makes."""
    query = {"version": version} if version else {}
    session.show(session.client.get(f"contracts/{id}", **query), _read if text else _contract)


@contract.command()
@with_session
def edit(session: Session, id: Id, file: Given) -> None:
    """Keep what a file says otherwise as the newest version."""
    session.show(session.client.put(f"contracts/{id}", given(file)), _contract)


@contract.command()
@with_session
def pdf(
    session: Session,
    id: Id,
    out: Annotated[Path, typer.Argument(metavar="FILE", help="Write it here.")],
    version: Version = None,
    sealed: Annotated[bool, typer.Option("--sealed", help="The sealed file, with both signatures.")] = False,
) -> None:
    """Write a contract as PDF."""
    query = {"version": str(version)} if version and not sealed else {}
    name = "sealed" if sealed else "contract"
    out.write_bytes(session.client.content(f"contracts/{id}/{name}.pdf", **query))
    session.output.note(f"wrote {out}")


@contract.command()
@with_session
def send(session: Session, id: Id) -> None:
    """Put the newest version up for approval; approved, it leaves: baton approval."""
    session.show(session.client.post(f"contracts/{id}/submit"), _standing)


@contract.command()
@with_session
def sign(
    session: Session,
    id: Id,
    name: Annotated[str, typer.Option(metavar="NAME", help="Your first and last name.")],
    yes: Annotated[bool, typer.Option("--yes", help="You have read what the client has in hand, and agree.")] = False,
) -> None:
    """Sign for the agency what the client has in hand."""
    found = session.client.get(f"contracts/{id}")
    sent = found["sendings"][-1]["version"] if found["sendings"] else None
    document = next((each["document"] for each in found["versions"] if each["version"] == sent), "")
    if sent is None:
        raise Refused("the client has nothing in hand yet: baton contract send")
    if not yes:
        raise Refused(f"read version {sent} first (baton contract pdf), then sign with --yes")
    body = {"name": name, "consent": "yes", "document": document}
    session.show(session.client.post(f"contracts/{id}/sign", body), _standing)


@contract.command()
@with_session
def cancel(session: Session, id: Id) -> None:
    """Take it back: it cannot be signed any more."""
    session.show(session.client.post(f"contracts/{id}/cancel"), _standing)


@contract.command()
@with_session
def copy(session: Session, id: Id) -> None:
    """Have the client's copy of the sealed file leave again, after its mail was refused or is in doubt."""
    session.show(session.client.post(f"contracts/{id}/copy"), _standing)


@contract.command()
@with_session
def templates(
    session: Session,
    id: Annotated[str | None, typer.Argument(metavar="ID", help="One of them, whole.")] = None,
    change: Annotated[Path | None, typer.Option("--set", metavar="FILE", help="Its next version.")] = None,
) -> None:
    """Show what contracts are written from; or keep a file as the next version of one."""
    if id is None:
        session.show(session.client.get("contract-templates"), _templates)
    elif change is None:
        session.show(session.client.get(f"contract-templates/{id}"), _template)
    else:
        there = {each["template"] for each in session.client.get("contract-templates")["items"]}
        session.show(_kept(session, id, given(change), id in there), _template)


@contract.command()
@with_session
def certificate(session: Session) -> None:
    """Show what contracts are sealed with: whoever relies on a seal compares its SHA-256, told on another way."""
    session.show(session.client.get("contract-certificates"), _certificates)


@contract.command()
def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A sealed contract as PDF.")],
    expected: Annotated[
        str | None,
        typer.Option("--certificate", metavar="SHA256", help="The certificate that the agency told you of."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a sealed contract without a network: is it intact, who signed, when, by which certificate."""
    found = examined(read(file), _sha256(expected) if expected is not None else None)
    Output(as_json).show(found.told(), lambda _: lines(found))
    if not found.intact:
        raise typer.Exit(1)


def _sha256(text: str) -> str:
    """As people copy it: with colons or spaces, in capitals. Raises Refused."""
    plain = re.sub(r"[\s:]", "", text).lower()
    if not re.fullmatch("[0-9a-f]{64}", plain):
        raise Refused("--certificate: a SHA-256 has 64 characters, 0-9 and a-f")
    return plain


def _certificates(found: dict[str, Any]) -> Iterator[RenderableType]:
    if not found["items"]:
        yield "None yet: it is made when the first contract is put up for approval."
    for each in found["items"]:
        yield f"{each['name']}, since {moment(each['made_at'])}: SHA-256"
        yield f"  {each['sha256']}"


def _kept(session: Session, id: str, said: Any, there: bool) -> Any:
    if there:
        return session.client.put(f"contract-templates/{id}", said)
    body = json.dumps({**said, "id": id} if isinstance(said, dict) else said).encode()
    return session.client.create("contract-templates", body, "application/json")


def _contracts(found: dict[str, Any]) -> Iterator[RenderableType]:
    if not found["items"]:
        yield "None yet: baton contract create --help"
        return
    rows = ((each["id"], each["title"], each["version"], each["status"]) for each in found["items"])
    yield table(("Id", "Title", "Version", "Stands"), rows)


def _contract(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield f"{found['title']}, version {found['shown']} of {found['version']}: {found['standing']}."
    yield f"Its id is {found['id']}."
    if found["content"]["note"] and found["standing"] == "draft":
        yield found["content"]["note"]
    yield from (f"Cannot be sent: {each}" for each in found["wrong"])
    if found["held"]:
        yield f"Waits: {found['held']}"
    for each in found["signatures"]:
        yield f"Version {each['version']} signed for the {each['role']} by {each['name']}, {moment(each['at'])}"
    for each in [*found["refusals"], *([found["declined"]] if found["declined"] else [])]:
        yield f"Declined {moment(each['at'])}: {each['reason']}"
    rows = ((each["on"], each["title"]) for each in found["planned"][:24])
    yield table(("Invoice on", "What" if found["plan"] else "What, if both signed today"), rows)


def _read(found: dict[str, Any]) -> Iterator[RenderableType]:
    content = found["content"]
    yield content["title"]
    for n, section in enumerate(content["sections"], 1):
        yield f"{n}. {section['heading']}"
        if section["text"]:
            yield section["text"]
        if section["show"] == "scope":
            rows = (
                (each["title"], each["quantity"], each["unit_net"], each["vat_rate"], each["billing"])
                for each in content["lines"]
            )
            yield table(("What", "Quantity", f"Net, {content['currency']}", "VAT %", "Billed"), rows)
        if section["show"] == "dates":
            yield table(("Invoice on", "What"), ((each["on"], each["title"]) for each in found["planned"]))


def _standing(found: dict[str, Any]) -> Iterator[RenderableType]:
    waits = f"; version {found['asked']} waits for approval" if found["asked"] else ""
    signed = [each["role"] for each in found["signatures"]] if found["status"] == "sent" else []
    by = f"; signed for the {signed[-1]}" if signed else ""
    yield f"{found['title']}: {found['status']}{waits}{by}."
    if found["held"]:
        yield f"Waits: {found['held']}"


def _templates(found: dict[str, Any]) -> Iterator[RenderableType]:
    rows = (
        (each["template"], each["name"], each["language"], each["version"] or "built in") for each in found["items"]
    )
    yield table(("Id", "Name", "Language", "Version"), rows)


def _template(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield f"{found['name']}, version {found['version']}"
    if found["note"]:
        yield found["note"]
    yield facts([*found["fields"].items()])
    for n, section in enumerate(found["sections"], 1):
        yield f"{n}. {section['heading']}"
        yield section["text"]
