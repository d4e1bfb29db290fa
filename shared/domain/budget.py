"""Budgets in money and counts, pure: what an account may use in its period, and what one call would add (rule L6).

A tally is a mapping of whole numbers: `calls` (`local` of them on this machine, `unknown` of them at an unknown price),
`tokens`, `tools`, `messages`, `ms` (wall time) and, by currency, `money.EUR` in millionths."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.domain.faults import Conflict
from shared.domain.money import MixedCurrencies, Money, spelled

Tally = Mapping[str, int]
When = Literal["refuse", "ask", "wait", "local"]
Count = Annotated[int, Field(ge=0, le=10**12)]
WORKSPACE = "workspace"
ACCOUNT = "^(workspace|(agent|campaign|task)-[A-Za-z0-9][A-Za-z0-9_-]{0,79})$"
Account = Annotated[str, StringConstraints(pattern=ACCOUNT)]
"""`workspace` and `agent-<id>` begin anew with every month, `campaign-<id>` and `task-<id>` never."""
MONEY = "money."
_MINUTE = timedelta(minutes=1)
_SEVERITY: tuple[When, ...] = ("local", "wait", "ask", "refuse")


class Budget(BaseModel):
    """What an account may use in its period; what is not named is not limited."""

    model_config = ConfigDict(extra="forbid")

    money: Money | None = None
    calls: Count | None = None
    """Of models, wherever they run."""
    tokens: Count | None = None
    tools: Count | None = None
    messages: Count | None = None
    seconds: Count | None = None
    """Wall time of the calls."""
    when_over: Literal["ask", "wait", "local"] = "ask"
    """At the limit: a person decides; it waits for the next period; the model on this machine takes over."""
    unknown_price: Literal["refuse", "ask", "count"] = "refuse"
    """A call without a known price, if money is limited: it is refused; a person decides; only the counts bind."""


class Amount(NamedTuple):
    """What one call may use at most, or has used. `money` None: its price is unknown, which is not 0."""

    money: Money | None
    tokens: int = 0
    calls: int = 1
    tools: int = 0
    messages: int = 0
    milliseconds: int = 0
    local: bool = False

    def tally(self) -> dict[str, int]:
        """Without what is 0."""
        counted = {
            "calls": self.calls,
            "local": self.calls if self.local else 0,
            "unknown": self.calls if self.money is None else 0,
            "tokens": self.tokens,
            "tools": self.tools,
            "messages": self.messages,
            "ms": self.milliseconds,
        }
        if self.money:
            counted[f"{MONEY}{self.money.currency}"] = self.money.micros
        return {name: number for name, number in counted.items() if number}


class Over(NamedTuple):
    """One limit that a call would exceed: how much is left, how much it wants, and what the account says is then to be
    done. `what`: a field of Budget, or `price`."""

    account: str
    what: str
    left: int
    wanted: int
    then: When


class OverBudget(Conflict):
    """Nothing was reserved. `then` says what is to be done; `until` when the account's next period begins, if ever."""

    def __init__(self, over: Over, until: datetime | None) -> None:
        super().__init__("budget", _sentence(over))
        self.over, self.account, self.then, self.until = over, over.account, over.then, until


@dataclass(frozen=True)
class Use:
    """What an account has used in one period. `held` by the minute at which it lapses if nobody settles it; `lapsed`
    was held by calls that never told their end: perhaps it was paid, nobody knows."""

    spent: Tally
    held: Mapping[str, Tally]
    lapsed: Tally

    def hold(self, wanted: Tally, minute: str) -> Use:
        return replace(self, held={**self.held, minute: added(self.held.get(minute, {}), wanted)})

    def give_back(self, wanted: Tally, minute: str) -> Use:
        """What was held until that minute, whether or not it has lapsed."""
        if minute not in self.held:
            return replace(self, lapsed=taken(self.lapsed, wanted))
        rest = taken(self.held[minute], wanted)
        others = {at: held for at, held in self.held.items() if at != minute}
        return replace(self, held={**others, minute: rest} if rest else others)

    def spend(self, spent: Tally) -> Use:
        return replace(self, spent=added(self.spent, spent))

    def lapse(self, now: datetime) -> Use:
        """Without what nobody settled in time."""
        present = minute_of(now)
        over = [minute for minute in self.held if minute < present]
        if not over:
            return self
        lapsed = total([self.lapsed, *(self.held[minute] for minute in over)])
        return replace(self, held={at: held for at, held in self.held.items() if at not in over}, lapsed=lapsed)

    def taken(self) -> Tally:
        """Spent and held together."""
        return added(self.spent, self.held_together())

    def held_together(self) -> dict[str, int]:
        return total(self.held.values())

    def body(self) -> dict[str, Any]:
        return {"spent": dict(self.spent), "held": {at: dict(held) for at, held in self.held.items()}} | (
            {"lapsed": dict(self.lapsed)} if self.lapsed else {}
        )


def use_of(body: Mapping[str, Any] | None) -> Use:
    """The use that a document holds; none yet where there is no document."""
    body = body or {}
    return Use(body.get("spent", {}), body.get("held", {}), body.get("lapsed", {}))


class Limit(NamedTuple):
    """One limit of counts: `what` is the budget's field, `counted` its name in a tally, of which `scale` are one of the
    field's; `most` is in the tally's."""

    what: str
    most: int
    counted: str
    scale: int = 1


def limits_of(budget: Budget) -> list[Limit]:
    """The counts that the budget limits."""
    plain = [(name, getattr(budget, name)) for name in ("calls", "tokens", "tools", "messages")]
    found = [Limit(name, most, name) for name, most in plain if most is not None]
    return found if budget.seconds is None else [*found, Limit("seconds", budget.seconds * 1000, "ms", 1000)]


def over(account: str, budget: Budget, use: Use, wanted: Tally) -> Over | None:
    """The first limit that would be exceeded, None if it fits. Raises MixedCurrencies."""
    then: When = budget.when_over
    if then == "local" and wanted.get("local"):
        then = "ask"  # It is on this machine already: another model helps no further.
    used = use.taken()
    for what, most, counted, scale in limits_of(budget):
        left = most - used.get(counted, 0)
        if wanted.get(counted, 0) and wanted[counted] > left:
            return Over(account, what, max(0, left) // scale, -(-wanted[counted] // scale), then)
    return _over_money(account, budget, used, wanted, then)


def worst(found: Iterable[Over | None]) -> Over | None:
    """The one whose consequence is the strictest."""
    return max((each for each in found if each), key=lambda each: _SEVERITY.index(each.then), default=None)


def accounts_of(agent: str | None = None, campaign: str | None = None, task: str | None = None) -> list[str]:
    """The accounts that pay for one call: each of them must have it left."""
    named = (("agent", agent), ("campaign", campaign), ("task", task))
    return [WORKSPACE, *(f"{kind}-{id}" for kind, id in named if id)]


def check_account(account: str) -> str:
    """Raises ValueError unless it names one."""
    if not re.fullmatch(ACCOUNT, account):
        raise ValueError(f"{account!r} is not workspace, agent-…, campaign-… or task-…")
    return account


def period_of(account: str, now: datetime, zone: tzinfo) -> str:
    """The account's present period: the month there (2026-11), or `total`."""
    monthly = account == WORKSPACE or account.startswith("agent-")
    return f"{now.astimezone(zone):%Y-%m}" if monthly else "total"


def next_period(account: str, now: datetime, zone: tzinfo) -> datetime | None:
    """When the account's next period begins; None: never."""
    if period_of(account, now, zone) == "total":
        return None
    here = now.astimezone(zone)
    year, month = (here.year, here.month + 1) if here.month < 12 else (here.year + 1, 1)
    return datetime(year, month, 1, tzinfo=zone).astimezone(UTC)


def minute_of(at: datetime) -> str:
    """The minute that `at` lies in, sortable as text."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M}"


def added(one: Tally, other: Tally) -> dict[str, int]:
    return total((one, other))


def taken(one: Tally, other: Tally) -> dict[str, int]:
    """What is left of `one`; never below 0."""
    return {name: one[name] - other.get(name, 0) for name in one if one[name] > other.get(name, 0)}


def total(tallies: Iterable[Tally]) -> dict[str, int]:
    summed: Counter[str] = Counter()
    for tally in tallies:
        summed.update(tally)
    return dict(summed)


def moneys(tally: Tally) -> list[Money]:
    """One a currency, in the order of their codes."""
    found = sorted((name, micros) for name, micros in tally.items() if name.startswith(MONEY))
    return [Money(micros=micros, currency=name.removeprefix(MONEY)) for name, micros in found]


def cost_text(tally: Tally) -> str:
    """€0.03, 4 calls, 1 local. A price that is unknown is said to be so, never 0."""
    calls, local, unknown = (tally.get(name, 0) for name in ("calls", "local", "unknown"))
    known = " + ".join(str(money) for money in moneys(tally))
    if unknown:
        priced = f"{known} + unknown" if known else "cost unknown"
    else:
        priced = known or ("no cost" if calls else "nothing")
    parts = [priced, f"{calls:,} call{'s' * (calls != 1)}", f"{local:,} local" if local else ""]
    return ", ".join(part for part in parts if part)


def _over_money(account: str, budget: Budget, used: Tally, wanted: Tally, then: When) -> Over | None:
    limit = budget.money
    if limit is None:
        return None
    if wanted.get("unknown") and budget.unknown_price != "count":
        return Over(account, "price", 0, 0, budget.unknown_price)
    asked = moneys(wanted)
    for money in asked:
        _check_currency(limit, money)
    for money in moneys(used) if asked else ():
        _check_currency(limit, money)
    name = f"{MONEY}{limit.currency}"
    left, price = limit.micros - used.get(name, 0), wanted.get(name, 0)
    return Over(account, f"money in {limit.currency}", max(0, left), price, then) if price > left else None


def _check_currency(limit: Money, money: Money) -> None:
    if money.micros and money.currency != limit.currency:
        raise MixedCurrencies(limit.currency, money.currency)


def _sentence(over: Over) -> str:
    if over.what == "price":
        return f"{over.account} has a limit of money, and what this call costs is unknown"
    if over.what.startswith("money"):
        currency = over.what.rpartition(" ")[2]
        left, wanted = spelled(over.left, currency), spelled(over.wanted, currency)
        return f"{over.account} has {left} left, and this call may cost {wanted}"
    return f"{over.account} has {over.left:,} {over.what} left, and this call may need {over.wanted:,}"
