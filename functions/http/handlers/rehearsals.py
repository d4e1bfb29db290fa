"""Rehearsals of processes over HTTP: nothing of them is kept."""

from __future__ import annotations

from shared.access.call import Answer, Call
from shared.domain.golden import TapeTest
from shared.domain.rehearsal import DryRequest, DryRun
from shared.process.rehearsal import golden
from shared.process.rehearsal.dry import dry_run


def dry(call: Call, body: DryRequest) -> Answer[DryRun]:
    """Rehearse a run with these inputs in a throw-away place; nothing is kept.

    Counts of each step, ten rows of each output, and what would have been done outside. Nothing leaves but what a step
    asks for by GET."""
    return Answer(dry_run(call.ports, call.scope, call.principal, call.path["name"], body), shows_data=True)


def tape(call: Call) -> Answer[bytes]:
    """A golden tape of a run that has ended, as a ZIP.

    It has what the run was given, what outside answered, and what each step made."""
    return Answer(golden.record(call.ports, call.scope, call.path["id"]), content_type="application/zip")


def test(call: Call, body: bytes) -> Answer[TapeTest]:
    """Play a golden tape (a ZIP) against a process; nothing leaves, nothing is kept.

    The newest version, or the text `plan` in the ZIP. The answer tells of each step whether it is as on the tape."""
    return Answer(golden.compare(call.ports, call.scope, call.principal, call.path["name"], body), shows_data=True)
