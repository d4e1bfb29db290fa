"""What one campaign brought in: by variant and segment, with what it cost beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

from shared.agents.budget.campaigns import used
from shared.agents.campaigns.audience import contacts_by_id
from shared.agents.conversions.book import bodies
from shared.domain.budget import MONEY
from shared.domain.contact import Contact
from shared.domain.conversion import Value
from shared.domain.money import EURO
from shared.domain.revenue import NOT_KNOWN, TOP, Cost, Purse, Revenue, decimal, shares
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Body, Ports

_BATCH = 100
Groups = defaultdict[tuple[str, str], Purse]


def revenue(ports: Ports, scope: Scope, campaign: str, messages_micros: int | None) -> Revenue:
    """Counted from the rows. `messages_micros`: what its messages cost, in millionths of a euro, if that is known."""
    groups: Groups = defaultdict(Purse)
    orders = 0
    rows = bodies(ports, scope, Filter("campaign", "eq", campaign))
    while batch := list(islice(rows, _BATCH)):
        people = contacts_by_id(ports, scope, sorted({each["contact"] for each in batch if each["contact"]}))
        for body in batch:
            _add(groups, body, people.get(body["contact"] or ""))
            orders += body["what"] == "order"
    return Revenue(
        total=groups["", ""].values(),
        clicked=groups["basis", "click"].values(),
        delivered=groups["basis", "delivered"].values(),
        variants=shares(_of(groups, "variant")),
        segments={each: shares(_of(groups, each), TOP) for each in ("country", "role", "tag") if _known(groups, each)},
        costs=list(_costs(ports, scope, campaign, messages_micros)),
        orders=orders,
    )


def _add(groups: Groups, body: Body, person: Contact | None) -> None:
    named: list[tuple[str, str]] = [
        ("", ""),
        ("basis", body["basis"]),
        ("variant", body["variant"] or NOT_KNOWN),
        ("country", (person and person.country) or NOT_KNOWN),
        ("role", (person and person.role) or NOT_KNOWN),
        *(("tag", tag) for tag in sorted(set(person.tags if person else ()))),
    ]
    for group in named:
        groups[group].add(body["currency"], body["micros"])


def _of(groups: Groups, dimension: str) -> dict[str, Purse]:
    return {name: purse for (named, name), purse in groups.items() if named == dimension}


def _known(groups: Groups, dimension: str) -> Sequence[str]:
    return [name for name in _of(groups, dimension) if name != NOT_KNOWN]


def _costs(ports: Ports, scope: Scope, campaign: str, messages_micros: int | None) -> Iterator[Cost]:
    for name, micros in sorted(used(ports, scope, campaign).spent.items()):
        if name.startswith(MONEY) and micros:
            currency = name.removeprefix(MONEY)
            yield Cost(what="models", value=Value(currency=currency, value=decimal(micros), rows=1))
    if messages_micros is not None:
        yield Cost(what="messages", value=Value(currency=EURO, value=decimal(messages_micros), rows=1))
