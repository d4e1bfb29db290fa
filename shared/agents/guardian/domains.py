"""The newest check of each sender domain: made, kept, dated, repeated when it is old (rule C7)."""

from __future__ import annotations

from shared.agents.guardian.checks import findings
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.sender_domain import Checked, checked_id, may_send, needs_check, read_checked, why_not
from shared.ports import Document, Ports, Stale

STREAM = "domains"
"""The journal's stream of a workspace about its sender domains."""


def applies(ports: Ports) -> bool:
    """Does mail leave this machine at all? Outbox and loopback need no reputation."""
    return bool(ports.relays)


def through(ports: Ports) -> list[str]:
    """The servers that a check is about."""
    return [relay.host for relay in ports.relays]


def check(ports: Ports, scope: Scope, domain: str, by: str) -> Checked:
    """Ask DNS now, and keep what it says. Where it only gave no answer, the last pass stays what it was."""
    id = checked_id(domain)
    while True:
        before = ports.documents.get(scope, Kind.POLICY, id)
        made = _made(ports, scope, domain, _read(before))
        try:
            ports.documents.put(scope, Kind.POLICY, id, made.model_dump(mode="json"), before.rev if before else None)
        except Stale:
            continue
        if (states := _states(made)) != _states(_read(before)):
            ports.journal.append(scope, STREAM, made.checked_at, by, "domain_checked", {"domain": domain, **states})
        return made


def _made(ports: Ports, scope: Scope, domain: str, earlier: Checked | None) -> Checked:
    found, now, servers = findings(ports, scope, domain), ports.clock.now(), through(ports)
    states = {each.state for each in found}
    kept = earlier.passed_at if earlier and earlier.through == servers and "fail" not in states else None
    passed = now if states == {"pass"} else kept
    return Checked(domain=domain, checked_at=now, passed_at=passed, through=servers, findings=found)


def _states(checked: Checked | None) -> dict[str, str]:
    return {each.what: each.state for each in checked.findings} if checked else {}


def current(ports: Ports, scope: Scope, domain: str) -> Checked:
    """The newest check, repeated first if it is too old or about other servers."""
    found = on_file(ports, scope, domain)
    if found is None or needs_check(found, through(ports), ports.clock.now()):
        return check(ports, scope, domain, "the guardian")
    return found


def refusal(ports: Ports, scope: Scope, domain: str) -> str | None:
    """Why nothing may leave from this domain as its DNS is, with the records that mend it; None if it may."""
    if not applies(ports):
        return None
    found = current(ports, scope, domain)
    return None if may_send(found, through(ports), ports.clock.now()) else why_not(found)


def on_file(ports: Ports, scope: Scope, domain: str) -> Checked | None:
    """The newest check as it is, however old."""
    return _read(ports.documents.get(scope, Kind.POLICY, checked_id(domain)))


def _read(document: Document | None) -> Checked | None:
    return read_checked(document.body if document else None)
