"""May a machine answer this mail, and once more today? Reserved before it answers, so two at once cannot both (B4)."""

from __future__ import annotations

from shared.agents.feedback.mime import part_of
from shared.domain.autoreply import MOST_A_DAY, why_no_answer
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Ports, Stale


def why_not_answered(ports: Ports, scope: Scope, raw: bytes, person: str) -> str | None:
    """None: one automatic answer to this person is reserved now. Else a code: what `why_no_answer` says of the mail, or
    `enough_today`. `person` is the keyed hash of whom the answer would go to."""
    if reason := why_no_answer(part_of(raw).headers):
        return reason
    day = ports.clock.now().date().isoformat()
    for n in range(MOST_A_DAY):
        try:
            ports.documents.put(scope.agency, Kind.AUTO_REPLY, f"{person}-{day}-{n}", {"at": day})
            return None
        except Stale:
            continue
    return "enough_today"
