"""The mails of a contract, each a row of the ledger under a name that never changes, and the client's link."""

from __future__ import annotations

from datetime import timedelta

from shared.agents import brand as brands
from shared.agents.distribute.alone import Letter, send_alone
from shared.agents.propose.priced import ends_at
from shared.agents.propose.sending import sender_of
from shared.domain.brand import look_of
from shared.domain.contract import Contract, ContractContent
from shared.domain.links import Link, Purpose, sign
from shared.domain.scope import Scope
from shared.ports import LedgerRow, Ports
from shared.render.contract_notice import Occasion, contract_notice

PURPOSE: Purpose = "k"
_READABLE = timedelta(days=183)


def mail(
    ports: Ports, scope: Scope, found: Contract, content: ContractContent, version: int, occasion: Occasion, step: str
) -> LedgerRow:
    """The row of the mail, which leaves once. Raises Conflict if it cannot leave just now."""
    sender = sender_of(ports, scope)
    rendered = contract_notice(
        occasion,
        content.language,
        content.title,
        content.client.name,
        sender.name,
        link_of(ports, scope, found.id, version, content),
        content.sign_by,
        look_of(brands.read(ports, scope)[0]),
    )
    return send_alone(ports, scope, Letter(f"contract-{found.id}", step, "contract", sender, content.to, rendered))


def link_of(ports: Ports, scope: Scope, id: str, version: int, content: ContractContent) -> str:
    """The address at which the client reads and signs this version. It ends half a year after the last day to sign; a
    version goes to one address, so another address has another link."""
    until = ends_at(ports, content.sign_by) + _READABLE
    link = Link(PURPOSE, scope, id, version, "client", int(until.timestamp()))
    return f"{ports.public_url}/api/{PURPOSE}/{sign(link, ports.keys.link)}"
