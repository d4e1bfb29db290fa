"""Contacts: files in, merged into an address book without doubles; looking people up; taking "no" for an answer.

The activity's steps are `split`, `batch` and `finish` of an import."""

from __future__ import annotations

from typing import Any

from shared.agents.contacts.batch import apply
from shared.agents.contacts.book import find_by_address, get_contact, listing
from shared.agents.contacts.consents import record
from shared.agents.contacts.evidence import history
from shared.agents.contacts.imports import accept_import, finish, get_import, list_imports
from shared.agents.contacts.split import split
from shared.agents.contacts.unsubscribe import unsubscribe
from shared.domain.faults import Missing
from shared.domain.outcome import Outcome, Refused
from shared.domain.scope import Scope
from shared.ports import Ports

__all__ = [
    "accept_import",
    "find_by_address",
    "get_contact",
    "get_import",
    "history",
    "list_imports",
    "listing",
    "record",
    "run",
    "unsubscribe",
]


def run(ports: Ports, order: dict[str, Any]) -> Outcome:
    """One step of an import: `{scope, import, op: "split" | "batch" | "finish", batch?: n}`."""
    scope, id = Scope(*order["scope"]), order["import"]
    try:
        match order["op"]:
            case "split":
                return split(ports, scope, id)
            case "batch":
                return apply(ports, scope, id, order["batch"])
            case "finish":
                return finish(ports, scope, id)
            case other:
                return Refused("op", f"there is no step {other!r}; there are split, batch and finish")
    except Missing as missing:
        return Refused(*missing.error)
