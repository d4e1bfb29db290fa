"""Suggested fixes of runs over HTTP: asked for, and shown."""

from __future__ import annotations

from functions.flows import task_flow
from shared.access.call import Answer, Call
from shared.domain.suggestion import Suggestion
from shared.process import suggest


def show(call: Call) -> Answer[Suggestion]:
    """What could be done about a run: what rules know, and what a model said if it was asked."""
    return Answer(suggest.suggestion(call.ports, call.scope, call.path["id"]))


def ask(call: Call) -> Answer[Suggestion]:
    """Have a model suggest a fix, once an attempt (202 while it is asked); nothing is applied.

    It is told how the plan declares the step, why it failed or rows were refused, and how often; no data. Without a
    model, what rules know."""
    found, task = suggest.ask(call.ports, call.scope, call.path["id"], call.principal)
    start = [task_flow(call.scope, task.id, task.run)] if task else []
    return Answer(found, status=202 if task else 200, start=start)
