"""Where a sender's domain stands: what senders ask before each window, and what people see (rules C7, C12)."""

from __future__ import annotations

from datetime import UTC, timedelta

from shared.agents import policy
from shared.agents.guardian import breaker, domains, ramp
from shared.domain.dkim import is_dns_name
from shared.domain.domain_view import DomainView, Ramp
from shared.domain.faults import Missing
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.domain.sender_domain import may_send
from shared.domain.warmup import day_of_ramp, most_on
from shared.ports import Ports

_MOST = 100
_AHEAD = 7


def why_stopped(ports: Ports, scope: Scope, domain: str) -> str | None:
    """Why nothing may leave from this domain now, in one short sentence; None if it may. Judges what came back and
    repeats a check that is too old."""
    if not domains.applies(ports):
        return None
    switch = breaker.watch(ports, scope, domain)
    if switch.open:
        return f"{domain} is paused for its health ({switch.why}); a person lets it go on"
    if domains.refusal(ports, scope, domain) is None:
        return None
    checked = domains.on_file(ports, scope, domain)
    lacking = [each.what.upper() for each in checked.findings if each.state != "pass"] if checked else []
    return f"{domain} may not send yet: {', '.join(lacking) or 'its DNS could not be checked'}"


def view(ports: Ports, scope: Scope, domain: str) -> DomainView:
    """A domain as it stands; nothing is asked of DNS. Raises Missing for what is no domain."""
    domain = domain.lower()
    if not is_dns_name(domain) or "." not in domain:
        raise Missing("domain", domain)
    if not domains.applies(ports):
        return DomainView(domain=domain, state="not_applicable", why="nothing leaves this machine")
    switch, checked = breaker.standing(ports, scope, domain), domains.on_file(ports, scope, domain)
    ready = may_send(checked, domains.through(ports), ports.clock.now())
    return DomainView(
        domain=domain,
        state="paused" if switch.open else "ready" if ready else "unready",
        why=switch.why if switch.open else None if ready else "its DNS has not passed all checks",
        checked=checked,
        ramp=_ramp(ports, scope, domain),
        health=breaker.health(ports, scope, domain),
    )


def listing(ports: Ports, scope: Scope) -> list[DomainView]:
    """The domains that the policy names or that were ever checked, by name."""
    found = ports.documents.find(scope, Kind.POLICY, [Filter("id", "prefix", "domain:")], limit=_MOST).documents
    names = {each.id.partition(":")[2] for each in found} | set(policy.read(ports, scope).sender_domains)
    return [view(ports, scope, name) for name in sorted(names) if is_dns_name(name)]


def check(ports: Ports, scope: Scope, domain: str, by: str) -> DomainView:
    """Ask DNS now. Raises Missing for what is no domain."""
    found = view(ports, scope, domain)
    if found.state == "not_applicable":
        return found
    domains.check(ports, scope, found.domain, by)
    return view(ports, scope, found.domain)


def resume(ports: Ports, scope: Scope, domain: str, by: str) -> DomainView:
    """Let a paused domain go on. Raises Missing, Conflict."""
    found = view(ports, scope, domain)
    breaker.resume(ports, scope, found.domain, by)
    return view(ports, scope, found.domain)


def _ramp(ports: Ports, scope: Scope, domain: str) -> Ramp | None:
    """None: it needs none."""
    if domain in policy.read(ports, scope).established_domains:
        return None
    sent, today = ramp.sent_by_day(ports, scope, domain), ports.clock.now().astimezone(UTC).date()
    day = day_of_ramp(sent, today)
    ahead = {today + timedelta(days=n): most_on(day + n) for n in range(_AHEAD)}
    return Ramp(day=day, sent_today=sent.get(today, 0), most_today=most_on(day), ahead=ahead)
