"""`baton contact erase|export` and `baton retention`: what people may ask about their data."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from local.cli.contact import id_of
from local.cli.errors import Refused
from local.cli.output import table
from local.cli.session import Session, with_session

_CHECKED = "How you made sure that it is they: wrote_from_the_address, signed_in, showed_a_document …"
_FOR = "On whose request: person, guardian, authority or controller."
_RECEIVED = "When they asked; default: now. It is due a month later."
Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="Whom it is about.")]
Checked = Annotated[str, typer.Option(metavar="HOW", help=_CHECKED)]
For = Annotated[str, typer.Option("--for", metavar="WHO", help=_FOR)]
Received = Annotated[str, typer.Option(metavar="ISO-TIME", help=_RECEIVED)]


@with_session
def erase(
    session: Session,
    address: Address,
    checked: Checked,
    requested_by: For = "person",
    received: Received = "",
    certificate: Annotated[
        Path | None, typer.Option("--certificate", metavar="FILE", help="Write the certificate there, as PDF.")
    ] = None,
) -> None:
    """Erase everything about a person, in every workspace, and say so store by store.

    Nothing leaves for them from now on. What stays is a keyed hash, so that no list brings them back.
    """
    made = session.client.post(f"contacts/{id_of(session, address)}/erasure", asked(checked, requested_by, received))
    with session.output.progress() as bars:
        bars.add_task("erasing", total=None, note="")
        while (found := session.client.get(f"erasures/{made['id']}"))["status"] == "running":
            time.sleep(0.2)
    if certificate:
        certificate.write_bytes(session.client.content(f"erasures/{made['id']}/certificate"))
    session.show(found, erased)


@with_session
def export(
    session: Session,
    address: Address,
    checked: Checked,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write it: .json or .pdf.")],
    requested_by: For = "person",
    received: Received = "",
) -> None:
    """Put together everything that is held about a person, to hand it to them.

    Both files stay here for thirty days; JSON is for a program to read, PDF for people.
    """
    if out.suffix not in (".json", ".pdf"):
        raise Refused(f"{out}: must end in .json or .pdf")
    made = session.client.post(f"contacts/{id_of(session, address)}/export", asked(checked, requested_by, received))
    out.write_bytes(session.client.content(f"exports/{made['id']}/export{out.suffix}"))
    session.show(
        made, lambda found: [f"Export {found['id']}, due {found['due'][:10]}, here until {found['until'][:10]}."]
    )
    session.output.note(f"wrote {out}")


@with_session
def told(
    session: Session,
    address: Address,
    how: Annotated[str, typer.Argument(metavar="HOW", help="By what: a letter, a call.")],
    at: Annotated[str, typer.Option(metavar="ISO-TIME", help="When; default: now.")] = "",
) -> None:
    """Record that a person was told where their data were found, otherwise than by a message.

    A campaign's e-mail tells them by itself. A month after they were found nothing leaves for whoever was not told.
    """
    body = {"how": how, **({"at": at} if at else {})}
    session.show(session.client.post(f"contacts/{id_of(session, address)}/notice", body), sources)


def sources(found: dict[str, Any]) -> Iterator[RenderableType]:
    """One line for each source of what a person did not give."""
    rows = [
        (
            ", ".join(each["fields"]),
            each["source"],
            each["at"][:10],
            each["told_by"] or "",
            (each["told_at"] or "")[:10],
        )
        for each in found["found"]
    ]
    yield table(("Fields", "Found at", "On", "Told by", "On"), rows)


@with_session
def review(
    session: Session,
    address: Address,
    checked: Checked,
    campaign: Annotated[str, typer.Option(metavar="ID", help="Whose message; without it: that nothing is sent.")] = "",
    view: Annotated[str, typer.Option(metavar="TEXT", help="What they say of it themselves.")] = "",
    requested_by: For = "person",
    received: Received = "",
) -> None:
    """Have a person look at what was decided about somebody by rules; it waits among the approvals."""
    more = {name: value for name, value in (("campaign", campaign), ("view", view)) if value}
    body = {**asked(checked, requested_by, received), **more}
    session.show(
        session.client.post(f"contacts/{id_of(session, address)}/reviews", body),
        lambda found: [found["decided"], f"Review {found['id']}, due {found['due'][:10]}: see baton approval list."],
    )


retention = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@retention.command("list")
@with_session
def kept(session: Session) -> None:
    """List how long what is kept, and how much the next run would remove; nothing is changed."""
    session.show(session.client.get("retention"), categories)


@retention.command("set")
@with_session
def keep(
    session: Session,
    category: Annotated[str, typer.Argument(metavar="CATEGORY", help="One that baton retention list shows.")],
    days: Annotated[int, typer.Argument(metavar="DAYS", help="For how many days it is kept.")],
) -> None:
    """Keep a category for so many days; a timer removes what is older, once a day."""
    known = {each["category"]: each["days"] for each in session.client.get("retention")["items"]}
    if category not in known:
        raise Refused(f"category: there is no {category!r}; there are {', '.join(known)}")
    session.client.put("retention", {"days": {**known, category: days}})
    session.show(session.client.get("retention"), categories)


privacy = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@privacy.callback()
def _privacy() -> None:
    """What has to be on paper about data of people."""


@privacy.command()
@with_session
def record(
    session: Session,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write it there, as PDF.")] = None,
) -> None:
    """Show the record of processing activities (GDPR Article 30), from what is set up and stored now."""
    if out:
        out.write_bytes(session.client.content("privacy/record.pdf"))
        session.output.note(f"wrote {out}")
    session.show(session.client.get("privacy/record"), processing)


@privacy.command()
@with_session
def breach(
    session: Session,
    what: Annotated[str, typer.Option(metavar="TEXT", help="What happened; name nobody.")],
    data: Annotated[str, typer.Option(metavar="TEXT", help="Which data of which people.")],
    people: Annotated[int | None, typer.Option(metavar="N", help="How many people, about.")] = None,
    risk: Annotated[str, typer.Option(metavar="HOW", help="To the people: unlikely, likely or high.")] = "likely",
    consequences: Annotated[str, typer.Option(metavar="TEXT", help="What may come of it.")] = "",
    measures: Annotated[str, typer.Option(metavar="TEXT", help="What was done about it.")] = "",
    noticed: Annotated[str, typer.Option(metavar="ISO-TIME", help="When it was noticed; default: now.")] = "",
) -> None:
    """Write a breach of personal data down.

    The authority has to be told within 72 hours; until somebody says so it waits among the approvals.
    """
    said = {"consequences": consequences, "measures": measures, "noticed_at": noticed, "people": people}
    body = {"what": what, "data": data, "risk": risk, **{name: value for name, value in said.items() if value}}
    session.show(session.client.post("privacy/breaches", body), lambda found: breach_rows({"items": [found]}))


@privacy.command()
@with_session
def breaches(
    session: Session, limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many at most.")] = 50
) -> None:
    """List the breaches on record, newest first."""
    session.show(session.client.listing("privacy/breaches", limit), breach_rows)


def breach_rows(found: dict[str, Any]) -> Iterator[RenderableType]:
    """One line a breach."""
    if not found["items"]:
        yield "None is on record."
        return
    heads = ("Noticed", "What", "Risk", "Authority to be told by", "Told?", "Id")
    yield table(heads, map(_breach, found["items"]))


def _breach(each: dict[str, Any]) -> tuple[str, ...]:
    told = {"open": "not yet", "told": "yes", "not_needed": "not needed"}[each["status"]]
    noticed, due = each["noticed_at"][:16], each["due"][:16]
    return noticed, each["what"], each["risk"], due, ": ".join(filter(None, (told, each["reason"]))), each["id"]


@privacy.command()
@with_session
def controller(
    session: Session,
    name: Annotated[str, typer.Option(metavar="TEXT", help="Who decides what data are used for.")] = "",
    contact: Annotated[str, typer.Option(metavar="TEXT", help="How they are reached.")] = "",
    joint: Annotated[str, typer.Option(metavar="TEXT", help="Who decides with them.")] = "",
    representative: Annotated[str, typer.Option(metavar="TEXT", help="Their representative in the Union.")] = "",
    officer: Annotated[str, typer.Option(metavar="TEXT", help="The data protection officer.")] = "",
) -> None:
    """Fill in what only people know for the record; what is left out stays as it was."""
    said = {
        "controller": name,
        "contact": contact,
        "joint": joint,
        "representative": representative,
        "officer": officer,
    }
    _fill_in(session, {part: value for part, value in said.items() if value})


@privacy.command()
@with_session
def processor(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="NAME", help="As baton privacy record shows it.")],
    contract: Annotated[str, typer.Option(metavar="TEXT", help="The contract, and of when.")],
    country: Annotated[str, typer.Option(metavar="NAME", help="Where they work.")] = "",
    safeguard: Annotated[str, typer.Option(metavar="TEXT", help="By what data may leave the EEA for there.")] = "",
) -> None:
    """Fill in what was agreed with somebody who is given data."""
    said = {"contract": contract, "country": country or None, "safeguard": safeguard or None}
    known = session.client.get("privacy/particulars")["processors"]
    _fill_in(session, {"processors": {**known, name: said}})


def _fill_in(session: Session, said: dict[str, Any]) -> None:
    session.client.put("privacy/particulars", {**session.client.get("privacy/particulars"), **said})
    session.show(session.client.get("privacy/record"), processing)


def processing(found: dict[str, Any]) -> Iterator[RenderableType]:
    """Who is responsible, what is done, who is given data, and what is still to be filled in."""
    known = found["particulars"]
    yield f"Controller: {known['controller'] or 'to be filled in'}, {known['contact'] or 'contact to be filled in'}"
    yield "Writes as: " + ("; ".join(found["senders"]) or "no campaign yet")
    yield table(("Activity", "Purpose", "Basis"), [(e["name"], e["purpose"], e["basis"]) for e in found["activities"]])
    if found["processors"]:
        yield table(("Given to", "What for", "Contract"), map(_processor, found["processors"]))
    else:
        yield "Given to: nobody; nothing leaves this machine."
    yield "Assessment of the impact: " + ("; ".join(found["impact"]) or "nothing here asks for one.")
    if found["missing"]:
        yield "To be filled in: " + "; ".join(found["missing"])


def _processor(each: dict[str, Any]) -> tuple[str, ...]:
    agreed = each["agreement"] or {}
    told = ", ".join(filter(None, (agreed.get("contract"), agreed.get("country"), agreed.get("safeguard"))))
    return each["name"], each["does"], told or "to be filled in"


def categories(found: dict[str, Any]) -> Iterator[RenderableType]:
    """One line a category."""
    rows = [(each["category"], each["days"], each["due"], each["holds"]) for each in found["items"]]
    yield table(("Category", "Days", "Due", "What it is"), rows, right=["Days", "Due"])


def asked(checked: str, requested_by: str, received: str) -> dict[str, str]:
    """The body of a request."""
    return {"checked": checked, "requested_by": requested_by, **({"received_at": received} if received else {})}


def erased(found: dict[str, Any]) -> Iterator[RenderableType]:
    """Store by store, then what is left to people."""
    numbers = [each for each in found["treated"] if each["found"]]
    rows = [(each["workspace"], each["store"], each["found"], each["erased"], each["left"]) for each in numbers]
    yield table(("Workspace", "Store", "Found", "Erased", "Left"), rows, right=["Found", "Erased", "Left"])
    places = [f"{each['workspace']}: {place}" for each in numbers for place in each["places"]]
    if places:
        yield "For a person to decide, because it was approved or signed: " + ", ".join(places)
    if found["outside"]:
        yield "To be told, because they were given data of people: " + "; ".join(found["outside"])
    yield f"Erasure {found['id']}, due {found['due'][:10]}, completed {found['completed_at'][:16]}."
