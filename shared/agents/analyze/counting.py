"""Counting a campaign: every row of the ledger with what came back from it, a hundred at a time: memory stays flat."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from itertools import islice
from typing import Any, get_args
from zoneinfo import ZoneInfo

from shared.agents.campaigns.audience import contacts_by_id
from shared.agents.campaigns.certificate import mark, part_of, rows
from shared.domain.campaign import Campaign
from shared.domain.contact import Contact
from shared.domain.engagement import Engagement, What, engagement_id
from shared.domain.inquiry import Decision
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import LedgerRow, Ports

_BATCH = 100
_MOST_VALUES = 1000
"""More different countries, roles or tags than this are not told apart; it bounds the memory."""

Group = tuple[str, str]
"""A dimension and one of its values: ("variant", "A"), ("country", "NZ")."""
EVERYONE: Group = ("", "")


@dataclass
class Counts:
    """Certificate parts -> rows; group -> sent, opened, clicked, … -> people; hour -> sent, opened, clicked -> n."""

    parts: Counter[str] = field(default_factory=Counter)
    marks: Counter[Decision] = field(default_factory=Counter)
    groups: defaultdict[Group, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    hours: defaultdict[datetime, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    simulated: bool = False
    bounced: int = 0
    """Messages that were taken and came back."""
    cost_micros: int | None = None
    """What all of them cost; None: not added up."""

    def of(self, dimension: str) -> dict[str, Counter[str]]:
        """Value -> its counts, for one dimension."""
        return {value: counts for (named, value), counts in self.groups.items() if named == dimension}


def count(ports: Ports, scope: Scope, campaign: Campaign, now: datetime) -> Counts:
    """Everything that can be counted of it by `now`. Hours are hours of the sender's clock."""
    counts, zone = Counts(), ZoneInfo(ports.timezone)
    for batch in _batches(rows(ports, scope, campaign.id, campaign.shards)):
        counts.parts.update(part_of(row, now) for row in batch)
        counts.marks.update(decision for row in batch for decision in mark(row))
        counts.cost_micros = (counts.cost_micros or 0) + sum(row.cost_micros for row in batch)
        counts.bounced += sum(row.state == "failed" and bool(row.acceptances) for row in batch)
        sent = [row for row in batch if part_of(row, now) in ("sent_once", "sent_twice")]
        people = contacts_by_id(ports, scope, [row.contact for row in sent])
        reactions = _reactions(ports, scope, sent)
        for row in sent:
            _add(counts, row, people.get(row.contact), reactions.get(row.key, {}), zone)
    return counts


def _batches(rows: Iterator[LedgerRow]) -> Iterator[list[LedgerRow]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch


def _reactions(ports: Ports, scope: Scope, sent: Sequence[LedgerRow]) -> dict[str, dict[What, Engagement]]:
    ids = [engagement_id(row.campaign, row.key, what) for row in sent for what in get_args(What)]
    if not ids:
        return {}
    page = ports.documents.find(scope, Kind.ENGAGEMENT, [Filter("id", "in", ids)], limit=len(ids))
    found: defaultdict[str, dict[What, Engagement]] = defaultdict(dict)
    for document in page.documents:
        engagement = Engagement.model_validate(document.body)
        found[engagement.key][engagement.what] = engagement
    return found


def _add(
    counts: Counts, row: LedgerRow, person: Contact | None, reactions: Mapping[What, Engagement], zone: tzinfo
) -> None:
    happened = _happened(row, reactions)
    for group in _groups(counts, row, person):
        counts.groups[group].update(happened.keys())
    for what in ("sent", "opened", "clicked"):
        if at := happened.get(what):
            counts.hours[at.astimezone(zone).replace(minute=0, second=0, microsecond=0)][what] += 1
    counts.simulated |= any(each.simulated for each in reactions.values())


def _happened(row: LedgerRow, reactions: Mapping[What, Engagement]) -> dict[str, datetime | None]:
    """What happened to one sent message, and when first. A click proves an opening, whether the pixel loaded or not."""
    opened, clicked = reactions.get("open"), reactions.get("click")
    happened: dict[str, datetime | None] = {"sent": row.intended_at or row.settled_at}
    human = [each.first_human_at for each in (opened, clicked) if each and each.first_human_at]
    if human:
        happened["opened"] = min(human)
    elif opened:
        happened["opened_by_machines"] = opened.first_at
    if clicked:
        happened["clicked" if clicked.human else "clicked_by_machines"] = clicked.first_human_at
    if "unsubscribe" in reactions:
        happened["unsubscribed"] = reactions["unsubscribe"].first_at
    if "complaint" in reactions:
        happened["complained"] = reactions["complaint"].first_at
    if answered := reactions.get("reply"):
        happened["replied" if answered.human else "replied_by_machines"] = answered.first_at
    return happened


def _groups(counts: Counts, row: LedgerRow, person: Contact | None) -> Iterator[Group]:
    yield EVERYONE
    yield "variant", row.variant
    if person:
        yield from _known(counts, "country", [person.country])
        yield from _known(counts, "role", [person.role])
        yield from _known(counts, "tag", person.tags)


def _known(counts: Counts, dimension: str, values: Iterable[Any]) -> Iterator[Group]:
    for value in set(values) - {None, ""}:
        if (dimension, value) in counts.groups or len(counts.groups) < _MOST_VALUES:
            yield dimension, value
