"""The steps of an import, whatever its rows are: the document says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.agents import contacts, deals
from shared.agents.contacts.records import load
from shared.agents.contacts.taking import Taking
from shared.domain.faults import Missing
from shared.domain.imports import Of
from shared.domain.outcome import Outcome, Refused
from shared.domain.scope import Scope
from shared.ports import Ports

_TAKINGS: Mapping[Of, Taking] = {"contacts": contacts.TAKING, **deals.TAKINGS}


def run(ports: Ports, order: dict[str, Any]) -> Outcome:
    """One step, as `contacts.run` has them."""
    try:
        found = load(ports, Scope(*order["scope"]), order["import"])
    except Missing as missing:
        return Refused(*missing.error)
    return contacts.run(ports, order, _TAKINGS[found.of])
