"""Rehearsals of processes over HTTP: nothing of them is kept."""

from __future__ import annotations

from shared.access.call import Answer, Call
from shared.domain.rehearsal import DryRequest, DryRun
from shared.process.rehearsal.dry import dry_run


def dry(call: Call, body: DryRequest) -> Answer[DryRun]:
    """Rehearse a run with these inputs in a throw-away place; nothing is kept.

    Counts of each step, ten rows of each output, and what would have been done outside. Nothing leaves but what a step
    asks for by GET."""
    return Answer(dry_run(call.ports, call.scope, call.principal, call.path["name"], body))
