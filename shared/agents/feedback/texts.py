"""A text message that says no: it holds for everything this agency sends, on every channel (rules U5, U7)."""

from __future__ import annotations

from collections.abc import Sequence

from shared.agents import policy
from shared.agents.contacts.withdrawals import number_withdrawn, withdrawn
from shared.agents.feedback.kept import keep_stop
from shared.agents.numbers import digits, number_id, who_has
from shared.domain.scope import Scope
from shared.domain.stop import is_stop
from shared.ports import Ports


def take_text(ports: Ports, scopes: Sequence[Scope], phone: str, text: str) -> bool:
    """True if it was a no, and now nothing reaches the number, nor anybody who has it in one of these workspaces. Who
    gets the number later is found by its hash (`facts.suppressions`)."""
    if not is_stop(text):
        return False
    if id := number_id(phone, policy.country(ports, scopes[0]), ports.keys.address):
        number_withdrawn(ports, scopes[0], id)
    known = [(scope, contact) for scope in scopes for contact in who_has(ports, scope, digits(phone))]
    for scope, contact in known:
        withdrawn(ports, scope, str(contact.body["person"]), "stopped")
        keep_stop(ports, scope, contact.id, str(contact.body["person"]))
    if not known:
        keep_stop(ports, scopes[0], None, id)
    return True
