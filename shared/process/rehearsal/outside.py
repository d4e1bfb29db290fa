"""Steps that reach outside are answered from a tape, and everything else of the home is out of sight."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from shared.domain.golden import OutsideAnswer
from shared.domain.names import Kind
from shared.domain.run import ErrorKind, Failure
from shared.domain.scope import Scope
from shared.ports import Document, Keys, Page, Ports
from shared.process import errors
from shared.process.books import RUN_BOOK
from shared.process.errors import PolicyError, StepError
from shared.process.places import Matching, Place
from shared.process.rehearsal.apart import Shut, Time, apart
from shared.process.sandbox import Level, reached
from shared.process.sandbox.environment import installed
from shared.process.steps.agent import AgentStep
from shared.process.steps.approve import Approve
from shared.process.steps.call import Answer, Desk, StepType
from shared.process.steps.campaigns import Campaigns
from shared.process.steps.files import List
from shared.process.steps.http import HttpGet, HttpPost, HttpPut
from shared.process.steps.notify import Chat, Email, Sms, Webhook
from shared.process.steps.output import Decrypt
from shared.process.steps.program import Program
from shared.process.steps.script import Script
from shared.process.steps.wait import Wait

PLACE = Scope("tape", "tape")
"""Where a tape is played, in whatever workspace it is: keys of steps and of the workspace are the same everywhere."""
_ALWAYS = (Email, Sms, Chat, Webhook, HttpGet, HttpPut, HttpPost, AgentStep, Approve, List, Decrypt, Campaigns)
_KEYS = Keys(b"t" * 32, {"1": b"t" * 32}, {"1": b"t" * 32})
_ERRORS: Mapping[ErrorKind, type[StepError]] = {
    each.kind: each
    for each in (
        *(errors.InputError, errors.TransientError, errors.ProviderError),
        *(errors.ResourceError, errors.PolicyError, errors.CodeError),
    )
}


class Answered:
    """Does a step, or answers it from outside: `answer` has what stands under the step's path, None if nothing does.
    `asked` is each path that was."""

    def __init__(self, ports: Ports, answer: Callable[[str], OutsideAnswer | None]) -> None:
        self._ports, self._answer = ports, answer
        self.asked: set[str] = set()

    def __call__(self, step: StepType, desk: Desk) -> Answer:
        if not _is_outside(step):
            _check(step)
            return step.run(desk)
        path = path_of(self._ports, desk.run, desk.step, desk.item)
        self.asked.add(path)
        found = self._answer(path)
        if found is None:
            raise PolicyError("it reaches outside, and the tape has no answer for it")
        if found.failure is not None:
            raise _raised(found.failure)
        return Answer(found.outputs, tuple(found.left))


def sealed(ports: Ports, scope: Scope, place: Path, time: Time) -> Ports:
    """Ports that see nothing of the home but its processes: no folder, no other system, no secret but made-up ones."""
    few: Any = {"documents": _Processes(ports, scope), "files": _Plans(ports, scope)}
    shut: Any = Shut("ledger")
    return replace(apart(replace(ports, folders=None, endpoints=None, keys=_KEYS, **few), place, time), ledger=shut)


def path_of(ports: Ports, run: str, step: str, item: int | None) -> str:
    """`step`, `step.0` of a loop, `step/inner` of a process within it."""
    name, parent = step if item is None else f"{step}.{item}", RUN_BOOK.load(ports, PLACE, run).parent
    return f"{path_of(ports, parent.run, parent.step, parent.item)}/{name}" if parent else name


def _is_outside(step: StepType) -> bool:
    """Whether what it does or learns is not decided by what it is given."""
    if isinstance(step, _ALWAYS) or (isinstance(step, Wait) and step.event is not None):
        return True
    if isinstance(step, Script) and step.git is not None:
        return True
    return any(map(_is_place, vars(step).values()))


def _is_place(value: Any) -> bool:
    return isinstance(value, Place | Matching) or (isinstance(value, list) and any(map(_is_place, value)))


def _check(step: StepType) -> None:
    """Raises PolicyError for a program that nothing would keep from the world, or that has to be fetched."""
    if not isinstance(step, Program):
        return
    if reached() < Level.APART:
        raise PolicyError("a tape plays programs only where the sandbox keeps them from acting outside (level 2)")
    if isinstance(step, Script) and not installed(tuple(step.dependencies)):
        raise PolicyError("the script's packages are not on this machine, and a tape fetches nothing")


def _raised(failure: Failure) -> StepError:
    return _ERRORS[failure.kind](failure.message, failure.field, tuple(failure.left))


class _Processes:
    """Of all documents the processes, whatever scope is asked for, and a made-up value for each secret."""

    def __init__(self, ports: Ports, scope: Scope) -> None:
        self._base, self._scope = ports.documents, scope

    def get(self, scope: Scope, kind: str, id: str) -> Document | None:
        if kind == Kind.SECRET:
            return Document(kind, id, {"value": sha256(f"tape|{id}".encode()).hexdigest()}, "1", "", "tape", 1)
        return self._base.get(self._scope, kind, id) if kind == Kind.PROCESS else None

    def find(self, *_: Any, **__: Any) -> Page:
        return Page([], None)


class _Plans:
    """Of all files the plans of processes."""

    def __init__(self, ports: Ports, scope: Scope) -> None:
        self._base, self._scope = ports.files, scope

    def get(self, scope: Scope, path: str, start: int = 0, length: int | None = None) -> bytes:
        if not path.startswith("processes/"):
            raise FileNotFoundError(path)
        return self._base.get(self._scope, path, start, length)

    def size(self, scope: Scope, path: str) -> int | None:
        return self._base.size(self._scope, path) if path.startswith("processes/") else None

    def list(self, scope: Scope, prefix: str) -> Iterable[str]:
        return iter(())
