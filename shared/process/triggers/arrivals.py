"""Triggers by files that come into a folder."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import islice
from typing import Any

from shared.domain.faults import FieldError, Rejected
from shared.domain.scope import Scope
from shared.domain.trigger import Seen, TriggerState
from shared.ports import Ports
from shared.ports.folders import Entry, NoFolder, NotAllowed
from shared.process.books import plan_of
from shared.process.declared import FileArrival
from shared.process.steps.call import Kept
from shared.process.triggers.books import Cause, change, fire, refuse, run_id, stands

MOST = 2_000
"""Files of a folder that are looked at, in the order of their paths."""
_RESTS = timedelta(minutes=1)
"""So long at least a file has been as it is."""


def look(ports: Ports, scope: Scope, cause: Cause, arrival: FileArrival) -> None:
    """Start a run for each file that is as it was at the look before and of which no run was started. What lay there
    before this trigger was first looked at is not new, unless it came after the version of the plan was put."""
    try:
        found = _entries(ports, scope, arrival)
    except (NoFolder, NotAllowed, Rejected) as fault:
        said = fault.errors[0].reason if isinstance(fault, Rejected) else str(fault).removeprefix("folder: ")
        _cannot(ports, scope, cause, said)
        return
    state = stands(ports, scope, cause)
    for entry in found.values():
        if (seen := state.files.get(_key(entry))) and _is_ready(ports, seen, entry):
            _arrived(ports, scope, cause, arrival, entry)
    change(ports, scope, cause, lambda present: _note(ports, cause, present, state, found))


def _entries(ports: Ports, scope: Scope, arrival: FileArrival) -> dict[str, Entry]:
    if ports.folders is None:
        raise Rejected(FieldError("file.folder", "there are no folders: the setting BATON_FOLDERS names them"))
    return {_key(entry): entry for entry in islice(ports.folders.list(scope, arrival.folder, arrival.glob), MOST)}


def _cannot(ports: Ports, scope: Scope, cause: Cause, why: str) -> None:
    """Said once, until something else is to be said."""
    before = stands(ports, scope, cause).refused
    if before is None or before.reason != why:
        refuse(ports, scope, cause, Rejected(FieldError("file.folder", why)))


def _is_ready(ports: Ports, seen: Seen, entry: Entry) -> bool:
    long = ports.clock.now() - seen.since >= _RESTS
    return not seen.taken and seen.version == _digest(entry.version) and long


def _arrived(ports: Ports, scope: Scope, cause: Cause, arrival: FileArrival, entry: Entry) -> None:
    id = run_id(scope, cause, f"{entry.path}\n{entry.version}")
    event = {"folder": arrival.folder, "path": entry.path, "bytes": entry.bytes, "modified": entry.modified.isoformat()}

    def taken() -> Mapping[str, Any]:
        kept = _taken_in(ports, scope, arrival, entry, id)
        return {arrival.input: [kept] if _wants_several(ports, scope, cause, arrival) else kept}

    fire(ports, scope, cause, id, event, taken)


def _taken_in(ports: Ports, scope: Scope, arrival: FileArrival, entry: Entry, id: str) -> dict[str, Any]:
    """The file as one of Files, under the id of its run. Raises Rejected if it is another meanwhile."""
    name, digest, size = entry.path.rpartition("/")[2], hashlib.sha256(), 0
    where = f"runs/incoming/{ports.clock.now().date()}/{id}/{name}"

    def blocks() -> Iterator[bytes]:
        nonlocal size
        for block in ports.folders.read(scope, arrival.folder, entry.path) if ports.folders else ():
            digest.update(block)
            size += len(block)
            yield block

    gone = Rejected(FieldError("file", "the file went away or was changed before it could be taken in"))
    try:
        ports.files.put_blocks(scope, where, blocks())
    except (FileNotFoundError, NotAllowed):
        raise gone from None
    if size != entry.bytes:
        raise gone
    return Kept(file=where, name=name, bytes=size, sha256=digest.hexdigest()).model_dump()


def _wants_several(ports: Ports, scope: Scope, cause: Cause, arrival: FileArrival) -> bool:
    plan = plan_of(ports, scope, cause.process.name, cause.process.digest)
    return plan.inputs[arrival.input].type == "files"


def _note(ports: Ports, cause: Cause, present: TriggerState, before: TriggerState, found: Mapping[str, Entry]) -> None:
    """How the files are now; those that are as they were and rested have had their run."""
    now, first = ports.clock.now(), before.looked is None
    files = {}
    for key, entry in found.items():
        seen = before.files.get(key)
        if seen is None or seen.version != _digest(entry.version):
            old = first and entry.modified < cause.since
            files[key] = Seen(version=_digest(entry.version), since=now, taken=old)
        else:
            files[key] = seen.model_copy(update={"taken": seen.taken or _is_ready(ports, seen, entry)})
    present.files, present.looked = files, before.looked or now


def _key(entry: Entry) -> str:
    return _digest(entry.path)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:16]
