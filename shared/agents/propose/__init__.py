"""Propose: offers and their prices, proposals to a client, and what is agreed of them.

`agreed(ports, scope, proposal_id)` is what a contract and its invoices are made of."""

from shared.agents.propose.agreed import agreed

__all__ = ["agreed"]
