"""`baton style`: the workspace's style guide."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from local.cli.output import facts, table
from local.cli.session import Session, with_session

style = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@style.command()
@with_session
def show(session: Session) -> None:
    """Show the words to avoid, the form of address, the spelling of names."""
    session.show(session.client.get("style-guide"), _guide)


@style.command()
@with_session
def avoid(
    session: Session,
    words: Annotated[str, typer.Argument(metavar="WORDS", help="What the house does not say.")],
    instead: Annotated[str, typer.Option(help="What it says.")] = "",
    warn: Annotated[bool, typer.Option("--warn", help="Only warn; else it blocks approval.")] = False,
) -> None:
    """Add words to avoid."""
    rule = {"words": words, "severity": "warning" if warn else "error", "instead": instead or None}
    guide = session.client.get("style-guide")
    kept = [each for each in guide["avoid"] if each["words"] != words]
    session.show(session.client.put("style-guide", guide | {"avoid": [*kept, rule]}), _guide)


@style.command()
@with_session
def name(session: Session, spelled: Annotated[str, typer.Argument(metavar="NAME", help="As it is spelled.")]) -> None:
    """Add a name whose spelling is kept."""
    guide = session.client.get("style-guide")
    names = [*(each for each in guide["names"] if each != spelled), spelled]
    session.show(session.client.put("style-guide", guide | {"names": names}), _guide)


@style.command()
@with_session
def address(
    session: Session,
    form: Annotated[str, typer.Argument(metavar="FORM", help="du, Sie, or tone: as the tone suggests.")],
) -> None:
    """Say how German readers are addressed."""
    guide = session.client.get("style-guide")
    session.show(session.client.put("style-guide", guide | {"address": None if form == "tone" else form}), _guide)


@style.command()
@with_session
def learn(
    session: Session,
    mails: Annotated[list[Path], typer.Argument(metavar="MAIL...", help="Text files, one mail each; three or more.")],
    save: Annotated[bool, typer.Option("--save", help="Keep what was heard; else it is only shown.")] = False,
) -> None:
    """Hear from your own mails how you write. They are read, never kept."""
    heard = session.client.post("style-guide/voice", {"mails": [each.read_text() for each in mails]})
    if save:
        guide = session.client.get("style-guide")
        known = {each["words"].lower() for each in guide["avoid"]}
        never = [{"words": each, "severity": "warning"} for each in heard["never"] if each.lower() not in known]
        kept = {"voice": heard["voice"], "address": heard["address"] or guide["address"]}
        session.client.put("style-guide", guide | kept | {"avoid": [*guide["avoid"], *never]})
    session.show(heard, _heard)


def _heard(heard: dict[str, Any]) -> Iterator[RenderableType]:
    because = heard["because"]
    said = {**heard["voice"], "address": heard["address"], "never": ", ".join(heard["never"])}
    rows = ((name, _shown(value), because.get(name, "")) for name, value in said.items())
    yield table(("Heard", "", "Because"), rows)


def _shown(value: Any) -> str:
    return {None: "open", False: "never", True: "may stand"}.get(value, str(value))


def _guide(guide: dict[str, Any]) -> Iterator[RenderableType]:
    said = [
        ("German readers", guide["address"] or "as the tone suggests"),
        ("names", ", ".join(guide["names"]) or "none"),
        *((name.replace("_", " "), _shown(value)) for name, value in guide["voice"].items() if value is not None),
    ]
    yield facts(said)
    if guide["avoid"]:
        rows = ((each["words"], each["instead"] or "", each["severity"]) for each in guide["avoid"])
        yield table(("Avoid", "Instead", "Severity"), rows)
