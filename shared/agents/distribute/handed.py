"""Which message a provider's report is about, where reports know nothing but an id of the provider's own."""

from __future__ import annotations

from collections.abc import Sequence

from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Channel, LedgerRow, Ports, Write


def note_ids(ports: Ports, scope: Scope, channel: Channel, rows: Sequence[LedgerRow]) -> None:
    """Written before the wire, so that a report finds its message also if the sender dies before it hears an answer."""
    if channel.reported_as is None or not rows:
        return
    at = ports.clock.now().isoformat()
    bodies = {
        channel.reported_as(scope, row.key): {
            "campaign": row.campaign,
            "shard": row.shard,
            "key": row.key,
            "attempt": row.attempt,
            "at": at,
        }
        for row in rows
    }
    ports.documents.batch(scope, Kind.HANDED, [Write(id, body, "*") for id, body in bodies.items()])
