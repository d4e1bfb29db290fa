"""How Baton does, told by the clock: what no single step or request knows. Imported at the first call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shared.access.principal import OWNER
from shared.agents import budget
from shared.agents.guardian import standing
from shared.agents.scopes import registered
from shared.domain.budget import WORKSPACE
from shared.domain.domain_view import DomainView
from shared.domain.health import BOUNCES_LEAST, COMPLAINTS_LEAST
from shared.domain.names import Flow
from shared.domain.scope import Scope
from shared.ports import Ports
from shared.telemetry import Telemetry


def tell_flows(telemetry: Telemetry, still_on: Mapping[str, int], longest: float, broken: Mapping[str, int]) -> None:
    """How many workflows of each kind are under way; how many seconds the oldest waits for its first turn; which had
    broken."""
    for flow in Flow:
        telemetry.record("baton.flow.open", still_on.get(flow, 0), {"baton.flow": flow})
    telemetry.record("baton.flow.pending.age", longest, {})
    for name, number in broken.items():
        telemetry.add("baton.flow.broken", number, {"baton.flow": name})


def tell_shares(telemetry: Telemetry, found: Mapping[str, float]) -> None:
    """What `shares` found."""
    for name, share in found.items():
        telemetry.record(name, share, {})


def shares(ports: Ports) -> dict[str, float]:
    """The worst of the senders' domains and the most used budget, of all workspaces, by the names of their metrics."""
    scopes = list(registered(ports, OWNER.tenant))
    views = [view for scope in scopes for view in standing.listing(ports, scope)]
    return {
        "baton.domain.bounces": max(map(_bounces, views), default=0.0),
        "baton.domain.complaints": max(map(_complaints, views), default=0.0),
        "baton.domain.stopped": sum(view.state == "paused" for view in views),
        "baton.budget.used": max((share for scope in scopes for share in _used(ports, scope)), default=0.0),
    }


def _bounces(view: DomainView) -> float:
    """Fewer than the guardian counts are chance."""
    health = view.health
    count = health.hard_bounces + health.refused if health else 0
    return count / max(1, health.sent) if health and count >= BOUNCES_LEAST else 0.0


def _complaints(view: DomainView) -> float:
    health = view.health
    return health.complaints / max(1, health.sent) if health and health.complaints >= COMPLAINTS_LEAST else 0.0


def _used(ports: Ports, scope: Scope) -> Iterator[float]:
    """Of each limit of the workspace the part that is spent."""
    for meter in budget.use(ports, scope, WORKSPACE).meters:
        if meter.limit:
            yield meter.spent / meter.limit
