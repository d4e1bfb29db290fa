"""Passages, and the search over them; and the reader of files that nobody trusts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from shared.domain.knowledge import Passage
from shared.domain.knowledge_passages import Piece
from shared.domain.scope import Scope


class Found(NamedTuple):
    """A passage of an edition of a document. `score`: the larger the better, comparable within one search only."""

    document: str
    edition: str
    passage: Passage
    score: float


class Held(NamedTuple):
    """An edition that is findable, and since when."""

    document: str
    edition: str
    at: datetime


class Knowledge(Protocol):
    """The index of passages: what can be found again. Documents decide which edition of a document counts; the index
    may hold others. A passage that stands in several places is kept once, with its vectors."""

    def store(self, scope: Scope, document: str, edition: str, passages: Sequence[Passage], at: datetime) -> None:
        """Make an edition findable, all of it or nothing; in the place of what was stored under that name."""
        ...

    def drop(self, scope: Scope, document: str, editions: Collection[str] | None = None) -> None:
        """Forget these editions of a document, or all of them, and the passages that stand nowhere else."""
        ...

    def held(self, scope: Scope) -> list[Held]:
        """Every edition that is findable."""
        ...

    def by_words(self, scope: Scope, query: str, limit: int) -> list[Found]:
        """The passages that share words with the query, best first. The query is text, never syntax. A passage that
        stands in several places counts once for the limit and is listed with each."""
        ...

    def by_vector(self, scope: Scope, space: str, vector: Sequence[float], limit: int) -> list[Found]:
        """The passages whose vectors of this space are nearest by angle, best first; else as `by_words`."""
        ...

    def without_vector(self, scope: Scope, space: str, limit: int) -> list[Passage]:
        """Passages that have no vector in this space (the name of the model that makes them)."""
        ...

    def put_vectors(self, scope: Scope, space: str, vectors: Mapping[str, Sequence[float]]) -> None:
        """Vectors by passage id; those of passages that are gone meanwhile are left out."""
        ...


class Unreadable(Exception):
    """The file cannot be read; the message says why, in words for whoever brought it."""


class Read(NamedTuple):
    """What a file says: its own title, if it has one, and the pieces that become its passages."""

    title: str | None
    pieces: Sequence[Piece]


class Reader(Protocol):
    """Takes the text out of a file that nobody trusts. Formats: text, markdown, html, pdf, docx, csv."""

    def read(self, format: str, data: bytes) -> Read:
        """Raises Unreadable: broken, encrypted, too large, or too much work."""
        ...
