"""Marked fields are encrypted on their way into any home of documents, and decrypted on their way out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from shared.adapters.documents._fields import Fields, with_body
from shared.domain.marked_fields import MARKED
from shared.domain.names import Kind
from shared.domain.scope import SHARED_WORKSPACE, Scope
from shared.domain.segment import Filter
from shared.ports import Body, Document, Documents, Keys, Order, Page, Renewed, Stale, Write

_PAGE = 50
"""Documents that are moved to a newer key together; with _TOGETHER, what of them is in memory at a time."""
_TOGETHER = 1_000_000
"""Characters of values in one batch: Cosmos DB takes 2 MB."""


class EncryptedDocuments:
    """`shared.ports.Documents` and `shared.ports.Encryption` over another home. Reading raises Undecryptable, also for
    a value that stands in plain where none is believed; read `as_found`, it is `Undecrypted` in its place.

    `keys` gives those of now: it is asked once for each call, for another process may have added one. The scope of
    whatever is encrypted is registered, so that no sweep overlooks it."""

    def __init__(self, documents: Documents, keys: Callable[[], Keys], as_found: bool = False) -> None:
        self._documents, self._keys, self._lenient = documents, keys, as_found
        self._registered: set[Scope] = set()

    @property
    def as_found(self) -> EncryptedDocuments:
        """Another view of the same documents: what cannot be decrypted stops nobody."""
        return EncryptedDocuments(self._documents, self._keys, as_found=True)

    def believes_plain(self) -> bool:
        """As the keys say."""
        return self._keys().plain

    def get(self, scope: Scope, kind: str, id: str) -> Document | None:
        found = self._documents.get(scope, kind, id)
        return self._opened(scope, kind, [found])[0] if found else None

    def put(self, scope: Scope, kind: str, id: str, body: Body, if_match: str | None = None) -> Document:
        document = self.batch(scope, kind, [Write(id, body, if_match)])[0]
        assert document is not None
        return document

    def delete(self, scope: Scope, kind: str, id: str, if_match: str = "*") -> None:
        self._documents.delete(scope, kind, id, if_match)

    def batch(self, scope: Scope, kind: str, writes: Sequence[Write], durable: bool = True) -> list[Document | None]:
        if kind not in MARKED:
            return self._documents.batch(scope, kind, writes, durable)
        fields = Fields(scope, kind, self._keys())
        closed = [fields.closed(each.id, each.body or {}) for each in writes]
        if any(stored for stored, _ in closed):
            self._register(scope)
        stored = [
            Write(write.id, {**write.body, **values}, write.if_match) if write.body and values else write
            for write, (values, _) in zip(writes, closed, strict=True)
        ]
        written = self._documents.batch(scope, kind, stored, durable)
        # What was encrypted just now needs no decryption.
        return [
            with_body(document, {**document.body, **read}) if document and read else document
            for document, (_, read) in zip(written, closed, strict=True)
        ]

    def find(
        self,
        scope: Scope,
        kind: str,
        filters: Sequence[Filter] = (),
        order: Order | None = None,
        limit: int = 100,
        cursor: str | None = None,
    ) -> Page:
        page = self._documents.find(scope, kind, filters, order, limit, cursor)
        return Page(self._opened(scope, kind, page.documents), page.cursor) if kind in MARKED else page

    def changes(self, scope: Scope, since: str | None, limit: int = 1000) -> tuple[list[Document], str | None]:
        found, mark = self._documents.changes(scope, since, limit)
        keys = self._keys()
        return [
            self._open(Fields(scope, each.kind, keys), each) if each.kind in MARKED else each for each in found
        ], mark

    def renew(self, scope: Scope, kind: str, cursor: str | None = None) -> Renewed:
        """See `shared.ports.Encryption`."""
        page = self._documents.find(scope, kind, (), None, _PAGE, cursor)
        fields, writes, unreadable = Fields(scope, kind, self._keys()), list[Write](), list[str]()
        for each in page.documents:
            stored, lost = fields.renewed(each)
            unreadable += [f"{each.id}: {name}" for name in lost]
            if stored:
                writes.append(Write(each.id, {**each.body, **stored}, each.rev))
        overtaken = sum(self._move(scope, kind, together) for together in _together(writes))
        return Renewed(len(page.documents), len(writes) - overtaken, overtaken, unreadable, page.cursor)

    def needing(self, scope: Scope, kind: str, key: str, cursor: str | None = None) -> tuple[int, str | None]:
        """See `shared.ports.Encryption`."""
        page = self._documents.find(scope, kind, (), None, _PAGE, cursor)
        fields = Fields(scope, kind, self._keys())
        return sum(fields.needing(each, key) for each in page.documents), page.cursor

    def _move(self, scope: Scope, kind: str, writes: Sequence[Write]) -> int:
        """Store them; how many of them somebody changed meanwhile. Durably: the old key may be removed right after."""
        with suppress(Stale):
            self._documents.batch(scope, kind, writes)
            return 0
        if len(writes) == 1:
            return 1
        return sum(self._move(scope, kind, [each]) for each in writes)

    def _opened(self, scope: Scope, kind: str, documents: Sequence[Document]) -> list[Document]:
        if kind not in MARKED:
            return list(documents)
        fields = Fields(scope, kind, self._keys())
        return [self._open(fields, each) for each in documents]

    def _open(self, fields: Fields, document: Document) -> Document:
        return fields.as_found(document) if self._lenient else fields.opened(document)

    def _register(self, scope: Scope) -> None:
        if scope in self._registered or scope.workspace == SHARED_WORKSPACE:
            return
        if self._documents.get(scope.agency, Kind.SCOPE, scope.workspace) is None:
            with suppress(Stale):  # somebody else has, perhaps under a name
                self._documents.put(scope.agency, Kind.SCOPE, scope.workspace, {"workspace": scope.workspace})
        self._registered.add(scope)


def _together(writes: Sequence[Write]) -> Iterator[list[Write]]:
    """In batches that every home takes."""
    batch, size = list[Write](), 0
    for each in writes:
        length = len(repr(each.body))
        if batch and size + length > _TOGETHER:
            yield batch
            batch, size = [], 0
        batch.append(each)
        size += length
    if batch:
        yield batch
