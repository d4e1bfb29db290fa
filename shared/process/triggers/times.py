"""Triggers by the clock. Of several times that were missed the last one starts a run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from shared.domain.scope import Scope
from shared.ports import Ports
from shared.process.triggers.books import Cause, change, fire, run_id, stands

_MOST_COUNTED = 1000


def on_time(ports: Ports, scope: Scope, cause: Cause) -> None:
    """Start the run of the last time that has come since this version was put, if it has not been started. The run's
    `event` says the time and how many before it were missed."""
    state, now = stands(ports, scope, cause), ports.clock.now()
    since = max(state.looked or cause.since, cause.since)
    due = list(islice(takewhile(lambda at: at > since, _before(ports, cause, now)), _MOST_COUNTED + 1))
    if not due:
        return
    time = due[0]
    event = {"at": time.isoformat(), "missed": len(due) - 1, **({"since": due[-1].isoformat()} if due[1:] else {})}
    fire(ports, scope, cause, run_id(scope, cause, time.isoformat()), event)
    change(ports, scope, cause, lambda found: setattr(found, "looked", max(found.looked or time, time)))


def next_time(ports: Ports, cause: Cause) -> datetime | None:
    """When it is due next; None: never again."""
    from cronsim import CronSim

    now = ports.clock.now().astimezone(ZoneInfo(ports.timezone))
    found = next(CronSim(cause.trigger.cron or "", now), None)
    return found.astimezone(UTC) if found else None


def _before(ports: Ports, cause: Cause, now: datetime) -> Iterator[datetime]:
    """Its times until now, the last one first."""
    from cronsim import CronSim

    after = now.astimezone(ZoneInfo(ports.timezone)) + timedelta(minutes=1)
    times = CronSim(cause.trigger.cron or "", after.replace(second=0, microsecond=0), reverse=True)
    return (each.astimezone(UTC) for each in times)
