"""The eight verbs as steps: an agent of the house works on a task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from shared.agents import roster, tasks
from shared.domain.faults import Missing, Rejected
from shared.domain.names import Verb
from shared.domain.outcome import Later, Refused
from shared.domain.task import Assignment, OutsideText, Work
from shared.domain.texts import Line
from shared.ports import ModelUnavailable
from shared.process.errors import InputError, ProviderError, TransientError
from shared.process.steps.call import Again, Answer, Desk, StepType

AGENT_STEP = "process"
"""By whom a task of a step was created."""


class AgentStep(StepType):
    """Have an agent work on a task: it costs what models cost, within the budgets of the workspace, and can be read
    under its id as any other task."""

    verb: ClassVar[Verb]

    agent: str | None = None
    """Who; without it, the first agent of this verb."""
    title: Line
    instructions: Work
    input: dict[str, Any] = Field(default_factory=dict)
    outside: list[OutsideText] = Field(default_factory=list, max_length=10)
    """Texts that strangers wrote: material, never instructions."""

    outputs: ClassVar[Mapping[str, str]] = {
        "result": "the answer, plain text",
        "task": "the task's id",
        "written_by": "the model, or the built-in writer",
    }

    def run(self, desk: Desk) -> Answer:
        """Raises Again while it waits for a model, money or a person; ProviderError if the agent failed."""
        id, order = desk.key[:26], {"scope": list(desk.scope), "instance": f"process-{desk.key[:32]}"}
        task = self._task(desk, id)
        try:
            outcome = tasks.run(desk.ports, {**order, "task": id, "run": task.run})
        except ModelUnavailable as fault:
            raise TransientError(f"the model cannot be asked now: {fault}") from None
        if isinstance(outcome, Later):
            raise Again(outcome.at, outcome.why[:80])
        done = tasks.read(desk.ports, desk.scope, id)
        if isinstance(outcome, Refused) or done.status != "done":
            raise ProviderError(f"the agent has not done it: {done.status_reason or 'no reason was told'}")
        return Answer({"result": done.result, "task": id, "written_by": done.written_by})

    def _task(self, desk: Desk, id: str) -> Any:
        """The task of this step, as it stands; made once, whatever is killed in between."""
        try:
            found = tasks.read(desk.ports, desk.scope, id)
        except Missing:
            asked = Assignment(title=self.title, instructions=self.instructions, input=self.input, outside=self.outside)
            try:
                found = tasks.create(desk.ports, desk.scope, AGENT_STEP, self._who(desk), asked, id)
            except Rejected as wrong:
                raise InputError(str(wrong)) from None
        if found.status in ("created", "failed"):
            return tasks.queue(desk.ports, desk.scope, id)
        return found

    def _who(self, desk: Desk) -> str:
        able = [each.agent for each in roster.listing(desk.ports, desk.scope) if each.agent.verb == self.verb]
        named = [each.id for each in able if self.agent in (None, each.id)]
        if not named:
            names = ", ".join(each.id for each in able) or "nobody"
            raise InputError(f"no agent {self.agent!r} can {self.verb}; there is: {names}", "agent")
        return named[0]


class Generate(AgentStep):
    """Have an agent write something."""

    verb = Verb.GENERATE


class Schedule(AgentStep):
    """Have an agent plan when."""

    verb = Verb.SCHEDULE


class Distribute(AgentStep):
    """Have an agent prepare how something reaches people; campaigns themselves leave through their own flow."""

    verb = Verb.DISTRIBUTE


class Analyze(AgentStep):
    """Have an agent say what figures carry."""

    verb = Verb.ANALYZE


class Qualify(AgentStep):
    """Have an agent weigh a prospect."""

    verb = Verb.QUALIFY


class Propose(AgentStep):
    """Have an agent draft an offer."""

    verb = Verb.PROPOSE


class Deliver(AgentStep):
    """Have an agent prepare work that is delivered."""

    verb = Verb.DELIVER


class Converse(AgentStep):
    """Have an agent draft an answer to somebody."""

    verb = Verb.CONVERSE
