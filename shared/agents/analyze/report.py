"""The report of a campaign, put together from the counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from shared.agents.analyze.counting import EVERYONE, Counts, count
from shared.agents.campaigns.certificate import certified
from shared.agents.conversions.revenue import revenue
from shared.agents.records import load
from shared.domain.campaign import Campaign
from shared.domain.certificate import Certificate
from shared.domain.findings import findings
from shared.domain.report import Funnel, Hour, Report, Slice, rate
from shared.domain.scope import Scope
from shared.domain.summary import sentences
from shared.ports import Ports

DIMENSIONS = ("country", "role", "tag")
RECOUNTED_EACH_TIME = 250
"""Of so many planned at most every row is counted whenever somebody asks."""
RECOUNTED_AT_ONCE = 20_000
"""Of so many, when somebody asks and the last count is older than `FRESH`; of more, only now and then by `keep`."""
FRESH = timedelta(minutes=1)
TOP = 6
"""Values shown of each dimension, the largest first."""


def report(ports: Ports, scope: Scope, campaign: str) -> Report:
    """What went out and what came back: the final report once it is written, until then as of now; of a large campaign
    as last recounted, and while it is sent as the sums kept with its rows say. What orders brought in is always as of
    now. Raises Missing."""
    found = load(ports, scope, campaign)
    made = _counted(ports, scope, found)
    brought = revenue(ports, scope, campaign, made.cost_micros)
    return made.model_copy(update={"revenue": brought})


def _counted(ports: Ports, scope: Scope, found: Campaign) -> Report:
    campaign = found.id
    if found.status == "completed":
        return final_report(ports, scope, found)
    if found.audience <= RECOUNTED_EACH_TIME:
        return recounted(ports, scope, campaign)
    kept = _newest(ports, scope, campaign)
    if found.audience > RECOUNTED_AT_ONCE:
        return kept or summed(ports, scope, found)
    return kept if kept and _fresh(ports, kept) else keep(ports, scope, campaign)


def final_report(ports: Ports, scope: Scope, found: Campaign) -> Report:
    """As it was written when the observation closed, without what orders brought in."""
    return _kept(ports, scope, report_path(found.id, "json"))


def keep(ports: Ports, scope: Scope, campaign: str) -> Report:
    """Recount a campaign for those who ask until the next time. Raises Missing."""
    made = recounted(ports, scope, campaign)
    ports.files.put(scope, _interim_path(campaign), made.model_dump_json().encode())
    return made


def _fresh(ports: Ports, kept: Report) -> bool:
    return abs(ports.clock.now() - kept.made_at) < FRESH


def _newest(ports: Ports, scope: Scope, campaign: str) -> Report | None:
    """The last count before the final one."""
    path = _interim_path(campaign)
    return None if ports.files.size(scope, path) is None else _kept(ports, scope, path)


def _kept(ports: Ports, scope: Scope, path: str) -> Report:
    return Report.model_validate_json(ports.files.get(scope, path))


def _interim_path(campaign: str) -> str:
    return report_path(campaign, "interim.json")


def report_path(campaign: str, ending: str) -> str:
    """Where the final report lies; `ending` is json or html."""
    return f"campaigns/{campaign}/report.{ending}"


def recounted(ports: Ports, scope: Scope, campaign: str) -> Report:
    """What went out and what came back until now, counted from the ledger. Raises Missing."""
    found, now = load(ports, scope, campaign), ports.clock.now()
    return _report(ports, found, count(ports, scope, found, now), now)


def summed(ports: Ports, scope: Scope, found: Campaign) -> Report:
    """Without what came back, and without telling apart who got it twice: the sums know neither."""
    tally = ports.ledger.tally(scope, found.id)
    parts = Counter({name: n for name, n in tally.items() if name.startswith("held.")})
    parts["sent_once"] = tally["accepted"] + tally["delivered"]
    parts["failed"], parts["unknown"] = tally["failed"], tally["unknown"] + tally["submitted"]
    parts["remaining"] = tally["planned"] + tally["intent"]
    counts = Counts(parts=parts)
    counts.groups[EVERYONE]["sent"] = parts["sent_once"]
    return _report(ports, found, counts, ports.clock.now())


def _report(ports: Ports, found: Campaign, counts: Counts, now: datetime) -> Report:
    proof = certified(found, counts.parts, counts.marks, now)
    funnel, everyone = _funnel(proof, counts), _slice("everyone", counts.groups[EVERYONE])
    variants = [_slice(name, counted) for name, counted in sorted(counts.of("variant").items())]
    segments = {dimension: _top(counts.of(dimension)) for dimension in DIMENSIONS if counts.of(dimension)}
    hours = [_hour(at, counted) for at, counted in sorted(counts.hours.items())]
    said = findings(funnel, variants, segments, hours)
    final = found.final_at is not None and now >= found.final_at
    return Report(
        campaign=found.id,
        name=found.name,
        made_at=now,
        final=final,
        timezone=ports.timezone,
        simulated=counts.simulated,
        sentences=sentences(proof, funnel, said, final=final, simulated=counts.simulated),
        certificate=proof,
        funnel=funnel,
        opened=everyone.opened,
        clicked=everyone.clicked,
        unsubscribed=everyone.unsubscribed,
        variants=variants,
        segments=segments,
        hours=hours,
        findings=said,
        cost_micros=counts.cost_micros,
    )


def _funnel(proof: Certificate, counts: Counts) -> Funnel:
    everyone = counts.groups[EVERYONE]
    return Funnel(
        planned=proof.planned,
        held=proof.held,
        failed=proof.failed,
        unknown=proof.unknown,
        remaining=proof.remaining,
        sent=proof.sent_once + proof.sent_twice,
        opened=everyone["opened"],
        opened_by_machines=everyone["opened_by_machines"],
        clicked=everyone["clicked"],
        clicked_by_machines=everyone["clicked_by_machines"],
        unsubscribed=everyone["unsubscribed"],
        bounced=counts.bounced,
        complained=everyone["complained"],
        replied=everyone["replied"],
    )


def _slice(name: str, counted: Counter[str]) -> Slice:
    sent = counted["sent"]
    return Slice(
        name=name,
        sent=sent,
        opened=rate(counted["opened"], sent),
        clicked=rate(counted["clicked"], sent),
        unsubscribed=rate(counted["unsubscribed"], sent),
    )


def _top(counted: Mapping[str, Counter[str]]) -> list[Slice]:
    largest = sorted(counted.items(), key=lambda each: (-each[1]["sent"], each[0]))[:TOP]
    return [_slice(name, counts) for name, counts in largest]


def _hour(at: datetime, counted: Counter[str]) -> Hour:
    return Hour(at=at, sent=counted["sent"], opened=counted["opened"], clicked=counted["clicked"])
