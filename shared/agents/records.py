"""Reading and changing the campaign document: one way for every agent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from shared.domain.campaign import Campaign
from shared.domain.faults import Missing
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Ports, Stale


def load(ports: Ports, scope: Scope, campaign: str) -> Campaign:
    """The campaign as it is now. Raises Missing."""
    return _read(ports, scope, campaign)[0]


def change(ports: Ports, scope: Scope, campaign: str, mutate: Callable[[Campaign], None]) -> Campaign:
    """Apply `mutate` to the present state and store it; on a race it is applied again to the newer state.

    `mutate` may raise to refuse; then nothing is written. No write if it changes nothing. Raises Missing."""
    while True:
        found, rev = _read(ports, scope, campaign)
        before = found.model_dump(mode="json")
        mutate(found)
        after = found.model_dump(mode="json")
        if after == before:
            return found
        try:
            ports.documents.put(scope, Kind.CAMPAIGN, campaign, after, rev)
        except Stale:
            continue
        return found


def note(ports: Ports, scope: Scope, campaign: str, by: str, what: str, data: Mapping[str, Any]) -> None:
    """One fact on the campaign's own stream of the journal: ids, codes and digests only."""
    ports.journal.append(scope, f"campaign/{campaign}", ports.clock.now(), by, what, data)


def _read(ports: Ports, scope: Scope, campaign: str) -> tuple[Campaign, str]:
    document = ports.documents.get(scope, Kind.CAMPAIGN, campaign)
    if document is None:
        raise Missing("campaign", campaign)
    return Campaign.model_validate(document.body), document.rev
