"""Contacts: files in, merged into an address book without doubles; looking people up; taking "no" for an answer.

The activity's steps are `split`, `batch` and `finish` of an import; what a pass over the batches is for, the document
says."""

from __future__ import annotations

from typing import Any

from shared.agents.contacts.batch import apply, pass_over
from shared.agents.contacts.book import find_by_address, get_contact, listing
from shared.agents.contacts.consents import record
from shared.agents.contacts.entry import checker
from shared.agents.contacts.evidence import history
from shared.agents.contacts.imports import accept_import, confirm, finish, get_import, list_imports, undo
from shared.agents.contacts.mapping import columns_of, map_columns
from shared.agents.contacts.quarantine import quarantined
from shared.agents.contacts.read import PEOPLE
from shared.agents.contacts.records import load
from shared.agents.contacts.split import split
from shared.agents.contacts.taking import Taking
from shared.agents.contacts.unsubscribe import unsubscribe
from shared.domain.faults import Missing
from shared.domain.outcome import Done, Outcome, Refused
from shared.domain.scope import Scope
from shared.ports import Ports

__all__ = [
    "TAKING",
    "accept_import",
    "columns_of",
    "confirm",
    "find_by_address",
    "get_contact",
    "get_import",
    "history",
    "list_imports",
    "listing",
    "map_columns",
    "quarantined",
    "record",
    "run",
    "undo",
    "unsubscribe",
]


TAKING = Taking(PEOPLE, checker, pass_over)
"""Rows are people."""


def run(ports: Ports, order: dict[str, Any], taking: Taking = TAKING) -> Outcome:
    """One step of an import: `{scope, import, attempt?, op: "split" | "batch" | "finish", batch?: n}`. A pass that
    another has followed does nothing any more."""
    scope, id = Scope(*order["scope"]), order["import"]
    try:
        if load(ports, scope, id).attempt != order.get("attempt", 1):
            return Done({"batches": 0})
        match order["op"]:
            case "split":
                return split(ports, scope, id, taking)
            case "batch":
                return apply(ports, scope, id, order["batch"], taking)
            case "finish":
                return finish(ports, scope, id, order.get("attempt", 1))
            case other:
                return Refused("op", f"there is no step {other!r}; there are split, batch and finish")
    except Missing as missing:
        return Refused(*missing.error)
