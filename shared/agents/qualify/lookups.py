"""What a directory is asked for a list: once. Its answer is on the tape before anything is made of it, together with
what it cost; who is killed and comes again reads it there, and pays nothing (design 4.9)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from shared.agents import asking, budget
from shared.agents.asking.tape import tape_id
from shared.domain.budget import Amount, accounts_of
from shared.domain.lead_list import LeadSearch
from shared.domain.money import Money
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Item, Ports, Reading, Source
from shared.ports.sources import Asked, Unreadable


def looked_up(ports: Ports, scope: Scope, list: str, wanted: LeadSearch) -> Reading:
    """What costs money is reserved before, and where the budget is used up nothing is asked. Raises Unreadable,
    OverBudget."""
    source, key = ports.sources["directory"], key_of(list)
    asked = Asked(terms=wanted.terms, city=wanted.city or "", country=wanted.country or "", most=wanted.most)
    if not source.costs:
        return _reading(asking.found(ports, scope, key, lambda: _plain(source.read(asked))))
    if kept := ports.documents.get(scope, Kind.TAPE, tape_id(key)):
        return _reading(kept.body["found"])
    return _paid(ports, scope, source, asked, key)


def key_of(list: str) -> str:
    """Under which the answer is on the tape."""
    return f"lead-list~{list}~directory"


def _paid(ports: Ports, scope: Scope, source: Source, asked: Asked, key: str) -> Reading:
    """Answer and settlement are one write. A question that was asked counts, whatever came of it."""
    price = Amount(Money(micros=source.costs), calls=1)
    hold = budget.reserve(ports, scope, accounts_of("researcher", None, None), price, key)
    try:
        told = _plain(source.read(asked))
    except Unreadable:
        budget.settle(ports, scope, hold, price)
        raise
    now = ports.clock.now().isoformat()
    body = {"key": key, "found": told, "digest": asking.checksum(told), "read_at": now}
    budget.settle(ports, scope, hold, price, {tape_id(key): body})
    return _reading(told)


def _plain(reading: Reading) -> dict[str, Any]:
    items = [
        {**asdict(each), "values": dict(each.values), "at": each.at and each.at.isoformat()} for each in reading.items
    ]
    told = {name: getattr(reading, name) for name in ("licence", "method", "whole")}
    return {**told, "items": items, "problems": [*reading.problems]}


def _reading(told: dict[str, Any]) -> Reading:
    items = [
        Item(**{**each, "at": datetime.fromisoformat(each["at"]) if each["at"] else None}) for each in told["items"]
    ]
    return Reading(items, told["licence"], told["method"], told["whole"], told["problems"])
