"""`baton deal`: engagements, from the first talk to won or lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, urlencode

import typer
from rich.console import RenderableType
from rich.text import Text

from local.cli.contact import follow, read, show_import
from local.cli.contact_import import listed, write_out
from local.cli.errors import Refused
from local.cli.output import facts, table
from local.cli.session import Session, with_session
from local.cli.words import moment, program

deal = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Id = Annotated[str, typer.Argument(metavar="ID", help="As `baton deal list` shows it.")]
Import = Annotated[str, typer.Argument(metavar="ID", help="Which import, as `baton deal imports` lists it.")]
Stage = Annotated[
    str,
    typer.Option(
        metavar="STAGE",
        help="new, contacted, needs, proposed, negotiating, contract, signed, deposit, won or lost.",
    ),
]
Why = Annotated[str, typer.Option(metavar="TEXT", help="Needed to lose a deal, and to take won or lost back.")]


@deal.command("list")
@with_session
def listing(
    session: Session,
    stage: Annotated[str, typer.Option(metavar="STAGE", help="Only those at this stage.")] = "",
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many at most.")] = 50,
) -> None:
    """List the deals, those that changed last first."""
    asked = {"stage": stage} if stage else {}
    session.show(session.client.listing("deals", limit, **asked), _rows)


@deal.command()
@with_session
def new(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is called.")],
    company: Annotated[str, typer.Option(metavar="NAME", help="With whom.")] = "",
    stage: Stage = "new",
    value: Annotated[str, typer.Option(metavar="AMOUNT", help="What it is worth, as in 1200.50.")] = "",
    currency: Annotated[str, typer.Option(metavar="CODE", help="Of the value.")] = "EUR",
    lead: Annotated[str, typer.Option(metavar="ID", help="The lead that it came from.")] = "",
    contact: Annotated[str, typer.Option(metavar="ID", help="Whom one talks to, from the address book.")] = "",
    owner: Annotated[str, typer.Option(metavar="NAME", help="Who looks after it.")] = "",
    close_on: Annotated[str, typer.Option(metavar="DATE", help="When it should be decided.")] = "",
    why: Why = "",
) -> None:
    """Begin a deal, at whatever stage it stands, signed included."""
    said = {"company": company, "value": value, "lead": lead, "contact": contact, "owner": owner, "why": why}
    body = {"name": name, "stage": stage, "currency": currency, **said, "close_on": close_on}
    made = session.client.post("deals", {field: text for field, text in body.items() if text})
    session.show(made, _deal)


@deal.command()
@with_session
def show(session: Session, id: Id) -> None:
    """Show a deal: where it stands, every move, every note."""
    session.show(session.client.get(_at(id)), _deal)


@deal.command()
@with_session
def thread(session: Session, id: Id) -> None:
    """Show everything that happened in a deal, from the first day on, and where each document is."""
    session.show(session.client.get(f"{_at(id)}/timeline"), _thread)


@deal.command()
@with_session
def move(
    session: Session,
    id: Id,
    to: Annotated[str, typer.Argument(metavar="STAGE", help="Where it stands now.")],
    why: Why = "",
) -> None:
    """Put a deal at another stage; from won or lost, too."""
    session.show(session.client.post(f"{_at(id)}/moves", {"to": to, "why": why}), _deal)


@deal.command()
@with_session
def note(session: Session, id: Id, text: Annotated[str, typer.Argument(metavar="TEXT", help="In your words.")]) -> None:
    """Write something down about a deal."""
    session.show(session.client.post(f"{_at(id)}/notes", {"text": text}), _deal)


@deal.command()
@with_session
def reach(
    session: Session,
    id: Id,
    journey: Annotated[str, typer.Argument(metavar="JOURNEY", help="As `baton journey list` shows it.")],
) -> None:
    """Let a deal's contact into a sequence of mails, which ends with an answer."""
    session.show(session.client.post(f"{_at(id)}/outreach", {"journey": journey}), _deal)


@deal.command("reach-many")
@with_session
def reach_many(
    session: Session,
    journey: Annotated[str, typer.Argument(metavar="JOURNEY", help="As `baton journey list` shows it.")],
    stage: Annotated[str, typer.Option(metavar="STAGE", help="Of the deals at this stage: new or contacted.")] = "new",
    most: Annotated[int, typer.Option(min=1, max=200, metavar="N", help="So many now, the best scores first.")] = 20,
) -> None:
    """Let the contacts of many deals into a sequence, those of the best score first."""
    session.show(session.client.post("deals/outreach", {"journey": journey, "stage": stage, "most": most}), _reached)


@deal.command()
@with_session
def needs(
    session: Session,
    id: Id,
    add: Annotated[Path | None, typer.Option(metavar="FILE", help="A text of theirs, such as a brief.")] = None,
    said_by: Annotated[str, typer.Option(metavar="NAME", help="Who said it.")] = "",
    answers: Annotated[str, typer.Option(metavar="QUESTION", help="Which open question the text answers.")] = "",
    message: Annotated[int | None, typer.Option(metavar="N", help="Show this message as it came.")] = None,
) -> None:
    """Show what a client needs, in their words, what is to be asked and who must move; --add reads another text."""
    if message is not None:
        session.show(session.client.get(f"{_at(id)}/needs/messages/{message}"), _message)
        return
    if add is None:
        session.show(session.client.get(f"{_at(id)}/needs"), _needs)
        return
    try:
        text = read(add).decode()
    except UnicodeDecodeError:
        raise Refused(f"{add}: must be a text in UTF-8") from None
    session.show(
        session.client.post(f"{_at(id)}/needs", {"text": text, "said_by": said_by, "question": answers}), _needs
    )


@deal.command()
@with_session
def ask(
    session: Session,
    id: Id,
    question: Annotated[
        list[str] | None, typer.Option(metavar="QUESTION", help="Which open ones, as `baton deal needs` shows them.")
    ] = None,
    own: Annotated[list[str] | None, typer.Option(metavar="TEXT", help="A question in your words.")] = None,
    note: Annotated[str, typer.Option(metavar="TEXT", help="What stands above them.")] = "",
    language: Annotated[str, typer.Option(metavar="LANGUAGE", help="en or de.")] = "en",
    days: Annotated[int, typer.Option(min=1, max=60, metavar="N", help="How long the form can be answered.")] = 14,
) -> None:
    """Mail a deal's contact what is still open, with a link to a form; by default all that they were not asked."""
    said = {"questions": question or [], "own": own or [], "note": note, "language": language, "days": days}
    session.show(session.client.post(f"{_at(id)}/needs/asked", said), _needs)


@deal.command("import")
@with_session
def bring_in(
    session: Session,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, XLSX, ODS, or a ZIP of these.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would become of each row.")] = False,
    stage: Annotated[
        list[str] | None, typer.Option(metavar="THEIRS=OURS", help="What a stage of the file is here.")
    ] = None,
    column: Annotated[
        list[str] | None, typer.Option(metavar="HEADING=FIELD", help="What a column is; - leaves it out.")
    ] = None,
    currency: Annotated[str, typer.Option(metavar="CODE", help="Of amounts that come without one.")] = "EUR",
    companies: Annotated[bool, typer.Option("--companies", help="Its rows are companies; they become leads.")] = False,
) -> None:
    """Import deals from a file, such as an export of HubSpot; with --companies leads.

    What stages and columns are is remembered; what is wrong in a row is said with its line.
    """
    said = {"stages": _told("--stage", stage), "columns": _told("--column", column), "currency": currency}
    query = {**said, "name": file.name[:200], "of": "companies" if companies else "deals"}
    query |= {"dry_run": "true"} if dry_run else {}
    made = session.client.create(f"deals/imports?{urlencode(query)}", read(file), "application/octet-stream")
    show_import(session, follow(session, made["id"], "deals"))


@deal.command()
@with_session
def imports(
    session: Session, limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many at most.")] = 20
) -> None:
    """List imports of deals and companies, newest first; `baton deal undo ID` takes one back."""
    session.show(session.client.listing("deals/imports", limit), listed)


@deal.command()
@with_session
def confirm(session: Session, id: Import) -> None:
    """Take in what `--dry-run` has shown."""
    _carry_on(session, id, "confirm")


@deal.command()
@with_session
def undo(session: Session, id: Import) -> None:
    """Take an import back: what it wrote and nobody has changed since."""
    _carry_on(session, id, "undo")


@deal.command()
@with_session
def quarantine(
    session: Session,
    id: Import,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Where to write it; default: stdout.")] = None,
) -> None:
    """Get the rows that were left out, with the reasons, as CSV."""
    write_out(session.client.content(f"deals/imports/{quote(id, safe='')}/quarantine"), out)


def _carry_on(session: Session, id: str, what: str) -> None:
    session.client.post(f"deals/imports/{quote(id, safe='')}/{what}")
    show_import(session, follow(session, id, "deals"))


def _told(option: str, said: list[str] | None) -> str:
    told = {}
    for each in said or ():
        theirs, found, ours = each.rpartition("=")
        if not found or not theirs.strip():
            raise Refused(f"{option}: {each!r} is not THEIRS=OURS, such as 'Demo held=needs'")
        told[theirs.strip()] = ours.strip()
    return json.dumps(told)


def _at(id: str) -> str:
    return f"deals/{quote(id, safe='')}"


def _rows(found: dict[str, Any]) -> Iterator[RenderableType]:
    if not found["items"]:
        yield f"No deals yet: {program()} deal new 'A website' --company 'Praxis Holm' --value 12000"
        return
    rows = ((each["name"], each["company"], each["stage"], _worth(each), each["id"]) for each in found["items"])
    yield table(("Deal", "Company", "Stage", "Value", "Id"), rows, right=("Value",))


def _reached(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield f"Begun for {len(found['begun'])} deals, and for {found['before']} before; {found['waiting']} wait."
    if found["left_out"]:
        yield table(("Deal", "Why not"), found["left_out"].items())


def _worth(each: dict[str, Any]) -> str:
    return f"{each['value']} {each['currency']}" if each["value"] is not None else ""


def _deal(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield f"“{found['name']}” is at {found['stage']}. Its id is {found['id']}."
    named = [(name.replace("_", " "), found[name] or None) for name in ("company", "owner", "close_on")]
    yield facts([*named, ("value", _worth(found) or None)])
    moves = ((moment(each["at"]), each["from"] or "", each["to"], each["by"], each["why"]) for each in found["history"])
    yield table(("When", "From", "To", "By", "Why"), moves)
    for each in found["notes"]:
        yield f"{moment(each['at'])}, {each['by']}: {each['text']}"


def _thread(found: dict[str, Any]) -> Iterator[RenderableType]:
    told = (
        (moment(each["at"]), each["title"], each["by"], each["text"], each["href"]) for each in found["items"][::-1]
    )
    yield table(("When", "What", "By", "Words", "Document"), told)


def _needs(found: dict[str, Any]) -> Iterator[RenderableType]:
    rows = [
        (each["sort"], each["inferred"] or each["quote"], f"message {each['message']}, character {each['start']}")
        for each in found["statements"]
    ]
    if rows:
        yield table(("What", "In their words", "Where"), rows)
    if found["beyond"]:
        yield f"and {found['beyond']:,} more, which are not kept"
    if found["contradictions"]:
        yield f"{len(found['contradictions'])} of these contradict each other."
    if found["dropped"]:
        yield f"{found['dropped']:,} of a model's quotations stand nowhere and were dropped"
    asked = ((each["id"], each["text"], _waits_for(each)) for each in found["questions"])
    if found["questions"]:
        yield table(("Question", "To ask", "Who must move"), asked)
    yield f"Who must move: {found['turn']['says']}"


def _waits_for(question: dict[str, Any]) -> str:
    return f"the client, asked {moment(question['asked_at'])}" if question["waits_for"] == "client" else "you"


def _message(found: dict[str, Any]) -> Iterator[RenderableType]:
    said = found["message"]
    yield f"Message {said['id']}, {moment(said['at'])}{', ' + said['said_by'] if said['said_by'] else ''}:"
    yield Text(found["text"])
