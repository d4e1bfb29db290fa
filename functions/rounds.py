"""The sweep as a whole. It looks only when something may be to do: at rest it costs one read a workspace, and no
request to the runtime. Imported at the first call."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import NamedTuple

import azure.durable_functions as df

from functions.sweep import FlowsFound, begin_by_itself, look_after, read_again, tell
from functions.vitals import shares, tell_flows, tell_shares
from shared.agents import events
from shared.agents.scopes import every_scope, working_scopes
from shared.domain.scope import Scope
from shared.logs import log
from shared.ports import Ports
from shared.process import execute, triggers
from shared.telemetry import Telemetry

_REST = timedelta(minutes=30)
"""So long at most: a flow that breaks changes no document, and is noticed by then."""


class _Look(NamedTuple):
    """What a look found. `read`: how far the changes of each scope had been read before it."""

    ports: Ports
    read: dict[Scope, str | None] | None
    flows: FlowsFound
    shares: dict[str, float]
    rests_until: datetime


class Rounds:
    """The sweeps of this process. It remembers its last look; another process begins with a look of its own."""

    def __init__(self) -> None:
        self._last: _Look | None = None

    async def go(self, client: df.DurableOrchestrationClient, ports: Ports, telemetry: Telemetry) -> bool:
        """Look after all flows and tell who asked for it what happened, unless nothing has changed since that was done
        and all was in order. Returns whether it looked."""
        read, last = await asyncio.to_thread(_read, ports), self._last
        rests = last is not None and last.ports is ports and last.read == read and ports.clock.now() < last.rests_until
        if last is None or not rests:
            self._last = None  # until all of it is done
            last = await _look(client, ports, read, telemetry.listens)
            self._last = last if read is not None else None
        tell_flows(telemetry, last.flows.still_on, last.flows.longest, last.flows.broken)
        tell_shares(telemetry, last.shares)
        return not rests


async def _look(
    client: df.DurableOrchestrationClient, ports: Ports, read: dict[Scope, str | None] | None, listened: bool
) -> _Look:
    begun = await asyncio.to_thread(begin_by_itself, ports)
    flows = await look_after(client, ports)
    found = await asyncio.to_thread(shares, ports) if listened else {}
    told = await asyncio.to_thread(tell, ports)
    done = await asyncio.to_thread(read_again, ports) and begun and flows.in_order and told
    until = await asyncio.to_thread(_rest, ports) if done else ports.clock.now()
    return _Look(ports, read, flows, found, until)


def _read(ports: Ports) -> dict[Scope, str | None] | None:
    """What changed becomes events; up to where, by scope. None: it could not be read."""
    try:
        return {scope: events.collect(ports, scope) for scope in every_scope(ports)}
    except Exception as fault:  # whatever a store says
        log().warning("changes not read; the look comes first", exception=repr(fault))
        return None


def _rest(ports: Ports) -> datetime:
    """Until a delivery or a trigger is due or a run is late, or as long as may be."""
    due = [look(ports, scope) for scope in every_scope(ports) for look in (events.next_due, execute.next_late)]
    due += [triggers.next_due(ports, scope) for scope in working_scopes(ports)]
    return min([ports.clock.now() + _REST, *(each for each in due if each)])


ROUNDS = Rounds()
