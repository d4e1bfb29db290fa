"""What a provider says of a person's "no": it counts for everything, as every STOP does (rules C1, U7)."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.suppression import suppression_ids
from shared.ports import Ports, Stale


def opted_out(ports: Ports, scope: Scope, person: str, campaign: str, now: datetime) -> None:
    """This person gets no further message of the agency. Repeating it changes nothing; the first "no" stands."""
    body = {"person": person, "channel": "all", "reason": "opted out with the provider", "campaign": campaign}
    with suppress(Stale):
        id = suppression_ids(person, "").everything
        ports.documents.put(scope.agency, Kind.SUPPRESSION, id, {**body, "at": now.isoformat()})
