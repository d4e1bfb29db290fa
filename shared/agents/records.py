"""Documents as the nouns they are: one way to read and to change them, for every agent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from shared.domain.campaign import Campaign
from shared.domain.faults import FieldError, Missing, Rejected
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Document, Order, Ports, Stale

Noun = TypeVar("Noun", bound=BaseModel)


@dataclass(frozen=True)
class Records(Generic[Noun]):
    """The documents of one kind, each read as its model."""

    kind: Kind
    model: type[Noun]

    def load(self, ports: Ports, scope: Scope, id: str) -> Noun:
        """It as it is now. Raises Missing."""
        return self._read(ports, scope, id)[0]

    def change(self, ports: Ports, scope: Scope, id: str, mutate: Callable[[Noun], None]) -> Noun:
        """Apply `mutate` to the present state and store it; on a race it is applied again to the newer state.

        `mutate` may raise to refuse; then nothing is written. No write if it changes nothing. Raises Missing."""
        while True:
            found, rev = self._read(ports, scope, id)
            before = found.model_dump(mode="json")
            mutate(found)
            after = found.model_dump(mode="json")
            if after == before:
                return found
            try:
                ports.documents.put(scope, self.kind, id, after, rev)
            except Stale:
                continue
            return found

    def page(
        self,
        ports: Ports,
        scope: Scope,
        filters: Sequence[Filter] = (),
        order: Order | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> tuple[list[Noun], str | None]:
        """One page, and the cursor of the next; a document that cannot be read hides no other. Raises Rejected for a
        wrong cursor."""
        try:
            found = ports.documents.find(scope, self.kind, filters, order, limit, cursor)
        except ValueError as error:
            raise Rejected(FieldError("cursor", str(error))) from None
        return [*self._readable(found.documents, [])], found.cursor

    def every(
        self, ports: Ports, scope: Scope, filters: Sequence[Filter] = (), unreadable: list[str] | None = None
    ) -> Iterator[Noun]:
        """All there are; the ids of those that cannot be read are added to `unreadable`."""
        cursor, ids = None, [] if unreadable is None else unreadable
        while True:
            found = ports.documents.find(scope, self.kind, filters, cursor=cursor)
            yield from self._readable(found.documents, ids)
            cursor = found.cursor
            if cursor is None:
                return

    def _readable(self, documents: Sequence[Document], unreadable: list[str]) -> Iterator[Noun]:
        for each in documents:
            try:
                made = self.model.model_validate(each.body)
            except ValidationError:
                unreadable.append(each.id)
            else:
                yield made

    def _read(self, ports: Ports, scope: Scope, id: str) -> tuple[Noun, str]:
        document = ports.documents.get(scope, self.kind, id)
        if document is None:
            raise Missing(self.kind, id)
        return self.model.model_validate(document.body), document.rev


_CAMPAIGNS = Records(Kind.CAMPAIGN, Campaign)
load, change = _CAMPAIGNS.load, _CAMPAIGNS.change
"""Of campaigns, which most agents are about."""


def note(ports: Ports, scope: Scope, campaign: str, by: str, what: str, data: Mapping[str, Any]) -> None:
    """One fact on the campaign's own stream of the journal: ids, codes and digests only."""
    ports.journal.append(scope, f"campaign/{campaign}", ports.clock.now(), by, what, data)
