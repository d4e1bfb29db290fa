"""schedule: ask for the approval of what was written, then give every recipient a slot and a position."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

import orjson

from shared.agents.campaigns import manifest
from shared.agents.campaigns.audience import audience_path, with_revisions
from shared.agents.campaigns.control import cancel, follow
from shared.agents.records import change, load, note
from shared.agents.schedule import approval
from shared.agents.schedule.plan import Member, Terms, plan
from shared.domain.approval import Approval
from shared.domain.campaign import ENDED, Campaign
from shared.domain.names import Verb
from shared.domain.outcome import Done, Later, Outcome
from shared.domain.scope import Scope
from shared.domain.slots import zone
from shared.ports import Ports

MOST_SHARDS = 100
"""Shards of one distribution; it keeps a history under 1,000 events (design 4.4)."""


def run(ports: Ports, order: dict[str, Any]) -> Outcome:
    """One step towards a plan. Done: {next: end | generate} or {distributions}; with `distribution`: {shards}."""
    scope, id = Scope(*order["scope"]), order["campaign"]
    if "distribution" in order:
        shards = orjson.loads(ports.files.get(scope, _distributions_path(id)))
        return Done({"shards": shards[order["distribution"]]})
    campaign = load(ports, scope, id)
    if campaign.status in ENDED:
        return Done({"next": "end"})
    asked = approval.standing(ports, scope, campaign)
    if asked is None or campaign.digest != asked.digest:
        asked = approval.ask(ports, scope, campaign)
    return _answer(ports, scope, asked)


def _answer(ports: Ports, scope: Scope, asked: Approval) -> Outcome:
    now = ports.clock.now()
    if asked.decision is None:
        return _wait_for_a_person(ports, scope, asked, now)
    campaign = follow(ports, scope, asked)
    if campaign.status in ENDED:
        return Done({"next": "end"})
    if campaign.paused:
        return Later(now + timedelta(hours=6), "paused")
    if asked.decision == "changes" or campaign.change_wish is not None:
        return Done({"next": Verb.GENERATE})
    if campaign.status == "holding" and campaign.holding_until and now < campaign.holding_until:
        return Later(campaign.holding_until, "holding")
    if _slept_past(campaign, now):
        return _missed(ports, scope, campaign, now)
    if campaign.status in ("awaiting_approval", "holding"):
        change(ports, scope, campaign.id, _released)
        return _answer(ports, scope, asked)  # It may have been recalled in between; after this it cannot.
    return _planned(ports, scope, campaign, asked)


def _released(found: Campaign) -> None:
    found.proceed("awaiting_approval", "scheduled")
    found.proceed("holding", "scheduled")


def _wait_for_a_person(ports: Ports, scope: Scope, asked: Approval, now: datetime) -> Outcome:
    if asked.until and now >= asked.until:
        cancel(ports, scope, asked.subject, "nobody decided in time")
        return Done({"next": "end"})
    # Twice as long each time: the doorbell may get lost just after the question, hardly ever days later.
    patience = min(max(now - asked.asked_at, timedelta(minutes=1)), timedelta(hours=12))
    return Later(min(now + patience, asked.until or now + patience), "approval")


def _slept_past(campaign: Campaign, now: datetime) -> bool:
    """The window was over before the plan could be made, and nobody said go on since."""
    window, resumed = campaign.request.window, campaign.resumed_at
    if window.start is None:
        return False
    end = window.start + timedelta(days=window.days)
    return end <= now and (resumed is None or resumed < end)


def _missed(ports: Ports, scope: Scope, campaign: Campaign, now: datetime) -> Outcome:
    def ask_a_person(found: Campaign) -> None:
        for before in ("awaiting_approval", "holding", "scheduled"):
            found.proceed(before, "missed")
        if found.status == "missed":
            found.status_reason = "its window ended before it was planned"

    change(ports, scope, campaign.id, ask_a_person)
    return Later(now + timedelta(hours=6), "missed")


def _planned(ports: Ports, scope: Scope, campaign: Campaign, asked: Approval) -> Outcome:
    """Write the manifest once, then rows for each shard; all of it may be repeated."""
    terms = _terms(ports, scope, campaign, asked)
    if ports.files.size(scope, manifest.path_of(campaign.id)) is None:
        manifest.write(ports, scope, campaign.id, plan(terms, _audience(ports, scope, campaign, asked)))
    dues: list[tuple[datetime, int]] = []
    for shard, rows in manifest.shards(ports, scope, campaign.id):
        ports.ledger.plan(scope, campaign.id, shard, rows)
        dues.append((min(row.due for row in rows), shard))
    last = max((due for due, _ in dues), default=terms.start)
    distributions = _split(dues)
    ports.files.put(scope, _distributions_path(campaign.id), orjson.dumps(distributions))

    def show(found: Campaign) -> None:
        found.shards, found.distributions = len(dues), len(distributions)
        found.first_due, found.last_due = min(dues, default=(terms.start, 0))[0], last

    if change(ports, scope, campaign.id, show).shards != campaign.shards:
        note(ports, scope, campaign.id, "schedule", "planned", {"shards": len(dues), "start": terms.start.isoformat()})
    return Done({"distributions": len(distributions)})


def _terms(ports: Ports, scope: Scope, campaign: Campaign, asked: Approval) -> Terms:
    request = campaign.request
    starts = (request.window.start, asked.at, campaign.holding_until, campaign.resumed_at)
    default = zone(ports.timezone)
    if default is None:
        raise ValueError(f"BATON_TIMEZONE {ports.timezone!r} is not an IANA time zone")
    return Terms(
        scope=scope,
        campaign=campaign.id,
        channel=request.channels[0],
        start=max(start for start in starts if start),
        days=request.window.days,
        hours=request.window.hours,
        variants=request.variants,
        holdout=request.holdout,
        rate=ports.channels[request.channels[0]].rate_per_second,
        most=asked.sealed["max_messages"],
        default_zone=default,
    )


def _audience(ports: Ports, scope: Scope, campaign: Campaign, asked: Approval) -> list[Member]:
    """The approved snapshot with each one's zone; who left the address book meanwhile stays in the plan, to be held.
    Raises ValueError if the snapshot on file is not the sealed one."""
    snapshot = ports.files.get(scope, audience_path(campaign.id, campaign.version))
    if hashlib.sha256(snapshot).hexdigest() != asked.sealed["audience"]:
        raise ValueError(f"the audience on file of campaign {campaign.id} is not the one that was approved")
    lines = snapshot.decode().splitlines()
    pairs = [line.split(" ") for line in lines]
    found: list[Member] = []
    for first in range(0, len(pairs), 100):
        batch = pairs[first : first + 100]
        people = with_revisions(ports, scope, [contact for contact, _ in batch])
        for contact, person in batch:
            known = people[contact][0] if contact in people else None
            consent = known.consent.get("email") if known else None
            sendable = consent is not None and consent.status == "granted"
            found.append(Member(contact, person, known.timezone if known else None, sendable))
    return found


def _split(dues: list[tuple[datetime, int]]) -> list[list[tuple[str, int]]]:
    """Distributions: the shards of one day, at most 100 in each, in order of time."""
    distributions: list[list[tuple[str, int]]] = []
    day = None
    for due, shard in sorted(dues):
        if due.date() != day or len(distributions[-1]) == MOST_SHARDS:
            distributions.append([])
            day = due.date()
        distributions[-1].append((due.isoformat(), shard))
    return distributions


def _distributions_path(campaign: str) -> str:
    return f"campaigns/{campaign}/plan/distributions.json"
