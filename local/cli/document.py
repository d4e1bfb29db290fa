"""`baton document`: offers, contracts and invoices from templates and data."""

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

ENDINGS = (".pdf", ".md")
document = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Id = Annotated[str, typer.Argument(metavar="ID", help="As `baton document list` shows it.")]
Template = Annotated[str, typer.Argument(metavar="TEMPLATE", help="offer, contract or invoice.")]
Out = Annotated[Path | None, typer.Option(metavar="FILE", help="Write it here: .pdf or .md.")]


@document.command()
@with_session
def new(
    session: Session,
    template: Template,
    data: Annotated[Path, typer.Option(metavar="FILE", help="YAML or JSON; `baton document example` shows one.")],
    out: Out = None,
) -> None:
    """Make a document; a field that is missing is an error, never a gap.

    The templates are samples, not legal advice.
    """
    _check(out)
    body = {"template": template, "data": _data(data)}
    made = session.client.create("documents", json.dumps(body, default=str).encode(), "application/json")
    session.show(made, _document)
    _save(session, made, out)


@document.command()
@with_session
def example(session: Session, template: Template) -> None:
    """Show invented data that a template takes, to begin with."""
    found = {each["name"]: each for each in session.client.get("documents/templates")["items"]}
    if template not in found:
        raise Refused(f"there is no template {template!r}; there are {', '.join(found)}")
    session.show(found[template]["example"], lambda data: [json.dumps(data, ensure_ascii=False, indent=2)])


@document.command()
@with_session
def templates(session: Session) -> None:
    """List the templates."""
    session.show(session.client.get("documents/templates"), _templates)


@document.command("list")
@with_session
def listing(
    session: Session, limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many at most.")] = 50
) -> None:
    """List the documents, newest first."""
    session.show(session.client.listing("documents", limit), _documents)


@document.command()
@with_session
def show(session: Session, id: Id, out: Out = None) -> None:
    """Show what a document was made of; with --out, write it."""
    _check(out)
    found = session.client.get(f"documents/{id}")
    session.show(found, _document)
    _save(session, found, out)


def _check(out: Path | None) -> None:
    if out and out.suffix not in ENDINGS:
        raise Refused(f"{out}: must end in {' or '.join(ENDINGS)}")


def _data(file: Path) -> Any:
    """What the file says; dates as they are written, numbers to the last digit."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        return YAML(typ="safe", pure=True).load(read(file).decode())
    except (YAMLError, UnicodeDecodeError, ValueError) as error:
        raise Refused(f"{file}: is neither YAML nor JSON: {' '.join(str(error).split())[:200]}") from None


def _save(session: Session, found: dict[str, Any], out: Path | None) -> None:
    if out:
        out.write_bytes(session.client.content(f"documents/{found['id']}/document{out.suffix}"))
        session.output.note(f"wrote {out}")


def _document(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield f"{found['title']}. Its id is {found['id']}."
    yield facts(
        [
            ("template", f"{found['template']}, version {found['template_version']}"),
            ("data", f"sha256 {found['data_digest']}"),
            ("made", f"{found['created_at'][:16]} by {found['created_by']}"),
            *((each["name"], f"{each['bytes']:,} bytes, sha256 {each['digest']}") for each in found["files"]),
        ]
    )


def _templates(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield table(
        ("Name", "Title", "Version"), ((each["name"], each["title"], each["version"]) for each in found["items"])
    )
    yield "Samples, not legal advice. Data to begin with: baton document example NAME"


def _documents(found: dict[str, Any]) -> Iterator[RenderableType]:
    if not found["items"]:
        yield "None yet: baton document new offer --data FILE --out offer.pdf"
        return
    rows = ((each["id"], each["template"], each["data"]["number"], each["title"]) for each in found["items"])
    yield table(("Id", "Template", "Number", "Title"), rows)
