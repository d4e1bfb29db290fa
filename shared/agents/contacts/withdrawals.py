"""A "no" that reached us in another way than by a link: by text message, complaint or the provider. It stops everything
and leaves its evidence (rules C1, G1, U7)."""

from __future__ import annotations

from contextlib import suppress as ignoring
from typing import Literal

from shared.agents.contacts.consents import last_word, put_on_record
from shared.agents.contacts.evidence import keep
from shared.agents.contacts.suppression import suppress
from shared.agents.contacts.unsubscribe import contact_of
from shared.domain.evidence import Evidence, Method
from shared.domain.faults import Missing
from shared.domain.scope import Scope
from shared.domain.suppression import Reason
from shared.ports import Ports

How = Literal["stopped", "complained", "refused"]
"""refused: the provider does not deliver to them any more, because they told it so."""
_METHODS: dict[How, tuple[Reason, Method, str]] = {
    "stopped": ("stopped", "text", "STOP by text message"),
    "complained": ("complained", "complaint", "complaint to the mailbox provider"),
    "refused": ("stopped", "provider", "opted out with the provider"),
}


def withdrawn(ports: Ports, scope: Scope, person: str, how: How, campaign: str | None = None) -> None:
    """This person gets no further message of the agency. The suppression comes first: it is what the gate reads.
    Repeating it changes nothing more, unless they came back in between."""
    reason, method, source = _METHODS[how]
    suppress(ports, scope, person, reason, campaign)
    now, contact = ports.clock.now(), contact_of(ports, scope, person)
    id, before = last_word(ports, scope, contact, f"{contact}-{method}-{campaign or 'any'}")
    said = Evidence(
        id=id,
        contact=contact,
        at=now,
        recorded_at=now,
        by=source,
        method=method,
        status="withdrawn",
        channel="all",
        source=source,
        campaign=campaign,
        before=before,
    )
    kept = keep(ports, scope, said, how)
    with ignoring(Missing):
        put_on_record(ports, scope, kept)


def number_withdrawn(ports: Ports, scope: Scope, number: str) -> None:
    """Nothing reaches this telephone number (its hash) any more, whoever has it. Its evidence lies with the agency, as
    the suppression does. Repeating it changes nothing more."""
    reason, method, source = _METHODS["stopped"]
    suppress(ports, scope, number, reason)
    now = ports.clock.now()
    said = Evidence(
        id=f"{number}-{method}",
        contact=number,
        at=now,
        recorded_at=now,
        by=source,
        method=method,
        status="withdrawn",
        channel="all",
        source=source,
    )
    keep(ports, scope.agency, said, "stopped")
