"""Which passages answer a question: found by words and, where a model makes vectors, by meaning; fused; and only those
that documents vouch for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shared.agents.knowledge.embedding import vectors
from shared.agents.knowledge.shelf import present
from shared.domain.knowledge import Hit, KnowledgeDocument
from shared.domain.knowledge_fusion import fused
from shared.domain.scope import Scope
from shared.ports import Found, Ports

LONGEST_QUERY = 2_000
_ROUNDS = 4
"""How often it looks further where much of what it found does not count any more."""


def search(ports: Ports, scope: Scope, query: str, limit: int) -> list[Hit]:
    """The best passages, each once, with the document and version to cite. A document that was deleted a moment ago
    is in no answer: what the index holds counts only if the document on file says so."""
    query = query[:LONGEST_QUERY]
    meant = vectors(ports, scope, "query", [query]) if query.strip() else None
    wanted = limit * 2
    hits: list[Hit] = []
    for _ in range(_ROUNDS):
        rankings = [ports.knowledge.by_words(scope, query, wanted)]
        if meant:
            rankings.append(ports.knowledge.by_vector(scope, meant.model, meant.vectors[0], wanted))
        hits = list(_vouched(ports, scope, rankings))
        if len(hits) >= limit or all(_different(each) < wanted for each in rankings):
            break
        wanted *= 4
    return hits[:limit]


def _vouched(ports: Ports, scope: Scope, rankings: list[list[Found]]) -> Iterator[Hit]:
    """Best first; a passage that stands in several documents is named with the one that was renewed last."""
    places: dict[str, list[Found]] = {}
    for each in (found for ranking in rankings for found in ranking):
        places.setdefault(each.passage.id, []).append(each)
    books = present(ports, scope, [each.document for found in places.values() for each in found])
    for passage, score in fused([[each.passage.id for each in ranking] for ranking in rankings]):
        standing = [(books[each.document], each) for each in places[passage] if _counts(books, each)]
        if standing:
            book, found = max(standing, key=lambda pair: (pair[0].current.at, pair[0].id))
            yield _hit(book, found, score)


def _counts(books: dict[str, KnowledgeDocument], found: Found) -> bool:
    return found.document in books and books[found.document].current.edition == found.edition


def _hit(book: KnowledgeDocument, found: Found, score: float) -> Hit:
    return Hit(
        document=book.id,
        version=book.current.version,
        title=book.title,
        source=book.source,
        language=book.language,
        brought_by=book.current.by,
        brought_at=book.current.at,
        passage=found.passage,
        score=score,
    )


def _different(ranking: Iterable[Found]) -> int:
    return len({each.passage.id for each in ranking})
