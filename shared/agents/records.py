"""Documents as the nouns they are: one way to read and to change them, for every agent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from shared.domain.campaign import Campaign
from shared.domain.faults import Missing
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Ports, Stale

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
