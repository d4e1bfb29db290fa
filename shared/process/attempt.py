"""One attempt at an action: its inputs made, done at a desk, and every way in which that can end."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from errno import EDQUOT, EFBIG, ENOSPC
from time import thread_time
from typing import Any

from pydantic import ValidationError

from shared.domain.run import MOST_TRIES, ErrorKind, Failure, Fixing, Run, RunStep, Try
from shared.domain.scope import Scope
from shared.ports import Ports
from shared.process.books import Book
from shared.process.declared import Action
from shared.process.desk import WorkDesk
from shared.process.errors import InputError, ResourceError, StepError
from shared.process.expressions import resolve
from shared.process.known import masked
from shared.process.steps import step_type
from shared.process.steps.call import Again, Answer, Desk, Kept, StepType
from shared.process.template import ExpressionError

_FULL = (ENOSPC, EDQUOT)
_UNTIL_ROOM = timedelta(minutes=5)
_NO_ROOM = "the disk is full: it goes on by itself when there is room"
_MOST_OUTPUT = 1_000_000
_MOST_SHOWN = 20_000
Doing = Callable[[StepType, Desk], Answer]
"""Does a step at its desk: really, or only as it would."""


def really(step: StepType, desk: Desk) -> Answer:
    """Do it."""
    return step.run(desk)


def attempt(
    ports: Ports,
    scope: Scope,
    run: Run,
    step: RunStep,
    action: Action,
    names: Mapping[str, Any],
    timeout: timedelta,
    doing: Doing = really,
    book: Book | None = None,
) -> Answer | Again | Failure:
    """Do it once; the try is written down before and has its end after, the caller writes the step. What it raises is
    a fault of the machine, such as a full disk where the step cannot be done anew."""
    tried = _begin(ports, step, run)
    step.inputs = _shown(action.given, names, run.sensitive)
    (book or Book(ports, scope, run.id)).write(step)
    cpu = thread_time()
    desk = WorkDesk(ports, scope, run, step, tried.at + timeout)
    fixing = next((each for each in run.fixes if (each.step, each.item) == (step.step, step.item)), None)
    try:
        outcome: Answer | Again | Failure = _done(desk, _made(action, names), fixing, doing)
    except Again as again:
        outcome = again
    except Exception as error:
        outcome = _without_room(error, action, ports.clock.now()) or _failure(error, action)
    _end(tried, outcome, ports.clock.now(), desk, thread_time() - cpu)
    return outcome


def repeatable(type: str) -> bool:
    """Whether a step of this type may be run again without anybody outside noticing."""
    try:
        return step_type(type).repeatable
    except (KeyError, ImportError):
        return True


def _without_room(error: Exception, action: Action, now: datetime) -> Again | None:
    """A full disk is waited for: nothing of the step is kept, so it can be done anew. Raises the error where somebody
    outside would notice."""
    if not isinstance(error, OSError) or error.errno not in _FULL:
        return None
    if not repeatable(action.type):
        raise error
    return Again(now + _UNTIL_ROOM, _NO_ROOM)


def _begin(ports: Ports, step: RunStep, run: Run) -> Try:
    """The try that only waited goes on; its time begins anew if it waited for room. So neither a wait nor a full disk
    takes the place of the tries that failed."""
    now, last = ports.clock.now(), step.tries[-1] if step.tries else None
    if last and last.outcome == "again" and last.attempt == run.attempt:
        if last.why == _NO_ROOM:
            last.at, last.why = now, ""
        last.outcome = "running"
        return last
    tried = Try(attempt=run.attempt, at=now)
    step.tries, step.tried = [*step.tries, tried][-MOST_TRIES:], step.tried + 1
    return tried


def _end(tried: Try, outcome: Answer | Again | Failure, now: datetime, desk: WorkDesk, cpu_seconds: float) -> None:
    tried.ended_at, tried.seconds = now, round((now - tried.at).total_seconds(), 3)
    tried.cpu_seconds = round(tried.cpu_seconds + cpu_seconds + desk.cpu_seconds, 3)
    tried.peak_bytes = desk.peak_bytes or tried.peak_bytes
    match outcome:
        case Answer():
            tried.outcome = "done"
        case Again(why=why):
            tried.outcome, tried.why = "again", why[:200]
        case Failure(message=message):
            tried.outcome, tried.failure, tried.why = "failed", outcome, message[:500]


def _made(action: Action, names: Mapping[str, Any]) -> StepType:
    """The step with its inputs. Raises InputError."""
    try:
        given = resolve(action.given, names)
    except ExpressionError as error:
        raise InputError(str(error), ".".join(("with", *map(str, error.path)))) from None
    try:
        return step_type(action.type).model_validate(given)
    except KeyError:
        raise InputError(f"there is no type of step {action.type!r}", "type") from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise InputError(str(first["msg"]), ".".join(("with", *map(str, first["loc"])))) from None


def _done(desk: WorkDesk, step: StepType, fixing: Fixing | None, doing: Doing) -> Answer:
    with desk:
        answer = _corrected(desk, step, fixing) if fixing else doing(step, desk)
    try:
        size = len(json.dumps(dict(answer.outputs), allow_nan=False))
    except (TypeError, ValueError):
        raise InputError("its outputs are not plain JSON", "outputs") from None
    if size > _MOST_OUTPUT:
        raise ResourceError(f"its outputs have more than {_MOST_OUTPUT:,} characters; keep them as a file", "outputs")
    return answer


def _corrected(desk: WorkDesk, step: StepType, fixing: Fixing) -> Answer:
    """Only the rows that were put right are read; the others are as they were."""
    from shared.process.rows.fix import fixed
    from shared.process.steps.read import Read

    assert isinstance(step, Read)
    before = json.loads(desk.ports.files.get(desk.scope, fixing.before))
    return fixed(step, desk, before, Kept(**fixing.file.model_dump()))


def _failure(error: Exception, action: Action) -> Failure:
    kind, field, left = _kind(error), getattr(error, "field", ""), tuple(getattr(error, "left", ()))
    frames = traceback.extract_tb(error.__traceback__)
    return Failure(
        kind=kind,
        message=_said(error)[:2000],
        field=field,
        left=list(left),
        safe_to_retry=repeatable(action.type) or not left,
        traceback="\n".join(f"{each.filename.rpartition('/')[2]}:{each.lineno} {each.name}" for each in frames[-20:]),
    )


def _said(error: Exception) -> str:
    if isinstance(error, StepError):
        return str(error)
    return "a file grew larger than this disk takes" if _is_too_large(error) else f"it broke: {type(error).__name__}"


def _kind(error: Exception) -> ErrorKind:
    if isinstance(error, StepError):
        return error.kind
    if isinstance(error, MemoryError) or _is_too_large(error):
        return "resource"
    return "transient" if isinstance(error, ConnectionError | TimeoutError) else "code"


def _is_too_large(error: Exception) -> bool:
    """There may be room; this file gets none of it, however long one waits."""
    return isinstance(error, OSError) and error.errno == EFBIG


def _shown(given: dict[str, Any], names: Mapping[str, Any], sensitive: list[str]) -> dict[str, Any]:
    """The inputs as people may see them."""
    try:
        found: dict[str, Any] = resolve(given, masked(names, sensitive))
    except ExpressionError:
        return {}
    return found if len(json.dumps(found, default=str)) <= _MOST_SHOWN else {"too_long_to_show": True}
