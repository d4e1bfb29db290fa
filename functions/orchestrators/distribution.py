"""At most 100 shards of one day, one after another: a distribution is one sender (design 4.1, 4.4)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import azure.durable_functions as df

from functions.orchestrators.perform import Bell, Steps, attempt, perform
from shared.domain.names import Flow, Verb
from shared.domain.outcome import Later, Refused

bp = df.Blueprint()

STANDSTILL = ("paused", "missed", "unreachable")
"""Later for the whole campaign: nothing behind it may overtake, and asking again can wait longer and longer."""
LONGEST_WAIT = timedelta(minutes=50)
"""Shorter than the hour after which a message is late: waiting for a mail server is not sleeping."""


@bp.orchestration_trigger(context_name="context", orchestration=Flow.DISTRIBUTION)
def distribution(context: df.DurableOrchestrationContext) -> Steps:
    """Input: {scope, campaign, distribution, attempt}. Ends when no row of its shards can move any more by itself."""
    order = context.get_input()
    bell = Bell(context)
    listed = yield from perform(context, Verb.SCHEDULE, order, bell)
    if isinstance(listed, Refused):
        return
    waiting = [(datetime.fromisoformat(due), shard) for due, shard in listed.data["shards"]]
    while waiting:
        due, shard = waiting.pop(0)
        if due > context.current_utc_datetime:
            yield from bell.wait(due)
        waiting = yield from _one_shard(context, order, bell, shard, waiting)


def _one_shard(
    context: df.DurableOrchestrationContext,
    order: dict[str, Any],
    bell: Bell,
    shard: int,
    waiting: list[tuple[datetime, int]],
) -> Steps:
    """Send what can be sent of one shard; returns the shards that wait, this one among them if it has to come again."""
    patience = timedelta(minutes=1)
    while True:
        outcome = yield from attempt(context, Verb.DISTRIBUTE, {**order, "shard": shard}, bell)
        if not (isinstance(outcome, Later) and outcome.why in STANDSTILL):
            break
        yield from bell.wait(context.current_utc_datetime + patience)
        patience = min(patience * 2, LONGEST_WAIT)
    if isinstance(outcome, Later):
        return sorted([*waiting, (outcome.at, shard)])
    if isinstance(outcome, Refused) or not outcome.data.get("cancelled"):
        return waiting
    return [(context.current_utc_datetime, other) for _, other in waiting]
