"""Taking in a document, or a new version of one. It answers from one moment on, whole: when its document says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shared.agents.knowledge.embedding import embed
from shared.agents.knowledge.remove import finish
from shared.agents.knowledge.shelf import BOOK, STREAM, get, keep_files
from shared.agents.scopes import register
from shared.domain.faults import Conflict, FieldError, Missing, Rejected
from shared.domain.knowledge import Description, KnowledgeDocument, Passage, Version, edition_of, passage_id
from shared.domain.knowledge_formats import Format
from shared.domain.knowledge_passages import BETWEEN, Piece, as_seen
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Ports, Stale, Unreadable

MOST_BYTES = 50_000_000


@dataclass(frozen=True)
class Brought:
    """A file: its bytes, what they are, and the name it had."""

    data: bytes
    format: Format
    name: str


def bring_in(ports: Ports, scope: Scope, by: str, brought: Brought, said: Description) -> KnowledgeDocument:
    """Take in a document. The same bytes are the same document: brought again, they change nothing. Raises Rejected
    if they cannot be read, Conflict if they are an earlier version of a document that is there."""
    id = edition_of(brought.data)
    if earlier := _earlier(ports, scope, id):
        return earlier
    title, version = _taken_in(ports, scope, id, by, brought, 1)
    made = KnowledgeDocument(
        id=id,
        title=said.title or title or _plain_name(brought.name),
        source=said.source,
        language=said.language,
        licence=said.licence,
        created_at=version.at,
        by=by,
        versions=[version],
    )
    register(ports, scope)
    try:
        ports.documents.put(scope, Kind.KNOWLEDGE, id, made.model_dump(mode="json"))
    except Stale:
        return get(ports, scope, id)
    embed(ports, scope)
    _note(ports, scope, by, "brought", made)
    return made


def renew(ports: Ports, scope: Scope, by: str, id: str, brought: Brought, said: Description) -> KnowledgeDocument:
    """Take in a new version of a document; from then on it alone answers. What is not said stays as it was. Raises
    Missing, Rejected."""
    before = get(ports, scope, id)
    if before.current.edition == edition_of(brought.data):
        return before
    _, version = _taken_in(ports, scope, id, by, brought, 0)

    def advance(found: KnowledgeDocument) -> None:
        if found.status != "ready":
            raise Missing(Kind.KNOWLEDGE, id)
        if found.current.edition == version.edition:
            return
        found.versions.append(version.model_copy(update={"version": found.current.version + 1}))
        for field, value in said.model_dump(include=set(Description.model_fields), exclude_none=True).items():
            setattr(found, field, value)

    after = BOOK.change(ports, scope, id, advance)
    ports.knowledge.drop(scope, id, {each.edition for each in after.versions} - {after.current.edition})
    embed(ports, scope)
    _note(ports, scope, by, "renewed", after)
    return after


def _earlier(ports: Ports, scope: Scope, id: str) -> KnowledgeDocument | None:
    """The document that these bytes founded."""
    try:
        found = BOOK.load(ports, scope, id)
    except Missing:
        return None
    if found.status == "deleting":
        finish(ports, scope, found)
        return None
    if found.current.edition != id:
        raise Conflict("file", f"it is version 1 of document {id}, which is at version {found.current.version} now")
    return found


def _taken_in(
    ports: Ports, scope: Scope, id: str, by: str, brought: Brought, number: int
) -> tuple[str | None, Version]:
    """Read it, make it findable, keep it; nobody sees it before its document names its edition."""
    if len(brought.data) > MOST_BYTES:
        raise Rejected(FieldError("file", f"has more than {MOST_BYTES:,} bytes, the most that is taken"))
    try:
        title, found = ports.reader.read(brought.format, brought.data)
    except Unreadable as error:
        raise Rejected(FieldError("file", str(error))) from None
    made = list(_passages(found))
    if not made:
        raise Rejected(FieldError("file", "has no text in it; a scan must be read by a program for that (OCR) first"))
    edition, now = edition_of(brought.data), ports.clock.now()
    ports.knowledge.store(scope, id, edition, made, now)
    keep_files(ports, scope, id, edition, brought.data, made)
    return title, Version(
        version=number,
        edition=edition,
        at=now,
        by=by,
        name=brought.name,
        format=brought.format,
        bytes=len(brought.data),
        characters=made[-1].end,
        passages=len(made),
    )


def _passages(found: Iterable[Piece]) -> Iterator[Passage]:
    start = 0
    for text, heading, page, rows in found:
        id, end = passage_id(heading, text), start + len(text)
        yield Passage(id=id, text=text, heading=heading, start=start, end=end, page=page, rows=rows)
        start = end + len(BETWEEN)


def _plain_name(name: str) -> str:
    return as_seen(name.rpartition("/")[2]).replace("\n", " ").strip()[:200] or "Untitled"


def _note(ports: Ports, scope: Scope, by: str, what: str, found: KnowledgeDocument) -> None:
    data = {"document": found.id, "version": found.current.version, "edition": found.current.edition}
    ports.journal.append(scope, STREAM, ports.clock.now(), by, what, data)
