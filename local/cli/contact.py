"""`baton contact`: bring people in, look at them."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, urlencode

import typer
from rich.console import RenderableType

from local.cli.errors import Fault, Refused
from local.cli.output import Whole, table
from local.cli.session import Session, with_session
from local.cli.words import program

SHOWN_ERRORS = 10
contact = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@contact.command("import")
@with_session
def bring_in(
    session: Session,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, XLSX, ODS, a ZIP of these, or a JSON list.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would become of each row.")] = False,
    consent: Annotated[str, typer.Option(metavar="TEXT", help="The words that all these people agreed to.")] = "",
    consent_source: Annotated[str, typer.Option(metavar="TEXT", help="Where they did.")] = "",
    consent_at: Annotated[str, typer.Option(metavar="ISO-TIME", help="When, where the file does not say.")] = "",
    column: Annotated[
        list[str] | None, typer.Option(metavar="HEADING=FIELD", help="What a column is; - leaves it out.")
    ] = None,
    double_opt_in: Annotated[
        bool, typer.Option("--double-opt-in", help="Who is said to have agreed is to confirm it first.")
    ] = False,
) -> None:
    """Import contacts from a file, such as an export of Mailchimp or HubSpot.

    What is wrong in a row is said with its line; the rest goes in.
    """
    said = {"consent": consent, "consent_source": consent_source, "consent_at": consent_at}
    if column:
        said["columns"] = json.dumps(dict(map(_column, column)))
    wishes = {"dry_run": "true" if dry_run else "", "double_opt_in": "true" if double_opt_in else ""}
    show_import(session, import_file(session, file, {**said, **wishes}))


@contact.command("list")
@with_session
def list_contacts(
    session: Session,
    email: Annotated[str, typer.Option(help="Only addresses that begin so.")] = "",
    company: Annotated[str, typer.Option(help="Only of this company.")] = "",
    country: Annotated[str, typer.Option(help="Only in this country.")] = "",
    tag: Annotated[str, typer.Option(help="Only with this tag.")] = "",
    consent: Annotated[str, typer.Option(metavar="STATUS", help="granted, withdrawn, pending or unknown.")] = "",
    channel: Annotated[str, typer.Option(metavar="NAME", help="To which: email, sms or webhook.")] = "",
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many at most.")] = 50,
) -> None:
    """List contacts with their consent."""
    asked = {"company": company, "country": country, "tag": tag, "consent": consent, "channel": channel}
    given = {name: value for name, value in asked.items() if value}
    session.show(session.client.listing("contacts", limit, email=email, **given), people)


@contact.command()
@with_session
def consents(
    session: Session, address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Whose consent it is about.")]
) -> None:
    """Show every change of a person's consent, with its proof.

    "verified" says that it is the one that the journal has a digest of.
    """
    session.show(session.client.get(f"contacts/{id_of(session, address)}/consents"), proofs)


@contact.command("consent")
@with_session
def record(
    session: Session,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Whose consent it is.")],
    status: Annotated[str, typer.Argument(metavar="STATUS", help="granted or withdrawn.")],
    channel: Annotated[str, typer.Option(metavar="NAME", help="email, sms, webhook; to withdraw: all.")] = "email",
    wording: Annotated[str, typer.Option(metavar="TEXT", help="The exact words that they agreed to.")] = "",
    source: Annotated[str, typer.Option(metavar="TEXT", help="Where from: a form, a purchase, a call.")] = "",
    purpose: Annotated[str, typer.Option(metavar="NAME", help="For this purpose only.")] = "",
    at: Annotated[str, typer.Option(metavar="ISO-TIME", help="When they said so; default: now.")] = "",
    basis: Annotated[str, typer.Option(metavar="NAME", help="explicit, implied_purchase, implied_inquiry …")] = "",
    jurisdiction: Annotated[str, typer.Option(metavar="CODE", help="Under whose law, such as DE.")] = "",
) -> None:
    """Record what a person said about one channel; the answer is its proof.

    A withdrawal stops the channel for the whole agency, and is never undone by hand.
    """
    said = {"status": status, "channel": channel, "wording": wording, "source": source, "purpose": purpose, "at": at}
    body = {name: value for name, value in (said | {"basis": basis, "jurisdiction": jurisdiction}).items() if value}
    made = session.client.post(f"contacts/{id_of(session, address)}/consents", body)
    session.show(made, lambda found: proofs({"items": [found]}))


@contact.command("opt-in")
@with_session
def opt_in(
    session: Session,
    sender: Annotated[str, typer.Option("--from", metavar="NAME", help="Who asks.")],
    sender_address: Annotated[str, typer.Option(metavar="ADDRESS", help="Where the mail comes from.")],
    postal: Annotated[str, typer.Option(metavar="TEXT", help="The sender's postal address.")],
    wording: Annotated[str, typer.Option(metavar="TEXT", help="The exact words that they confirm.")],
    address: Annotated[
        str, typer.Argument(metavar="ADDRESS", help="Whom to ask; without it all whose consent is to be confirmed.")
    ] = "",
    language: Annotated[str, typer.Option(metavar="CODE", help="en or de.")] = "en",
    form: Annotated[str, typer.Option(metavar="TEXT", help="Where the address was signed up.")] = "",
) -> None:
    """Ask people to confirm by e-mail that they want messages.

    Until they press the button in it they get nothing else. Nobody is asked twice in a week.
    """
    who = {"name": sender, "address": sender_address, "postal_address": postal}
    body = {"sender": who, "wording": wording, "language": language, "form": form or None}
    if address:
        session.client.post(f"contacts/{id_of(session, address)}/opt-in", body)
        session.show({"asked": 1, "skipped": 0}, asked)
        return
    total, cursor = {"asked": 0, "skipped": 0}, ""
    while True:
        found = session.client.post("contacts/opt-ins" + (f"?cursor={cursor}" if cursor else ""), body)
        total = {name: count + found[name] for name, count in total.items()}
        if not found["cursor"]:
            break
        cursor = quote(found["cursor"])
    session.show(total, asked)


@contact.command("opt-ins")
@with_session
def opt_ins(
    session: Session,
    state: Annotated[str, typer.Option(help="Only those asked, sent, unknown, failed, held, confirmed.")] = "",
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many at most.")] = 50,
) -> None:
    """List who was asked to confirm, and what came of the mail.

    Of those that are unknown nobody can tell whether the mail left, so it is not sent again by itself.
    """
    session.show(session.client.listing("contacts/opt-ins", limit, state=state), requests)


def requests(found: dict[str, Any]) -> Iterator[RenderableType]:
    """One line a person."""
    if not found["items"]:
        yield "Nobody."
        return
    rows = [(each["email"], each["state"], each["asked_at"][:16], each["reason"] or "") for each in found["items"]]
    yield table(("Address", "State", "Asked", "Why"), rows)
    if found["cursor"]:
        yield f"The first {len(found['items']):,}; --limit shows more."


def asked(found: dict[str, int]) -> Iterator[RenderableType]:
    """How many are asked, and how many not."""
    yield f"{found['asked']:,} asked to confirm; the mail leaves in a few seconds."
    if found["skipped"]:
        yield f"{found['skipped']:,} not: asked less than a week ago, or not to be written to."


def id_of(session: Session, address: str) -> str:
    """The contact of an address. Raises Refused."""
    found = session.client.listing("contacts", 100, email=address.strip())
    mine = [each for each in found["items"] if each["email"] == address.strip().lower()]
    if not mine:
        raise Refused(f"address: there is nobody with the address {address!r}")
    return str(mine[0]["id"])


def proofs(found: dict[str, Any]) -> Iterator[RenderableType]:
    """One line a change, the oldest first."""
    if not found["items"]:
        yield "Nothing is on record."
        return
    heads = ("When", "What", "For", "How", "Wording or source", "Verified")
    yield table(heads, map(_proof, found["items"]))


def _proof(each: dict[str, Any]) -> tuple[str, ...]:
    about = " ".join(filter(None, (each["channel"], each["purpose"], each["topic"])))
    words = each["wording"] or each["source"] or each["form"] or ""
    return each["at"][:16], each["status"], about, each["method"], words, "yes" if each["verified"] else "NO"


def import_file(session: Session, file: Path, wishes: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Send a file and wait until it is in; the import as it ended. `wishes`: parameters of the route."""
    kind = "application/json" if file.suffix.lower() == ".json" else "application/octet-stream"
    query = {"name": file.name[:200], **{name: text for name, text in (wishes or {}).items() if text}}
    accepted = session.client.create(f"contacts/imports?{urlencode(query)}", read(file), kind)
    return follow(session, accepted["id"])


def follow(session: Session, id: str, of: str = "contacts") -> dict[str, Any]:
    """Wait until what is under way of an import has ended; the import then."""
    with session.output.progress() as bars:
        bar = bars.add_task("importing", total=None, note="")
        while True:
            made: dict[str, Any] = session.client.get(f"{of}/imports/{id}")
            bars.update(bar, completed=made["received"], total=made["rows"])
            if made["status"] != "running":
                return made
            time.sleep(0.1)


def read(file: Path) -> bytes:
    """The file's bytes. Raises Refused."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise Refused(f"{file}: {error.strerror}") from error


def show_import(session: Session, made: dict[str, Any]) -> None:
    """An import as it ended. Raises Fault if it stopped, Refused if nobody knows what its columns are."""
    session.show(made, imported)
    if made["status"] == "failed":
        raise Fault(f"import: {made['status_reason']}")
    if made["status"] == "unmapped":
        option = "--stage 'THEIRS=OURS'" if made["stages"] else "--column 'HEADING=FIELD'"
        raise Refused(f"{'stages' if made['stages'] else 'columns'}: {made['status_reason']}; say it: {option}")


def imported(made: dict[str, Any]) -> Iterator[RenderableType]:
    """What became, or would become, of the rows, and the first that were left out."""
    if made["status"] == "unmapped":
        return
    if made["status"] == "undone":
        yield f"Taken back: {made['removed']:,} gone, {made['restored']:,} as before, {made['kept']:,} changed since."
        return
    suppressed = f"{made['suppressed']:,} suppressed, " if made["suppressed"] else ""
    yield (
        f"{made['received']:,} rows: {made['created']:,} new, {made['updated']:,} updated, "
        f"{made['unchanged']:,} unchanged, {made['merged']:,} merged, {suppressed}"
        f"{made['quarantined']:,} in quarantine."
    )
    if made["errors"]:
        errors = made["errors"][:SHOWN_ERRORS]
        yield table(("Line", "Field", "Why"), [(e["line"], e["field"], e["reason"]) for e in errors], right=["Line"])
    if made["errors_total"] > SHOWN_ERRORS:
        yield f"and {made['errors_total'] - SHOWN_ERRORS:,} more; --json lists them"
    if made["status"] == "previewed":
        yield from _previewed(made)


def _previewed(made: dict[str, Any]) -> Iterator[RenderableType]:
    shown = [each for each in made["examples"] if each["outcome"] != "unchanged"]
    rows = [
        (each["outcome"], each["title"] or each["email"], each["why"], each["file"] or "", str(each["line"]))
        for each in shown
    ]
    if rows:
        yield table(
            ("Would be", "Address" if made["of"] == "contacts" else "Name", "Why", "File", "Line"), rows, right=["Line"]
        )
    agreed = f"{made['agreed']:,} of them agreed to e-mail. " if made["of"] == "contacts" else ""
    yield f"{agreed}Nothing is in yet."
    yield Whole(f"{program()} {'contact' if made['of'] == 'contacts' else 'deal'} confirm {made['id']}")


def _column(said: str) -> tuple[str, str]:
    heading, found, field = said.rpartition("=")
    if not found or not heading.strip():
        raise Refused(f"--column: {said!r} is not HEADING=FIELD, such as 'Mail=email'")
    return heading.strip(), field.strip()


def people(found: dict[str, Any]) -> Iterator[RenderableType]:
    """One line a person."""
    if not found["items"]:
        yield "Nobody."
        return
    others = [each for each in ("sms", "webhook") if any(each in person["consent"] for person in found["items"])]
    heads = ("Address", "Name", "Country", "E-mail consent", *(f"For {each}" for each in others))
    yield table(heads, [_person(each, others) for each in found["items"]])
    if found["cursor"]:
        yield f"The first {len(found['items']):,}; --limit shows more."


def _person(each: dict[str, Any], others: list[str]) -> tuple[str, ...]:
    name = " ".join(filter(None, (each["first_name"], each["last_name"])))
    known = [each["consent"].get(channel, {"status": "unknown"})["status"] for channel in ("email", *others)]
    consents = ["unsubscribed" for _ in known] if each["suppressed"] else known
    return each["email"], name, each["country"] or "", *consents
