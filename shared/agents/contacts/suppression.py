"""Who must not be written to, for whatever reason (rules C1, G4)."""

from __future__ import annotations

from typing import Any, get_args

from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.suppression import BY_SERVERS, Reason, suppression_ids
from shared.ports import Body, Ports, Stale

_RANK: tuple[str, ...] = get_args(Reason)


def suppress(
    ports: Ports, scope: Scope, person: str, reason: Reason, campaign: str | None = None, channel: str = "all"
) -> None:
    """Nothing of this agency reaches this person any more, over this channel or at all. Repeating it changes nothing;
    of several reasons the weightiest stands, in whatever order they come, with the time of the first that was the
    person's own (rules B1, B2, G4)."""
    now = ports.clock.now().isoformat()
    id = person if channel == "all" else suppression_ids(person, channel).channel
    body: Body = {"person": person, "channel": channel, "reason": reason, "campaign": campaign, "at": now}
    while True:
        found = ports.documents.get(scope.agency, Kind.SUPPRESSION, id)
        if found and _rank(found.body.get("reason")) >= _rank(reason):
            return
        if found and found.body["reason"] not in BY_SERVERS:
            body["at"] = found.body["at"]
        try:
            ports.documents.put(scope.agency, Kind.SUPPRESSION, id, body, found.rev if found else None)
            return
        except Stale:
            continue


def _rank(reason: Any) -> int:
    return _RANK.index(reason) if reason in _RANK else len(_RANK)
