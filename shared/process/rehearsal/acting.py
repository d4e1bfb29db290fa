"""Steps that would act say what they would do, and answer with what can be known of it before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from shared.domain.run import HIDDEN, step_id
from shared.process.books import read_step
from shared.process.rows.sensitive import masked
from shared.process.sandbox import Level, reached
from shared.process.sandbox.environment import installed
from shared.process.steps.agent import AgentStep
from shared.process.steps.approve import Approve
from shared.process.steps.call import Answer, Desk, StepType
from shared.process.steps.http import HttpPost, HttpPut
from shared.process.steps.notify import Chat, Email, Sms, Webhook
from shared.process.steps.program import Program
from shared.process.steps.script import Script
from shared.process.steps.wait import Wait

_Would = Callable[[Any, Desk], Answer | None]


class Acting:
    """Does a step, or what stands for it. What a step changes in folders it changes apart, so that those after it see
    it; `guessed` are the steps whose answer is made up."""

    def __init__(self) -> None:
        self.guessed: set[str] = set()

    def __call__(self, step: StepType, desk: Desk) -> Answer:
        told = next((would(step, desk) for kind, would in _WOULD.items() if isinstance(step, kind)), None)
        if told is None:
            return step.run(desk)
        self.guessed.add(step_id(desk.run, desk.step))
        return told


def _notice(step: Email | Sms | Chat | Webhook, desk: Desk) -> Answer:
    count = len(step.to) if isinstance(step, Email | Sms) else 1
    words = {Email: "subject", Sms: "text", Chat: "title", Webhook: "type"}[type(step)]
    said = f"{type(step).__name__.lower()} to {_whom(step, desk)}: {_shown(desk, words)[:200]}"
    return Answer({"sent": count, "held": 0}, (said,))


def _whom(step: Email | Sms | Chat | Webhook, desk: Desk) -> str:
    if not isinstance(step, Email | Sms):
        return "one place"
    to = _inputs(desk).get("to")
    if not isinstance(to, list) or not all(isinstance(each, str) for each in to):
        return HIDDEN
    return masked(", ".join(to[:3])) + (f" and {len(to) - 3} more" if len(to) > 3 else "")


def _shown(desk: Desk, field: str) -> str:
    """A text that the step was given, as the run keeps it: without secrets and sensitive inputs."""
    found = _inputs(desk).get(field)
    return masked(found) if isinstance(found, str) else HIDDEN


def _inputs(desk: Desk) -> Mapping[str, Any]:
    step = read_step(desk.ports, desk.scope, desk.run, desk.step, desk.item)
    return step.inputs if step else {}


def _request(step: HttpPut | HttpPost, desk: Desk) -> Answer:
    """Of the URL only who is asked: the rest may hold what nobody is to read."""
    outputs = {"status": None, "body": None, "file": None}
    return Answer(outputs, (f"{step.method} to {_host(_shown(desk, 'url'))}",))


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or HIDDEN
    except ValueError:
        return HIDDEN


def _work(step: AgentStep, desk: Desk) -> Answer:
    said = f"an agent's work: {_shown(desk, 'title')}"
    return Answer({"result": f"({said})", "task": "", "written_by": ""}, (said,))


def _question(step: Approve, desk: Desk) -> Answer:
    given = {name: each.default for name, each in step.form.items()}
    said = {"decision": "approve", "by": "", "at": desk.ports.clock.now().isoformat(), "comment": ""}
    return Answer({**said, **given}, (f"question to whoever is {step.who}: {_shown(desk, 'title')}",))


def _event(step: Wait, desk: Desk) -> Answer | None:
    if step.event is None:
        return None
    return Answer(
        {"at": desk.ports.clock.now().isoformat(), "event": {}}, (f"wait for an event {_shown(desk, 'event')}",)
    )


def _program(step: Program, desk: Desk) -> Answer | None:
    """One that nothing keeps from the world is not run, nor one whose packages would have to be fetched."""
    if isinstance(step, Script) and not installed(tuple(step.dependencies)):
        return Answer({}, ("a script, after its packages were fetched",))
    if reached() < Level.APART:
        return Answer({}, ("a program, which nothing on this machine would keep from acting outside",))
    return None


_WOULD: Mapping[type[Any], _Would] = {
    **dict.fromkeys((Email, Sms, Chat, Webhook), _notice),
    **dict.fromkeys((HttpPut, HttpPost), _request),
    AgentStep: _work,
    Approve: _question,
    Wait: _event,
    Program: _program,
}
