"""The breaker of a domain: opens by itself on what came back, and is closed by a person (rule C12)."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from pydantic import ValidationError

from shared.agents.guardian.ramp import sent_by_day
from shared.agents.policy import breaker_id
from shared.domain.bounce import Trouble
from shared.domain.breaker import Breaker
from shared.domain.faults import Conflict
from shared.domain.health import OVER, Health, judge
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Document, Ports, Stale

STREAM = "domains"
"""The journal's stream of a workspace about its sender domains."""
_UNREADABLE = Breaker(open=True, why="what is on file about the domain's health cannot be read")
_PER_SECOND, _LONGEST = 500, 60
"""Where so many messages came back, they are counted anew only so often."""


def watch(ports: Ports, scope: Scope, domain: str) -> Breaker:
    """Judge the domain by what came back and stop it if that is too much. Whoever brings news calls it, and so does
    whoever sends; repeating it changes nothing."""
    document, breaker = _read(ports, scope, domain)
    now = ports.clock.now()
    if not ports.relays or breaker.open or _just_judged(ports, scope, domain, now):
        return breaker
    found = health(ports, scope, domain)
    kept = {"at": now.isoformat(), "returned": found.returned}
    ports.documents.put(scope, Kind.POLICY, _judged_id(domain), kept, "*")
    if found.state != "stop":
        return breaker
    opened = breaker.model_copy(update={"open": True, "why": found.why, "at": now, "by": "the guardian"})
    if not _put(ports, scope, domain, opened, document):
        return watch(ports, scope, domain)
    said = {"domain": domain, **found.model_dump(include={"sent", "hard_bounces", "refused", "complaints"})}
    ports.journal.append(scope, STREAM, now, "the guardian", "domain_paused", said)
    return opened


def resume(ports: Ports, scope: Scope, domain: str, by: str) -> Breaker:
    """Let the domain send again; from now on only what leaves from now counts. Raises Conflict if it is not paused."""
    document, breaker = _read(ports, scope, domain)
    if not breaker.open:
        raise Conflict("domain", f"{domain} is not paused")
    now = ports.clock.now()
    today = sent_by_day(ports, scope, domain).get(now.astimezone(UTC).date(), 0)
    closed = Breaker(open=False, at=now, by=by, since=now, sent_before=today)
    if not _put(ports, scope, domain, closed, document):
        return resume(ports, scope, domain, by)
    ports.journal.append(scope, STREAM, now, by, "domain_resumed", {"domain": domain})
    return closed


def standing(ports: Ports, scope: Scope, domain: str) -> Breaker:
    """As it is now. What cannot be read is open."""
    return _read(ports, scope, domain)[1]


def health(ports: Ports, scope: Scope, domain: str) -> Health:
    """What left in the last seven days, or since a person let the domain go on, and what came back of that."""
    breaker, now = standing(ports, scope, domain), ports.clock.now()
    first = datetime.combine((now - OVER).astimezone(UTC).date(), time(), UTC)
    start = max(first, breaker.since or first)
    counted = {day: count for day, count in sent_by_day(ports, scope, domain).items() if day >= start.date()}
    before = breaker.sent_before if breaker.since and breaker.since.date() == start.date() else 0
    returned = {trouble: _returned(ports, scope, domain, trouble, start) for trouble in _TROUBLES}
    return judge(sum(counted.values()) - before, returned["hard"], returned["complaint"], returned["policy"])


_TROUBLES: tuple[Trouble, ...] = ("hard", "policy", "complaint")


def _returned(ports: Ports, scope: Scope, domain: str, trouble: Trouble, since: datetime) -> int:
    count, cursor = 0, None
    left = Filter("left_at", "ge", since.astimezone(UTC).isoformat().replace("+00:00", "Z"))
    asked = [Filter("domain", "eq", domain), Filter("trouble", "eq", trouble), left]
    while True:
        page = ports.documents.find(scope, Kind.RETURN, asked, limit=_PER_SECOND, cursor=cursor)
        count, cursor = count + len(page.documents), page.cursor
        if cursor is None:
            return count


def _just_judged(ports: Ports, scope: Scope, domain: str, now: datetime) -> bool:
    found = ports.documents.get(scope, Kind.POLICY, _judged_id(domain))
    if found is None:
        return False
    pause = timedelta(seconds=min(_LONGEST, int(found.body["returned"]) // _PER_SECOND))
    return timedelta(0) <= now - datetime.fromisoformat(found.body["at"]) < pause


def _judged_id(domain: str) -> str:
    return f"judged:{domain}"


def _read(ports: Ports, scope: Scope, domain: str) -> tuple[Document | None, Breaker]:
    document = ports.documents.get(scope, Kind.POLICY, breaker_id(domain))
    try:
        return document, Breaker.model_validate(document.body) if document else Breaker(open=False)
    except ValidationError:
        return document, _UNREADABLE


def _put(ports: Ports, scope: Scope, domain: str, breaker: Breaker, before: Document | None) -> bool:
    try:
        body = breaker.model_dump(mode="json")
        ports.documents.put(scope, Kind.POLICY, breaker_id(domain), body, before.rev if before else None)
    except Stale:
        return False
    return True
