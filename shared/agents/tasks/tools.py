"""What an agent may use while it works on a task. Models only ask; this is what decides and does it (rule L2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter, ValidationError

from shared.agents import budget, knowledge, memory
from shared.agents.asking import found
from shared.domain.agent import Agent, Tool
from shared.domain.budget import Amount, accounts_of
from shared.domain.faults import Conflict, Rejected
from shared.domain.memory import Key, NoteText
from shared.domain.names import Kind
from shared.domain.prices import FREE
from shared.domain.scope import Scope
from shared.domain.task import Task
from shared.ports import Body, Outside, Ports, ToolCall
from shared.ports import Tool as Offer

PASSAGES = 5
_TEXT: Body = {"type": "string", "maxLength": 500}


class Known:
    """A tool: its name among the agent's settings, and what a model is told of it."""

    def __init__(self, name: Tool, description: str, **arguments: Body) -> None:
        self.name = name
        schema = {"type": "object", "properties": arguments, "required": list(arguments), "additionalProperties": False}
        self.offer = Offer(name.replace(".", "_"), description, schema)


TOOLS: Mapping[str, Known] = {
    each.offer.name: each
    for each in (
        Known(
            "knowledge.search", "Search the agency's documents; the passages come as texts from outside.", query=_TEXT
        ),
        Known("memory.read", "Read what the agents of your domain have noted."),
        Known(
            "memory.write",
            "Note something for the agents of your domain, under a short key of small letters, digits and hyphens.",
            key={"type": "string", "maxLength": 80},
            text={"type": "string", "maxLength": 2000},
        ),
    )
}


def offered(agent: Agent, outside: Sequence[Outside]) -> tuple[Offer, ...]:
    """Its tools. Who has read what somebody outside wrote, writes nothing that others will believe (rule L1)."""
    allowed = [known for known in TOOLS.values() if known.name in agent.tools]
    return tuple(known.offer for known in allowed if not (outside and known.name == "memory.write"))


class Bench:
    """The tools of one attempt. `outside` grows with what was found."""

    def __init__(self, ports: Ports, scope: Scope, agent: Agent, task: Task, outside: list[Outside]) -> None:
        self._ports, self._scope, self._agent, self._task = ports, scope, agent, task
        self.outside = outside

    def use(self, call: ToolCall, key: str) -> tuple[Body, str]:
        """What the model is told, and a few words for people. A tool that is not offered is refused, whoever asks for
        it. Raises OverBudget if the accounts have no more uses of tools."""
        if call.name not in {each.name for each in offered(self._agent, self.outside)}:
            return {
                "error": f"{call.name} may not be used here"
            }, "refused: not among its tools, or not beside outside texts"
        came = found(self._ports, self._scope, key, lambda: self._used(TOOLS[call.name].name, call.arguments, key))
        self.outside += [Outside(*each) for each in came["outside"]]
        return came["output"], came["said"]

    def _used(self, tool: Tool, given: Mapping[str, Any], key: str) -> Body:
        """Paid, done, and what came of it, as it is kept on the tape."""
        ports, scope, one = self._ports, self._scope, Amount(FREE, calls=0, tools=1)
        if budget.settled(ports, scope, key):  # by an execution that was killed later
            return self._done(tool, given, key)
        hold = budget.reserve(ports, scope, accounts_of(self._agent.id, task=self._task.id), one, key)
        came = self._done(tool, given, key)
        budget.settle(ports, scope, hold, one)
        return came

    def _done(self, tool: Tool, given: Mapping[str, Any], key: str) -> Body:
        match tool:
            case "knowledge.search":
                return self._search(str(given["query"]))
            case "memory.read":
                read = memory.notes(self._ports, self._scope, self._agent.domain)
                notes = [{"key": each.key, "text": each.text, "by": each.by} for each in read]
                return _came({"notes": notes}, f"{len(notes)} notes of {self._agent.domain}")
            case "memory.write":
                return _came(*self._remember(str(given["key"]), str(given["text"]), key))

    def _search(self, query: str) -> Body:
        hits = knowledge.search(self._ports, self._scope, query, PASSAGES)
        outside = [(f"{each.title} ({each.citation.passage})", each.passage.text) for each in hits]
        return _came({"found": [each.title for each in hits]}, f"{len(hits)} passages", outside)

    def _remember(self, name: str, text: str, key: str) -> tuple[Body, str]:
        try:
            _KEY.validate_python(name)
            _NOTE.validate_python(text)
            by, why = f"agent:{self._agent.id}", f"{Kind.TASK} {self._task.id}"
            note = memory.remember(self._ports, self._scope, by, self._agent.domain, name, text, why, key)
        except (ValidationError, Rejected, Conflict) as refused:
            return {"error": str(refused)[:300]}, "refused"
        return {"noted": note.key}, f"noted {note.key}, version {note.version}"


def _came(output: Body, said: str, outside: Sequence[tuple[str, str]] = ()) -> Body:
    """`outside`: source and text of what strangers wrote."""
    return {"output": output, "said": said, "outside": [[*each] for each in outside]}


_KEY: TypeAdapter[str] = TypeAdapter(Key)
_NOTE: TypeAdapter[str] = TypeAdapter(NoteText)
