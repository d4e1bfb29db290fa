"""Durable entities: running the operations of each, one batch at a time, as the SDK wants them.

An operation is a row until the transaction that holds what it did: the entity's new state and the answer to the caller.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from local.host.jobs import Jobs
from local.host.model import EngineSettings, EntityFunction, Functions, FunctionTimeout
from local.host.rows import Operation
from local.host.store import Store

_log = logging.getLogger(__name__)
_BATCH = 100  # operations; bounds what one transaction holds for one entity


def split_id(entity_id: str) -> tuple[str, str]:
    """Name and key of the entity `@name@key`."""
    _, name, key = entity_id.split("@", 2)
    return name, key


class Answer(NamedTuple):
    """What an operation returned, or the text of what it raised, as JSON."""

    operation: Operation
    result: str
    failed: bool


class Outcome(NamedTuple):
    """What a batch of operations did to an entity; state None: it does not exist any more."""

    entity_id: str
    state: str | None
    answers: Sequence[Answer]


class Run:
    """A batch of operations in order, each on the state that the one before left; a failing one keeps what it had set.

    It runs on one thread and may be given up by another: whoever ends it reports. When an operation takes too long it
    fails, what it does from then on is lost, and those behind it are left in the table.
    """

    def __init__(
        self,
        function: EntityFunction,
        entity_id: str,
        state: str | None,
        operations: Sequence[Operation],
        report: Callable[[Outcome], None],
    ) -> None:
        self._function, self._entity_id, self._operations = function, entity_id, operations
        self._report = report
        self._state = state
        self._answers: list[Answer] = []
        self._lock = threading.Lock()
        self._over = False
        self._begun = time.monotonic()

    def run(self) -> bool:
        """Run what there is and report; False: given up meanwhile."""
        for operation in self._operations:
            self._begun = time.monotonic()
            state, answer = self._operate(operation)
            with self._lock:
                if self._over:
                    return False
                self._take(state, answer)
        return self._end()

    def give_up(self, timeout: float) -> bool:
        """Fail the operation that has taken more than `timeout` seconds, if one has."""
        with self._lock:
            if self._over or time.monotonic() - self._begun <= timeout:
                return False
            self._over = True
        error = FunctionTimeout(self._function.name, timeout)
        operation = self._operations[len(self._answers)]
        self._take(self._state, Answer(operation, json.dumps(str(error)), True))
        self._report(Outcome(self._entity_id, self._state, self._answers))
        return True

    def _end(self) -> bool:
        with self._lock:
            given_up, self._over = self._over, True
        if not given_up:
            self._report(Outcome(self._entity_id, self._state, self._answers))
        return not given_up

    def _take(self, state: str | None, answer: Answer) -> None:
        self._state = state
        self._answers.append(answer)
        if answer.failed:
            name = answer.operation.name
            _log.warning("entity %s: operation %r failed: %s", self._function.name, name, answer.result)

    def _operate(self, operation: Operation) -> tuple[str | None, Answer]:
        try:
            reply = json.loads(self._function.handle(_context(self._entity_id, self._state, operation)))
        except BaseException as error:  # such as a state that is no JSON, or SystemExit
            return self._state, Answer(operation, json.dumps(str(error)), True)
        (result,) = reply["results"]
        answer = Answer(operation, result["result"], result["isError"])
        return (reply["entityState"] if reply["entityExists"] else None), answer


def _context(entity_id: str, state: str | None, operation: Operation) -> str:
    # One operation at a time: the SDK hands the result of one on to the next that sets none.
    name, key = split_id(entity_id)
    asked = {"name": operation.name, "input": operation.input, "isSignal": operation.caller is None}
    return json.dumps(
        {"self": {"name": name, "key": key}, "exists": state is not None, "state": state, "batch": [asked]}
    )


class Entities:
    """Runs what the table of operations holds, so many entities at once as the settings say. Used by the engine only.

    `report` takes each outcome, on any thread; `ended` says that it has been committed.
    """

    def __init__(
        self, store: Store, functions: Functions, settings: EngineSettings, report: Callable[[Outcome], None]
    ) -> None:
        self._store = store
        self._functions = functions.entities
        self._size = settings.max_entities
        self._report = report
        self._threads = Jobs("entity", self._size, settings.function_timeout)
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
            self._threads.submit(Run(function, entity_id, state, operations, self._report))

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
