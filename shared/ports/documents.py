"""State of every noun."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from shared.domain.scope import Scope
from shared.domain.segment import Filter

Body = dict[str, Any]


@dataclass(frozen=True)
class Document:
    """One stored noun. `rev` changes at every write; `changed_at` is a hybrid logical clock stamp, sortable as text.
    A `deleted` one (only `changes` shows it) has an empty body."""

    kind: str
    id: str
    body: Body
    rev: str
    changed_at: str
    changed_by: str
    schema: int
    deleted: bool = False


@dataclass(frozen=True)
class Write:
    """One write of a batch: `body=None` deletes; `if_match` None = create only, "*" = any, else that rev."""

    id: str
    body: Body | None
    if_match: str | None = None


@dataclass(frozen=True)
class Order:
    """The one sort order of a query: numbers, then text by code point; what has neither comes before them. Ties are
    broken by id, ascending."""

    field: str
    descending: bool = False


@dataclass(frozen=True)
class Page:
    """One page of a query; `cursor` is None on the last one."""

    documents: list[Document]
    cursor: str | None


class Stale(Exception):
    """The document was changed (or created, or deleted) meanwhile: read again and decide again."""


class Undecryptable(Exception):
    """A marked field (`shared.domain.marked_fields`) cannot be decrypted; the message names kind, id and field."""

    def __init__(self, kind: str, id: str, field: str, reason: str) -> None:
        super().__init__(f"{kind} {id!r}: {field} cannot be decrypted: {reason}")
        self.kind, self.reason = kind, reason


class Documents(Protocol):
    """State of every noun. Deletion leaves a tombstone that `get` and `find` do not show and `changes` does.

    Ids have at most 255 characters and none of / \\ ? # or control characters (ValueError); a body is plain JSON with
    integers below 2^53 (TypeError) and, as JSON has them not, null for NaN and infinity."""

    def get(self, scope: Scope, kind: str, id: str) -> Document | None: ...

    def put(self, scope: Scope, kind: str, id: str, body: Body, if_match: str | None = None) -> Document:
        """Write one; `if_match` as in `Write`. Raises Stale."""
        ...

    def delete(self, scope: Scope, kind: str, id: str, if_match: str = "*") -> None: ...

    def batch(self, scope: Scope, kind: str, writes: Sequence[Write], durable: bool = True) -> list[Document | None]:
        """All or none, at most 100, one kind. Raises Stale, having changed nothing. Without `durable` a power cut (not
        a kill) may undo it, if the next durable write has not been made by then."""
        ...

    def find(
        self,
        scope: Scope,
        kind: str,
        filters: Sequence[Filter] = (),
        order: Order | None = None,
        limit: int = 100,
        cursor: str | None = None,
    ) -> Page:
        """ANDed filters on declared fields (`id` and dotted paths allowed), default order: id. Raises ValueError."""
        ...

    def changes(self, scope: Scope, since: str | None, limit: int = 1000) -> tuple[list[Document], str | None]:
        """Documents changed after the mark `since`, oldest first, and the new mark."""
        ...
