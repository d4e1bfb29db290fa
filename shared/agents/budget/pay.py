"""Reserve before a call, settle after it: what is not reserved is not spent, and what was not used is returned.

A hold that nobody settles lapses by itself, so a kill leaks none; whoever does the same work again finds its own hold
by its key. Money that a killed call may have cost is listed as lapsed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shared.agents.budget.books import ACCOUNT, Books, Paid, Place, call_id, places_of
from shared.agents.budget.desk import desk
from shared.domain.budget import (
    Amount,
    Budget,
    OverBudget,
    Tally,
    Use,
    added,
    minute_of,
    next_period,
    over,
    worst,
)
from shared.domain.scope import Scope
from shared.ports import Body, Ports

LIFE = timedelta(minutes=15)
"""So long a hold waits for its settlement. A call must not reach the wire later than `Hold.until`."""


class Hold(NamedTuple):
    """What is reserved for one call. `again`: it had been reserved before, by an execution that did not settle it."""

    key: str
    places: tuple[Place, ...]
    until: datetime
    attempt: int
    again: bool = False


class Left(NamedTuple):
    """An account's limits and what it has used of them, spent and held."""

    budget: Budget
    used: Tally


def reserve(ports: Ports, scope: Scope, accounts: Sequence[str], wanted: Amount, key: str) -> Hold:
    """Hold `wanted` on all of the accounts, or on none: one key, one hold, however often it is asked for.

    Raises OverBudget, whose `then` says what is to be done, and MixedCurrencies."""
    now, id = ports.clock.now(), call_id(key)
    places = places_of(ports, accounts, now)

    def decide(books: Books) -> Hold:
        paid = books.paid(id)
        mine = paid.places if paid and paid.state == "held" else places
        uses = {place: books.use(place) for place in mine}
        if paid and paid.state == "held":
            uses = _given_back(uses, paid)
        uses = {place: use.lapse(now) for place, use in uses.items()}
        asked, minute = wanted.tally(), minute_of(now + LIFE)
        _check(ports, books, uses, asked, now)
        attempt = paid.attempt + (paid.state == "settled") if paid else 1
        held = Paid(mine, asked, minute, "held", attempt, paid.spent if paid else {})
        books.keep({id: held.body()} | {place.id: use.hold(asked, minute).body() for place, use in uses.items()})
        return Hold(key, mine, now + LIFE, attempt, again=paid is not None and paid.state == "held")

    # A kill does not undo it. A power cut may, until the answer is kept, and then forgets that a call was under way.
    found: Hold = desk(ports, scope).ask(_ids(places), frozenset({id}), decide, durable=False)
    return found


def settle(ports: Ports, scope: Scope, hold: Hold, spent: Amount, keep: Mapping[str, Body] | None = None) -> bool:
    """Count what was used, and return the rest; what is settled already stays as it is. Documents to `keep` (of the
    same kind, by id) are stored with it in one write, but for those that are there already: then it answers False."""
    return _close(ports, scope, hold, spent.tally(), keep or {})


def release(ports: Ports, scope: Scope, hold: Hold) -> None:
    """Return all of it: nothing was used."""
    _close(ports, scope, hold, {}, {})


def settled(ports: Ports, scope: Scope, key: str) -> bool:
    """Is the call of this key paid already? What costs nothing to repeat need not be counted again then."""
    paid = Books(ports, scope, frozenset({call_id(key)})).paid(call_id(key))
    return paid is not None and paid.state == "settled"


def left(ports: Ports, scope: Scope, accounts: Sequence[str]) -> dict[str, Left]:
    """What each account may use and has used, in one read; nothing is reserved."""
    now = ports.clock.now()
    places = places_of(ports, accounts, now)
    books = Books(ports, scope, _ids(places))
    return {place.account: Left(books.budget(place.account), books.use(place).lapse(now).taken()) for place in places}


def _close(ports: Ports, scope: Scope, hold: Hold, spent: Tally, keep: Mapping[str, Body]) -> bool:
    id = call_id(hold.key)

    def decide(books: Books) -> bool:
        paid, new = books.paid(id), {each: body for each, body in keep.items() if not books.has(each)}
        books.keep(new)
        if paid is None or paid.state == "settled" or paid.attempt != hold.attempt:
            return len(new) == len(keep)
        uses = _given_back({place: books.use(place) for place in paid.places}, paid)
        closed = replace(paid, wanted={}, state="settled", spent=added(paid.spent, spent))
        books.keep({id: closed.body()} | {place.id: use.spend(spent).body() for place, use in uses.items()})
        return len(new) == len(keep)

    # What a power cut undoes of a settlement alone is still held: it lapses and is listed.
    ids = frozenset({id, *(place.id for place in hold.places)})
    stored: bool = desk(ports, scope).ask(ids, frozenset(keep), decide, durable=bool(keep))
    return stored


def _given_back(uses: Mapping[Place, Use], paid: Paid) -> dict[Place, Use]:
    return {place: use.give_back(paid.wanted, paid.minute) for place, use in uses.items()}


def _check(ports: Ports, books: Books, uses: Mapping[Place, Use], asked: Tally, now: datetime) -> None:
    """Raises OverBudget for the account whose consequence is the strictest."""
    found = worst(over(place.account, books.budget(place.account), use, asked) for place, use in uses.items())
    if found:
        raise OverBudget(found, next_period(found.account, now, ZoneInfo(ports.timezone)))


def _ids(places: Sequence[Place]) -> frozenset[str]:
    return frozenset(id for place in places for id in (place.id, f"{ACCOUNT}{place.account}"))
