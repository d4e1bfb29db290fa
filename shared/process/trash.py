"""Changes in folders outside that can be taken back. What is deleted or overwritten is put aside first, and written
down with what is about to be done: a step that was killed in between does exactly that when it runs again, and nothing
that it had already deleted is lost sight of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from shared.domain.scope import Scope
from shared.ports import Ports
from shared.process.errors import InputError, StepError
from shared.process.places import Place, reaching
from shared.process.steps.call import Desk, Kept

TRASH = "trash/"
KEPT_FOR = timedelta(days=30)
_BLOCK = 2**20


class Change(BaseModel):
    """A file outside: what it was (None: nothing), and what it becomes (None: nothing)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    place: Place
    was: Kept | None
    version: str | None
    """Of what it was."""
    becomes: Kept | None


class Wanted(NamedTuple):
    """A change, before it is known what is there."""

    place: Place
    becomes: Kept | None


Outcome = Literal["restored", "as it was", "changed since", "no longer in the trash"]


class TakenBack(NamedTuple):
    """What became of one change that was to be taken back."""

    place: str
    outcome: Outcome


def planned(desk: Desk, step: BaseModel) -> list[Change] | None:
    """What an earlier attempt of this step, given the same, was about to do; None if it did not come so far."""
    try:
        found = json.loads(desk.ports.files.get(desk.scope, _plan(desk, step)))
    except FileNotFoundError:
        return None
    return [Change.model_validate(each) for each in found["changes"]]


def plan(desk: Desk, step: BaseModel, wanted: Iterable[Wanted]) -> list[Change]:
    """Put aside what is there, and write down what is to be done."""
    changes = [_aside(desk, f"{_home(desk, step)}{n}", each) for n, each in enumerate(wanted)]
    until = desk.ports.clock.now() + KEPT_FOR
    text = {"until": until.isoformat(), "changes": [each.model_dump() for each in changes]}
    desk.ports.files.put(desk.scope, _plan(desk, step), json.dumps(text).encode())
    return changes


def make(desk: Desk, changes: Sequence[Change]) -> tuple[tuple[str, ...], tuple[Mapping[str, Any], ...]]:
    """Do it; `left` and `undo` of the answer. Raises InputError if somebody else changed a file meanwhile."""
    left: list[str] = []
    for each in changes:
        try:
            if _make(desk, each):
                left.append(f"{each.place} was {'written' if each.becomes else 'deleted'}")
        except StepError as error:
            error.left = (*error.left, *left)
            raise
        desk.beat()
    return tuple(left), tuple({"kind": "file", **each.model_dump()} for each in changes)


def is_own(desk: Desk, place: Place) -> bool:
    """Is what lies there what this step wrote when it was done before, given something else?"""
    files = desk.ports.files
    plans = [each for each in files.list(desk.scope, _step(desk)) if each.endswith("/plan.json")]
    changes = [each for path in plans for each in json.loads(files.get(desk.scope, path))["changes"]]
    written = [each["becomes"] for each in changes if each["place"] == place.model_dump()]
    return bool(written) and _digest(desk.ports, desk.scope, place) in {each["sha256"] for each in written if each}


def from_trash(desk: Desk, file: Kept) -> Kept:
    """What was put aside, as a file of the run."""
    path = desk.folder / "put-aside"
    with path.open("wb") as target:
        target.writelines(_blocks(desk.ports, desk.scope, file))
    return desk.keep(path, file.name)


def take_back(ports: Ports, scope: Scope, undo: Sequence[Mapping[str, Any]]) -> list[TakenBack]:
    """Restore what a step deleted or overwrote (`Answer.undo`; entries of other kinds are left alone), the last change
    first. What somebody changed since is not touched. Repeatable."""
    entries = [{name: value for name, value in each.items() if name != "kind"} for each in undo if _is_file(each)]
    return [
        TakenBack(str(change.place), _restored(ports, scope, change))
        for change in map(Change.model_validate, reversed(entries))
    ]


def empty_trash(ports: Ports, scope: Scope, now: datetime) -> int:
    """Delete what has lain for 30 days; how many files. Repeatable."""
    files = ports.files
    over = 0
    for path in [each for each in files.list(scope, TRASH) if each.endswith("/plan.json")]:
        if datetime.fromisoformat(json.loads(files.get(scope, path))["until"]) > now:
            continue
        for each in [each for each in files.list(scope, path.removesuffix("plan.json")) if each != path]:
            files.delete(scope, each)
            over += 1
        files.delete(scope, path)
    return over


def _is_file(entry: Mapping[str, Any]) -> bool:
    return entry.get("kind") == "file"


def _step(desk: Desk) -> str:
    return f"{TRASH}{desk.run}/{hashlib.sha256(desk.key.encode()).hexdigest()[:32]}/"


def _home(desk: Desk, step: BaseModel) -> str:
    """What a step is given may be other when a person has it done again: then its changes are others, too."""
    return f"{_step(desk)}{hashlib.sha256(step.model_dump_json().encode()).hexdigest()[:16]}/"


def _plan(desk: Desk, step: BaseModel) -> str:
    return f"{_home(desk, step)}plan.json"


def _aside(desk: Desk, where: str, wanted: Wanted) -> Change:
    place = wanted.place
    with reaching(desk.ports) as folders:
        found = folders.stat(desk.scope, place.folder, place.path)
        if found is None:
            return Change(place=place, was=None, version=None, becomes=wanted.becomes)
        digest, size = hashlib.sha256(), 0

        def blocks() -> Iterator[bytes]:
            nonlocal size
            for block in folders.read(desk.scope, place.folder, place.path):
                digest.update(block)
                size += len(block)
                desk.beat()
                yield block

        desk.ports.files.put_blocks(desk.scope, where, blocks())
    was = Kept(file=where, name=place.name, bytes=size, sha256=digest.hexdigest())
    return Change(place=place, was=was, version=found.version, becomes=wanted.becomes)


def _make(desk: Desk, change: Change) -> bool:
    """False: it was done by an earlier attempt."""
    place = change.place
    with reaching(desk.ports) as folders:
        found = folders.stat(desk.scope, place.folder, place.path)
        if found is None and change.becomes is None:
            return False
        if (found.version if found else None) != change.version:
            now = _digest(desk.ports, desk.scope, place)
            if now == (change.becomes and change.becomes.sha256):
                return False
            if now != (change.was and change.was.sha256):  # else it was put back, and lies in the trash
                raise InputError(f"{place}: somebody else changed it meanwhile", "path")
        if change.becomes is None:
            folders.delete(desk.scope, place.folder, place.path)
        else:
            new = change.version is None
            blocks = _blocks(desk.ports, desk.scope, change.becomes)
            if not folders.write(desk.scope, place.folder, place.path, blocks, only_new=new):
                raise InputError(f"{place}: somebody else wrote it meanwhile", "path")
    return True


def _restored(ports: Ports, scope: Scope, change: Change) -> Outcome:
    place, was = change.place, change.was
    with reaching(ports) as folders:
        now = _digest(ports, scope, place)
        if now == (was and was.sha256):
            return "as it was"
        if now != (change.becomes and change.becomes.sha256):
            return "changed since"
        if was is None:
            folders.delete(scope, place.folder, place.path)
        elif ports.files.size(scope, was.file) is None:
            return "no longer in the trash"
        else:
            folders.write(scope, place.folder, place.path, _blocks(ports, scope, was))
    return "restored"


def _digest(ports: Ports, scope: Scope, place: Place) -> str | None:
    with reaching(ports) as folders:
        if folders.stat(scope, place.folder, place.path) is None:
            return None
        digest = hashlib.sha256()
        for block in folders.read(scope, place.folder, place.path):
            digest.update(block)
        return digest.hexdigest()


def _blocks(ports: Ports, scope: Scope, file: Kept) -> Iterator[bytes]:
    """Raises InputError, at the end, if it is not the file that was kept."""
    digest = hashlib.sha256()
    for start in range(0, file.bytes, _BLOCK):
        block = ports.files.get(scope, file.file, start, _BLOCK)
        digest.update(block)
        yield block
    if digest.hexdigest() != file.sha256:
        raise InputError(f"{file.name} is not the file that it was: its checksum is another", "file")
