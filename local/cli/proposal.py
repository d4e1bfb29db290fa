"""`baton proposal`: from the first draft to what the client accepted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from local.cli.contact import read
from local.cli.document import _data as data_of
from local.cli.errors import Refused
from local.cli.output import facts, table
from local.cli.session import Session, with_session
from local.cli.words import moment

proposal = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Id = Annotated[str, typer.Argument(metavar="ID", help="As `baton proposal list` shows it.")]
Version = Annotated[int | None, typer.Option(min=1, metavar="N", help="Of an earlier version.")]


@proposal.command("list")
@with_session
def listing(
    session: Session,
    deal: Annotated[str | None, typer.Option(metavar="ID", help="Of one deal.")] = None,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many at most.")] = 50,
) -> None:
    """List the proposals, those that changed last first."""
    query = {"deal": deal} if deal else {}
    session.show(session.client.listing("proposals", limit, **query), _proposals)


@proposal.command()
@with_session
def new(
    session: Session,
    deal: Annotated[str, typer.Option(metavar="ID", help="The deal that it is for.")],
    to: Annotated[str, typer.Option(metavar="ADDRESS", help="Where it is sent, once it is approved.")],
    name: Annotated[str, typer.Option(metavar="NAME", help="Whom it is for.")],
    title: Annotated[str, typer.Option(metavar="TITLE")],
    company: Annotated[str, typer.Option(metavar="NAME")] = "",
    offer: Annotated[str | None, typer.Option(metavar="ID", help="What it is made of.")] = None,
    item: Annotated[list[str] | None, typer.Option(metavar="ITEM[=QUANTITY]", help="What is chosen.")] = None,
    like: Annotated[str | None, typer.Option(metavar="ID", help="Or: an earlier proposal to start from.")] = None,
    need: Annotated[list[str] | None, typer.Option(metavar="TEXT", help="What they need, in their words.")] = None,
    tiers: Annotated[bool, typer.Option("--tiers", help="Put together good, better and best.")] = False,
    language: Annotated[str, typer.Option(metavar="en|de")] = "en",
) -> None:
    """Begin a proposal; the client sees nothing of it."""
    chosen = [each.partition("=") for each in item or []]
    body = {
        "deal": deal,
        "to": to,
        "recipient": {"name": name, "company": company},
        "title": title,
        "offer": offer,
        "chosen": [{"item": key, **({"quantity": n} if n else {})} for key, _, n in chosen],
        "like": like,
        "needs": need or [],
        "tiers": tiers,
        "language": language,
    }
    made = session.client.create("proposals", json.dumps(body).encode(), "application/json")
    session.show(made, _proposal)


@proposal.command()
@with_session
def show(session: Session, id: Id, version: Version = None) -> None:
    """Show what a version says and costs, and why it cannot be sent as it is."""
    query = {"version": version} if version else {}
    session.show(session.client.get(f"proposals/{id}", **query), _proposal)


@proposal.command()
@with_session
def edit(
    session: Session,
    id: Id,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="YAML or JSON: the `content` that `show --json` has.")],
) -> None:
    """Keep what a file says as the newest version."""
    read(file)
    body = {"content": json.loads(json.dumps(data_of(file), default=str))}
    session.show(session.client.put(f"proposals/{id}/content", body), _proposal)


@proposal.command()
@with_session
def write(
    session: Session,
    id: Id,
    part: Annotated[
        list[str] | None, typer.Option(metavar="situation|approach|why", help="Only this part; beside one of yours.")
    ] = None,
) -> None:
    """Have the text written from needs, offer and facts; what you changed by hand stays."""
    session.show(session.client.post(f"proposals/{id}/text", {"parts": part or []}), _text)


@proposal.command()
@with_session
def claims(session: Session, id: Id, version: Version = None) -> None:
    """Show what each sentence of the text rests on."""
    query = {"version": version} if version else {}
    session.show(session.client.get(f"proposals/{id}/claims", **query), _claims)


@proposal.command()
@with_session
def diff(
    session: Session,
    id: Id,
    old: Annotated[int | None, typer.Option(min=1, metavar="N")] = None,
    new: Annotated[int | None, typer.Option(min=1, metavar="N")] = None,
) -> None:
    """Show what differs between two versions: words and prices."""
    query = {name: n for name, n in (("old", old), ("new", new)) if n}
    session.show(session.client.get(f"proposals/{id}/changes", **query), _changes)


@proposal.command()
@with_session
def send(session: Session, id: Id) -> None:
    """Put the newest version up for approval; approved, it leaves: baton approval."""
    session.show(session.client.post(f"proposals/{id}/submit"), _standing)


@proposal.command()
@with_session
def withdraw(session: Session, id: Id) -> None:
    """Take it back: it cannot be accepted any more."""
    session.show(session.client.post(f"proposals/{id}/withdraw"), _standing)


@proposal.command()
@with_session
def pdf(
    session: Session,
    id: Id,
    out: Annotated[Path, typer.Argument(metavar="FILE", help="Write it here.")],
    version: Version = None,
) -> None:
    """Write a version as PDF, as the client gets it."""
    query = {"version": str(version)} if version else {}
    out.write_bytes(session.client.content(f"proposals/{id}/proposal.pdf", **query))
    session.output.note(f"wrote {out}")


@proposal.command()
@with_session
def agreed(session: Session, id: Id) -> None:
    """Show what the client accepted, line by line."""
    session.show(session.client.get(f"proposals/{id}/agreed"), _agreed)


@proposal.command()
@with_session
def messages(session: Session, id: Id) -> None:
    """Show what the client asked and offered, and what can be answered to a counter-offer."""
    found = session.client.get(f"proposals/{id}/messages")
    for each in found["items"]:
        if each["kind"] == "counter" and each["waits"]:
            each["room"] = session.client.get(f"proposals/{id}/messages/{each['id']}/alternatives")
    session.show(found, _messages)


@proposal.command()
@with_session
def heard(
    session: Session,
    id: Id,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What they said.")],
    wanted: Annotated[str, typer.Option(metavar="SUM", help="What they want to pay, net.")] = "",
    option: Annotated[str, typer.Option(metavar="ID", help="For which option.")] = "",
) -> None:
    """Write down what the client said elsewhere; with a sum it is a counter-offer."""
    body = {"text": text, "wanted": wanted, "option": option}
    session.show(session.client.post(f"proposals/{id}/messages", body), lambda made: [f"Kept as {made['id']}."])


@proposal.command()
@with_session
def answer(
    session: Session,
    id: Id,
    message: Annotated[str, typer.Argument(metavar="MESSAGE", help="As `baton proposal messages` shows it.")],
    text: Annotated[str, typer.Option(metavar="TEXT", help="What they are told, by mail.")] = "",
    take: Annotated[str, typer.Option(metavar="ALTERNATIVE", help="Or: make this the next version.")] = "",
) -> None:
    """Answer the client by mail, or make an alternative the next version."""
    if bool(text) == bool(take):
        raise Refused("give either --text or --take")
    path = f"proposals/{id}/messages/{message}"
    if take:
        session.show(session.client.post(f"{path}/alternatives", {"alternative": take}), _proposal)
    else:
        told = session.client.post(f"{path}/answer", {"text": text})
        session.show(told, lambda made: [f"Answered; the mail: {made['mail']}."])


def _proposals(found: dict[str, Any]) -> Iterator[RenderableType]:
    if not found["items"]:
        yield "None yet: baton proposal new --help"
        return
    rows = ((each["id"], each["title"], each["version"], each["status"]) for each in found["items"])
    yield table(("Id", "Title", "Version", "Stands"), rows)


def _proposal(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield f"{found['title']}, version {found['shown']} of {found['version']}: {found['standing']}."
    yield f"Its id is {found['id']}."
    for option in found["options"]:
        yield option["name"]
        yield from option["printed"]
    for each in found["below"]:
        yield f"Cannot be sent: {each}"
    if found["held"]:
        yield f"Not sent: {found['held']}"


def _text(found: dict[str, Any]) -> Iterator[RenderableType]:
    if found["written"]:
        yield f"Written by {found['by']}: {', '.join(found['written'])}. It is version {found['version']}."
    if found["kept"]:
        yield f"Changed by hand, and kept: {', '.join(found['kept'])}."
    yield from (f"Left out: {each}" for each in found["left_out"])


def _claims(found: dict[str, Any]) -> Iterator[RenderableType]:
    for each in found["items"]:
        yield each["sentence"]
        yield f"  {'; '.join(each['sources'])}" if each["sources"] else f"  Nobody has said it: {each['reason']}"
    if not found["items"]:
        yield "No sentence of it states a fact."


def _standing(found: dict[str, Any]) -> Iterator[RenderableType]:
    waits = f"; version {found['asked']} waits for approval" if found["asked"] else ""
    yield f"{found['title']}: {found['status']}{waits}."


def _changes(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield f"From version {found['old']} to {found['new']}:"
    marks = {"same": "", "gone": "-", "new": "+"}
    for each in found["changes"]:
        parts = (
            f"[{marks[part['kind']]}{part['text']}]" if marks[part["kind"]] else part["text"]
            for part in each["stretches"]
        )
        yield f"{each['where']}: {''.join(parts)}"


def _agreed(found: dict[str, Any]) -> Iterator[RenderableType]:
    rows = (
        (each["title"], each["quantity"], each["unit_net"], each["vat_rate"], each["billing"])
        for each in found["lines"]
    )
    yield table(("What", "Quantity", f"Net, {found['currency']}", "VAT %", "Billed"), rows)
    yield facts(
        [
            ("option", found["option_name"]),
            ("accepted", f"{moment(found['accepted_at'])} by {found['accepted_by']}"),
            ("consent", found["consent"]),
            ("version", f"{found['version']}, sha256 {found['digest']}"),
        ]
    )


def _messages(found: dict[str, Any]) -> Iterator[RenderableType]:
    for each in found["items"]:
        wanted = f" (wants to pay {each['wanted']} net for {each['option']})" if each["wanted"] else ""
        yield f"{each['id']} {moment(each['at'])}: {each['text']}{wanted}"
        if each["answer"]:
            yield f"  answered: {each['answer']}"
        if room := each.get("room"):
            yield f"  {room['reason']}"
            yield from (f"  {one['id']}: {one['name']}, {one['engagement']} net" for one in room["alternatives"])
    if not found["items"]:
        yield "Nothing yet."
