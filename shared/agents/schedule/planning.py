"""The plan of an approved campaign: its audience from the snapshot, the manifest once, then the ledger's rows."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from itertools import islice

import orjson

from shared.agents import facts
from shared.agents.campaigns import manifest
from shared.agents.campaigns.audience import audience_path
from shared.agents.channels import channel_of
from shared.agents.facts import Ground, agreed, ground_of
from shared.agents.lines import lines
from shared.agents.records import change, note
from shared.agents.schedule import leaving
from shared.agents.schedule.plan import Member, Terms, plan
from shared.domain.approval import Approval
from shared.domain.calendar import Taken
from shared.domain.campaign import Campaign
from shared.domain.scope import Scope
from shared.domain.slots import zone
from shared.ports import Ports

MOST_SHARDS = 100
"""Shards of one distribution; it keeps a history under 1,000 events (design 4.4)."""
_BATCH = 100

Dues = list[tuple[str, int]]
"""When a shard's first row is due, in ISO 8601, and the shard's number."""


def planned(ports: Ports, scope: Scope, campaign: Campaign, asked: Approval, start: datetime, taken: Taken) -> int:
    """Write the manifest once, then rows for each shard; all of it may be repeated. `taken` says when nothing may leave
    by the sender's calendar. Returns the distributions.

    Raises ValueError if the audience on file is not the approved one."""
    if ports.files.size(scope, manifest.path_of(campaign.id)) is None:
        terms = _terms(ports, scope, campaign, asked, start, taken)
        change(ports, scope, campaign.id, partial(_open, start))  # before the plan, and with it for ever
        manifest.write(ports, scope, campaign.id, plan(terms, _audience(ports, scope, campaign, asked)))
    dues, slots = [], Counter[datetime]()
    for shard, rows in manifest.shards(ports, scope, campaign.id):
        ports.ledger.plan(scope, campaign.id, shard, rows)
        dues.append((min(row.due for row in rows), shard))
        slots += leaving.count(row.due for row in rows)
    dues.sort()
    leaving.write(ports, scope, campaign.id, slots)
    distributions = split(dues)
    ports.files.put(scope, _distributions_path(campaign.id), orjson.dumps(distributions))

    def show(found: Campaign) -> None:
        found.shards, found.distributions = len(dues), len(distributions)
        found.first_due, found.last_due = (dues[0][0], dues[-1][0]) if dues else (start, start)
        if found.status == "scheduled":
            found.status_reason = None

    if change(ports, scope, campaign.id, show).shards != campaign.shards:
        note(ports, scope, campaign.id, "schedule", "planned", {"shards": len(dues), "start": start.isoformat()})
    return len(distributions)


def _open(start: datetime, found: Campaign) -> None:
    found.opened_at = start


def distribution(ports: Ports, scope: Scope, campaign: str, number: int) -> Dues:
    """The shards of one distribution, in order of time."""
    distributions: list[Dues] = orjson.loads(ports.files.get(scope, _distributions_path(campaign)))
    return distributions[number]


def split(dues: list[tuple[datetime, int]]) -> list[Dues]:
    """Distributions of shards, given in order of time: those of one day, at most MOST_SHARDS in each."""
    distributions: list[Dues] = []
    day = None
    for due, shard in dues:
        if due.date() != day or len(distributions[-1]) == MOST_SHARDS:
            distributions.append([])
            day = due.date()
        distributions[-1].append((due.isoformat(), shard))
    return distributions


def _terms(ports: Ports, scope: Scope, campaign: Campaign, asked: Approval, start: datetime, taken: Taken) -> Terms:
    request = campaign.request
    default = zone(ports.timezone)
    if default is None:
        raise ValueError(f"BATON_TIMEZONE {ports.timezone!r} is not an IANA time zone")
    return Terms(
        scope=scope,
        campaign=campaign.id,
        channel=request.channels[0],
        start=start,
        days=request.window.days,
        hours=request.window.hours,
        variants=request.variants,
        holdout=request.holdout,
        rate=channel_of(ports, campaign).rate_per_second,
        most=asked.sealed["max_messages"],
        default_zone=default,
        taken=taken,
    )


def _audience(ports: Ports, scope: Scope, campaign: Campaign, asked: Approval) -> Iterator[Member]:
    """The approved snapshot with each one's zone; who left the address book meanwhile stays in the plan, to be held."""
    path, digest = audience_path(campaign.id, campaign.version), hashlib.sha256()
    for line in lines(ports, scope, path):
        digest.update(line)
    if digest.hexdigest() != asked.sealed["audience"]:
        raise ValueError(f"the audience on file of campaign {campaign.id} is not the one that was approved")
    pairs = (line.decode().split() for line in lines(ports, scope, path))
    ground = ground_of(ports, scope, campaign, ports.clock.now())
    while batch := list(islice(pairs, _BATCH)):
        yield from _members(ports, scope, ground, batch)


def _members(ports: Ports, scope: Scope, ground: Ground, batch: list[list[str]]) -> Iterator[Member]:
    people = facts.people(ports, scope, [contact for contact, _ in batch])
    for contact, person in batch:
        known = people[contact].contact if contact in people else None
        yield Member(contact, person, known.timezone if known else None, agreed(ground, known))


def _distributions_path(campaign: str) -> str:
    return f"campaigns/{campaign}/plan/distributions.json"
