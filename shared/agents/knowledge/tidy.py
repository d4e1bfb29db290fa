"""What a killed process left behind, looked after by the clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from shared.agents.knowledge.embedding import embed
from shared.agents.knowledge.remove import finish
from shared.agents.knowledge.shelf import drop_files, read_passages
from shared.domain.knowledge import KnowledgeDocument
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Ports

_ABANDONED = timedelta(minutes=30)
"""Longer than any request takes: what is so old and counts for no document never will."""
_MOST_EMBEDDED = 5_000
"""Passages at a time: some minutes of a model."""


def tidy(ports: Ports, scope: Scope) -> None:
    """Finish deletions, drop what was read and never became a document, and make findable again what the index
    lost; passages without a vector get one."""
    books = {each.id: each for each in _all(ports, scope)}
    held = ports.knowledge.held(scope)
    old = ports.clock.now() - _ABANDONED
    for book in books.values():
        if book.status == "deleting":
            finish(ports, scope, book)
    for document in {each.document for each in held if each.at < old} - set(books):
        drop_files(ports, scope, document)
        ports.knowledge.drop(scope, document)
    for each in held:
        if each.at < old and _is_stale(books.get(each.document), each.edition):
            ports.knowledge.drop(scope, each.document, [each.edition])
    there = {(each.document, each.edition) for each in held}
    for book in books.values():
        if book.status == "ready" and (book.id, book.current.edition) not in there:
            restored = read_passages(ports, scope, book.id, book.current.edition)
            ports.knowledge.store(scope, book.id, book.current.edition, restored, ports.clock.now())
    embed(ports, scope, _MOST_EMBEDDED)


def _is_stale(book: KnowledgeDocument | None, edition: str) -> bool:
    return book is not None and book.status == "ready" and book.current.edition != edition


def _all(ports: Ports, scope: Scope) -> Iterator[KnowledgeDocument]:
    cursor = None
    while True:
        page = ports.documents.find(scope, Kind.KNOWLEDGE, cursor=cursor)
        yield from (KnowledgeDocument.model_validate(document.body) for document in page.documents)
        cursor = page.cursor
        if cursor is None:
            return
