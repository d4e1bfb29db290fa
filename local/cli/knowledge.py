"""`baton knowledge`: documents that texts can rest on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

import typer
from rich.console import RenderableType

from local.cli.contact import read
from local.cli.errors import Refused
from local.cli.output import facts, table
from local.cli.session import Session, with_session

MOST_BYTES = 50_000_000
SHOWN_PASSAGES = 20
knowledge = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Id = Annotated[str, typer.Argument(metavar="ID", help="As `baton knowledge list` shows it.")]


@knowledge.command()
@with_session
def add(
    session: Session,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Markdown, text, HTML, PDF, DOCX or CSV.")],
    title: Annotated[str, typer.Option(help="Instead of the file's own title or name.")] = "",
    source: Annotated[str, typer.Option(help="Where it comes from.")] = "",
    language: Annotated[str, typer.Option(help="Such as en or de.")] = "",
    licence: Annotated[str, typer.Option(help="On what terms it may be used.")] = "",
    replaces: Annotated[str, typer.Option(metavar="ID", help="It is a new version of this document.")] = "",
) -> None:
    """Bring in a document, or a new version of one."""
    _check_size(file)
    said = {"title": title, "source": source, "language": language, "licence": licence, "name": file.name}
    query = urlencode({name: value for name, value in said.items() if value})
    path = f"knowledge/{replaces}/versions" if replaces else "knowledge"
    session.show(session.client.create(f"{path}?{query}", read(file), "application/octet-stream"), _added)


@knowledge.command("list")
@with_session
def listing(
    session: Session, limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many at most.")] = 50
) -> None:
    """List the documents, newest first."""
    session.show(session.client.listing("knowledge", limit), _documents)


@knowledge.command()
@with_session
def show(session: Session, id: Id) -> None:
    """Show a document: where it comes from, its versions, the beginning of its text."""
    found = session.client.get(f"knowledge/{id}")
    text = session.client.get(f"knowledge/{id}/passages", limit=SHOWN_PASSAGES)
    session.show({**found, "passages": text["items"]}, _document)


@knowledge.command()
@with_session
def search(
    session: Session,
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="A question, or words.")],
    limit: Annotated[int, typer.Option(min=1, max=50, metavar="N", help="How many at most.")] = 5,
) -> None:
    """Find the passages that answer best, with what to cite."""
    session.show(session.client.get("knowledge/search", q=question, limit=limit), _hits)


@knowledge.command()
@with_session
def delete(session: Session, id: Id) -> None:
    """Delete a document with its versions; drafts that cite it are flagged."""
    session.show(session.client.delete(f"knowledge/{id}"), _deleted)


def _check_size(file: Path) -> None:
    """Before it is read: nobody takes more."""
    if file.exists() and file.stat().st_size > MOST_BYTES:
        raise Refused(f"{file}: has {file.stat().st_size:,} bytes; at most {MOST_BYTES:,} are taken")


def _added(made: dict[str, Any]) -> Iterator[RenderableType]:
    version = made["versions"][-1]
    yield f"{made['title']}: version {version['version']}, {version['passages']:,} passages. Its id is {made['id']}."


def _documents(found: dict[str, Any]) -> Iterator[RenderableType]:
    if not found["items"]:
        yield "None yet: baton knowledge add FILE"
        return
    heads = ("Id", "Title", "Version", "Passages", "Source")
    yield table(heads, map(_row, found["items"]), right=("Version", "Passages"))
    if found["cursor"]:
        yield f"The first {len(found['items']):,}; --limit shows more."


def _row(each: dict[str, Any]) -> tuple[object, ...]:
    version = each["versions"][-1]
    return each["id"], each["title"], version["version"], f"{version['passages']:,}", each["source"]


def _document(found: dict[str, Any]) -> Iterator[RenderableType]:
    version = found["versions"][-1]
    yield found["title"]
    yield facts(
        [
            ("source", found["source"]),
            ("licence", found["licence"]),
            ("language", found["language"]),
            ("brought in", f"{found['created_at'][:16]} by {found['by']}"),
            ("version", f"{version['version']}, {version['at'][:16]} by {version['by']}, {version['name']}"),
        ]
    )
    for passage in found["passages"]:
        yield f"\n[{_place(passage)}]" if _place(passage) else ""
        yield passage["text"]
    if version["passages"] > len(found["passages"]):
        yield f"\nThe first {len(found['passages'])} of {version['passages']:,} passages."


def _hits(found: dict[str, Any]) -> Iterator[RenderableType]:
    if not found["items"]:
        yield "No passage answers that."
    for number, hit in enumerate(found["items"], start=1):
        where = ", ".join(filter(None, (f"version {hit['version']}", _place(hit["passage"]))))
        yield f"{number}. {hit['title']} ({where})"
        yield hit["passage"]["text"]
        yield f"cite {hit['document']} {hit['version']} {hit['passage']['id']}\n"


def _place(passage: dict[str, Any]) -> str:
    page = f"page {passage['page']}" if passage["page"] else ""
    rows = "lines {} to {}".format(*passage["rows"]) if passage["rows"] else ""
    return ", ".join(filter(None, (passage["heading"], page, rows)))


def _deleted(said: dict[str, Any]) -> Iterator[RenderableType]:
    flagged = f" {said['flagged']:,} drafts that cite it are flagged." if said["flagged"] else ""
    yield f"Deleted.{flagged}"
