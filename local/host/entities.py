"""Durable entities: running the operations of each, one batch at a time, as the SDK wants them.

An operation is a row until the transaction that holds what it did: the entity's new state and the answer to the caller.
"""

from __future__ import annotations

import json
import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from local.host.jobs import Jobs
from local.host.model import EntityFunction, Functions
from local.host.rows import Operation
from local.host.store import Store

_log = logging.getLogger(__name__)
_BATCH = 100  # operations; bounds what one transaction holds for one entity


def split_id(entity_id: str) -> tuple[str, str]:
    """Name and key of the entity `@name@key`."""
    _, name, key = entity_id.split("@", 2)
    return name, key


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operation returned, or the text of what it raised, as JSON."""

    operation: Operation
    result: str
    failed: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a batch of operations did to an entity; state None: it does not exist any more."""

    entity_id: str
    state: str | None
    answers: Sequence[Answer]


def operate(function: EntityFunction, entity_id: str, state: str | None, operations: Sequence[Operation]) -> Outcome:
    """Run operations in order, each on the state that the one before left; a failing one keeps what it had set."""
    answers = []
    for operation in operations:
        try:
            reply = json.loads(function.handle(_context(entity_id, state, operation)))
        except BaseException as error:  # such as a state that is no JSON, or SystemExit
            answers.append(Answer(operation, json.dumps(str(error)), True))
        else:
            state = reply["entityState"] if reply["entityExists"] else None
            (result,) = reply["results"]
            answers.append(Answer(operation, result["result"], result["isError"]))
        if answers[-1].failed:
            _log.warning("entity %s: operation %r failed: %s", function.name, operation.name, answers[-1].result)
    return Outcome(entity_id, state, answers)


def _context(entity_id: str, state: str | None, operation: Operation) -> str:
    # One operation at a time: the SDK hands the result of one on to the next that sets none.
    name, key = split_id(entity_id)
    asked = {"name": operation.name, "input": operation.input, "isSignal": operation.caller is None}
    return json.dumps(
        {"self": {"name": name, "key": key}, "exists": state is not None, "state": state, "batch": [asked]}
    )


class Entities:
    """Runs what the table of operations holds, at most `size` entities at once. Used by the engine's thread only.

    `report` takes each outcome, on any thread; `ended` says that it has been committed.
    """

    def __init__(self, store: Store, functions: Functions, size: int, report: Callable[[Outcome], None]) -> None:
        self._store = store
        self._functions = functions.entities
        self._size = size
        self._report = report
        self._threads = Jobs("entity", size)
        self._running: set[str] = set()
        self._waiting = OrderedDict.fromkeys(store.entities_with_operations())

    @property
    def idle(self) -> bool:
        """Whether no operation runs or waits."""
        return not self._running and not self._waiting

    def ended(self, entity_id: str) -> None:
        """An outcome has been committed; more operations may have come meanwhile."""
        self._running.discard(entity_id)
        self._waiting[entity_id] = None

    def dispatch(self, entity_ids: Iterable[str] = ()) -> None:
        """Operations of these have been committed; run what there is room for."""
        self._waiting.update((entity_id, None) for entity_id in entity_ids if entity_id not in self._running)
        while self._waiting and len(self._running) < self._size:
            self._run(self._waiting.popitem(last=False)[0])

    def _run(self, entity_id: str) -> None:
        operations = self._store.operations(entity_id, _BATCH)
        function = self._functions.get(split_id(entity_id)[0])
        if function is None:
            _log.error("operations wait for ever: %s", unknown_entity(split_id(entity_id)[0]))
        elif operations:
            state = self._store.entity_state(entity_id)
            self._running.add(entity_id)
            self._threads.submit(lambda: self._report(operate(function, entity_id, state, operations)))

    async def close(self, grace: float) -> None:
        """Begin no more; what has not ended in `grace` seconds runs again another time."""
        await self._threads.close(grace)


def unknown_entity(name: str) -> str:
    """Why operations of this entity cannot run."""
    return f"the function {name!r} doesn't exist, is disabled, or is not an entity function"


def answer_text(answer: Answer) -> str:
    """The input of the event that hands an answer to its caller, as the SDK reads it."""
    message: dict[str, Any] = {"result": answer.result}
    return json.dumps(message | ({"exceptionType": "Error"} if answer.failed else {}))
