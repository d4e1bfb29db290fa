"""`baton lead`: companies that may become clients."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import RenderableType

from local.cli.contact import read
from local.cli.errors import Fault, Refused
from local.cli.output import facts, table
from local.cli.session import Session, with_session
from local.cli.words import moment

lead = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Id = Annotated[str, typer.Argument(metavar="LEAD", help="Its id, as `baton lead list` shows it.")]
_SET = ("criteria", "packages", "budget", "currency")
Why = Annotated[str, typer.Argument(metavar="REASON", help="Why, in a line.")]


@lead.command("list")
@with_session
def listing(
    session: Session,
    stage: Annotated[str | None, typer.Option(help="found, qualified, rejected or converted.")] = None,
    country: Annotated[str | None, typer.Option(help="Two letters, as in GB.")] = None,
    of: Annotated[str | None, typer.Option("--of", metavar="LIST", help="Only those of this list.")] = None,
    least: Annotated[float | None, typer.Option(metavar="POINTS", help="At least so many.")] = None,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many at most.")] = 50,
) -> None:
    """List leads, the best score first, with one reason each."""
    given = (("stage", stage), ("country", country), ("list", of), ("least", least))
    query = {name: str(value) for name, value in given if value is not None}
    session.show(session.client.listing("leads", limit, **query), lambda found: rows(found["items"]))


@lead.command()
@with_session
def show(session: Session, id: Id) -> None:
    """Show a lead: its score factor by factor, every fact with its source, who was found there."""
    session.show(session.client.get(f"leads/{id}"), whole)


@lead.command()
@with_session
def add(
    session: Session,
    website: Annotated[str | None, typer.Argument(metavar="[WEBSITE]", help="As in example.com.")] = None,
    name: Annotated[str | None, typer.Option(help="The company's name.")] = None,
    country: Annotated[str | None, typer.Option(help="Two letters, as in GB.")] = None,
    city: Annotated[str | None, typer.Option(help="Where it is.")] = None,
    industry: Annotated[str | None, typer.Option(help="What it does.")] = None,
    source: Annotated[str | None, typer.Option(help="Where you know it from.")] = None,
) -> None:
    """Add one company; one that is known already keeps what it has."""
    given = {"website": website, "name": name, "country": country, "city": city, "industry": industry, "source": source}
    body = {field: value for field, value in given.items() if value is not None}
    session.show(session.client.post("leads", body), whole)


@lead.command()
@with_session
def qualify(session: Session, id: Id, reason: Why) -> None:
    """Take a lead: it is worth a deal."""
    _decided(session, id, "qualify", reason)


@lead.command()
@with_session
def reject(session: Session, id: Id, reason: Why) -> None:
    """Leave a lead."""
    _decided(session, id, "reject", reason)


@lead.command()
@with_session
def contacts(session: Session, id: Id) -> None:
    """Take the people of a qualified lead into the address book, with where they were found."""
    made = session.client.post(f"leads/{id}/contacts")
    session.show(made, lambda found: [f"On their way into the address book, by import {found['id']}."])


@lead.command()
@with_session
def due(
    session: Session, limit: Annotated[int, typer.Option(min=1, metavar="N", help="Of how many leads at most.")] = 100
) -> None:
    """List people of leads who have to be told that they were found, and until when."""
    session.show(session.client.listing("leads/notices", limit), _strangers)


@lead.command()
@with_session
def tell(
    session: Session, id: Id, go: Annotated[bool, typer.Option("--go", help="Let the mails leave.")] = False
) -> None:
    """Show the mails that tell the people of a lead that they were found; with --go they leave, each once."""
    made = session.client.post(f"leads/{id}/notices") if go else session.client.get(f"leads/{id}/notices")
    session.show(made, _notices)
    if any(each["state"] not in ("", "sent") for each in made["items"]):
        raise Fault("not every mail has left")


@lead.command()
@with_session
def score(
    session: Session,
    file: Annotated[Path, typer.Argument(metavar="FILE|-", help="Web sites, one a line, or a table (CSV, XLSX, ODS).")],
    name: Annotated[str | None, typer.Option(help="What the list is called.")] = None,
) -> None:
    """Look at many companies and score them: a list with one reason each, the best first."""
    content = sys.stdin.buffer.read() if str(file) == "-" else read(file)
    source = "a pasted list" if str(file) == "-" else file.name[:100]
    query = f"?name={quote(name or source)}&source={quote(source)}"
    _followed(session, session.client.create(f"leads/lists{query}", content, "application/octet-stream"))


@lead.command()
@with_session
def find(
    session: Session,
    terms: Annotated[str, typer.Argument(metavar="KIND", help="A kind of company, as in dentist.")],
    city: Annotated[str | None, typer.Option(help="As in Leeds.")] = None,
    country: Annotated[str | None, typer.Option(help="Two letters, as in GB.")] = None,
    most: Annotated[int, typer.Option(min=1, max=1000, metavar="N", help="How many at most.")] = 100,
) -> None:
    """Look companies up in the directory, look at each, and score it."""
    given = {"terms": terms, "city": city, "country": country, "most": most}
    body = {field: value for field, value in given.items() if value is not None}
    _followed(session, session.client.post("leads/searches", body))


@lead.command()
@with_session
def rescore(session: Session) -> None:
    """Score every lead anew by the newest criteria; no site is looked at."""
    made = _waited(session, session.client.post("leads/rescore"))
    session.show(made, lambda found: [f"{found['scored']:,} leads are {found['name']}."])


@lead.command()
@with_session
def lists(session: Session) -> None:
    """Show the lists, newest first: how far each is, and what was left out."""
    session.show(session.client.listing("leads/lists", 50), _lists)


@lead.command()
@with_session
def criteria(
    session: Session,
    put: Annotated[
        Path | None, typer.Option("--set", metavar="FILE", help="Criteria as JSON, as --json shows them.")
    ] = None,
) -> None:
    """Show by what leads are scored, or set it: a new version."""
    if put:
        wanted = {name: value for name, value in _json(put).items() if name in _SET}
        session.show(session.client.put("leads/criteria", wanted), _criteria)
    else:
        session.show(session.client.get("leads/criteria"), _criteria)


@lead.command()
@with_session
def verify(session: Session) -> None:
    """Compute every stored score again from what is stored, and name those that differ."""
    told: dict[str, Any] = {"leads": 0, "scored": 0, "differing": []}
    cursor: str | None = ""
    while cursor is not None:
        page = session.client.get(f"leads/verification?limit=100{cursor and f'&cursor={quote(cursor)}'}")
        told = {name: told[name] + page[name] for name in told}
        cursor = page["cursor"]
    session.show(told, _verified)
    if told["differing"]:
        raise Fault(f"{len(told['differing']):,} scores are not those that follow from what is stored")


@lead.command()
@with_session
def model(session: Session) -> None:
    """Compare a model with the score on closed deals; it is used only if it is better."""
    session.show(session.client.post("leads/model"), lambda found: [found["says"]])


@lead.command()
@with_session
def forbid(session: Session, website: Annotated[str, typer.Argument(metavar="WEBSITE")], reason: Why) -> None:
    """Let nobody of the agency approach a company."""
    made = session.client.post("leads/taken", {"website": website, "reason": reason})
    session.show(made, lambda found: [f"{found['website']} is taken for everybody."])


@lead.command()
@with_session
def allow(session: Session, host: Annotated[str, typer.Argument(metavar="HOST")]) -> None:
    """Let a company be approached again; HOST is that of its web site."""
    made = session.client.delete(f"leads/taken/{host}")
    session.show(made, lambda found: [f"{found['website']} may be approached."])


def _followed(session: Session, made: dict[str, Any]) -> None:
    """Wait until it has ended, then show its leads."""
    ended = _waited(session, made)
    leads = session.client.listing("leads", 10_000, list=ended["id"])
    session.show({"list": ended, **leads}, lambda found: [*_ended(found["list"]), *rows(found["items"])])
    if ended["status"] == "failed":
        raise Fault(ended["status_reason"] or "the list failed")


def _waited(session: Session, made: dict[str, Any]) -> dict[str, Any]:
    while made["status"] == "running":
        time.sleep(0.5)
        made = session.client.get(f"leads/lists/{made['id']}")
    return made


def _ended(found: dict[str, Any]) -> Iterator[RenderableType]:
    why = f" ({found['status_reason']})" if found["status_reason"] else ""
    yield f"{found['name']}: {found['scored']:,} companies looked at, {found['unreached']:,} not reached{why}."
    yield from (f"  left out: {each}" for each in found["problems"][:10])


def _strangers(found: dict[str, Any]) -> Iterator[RenderableType]:
    if not found["items"]:
        yield "Nobody: everybody who was found knows it, or is forgotten."
        return
    shown = (
        (each["lead"], each["company"], each["name"], each["email"], each["source"], moment(each["due"]))
        for each in found["items"]
    )
    yield table(("Lead", "Company", "Name", "Address", "Found at", "To be told by"), shown)


def _notices(found: dict[str, Any]) -> Iterator[RenderableType]:
    if not found["items"]:
        yield "Nobody of this lead has an address and does not know yet."
    for each in found["items"]:
        became = f" {each['state']}{each['why'] and ': ' + each['why']}." if each["state"] else ""
        yield f"To {each['to']}: {each['subject']}.{became}"
        if not each["state"]:
            yield each["text"]


def _verified(found: dict[str, Any]) -> Iterator[RenderableType]:
    same = found["scored"] - len(found["differing"])
    yield f"{found['leads']:,} leads, {found['scored']:,} with a score: {same:,} computed again to the digit."
    if found["differing"]:
        shown = (
            (each["id"], each["name"], each["stored"], each["computed"], ", ".join(each["fields"]))
            for each in found["differing"]
        )
        yield table(("Id", "Company", "Stored", "Computed", "In"), shown, right=("Stored", "Computed"))


def _lists(found: dict[str, Any]) -> Iterator[RenderableType]:
    shown = (
        (each["id"], each["name"], each["status"], each["received"], each["scored"], len(each["problems"]))
        for each in found["items"]
    )
    yield table(
        ("Id", "List", "State", "Companies", "Scored", "Left out"), shown, right=("Companies", "Scored", "Left out")
    )


def _criteria(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield f"Version {found['version']}, by {found['changed_by']}."
    shown = (
        (each["id"], each["title"], each["weight"], _when(each["when"]), each["service"]) for each in found["criteria"]
    )
    yield table(("Id", "Criterion", "Weight", "Counts when", "Service"), shown, right=("Weight",))


def _when(each: dict[str, Any]) -> str:
    plain = each["fact"].replace("_", " ")
    match each["rule"]:
        case "between":
            return f"{plain} from {each['low']:g} to {each['high']:g}"
        case "one_of":
            return f"{plain} is {' or '.join(each['values'])}"
        case rule:
            return f"{plain}: {rule}"


def _json(file: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(read(file))
    except ValueError as error:
        raise Refused(f"{file}: is no JSON: {error}") from None
    return found


def _decided(session: Session, id: str, decision: str, reason: str) -> None:
    made = session.client.post(f"leads/{id}/decision", {"decision": decision, "reason": reason})
    session.show(made, lambda found: [f"{found['name']} is {found['stage']}: {reason}"])


def rows(found: list[dict[str, Any]]) -> Iterator[RenderableType]:
    """A table of leads; the reason is a column of its own."""
    if not found:
        yield "None yet: baton lead add example.com"
        return
    shown = ((each["id"], each["name"], _points(each), _stands(each), _reason(each)) for each in found)
    yield table(("Id", "Company", "Score", "Stage", "Why"), shown, right=("Score",))


def whole(found: dict[str, Any]) -> Iterator[RenderableType]:
    """Everything about one lead."""
    yield f"{found['name']} ({found['id']}) is {_stands(found)}."
    pairs = [(name, found[name]) for name in ("website", "country", "city", "industry", "deal")]
    yield facts([*pairs, ("since", f"{moment(found['created_at'])} by {found['created_by']}")])
    if score := found["score"]:
        yield from _score(score)
    elif found["trouble"]:
        yield f"No score: {found['trouble']}."
    if found["people"]:
        people = (
            (each["name"], each["role"], each["email"], each["phone"], each["source"]) for each in found["people"]
        )
        yield table(("Name", "Role", "Address", "Telephone", "Found at"), people)
    told = ((each["name"], _value(each), each["method"], each["source"], each["licence"]) for each in found["facts"])
    yield table(("Fact", "Value", "How", "Source", "Terms"), told)
    for each in found["decisions"]:
        yield f"{moment(each['at'])}: {each['by']}: {each['decision']}, {each['reason']}"


def _score(score: dict[str, Any]) -> Iterator[RenderableType]:
    yield f"{score['value']:g} of 100 points, {score['missing']:g} more are open: {score['reason']}"
    shown = (
        (each["title"], each["weight"], _factor(each), f"{each['points']:g}", each["says"]) for each in score["factors"]
    )
    yield table(("Criterion", "Weight", "Factor", "Points", "Because"), shown, right=("Weight", "Factor", "Points"))


def _factor(each: dict[str, Any]) -> str:
    return "not known" if each["factor"] is None else f"{each['factor']:g}"


def _value(fact: dict[str, Any]) -> str:
    value = fact["value"]
    if value is None:
        return f"not known: {fact['why']}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, list) else str(value)


def _points(each: dict[str, Any]) -> str:
    return f"{each['score']['value']:g}" if each["score"] else ""


def _stands(each: dict[str, Any]) -> str:
    return f"{each['stage']}, taken" if each["taken"] else str(each["stage"])


def _reason(each: dict[str, Any]) -> str:
    return each["score"]["reason"] if each["score"] else each["trouble"] or "not scored yet"
