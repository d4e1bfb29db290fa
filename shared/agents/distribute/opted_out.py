"""What a provider says of a person's "no": it counts for everything, as every STOP does (rules C1, U7)."""

from __future__ import annotations

from shared.agents import facts, policy
from shared.agents.contacts.suppression import suppress
from shared.agents.contacts.withdrawals import withdrawn
from shared.domain.scope import Scope
from shared.ports import LedgerRow, Ports


def opted_out(ports: Ports, scope: Scope, row: LedgerRow) -> None:
    """This person gets no further message of the agency, nor does anybody else under that number. Repeating it changes
    nothing; the first "no" stands."""
    withdrawn(ports, scope, row.person, "refused", row.campaign)
    known = facts.people(ports, scope, [row.contact]).get(row.contact)
    contact = known.contact if known else None
    if contact is None or contact.person != row.person:
        return
    if id := facts.number_of(ports, contact.phone, contact.country, policy.country(ports, scope)):
        suppress(ports, scope, id, "stopped", row.campaign)
