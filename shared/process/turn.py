"""One turn of a step or an item: may it begin, is it to be done, and what its end means."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from shared.domain.outcome import Done, Later, Outcome
from shared.domain.run import RUN_UNDER_WAY, Failure, Run, RunStep, StepStatus, Try, step_id
from shared.domain.scope import Scope
from shared.ports import Ports
from shared.process.attempt import Doing, attempt, really, repeatable
from shared.process.books import RUN_BOOK, Book, has_ended, instance_of, is_wanted_anew, settle, steps_of
from shared.process.compensate import is_taken_back
from shared.process.declared import Plan
from shared.process.expressions import resolve
from shared.process.known import names_of, span
from shared.process.steps.call import Again, Answer
from shared.process.template import ExpressionError

MOST_ITEMS = 1_000
_A_WHILE, _A_DAY = timedelta(hours=1), timedelta(days=1)
"""What waits for a person is woken by the doorbell; the timer behind it only makes sure."""
_FIRST_WAIT = timedelta(seconds=5)
_UNKNOWN = "the machine stopped while it was being done: nobody knows whether it happened"


class Turn:
    """A step (or item) of a run, now."""

    def __init__(
        self,
        ports: Ports,
        scope: Scope,
        run: Run,
        plan: Plan,
        step: str,
        item: int | None,
        doing: Doing = really,
        book: Book | None = None,
    ) -> None:
        self._ports, self._scope, self._run, self._plan, self._item = ports, scope, run, plan, item
        self._doing, self._book = doing, book or Book(ports, scope, run.id)
        self._step = plan.by_id[step]
        self._is_last = any(each.id == step for each in plan.last)
        self._document = self._book.read(step, item) or self._new()

    def do(self) -> Outcome:
        """Done with its state (of a loop: how many items there are), or Later."""
        if has_ended(self._document, self._run.attempt):
            return self._state()
        if self._document.attempt != self._run.attempt:
            if self._is_done_already():
                return self._state()
            self._renew()
        if held := self._held():
            return held
        if self._step.foreach and self._item is None:
            return self._opened()
        return self._begun()

    def join(self) -> Outcome:
        """The end of a loop whose items have all ended."""
        if has_ended(self._document, self._run.attempt):
            return self._state()
        ends = [each.status for each in self._items() if each.attempt == self._run.attempt]
        bad = sum(each in ("failed", "cancelled") for each in ends)
        if bad:
            state: StepStatus = "cancelled" if self._run.cancelled_by and "failed" not in ends else "failed"
            return self._ended(state, f"{bad} of {self._document.items} items did not succeed")
        return self._ended("done")

    def child(self) -> Outcome:
        """What became of the run that this step is; the step ends as it did."""
        if has_ended(self._document, self._run.attempt) or self._document.child is None:
            return self.do()
        found = RUN_BOOK.load(self._ports, self._scope, self._document.child)
        if found.status in RUN_UNDER_WAY:
            found = settle(self._ports, self._scope, found.id, found.attempt, _broken(self._ports.clock.now()))
        if found.status == "done":
            self._document.outputs = found.outputs
            return self._ended("done")
        if self._run.cancelled_by and not self._is_last:
            return self._ended("cancelled", "the run was cancelled")
        why = f"the process {found.process} within it is {found.status}: {found.status_reason or ''}"
        return self._failed(Failure(kind="code", message=why[:2000]))

    def give_up(self) -> Outcome:
        """It kept faulting: the machine's fault, not the plan's."""
        if has_ended(self._document, self._run.attempt):
            return self._state()
        return self._ended("failed", "a fault of the machine kept coming back; the log has the rest")

    def _held(self) -> Outcome | None:
        """What keeps it from being done now, or at all."""
        if self._run.cancelled_by and not self._is_last:
            return self._ended("cancelled", "the run was cancelled")
        if skip := self._run.skips.get(self._step.id):
            return self._ended("skipped", skip.reason)
        if self._run.paused_by:
            return self._waits(_A_WHILE, "paused")
        if self._interrupted():
            self._document.tries[-1].outcome = "interrupted"
            if not repeatable(self._step.type):
                return self._asks(_UNKNOWN)
        return self._answered() or self._not_yet()

    def _interrupted(self) -> bool:
        return bool(self._document.tries) and self._document.tries[-1].outcome == "running"

    def _answered(self) -> Outcome | None:
        """What a person said, if the step asks; it waits on if nobody has."""
        if self._document.status != "asking":
            return None
        said = self._run.said.get(step_id(self._run.id, self._step.id, self._item))
        if said is None or said.asked != self._document.tried:
            return Later(self._ports.clock.now() + _A_DAY, "asking")
        if said.decision == "retry":
            return None
        self._book.note(said.by, "settled", {**self._place(), "as": said.decision})
        return self._ended("done" if said.decision == "done" else "failed", said.reason or f"{said.by} said so")

    def _not_yet(self) -> Outcome | None:
        """A failed try is repeated after its wait, however often somebody rings."""
        last, until = self._document.tries[-1:], self._document.until
        repeats = self._document.status == "waiting" and last and last[0].outcome == "failed"
        return Later(until, "retry") if repeats and until and until > self._ports.clock.now() else None

    def _opened(self) -> Outcome:
        """A loop: its items, fixed from now on."""
        if self._document.items is not None:
            return Done({"items": self._document.items})
        assert self._step.foreach
        try:
            if not self._wanted():
                return self._ended("skipped", "its condition is false")
            items = resolve(self._step.foreach.items, self._names())
        except ExpressionError as error:
            return self._ended("failed", f"foreach: {error}")
        if not isinstance(items, list) or len(items) > MOST_ITEMS:
            return self._ended("failed", f"foreach.items: must be a list of at most {MOST_ITEMS:,} items")
        self._ports.files.put(self._scope, self._items_file(self._run.attempt), json.dumps(items).encode())
        self._document.items = len(items)
        self._write("running")
        return Done({"items": len(items)})

    def _begun(self) -> Outcome:
        """Do it."""
        try:
            if self._item is None and not self._tries() and not self._wanted():
                return self._ended("skipped", "its condition is false")
        except ExpressionError as error:
            return self._ended("failed", f"when: {error}")
        self._document.status, self._document.why, self._document.until = "running", "", None
        timeout = span(self._step.timeout)
        names, doing = self._names(), self._doing
        match attempt(
            self._ports, self._scope, self._run, self._document, self._step, names, timeout, doing, self._book
        ):
            case Again(at=at, why=why):
                return self._waits(at - self._ports.clock.now(), why)
            case Failure() as failure:
                return self._failed(failure)
            case Answer(child=str() as child):
                return self._descended(child)
            case Answer() as answer:
                self._document.outputs = dict(answer.outputs)
                self._document.left = list(dict.fromkeys([*self._document.left, *answer.left]))
                self._document.undo = _once([*self._document.undo, *map(dict, answer.undo)])
                return self._ended("done")

    def _descended(self, child: str) -> Outcome:
        self._document.child = child
        self._write("waiting", f"the process within it: {child}")
        found = RUN_BOOK.load(self._ports, self._scope, child)
        return Done({"child": {"run": child, "attempt": found.attempt, "instance": instance_of(self._scope, found)}})

    def _failed(self, failure: Failure) -> Outcome:
        """Again after a wait, a question, or the end of it."""
        self._document.child = None
        if self._run.cancelled_by and not self._is_last:
            return self._ended("cancelled", failure.message)
        last = self._document.tries[-1]
        last.outcome, last.failure = "failed", last.failure or failure
        count = sum(each.failure is not None and each.failure.kind == failure.kind for each in self._tries())
        if count <= self._step.retry.get(failure.kind, 0):
            return self._waits(_FIRST_WAIT * 2 ** (count - 1), f"retry {count}: {failure.message}")
        if self._step.on_error == "ask":
            return self._asks(failure.message)
        return self._ended("failed", failure.message)

    def _tries(self) -> list[Try]:
        """Those of this attempt of the run: what it was in earlier ones says nothing of its condition now."""
        return [each for each in self._document.tries if each.attempt == self._run.attempt]

    def _waits(self, how_long: timedelta, why: str) -> Outcome:
        until = self._ports.clock.now() + how_long
        if why == "paused":
            return Later(until, why)
        self._document.until = until
        self._write("waiting", why)
        return Later(until, why.partition(":")[0][:40])

    def _asks(self, why: str) -> Outcome:
        self._write("asking", why)
        self._book.note("flow", "asked", self._place())
        return Later(self._ports.clock.now() + _A_DAY, "asking")

    def _ended(self, state: StepStatus, why: str = "") -> Outcome:
        self._document.ended_at, self._document.until = self._ports.clock.now(), None
        self._book.note("flow", f"step-{state}", self._place())
        self._write(state, why)
        return self._state()

    def _write(self, status: StepStatus, why: str = "") -> None:
        self._document.status, self._document.why = status, why[:2000]
        self._book.write(self._document)

    def _state(self) -> Done:
        return Done({"state": self._document.status})

    def _place(self) -> dict[str, Any]:
        item = {} if self._item is None else {"item": self._item}
        return {"step": self._step.id, "attempt": self._run.attempt, **item}

    def _wanted(self) -> bool:
        return self._step.when is None or bool(resolve(self._step.when, self._names()))

    def _names(self) -> dict[str, Any]:
        item = None if self._item is None else self._value(self._item)
        return names_of(self._ports, self._scope, self._run, self._plan, item, self._book)

    def _value(self, item: int) -> Any:
        return json.loads(self._ports.files.get(self._scope, self._items_file(self._run.attempt)))[item]

    def _items(self) -> list[RunStep]:
        return list(steps_of(self._ports, self._scope, self._run.id, self._step.id))

    def _items_file(self, attempt: int) -> str:
        return f"runs/{self._run.id}/{self._step.id}/items-{attempt}.json"

    def _new(self) -> RunStep:
        return RunStep(
            run=self._run.id,
            step=self._step.id,
            item=self._item,
            type=self._step.type,
            title=self._step.title,
            attempt=self._run.attempt,
            began_at=self._ports.clock.now(),
        )

    def _is_done_already(self) -> bool:
        """An item that an earlier attempt has done, and that is the same now."""
        document = self._document
        if self._item is None or document.status != "done" or self._is_wanted_anew():
            return False
        before = json.loads(self._ports.files.get(self._scope, self._items_file(document.attempt)))
        if before[self._item] != self._value(self._item):
            return False
        document.attempt = self._run.attempt
        self._write("done")
        return True

    def _is_wanted_anew(self) -> bool:
        """Also what was taken back."""
        return is_taken_back(self._ports, self._scope, self._document) or is_wanted_anew(self._document, self._run)

    def _renew(self) -> None:
        """A new attempt of the run does it anew; its tries are kept, and what it changed outside."""
        before = self._document
        self._document = self._new()
        self._document.tries, self._document.tried = before.tries, before.tried
        self._document.left, self._document.undo = before.left, before.undo


def _once(changes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A step that is done anew may find its own changes, and names them again."""
    return list({json.dumps(each, sort_keys=True): each for each in changes}.values())


def _broken(now: datetime) -> Any:
    def fail(run: Run) -> None:
        run.status, run.status_reason, run.ended_at = "failed", "its flow broke; the log has the rest", now

    return fail
