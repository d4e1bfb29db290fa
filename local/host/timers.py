"""Timer triggers: each fires at its times, never twice at once, and makes up for missed times by one call."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from azure.functions.meta import Datum

from local.host.clock import Clock, VirtualClock
from local.host.config import app_setting
from local.host.engine import Engine
from local.host.invoke import AppFunction, Invoker, converter
from local.host.schedule import Schedule, parse_schedule

_NEVER = datetime.min.replace(tzinfo=UTC)
_LONGEST_SLEEP = 60.0  # seconds: a machine that was suspended, or whose clock was set, is noticed after that
log = logging.getLogger("local.host.timers")


@dataclass
class _Trigger:
    function: AppFunction
    schedule: Schedule
    monitored: bool
    next: datetime = _NEVER
    last: datetime = _NEVER
    past_due: bool = False
    running: bool = False


class TimerTriggers:
    """Fires the timer functions of an app; `warnings` names those whose schedule cannot be read."""

    def __init__(self, functions: Iterable[AppFunction], invoker: Invoker, engine: Engine, clock: Clock) -> None:
        self._invoker, self._engine, self._clock = invoker, engine, clock
        self._triggers: list[_Trigger] = []
        self._calls: set[asyncio.Task[None]] = set()
        # In virtual time one after the other, so that two runs do the same in the same order.
        self._in_turn = asyncio.Lock() if isinstance(clock, VirtualClock) else nullcontext()
        self._changed = asyncio.Event()
        self._runner: asyncio.Task[None] | None = None
        self.warnings: list[str] = []
        if app_setting("WEBSITE_TIME_ZONE"):
            self.warnings.append("WEBSITE_TIME_ZONE has no effect; schedules are in UTC")
        for function in functions:
            self._add(function)

    def next(self) -> datetime | None:
        """When the next trigger is due."""
        return min((trigger.next for trigger in self._triggers), default=None)

    async def start(self) -> None:
        """Take up each schedule where the last host left it, and begin to fire."""
        for trigger in self._triggers:
            await self._resume(trigger)
        loop = asyncio.get_running_loop()
        self._clock.next_trigger = self.next

        def look_again() -> None:
            loop.call_soon_threadsafe(self._changed.set)

        self._clock.listen(look_again)
        self._runner = loop.create_task(self._run())

    async def stop(self) -> None:
        """Fire no more, and wait for the functions that run."""
        if self._runner:
            self._runner.cancel()
        if self._calls:
            await asyncio.wait(self._calls)

    def _add(self, function: AppFunction) -> None:
        try:
            schedule = parse_schedule(function.trigger.schedule, app_setting)
        except ValueError as error:
            self.warnings.append(f"{function.name} is left out: {error}")
            return
        first = schedule.after(self._clock.now())
        # As on Azure: what fires more than once a minute is not monitored.
        seldom = schedule.after(first) - first >= timedelta(minutes=1)
        self._triggers.append(_Trigger(function, schedule, seldom and function.trigger.use_monitor is not False))

    async def _resume(self, trigger: _Trigger) -> None:
        now = self._clock.now()
        row = self._engine.monitor(trigger.function.name) if trigger.monitored else None
        if row:
            trigger.last = datetime.fromisoformat(row["last"])
        elif trigger.monitored:
            await self._remember(trigger, now)
        # Counted from the row, not stored in it: a schedule that was edited meanwhile counts as edited.
        trigger.next = trigger.schedule.after(datetime.fromisoformat(row["updated"]) if row else now)
        trigger.past_due = trigger.next <= now
        if trigger.past_due or trigger.function.trigger.run_on_startup:
            trigger.next = now

    async def _remember(self, trigger: _Trigger, updated: datetime) -> None:
        row = {"last": trigger.last.isoformat(), "updated": updated.isoformat()}
        await self._engine.set_monitor(trigger.function.name, row)

    async def _run(self) -> None:
        while True:
            self._changed.clear()
            for trigger in self._due():
                self._fire(trigger)
            try:
                await asyncio.wait_for(self._changed.wait(), self._patience())
            except TimeoutError:
                continue

    def _patience(self) -> float | None:
        """Seconds until a trigger may be due; None: the clock tells when it has jumped."""
        if isinstance(self._clock, VirtualClock):
            return None
        waiting = [trigger.next for trigger in self._triggers if not trigger.running]
        left = min((due - self._clock.now()).total_seconds() for due in waiting) if waiting else _LONGEST_SLEEP
        return max(0.0, min(left, _LONGEST_SLEEP))

    def _due(self) -> list[_Trigger]:
        now = self._clock.now()
        due = [trigger for trigger in self._triggers if trigger.next <= now and not trigger.running]
        return sorted(due, key=lambda trigger: (trigger.next, trigger.function.name))

    def _fire(self, trigger: _Trigger) -> None:
        # In this order: the virtual clock stands still while the trigger is due, and then while it is open.
        self._clock.enter()
        due, now = trigger.next, self._clock.now()
        trigger.running, trigger.next = True, trigger.schedule.after(now)
        call = asyncio.create_task(self._call(trigger, due, now))
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)

    async def _call(self, trigger: _Trigger, due: datetime, now: datetime) -> None:
        try:
            async with self._in_turn:
                await self._invoke(trigger, due)
            trigger.last, trigger.past_due = now, False
            if trigger.monitored:
                await self._remember(trigger, now)
        finally:
            trigger.running = False
            self._changed.set()
            self._clock.leave()

    async def _invoke(self, trigger: _Trigger, due: datetime) -> None:
        name, started = trigger.function.name, time.perf_counter()
        request = _TIMER.decode(Datum(json.dumps(_timer_info(trigger, due)), "json"), trigger_metadata={})
        try:
            await self._invoker.invoke(trigger.function, request)
        except Exception:
            log.exception("timer %s failed", name)
        else:
            log.info("timer %s, due %s, %.1f ms", name, due.isoformat(), (time.perf_counter() - started) * 1000)


_TIMER = converter("timerTrigger")


def _timer_info(trigger: _Trigger, due: datetime) -> dict[str, Any]:
    times = {"Last": trigger.last, "Next": due, "LastUpdated": trigger.last}
    status = {name: moment.isoformat() for name, moment in times.items()} if trigger.monitored else None
    return {"IsPastDue": trigger.past_due, "Schedule": {"AdjustForDST": True}, "ScheduleStatus": status}
