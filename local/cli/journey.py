"""`baton journey`: many people through waits and branches; who is where, and why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import RenderableType

from local.cli.contact import read
from local.cli.errors import Fault, Refused
from local.cli.output import Whole, facts, table
from local.cli.process import all_problems
from local.cli.session import Session, with_session
from local.cli.words import moment, parts, program

journey = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
File = Annotated[Path, typer.Argument(metavar="FILE", help="A journey in YAML or JSON.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="As `baton journey list` shows it.")]
_SKETCH = """\
journey: {name}
title: {title}
enter:
  # Everyone whom this matches; `every: 1 day` looks again. Or `event: booking`, told by `baton journey tell`.
  segment: {{where: [{{field: tags, op: has, value: {name}}}]}}
stop_on: [reply, booking, opt_out, conversion]
cap: {{most: 2, days: 7}}
sender:
  name: The Practice
  address: hello@example.com
  postal_address: 1 Mill Road, Leeds
steps:
  - send: hello
    brief:
      goal: Say hello and show how it works
      offer: A first evening, free of charge
      audience: people who just joined
      call_to_action: {{text: See how it works, url: "https://example.com/start"}}
  - wait: 3 days
  - if: {{clicked: hello}}
    then:
      - tag: keen
      - send: offer
        text:
          subject: Your place
          greeting: 'Hello {{{{ first_name | default("there", true) }}}},'
          paragraphs: [There is a place for you on Tuesday.]
          link: {{text: Take it, url: "https://example.com/book"}}
    else:
      - wait: until tuesday 10:00
      - send: reminder
        text:
          subject: Still there?
          paragraphs: [The first evening is on Tuesday.]
          link: {{text: See how it works, url: "https://example.com/start"}}
"""


@journey.command()
def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where it is written, as in welcome.yaml.")],
) -> None:
    """Write a journey to begin with; every line can be changed."""
    name = file.stem.lower()
    if not all(letter.isascii() and (letter.isalnum() or letter == "-") for letter in name) or not name[0].isalnum():
        raise Refused(f"{file.name}: the name must be of small letters, digits and hyphens, as in welcome.yaml")
    try:
        with file.open("x") as target:
            target.write(_SKETCH.format(name=name, title=name.replace("-", " ").capitalize()))
    except FileExistsError as error:
        raise Refused(f"{file}: is there already") from error
    typer.echo(f"{file} is written. Change it, then: {program()} journey put {file}")


@journey.command()
@with_session
def validate(session: Session, file: File) -> None:
    """Say everything that is wrong with a journey, with line, column and what to do. Exit code 1 if anything is."""
    answer = _checked(session, file)
    session.show(answer, lambda found: _problems(file, found) if found["problems"] else _plain_steps(found["steps"]))
    _end_if_wrong(answer)


@journey.command()
@with_session
def put(session: Session, file: File) -> None:
    """Keep a journey that has not started; its mails are written and wait for approval."""
    name = _right(session, file)["journey"]
    session.show(session.client.put_file(f"journeys/{name}?file={quote(file.name)}", read(file)), _drawn)


@journey.command()
@with_session
def start(session: Session, id: Id) -> None:
    """Let people in; every mail must be approved."""
    _steered(session, id, "start")


@journey.command("list")
@with_session
def listing(
    session: Session, limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many at most.")] = 100
) -> None:
    """List the journeys, newest first."""
    session.show(session.client.listing("journeys", limit), _journeys)


@journey.command()
@with_session
def show(
    session: Session,
    id: Id,
    text: Annotated[bool, typer.Option("--text", help="Only the text, as it was written.")] = False,
) -> None:
    """Draw a journey: each step with how many people stand there."""
    if text:
        found = session.client.content(f"{_at(id)}/text").decode()
        session.show(found, lambda said: [Whole(line) for line in said.splitlines()])
    else:
        session.show(session.client.get(_at(id)), _drawn)


@journey.command()
@with_session
def path(
    session: Session,
    id: Id,
    contact: Annotated[str, typer.Argument(metavar="CONTACT", help="A contact's id or e-mail address.")],
) -> None:
    """Show one person's way: what happened when, why, and what of each mail became."""
    session.show(session.client.get(f"{_at(id)}/people/{quote(contact, safe='@')}"), _walked)


@journey.command()
@with_session
def people(
    session: Session,
    id: Id,
    step: Annotated[
        str | None, typer.Option(metavar="STEP", help="Who stands there; left.end: came to the end.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many at most.")] = 100,
) -> None:
    """List who is in a journey, and where."""
    query = {"step": step} if step else {}
    session.show(session.client.listing(f"{_at(id)}/people", limit, **query), _people)


@journey.command()
@with_session
def pause(session: Session, id: Id) -> None:
    """Let nobody go a step further and no mail leave; waits go on."""
    _steered(session, id, "pause")


@journey.command()
@with_session
def resume(session: Session, id: Id) -> None:
    """Let a paused journey go on."""
    _steered(session, id, "resume")


@journey.command()
@with_session
def stop(session: Session, id: Id) -> None:
    """End a journey for good: who waits for a mail does not get it."""
    _steered(session, id, "stop")


@journey.command()
@with_session
def change(
    session: Session,
    id: Id,
    file: File,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say who is affected.")] = False,
) -> None:
    """Give a running journey a new plan, in effect once its new mails are approved; nobody gets a mail twice."""
    _right(session, file)
    address = f"{_at(id)}/changes?file={quote(file.name)}&dry_run={'true' if dry_run else 'false'}"
    session.show(session.client.create(address, read(file), "text/plain"), lambda found: _affected(found, dry_run))


@journey.command()
@with_session
def tell(
    session: Session,
    event: Annotated[str, typer.Argument(metavar="EVENT", help="As in booking or conversion.")],
    contact: Annotated[str, typer.Argument(metavar="CONTACT", help="A contact's id or e-mail address.")],
) -> None:
    """Say that something happened to somebody: journeys begin with it, or let them go."""
    answer = session.client.post("journeys/events", {"event": event, "contact": contact})
    session.show(answer, lambda found: [f"{found['event']} of {found['contact']}: told {found['times']} times."])


def _at(id: str) -> str:
    return f"journeys/{quote(id, safe='')}"


def _steered(session: Session, id: str, what: str) -> None:
    made = session.client.post(f"{_at(id)}/{what}")
    session.show(made, lambda found: [f"{found['id']}: {found['status']}."])


def _checked(session: Session, file: Path) -> dict[str, Any]:
    path = f"journeys/validate?file={quote(file.name)}"
    found: dict[str, Any] = session.client.create(path, read(file), "text/plain")
    return found


def _right(session: Session, file: Path) -> dict[str, Any]:
    """The journey in the file. Raises Fault, having said what is wrong with it."""
    answer = _checked(session, file)
    if answer["problems"]:
        session.show(answer, lambda found: _problems(file, found))
    _end_if_wrong(answer)
    return answer


def _end_if_wrong(answer: dict[str, Any]) -> None:
    if wrong := len(answer["problems"]):
        raise Fault(f"{wrong} problem{'' if wrong == 1 else 's'}")


def _problems(file: Path, answer: dict[str, Any]) -> Iterator[RenderableType]:
    return all_problems({file: answer["problems"]})


def _plain_steps(steps: list[dict[str, Any]]) -> Iterator[RenderableType]:
    for each in steps:
        yield Whole("  " * (each["depth"] + 1) + each["says"])


def _drawn(found: dict[str, Any]) -> Iterator[RenderableType]:
    one = found["journey"]
    yield f"{one['id']}: {one['title']} ({one['status']}, version {one['version']})"
    if one["reason"]:
        yield f"It stands still: {one['reason']}."
    if one["change"]:
        yield f"Version {one['change']['version']} takes effect once its new mails are approved."
    yield facts([("came in", found["entered"]), ("under way", found["under_way"]), ("left", parts(found["left"]) or 0)])
    rows = (
        ("  " * each["depth"] + each["says"], f"{each['people']:,}", _mail(each), each["campaign"] or "")
        for each in found["steps"]
    )
    yield table(("Step", "Here now", "Mail", "Campaign"), rows, right=("Here now",))


def _mail(step: dict[str, Any]) -> str:
    if step["had"] is None:
        return ""
    return f"waits: {step['waits_for']}" if step["waits_for"] else f"{step['had']:,} had it"


def _journeys(found: dict[str, Any]) -> Iterator[RenderableType]:
    rows = ((each["id"], each["title"], each["status"], each["version"]) for each in found["items"])
    yield table(("Id", "Title", "State", "Version"), rows, right=("Version",))


def _walked(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield f"{found['name'] or found['contact']} in “{found['title']}”:"
    yield from (f"  {line}" for line in found["says"])
    for mail, why in found["mails"].items():
        yield ""
        yield f"{mail}: {why}"


def _people(found: dict[str, Any]) -> Iterator[RenderableType]:
    rows = (
        (each["contact"], each["email"], each["stands"], moment(each["entered_at"]), moment(each["next_at"]))
        for each in found["items"]
    )
    yield table(("Contact", "Address", "Stands at", "Since", "Goes on"), rows)


def _affected(found: dict[str, Any], dry_run: bool) -> Iterator[RenderableType]:
    yield f"{found['people']:,} of {found['under_way']:,} people under way stand at a step that changes."
    rows = ((each["step"], f"{each['people']:,}", each["change"], each["then"]) for each in found["affected"])
    if found["affected"]:
        yield table(("Step", "People", "What", "What becomes of them"), rows, right=("People",))
    for mail, had in found["had"].items():
        yield f"{had:,} people had {mail}; none of them gets it again."
    if found["new_mails"]:
        yield f"To be approved first: {', '.join(found['new_mails'])}."
    if dry_run:
        yield "Nothing was changed."
