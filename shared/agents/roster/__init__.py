"""Agents as data: who there is, every version of them, and who may work."""

from shared.agents.roster.books import create, delete, listing, read, rollback, update, versions
from shared.agents.roster.employed import AgentOff, employed
from shared.agents.roster.status import Status, affected, status

__all__ = [
    "AgentOff",
    "Status",
    "affected",
    "create",
    "delete",
    "employed",
    "listing",
    "read",
    "rollback",
    "status",
    "update",
    "versions",
]
