"""The limits of accounts: read them, set them, take them away."""

from __future__ import annotations

from shared.agents.budget.books import ACCOUNT, places_of
from shared.agents.budget.price import STREAM
from shared.domain.budget import Budget, check_account, moneys, use_of
from shared.domain.faults import Missing
from shared.domain.money import MixedCurrencies
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Ports, Stale, Write


def read(ports: Ports, scope: Scope, account: str) -> Budget:
    """Its limits; none where nobody set any. Raises Missing if the name is not one of an account."""
    named(account)
    found = ports.documents.get(scope, Kind.BUDGET, f"{ACCOUNT}{account}")
    return Budget.model_validate(found.body) if found else Budget()


def put(ports: Ports, scope: Scope, by: str, account: str, new: Budget) -> Budget:
    """Set its limits: whoever reserves after this returned is bound by them. Raises Missing, and MixedCurrencies if in
    this period the account was charged in another currency."""
    named(account)
    _write(ports, scope, account, new)
    data = {"account": account, **new.model_dump(mode="json", exclude_none=True)}
    ports.journal.append(scope, STREAM, ports.clock.now(), by, "budget", data)
    return new


def close(ports: Ports, scope: Scope, by: str, account: str) -> None:
    """Take its limits away; what it used stays known."""
    named(account)
    ports.documents.delete(scope, Kind.BUDGET, f"{ACCOUNT}{account}")
    ports.journal.append(scope, STREAM, ports.clock.now(), by, "budget", {"account": account, "limits": "none"})


def named(account: str) -> str:
    """The account, if it is the name of one. Raises Missing."""
    try:
        return check_account(account)
    except ValueError as error:
        raise Missing("budget", account) from error


def _write(ports: Ports, scope: Scope, account: str, new: Budget) -> None:
    """The limits, together with the use of this period as it was read: who decided on the old limits is outrun."""
    id, place = f"{ACCOUNT}{account}", places_of(ports, [account], ports.clock.now())[0]
    while True:
        found = ports.documents.get(scope, Kind.BUDGET, place.id)
        use = use_of(found.body if found else None)
        for money in moneys(use.taken()) if new.money else ():
            if new.money and money.currency != new.money.currency:
                raise MixedCurrencies(new.money.currency, money.currency)
        writes = [
            Write(id, new.model_dump(mode="json"), "*"),
            Write(place.id, use.body(), found.rev if found else None),
        ]
        try:
            ports.documents.batch(scope, Kind.BUDGET, writes)
            return
        except Stale:
            continue
