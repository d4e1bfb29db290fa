"""Where documents of the knowledge base lie, and how they are read."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from shared.agents.records import Records
from shared.domain.faults import FieldError, Missing, Rejected
from shared.domain.knowledge import Citation, KnowledgeDocument, Passage, Version
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Order, Ports

STREAM = "knowledge"
"""The journal's stream of a workspace that says who brought, renewed and deleted what (rule L7)."""
BOOK = Records(Kind.KNOWLEDGE, KnowledgeDocument)


def get(ports: Ports, scope: Scope, id: str) -> KnowledgeDocument:
    """A document that answers. Raises Missing."""
    found = BOOK.load(ports, scope, id)
    if found.status != "ready":
        raise Missing(Kind.KNOWLEDGE, id)
    return found


def listing(
    ports: Ports, scope: Scope, limit: int, cursor: str | None = None
) -> tuple[list[KnowledgeDocument], str | None]:
    """Documents that answer, newest first. Raises Rejected for a cursor that is none."""
    ready = [Filter("status", "eq", "ready")]
    try:
        page = ports.documents.find(scope, Kind.KNOWLEDGE, ready, Order("created_at", descending=True), limit, cursor)
    except ValueError as error:
        raise Rejected(FieldError("query", str(error))) from None
    return [KnowledgeDocument.model_validate(document.body) for document in page.documents], page.cursor


def present(ports: Ports, scope: Scope, ids: Sequence[str]) -> dict[str, KnowledgeDocument]:
    """Those of the documents that answer, by id."""
    wanted = list(dict.fromkeys(ids))
    found: dict[str, KnowledgeDocument] = {}
    for start in range(0, len(wanted), 100):
        some = [Filter("id", "in", wanted[start : start + 100])]
        for document in ports.documents.find(scope, Kind.KNOWLEDGE, some, limit=100).documents:
            found[document.id] = KnowledgeDocument.model_validate(document.body)
    return {id: each for id, each in found.items() if each.status == "ready"}


def passages(ports: Ports, scope: Scope, id: str, version: int | None = None) -> list[Passage]:
    """The passages of a version, in order; of the current one if none is named. Raises Missing."""
    found = get(ports, scope, id)
    return read_passages(ports, scope, id, _version(found, version).edition)


def quoted(ports: Ports, scope: Scope, citation: Citation) -> tuple[KnowledgeDocument, Passage] | None:
    """What a draft cites; None if the document is deleted."""
    try:
        found = get(ports, scope, citation.document)
        there = passages(ports, scope, citation.document, citation.version)
    except Missing:
        return None
    return next(((found, each) for each in there if each.id == citation.passage), None)


def cited_by(
    ports: Ports, scope: Scope, citations: Sequence[Citation]
) -> list[tuple[Citation, KnowledgeDocument | None]]:
    """Each citation with its document; None for one that is deleted."""
    books = present(ports, scope, [each.document for each in citations])
    return [(each, books.get(each.document)) for each in citations]


def keep_files(ports: Ports, scope: Scope, id: str, edition: str, data: bytes, made: Sequence[Passage]) -> None:
    """The file as it came, and what was read out of it."""
    lines = b"".join(orjson.dumps(each.model_dump()) + b"\n" for each in made)
    ports.files.put(scope, f"knowledge/{id}/{edition}/source", data)
    ports.files.put(scope, f"knowledge/{id}/{edition}/passages.jsonl", lines)


def read_passages(ports: Ports, scope: Scope, id: str, edition: str) -> list[Passage]:
    """Raises Missing: the document is being deleted."""
    try:
        lines = ports.files.get(scope, f"knowledge/{id}/{edition}/passages.jsonl")
    except FileNotFoundError:
        raise Missing(Kind.KNOWLEDGE, id) from None
    return [Passage.model_validate_json(line) for line in lines.splitlines()]


def drop_files(ports: Ports, scope: Scope, id: str) -> None:
    """Everything that was kept of a document."""
    for path in list(ports.files.list(scope, f"knowledge/{id}/")):
        ports.files.delete(scope, path)


def _version(found: KnowledgeDocument, number: int | None) -> Version:
    if number is None:
        return found.current
    for each in found.versions:
        if each.version == number:
            return each
    raise Missing("version", str(number))
