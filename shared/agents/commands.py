"""Commands from the bus: each has one effect, however often it is delivered and wherever it was killed (rule DF-7)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress

from shared.agents import campaigns, contacts, tasks
from shared.domain.campaign import Campaign, CampaignRequest
from shared.domain.command import ImportFile, LostMessage, Refused, TaskToExecute
from shared.domain.event import stamp
from shared.domain.faults import Conflict, FieldError, Rejected
from shared.domain.imports import Import
from shared.domain.names import COMMANDS, Kind
from shared.domain.scope import Scope
from shared.domain.task import UNDER_WAY, Task
from shared.ports import Body, Ports, Stale

BY = "bus"
_MOST_BYTES = 50_000_000


def start_campaign(ports: Ports, scope: Scope, message: str, request: CampaignRequest) -> Campaign:
    """The campaign of this message: made now, or by an earlier delivery of it. Raises as `campaigns.accept`."""
    return campaigns.accept(ports, scope, BY, request, id_of(scope, message))


def bring_in(ports: Ports, scope: Scope, message: str, asked: ImportFile) -> Import:
    """The import of this message. Raises Rejected if the file is not there, too large or cannot be read."""
    size = ports.files.size(scope, asked.file)
    if size is None or size > _MOST_BYTES:
        why = "there is no such file in this workspace" if size is None else f"has more than {_MOST_BYTES:,} bytes"
        raise Rejected(FieldError("file", why))
    data, id = ports.files.get(scope, asked.file), id_of(scope, message)
    return contacts.accept_import(
        ports, scope, BY, data, asked.content_type, asked.double_opt_in, id, consent=asked.consent
    )


def execute(ports: Ports, scope: Scope, message: str, asked: TaskToExecute) -> Task:
    """The run of this message: which one it is to be is written down first. Raises Missing, Conflict."""
    while True:
        noted, rev = _noted(ports, scope, message)
        task = tasks.read(ports, scope, asked.task)
        if "run" in noted:
            return tasks.queue(ports, scope, asked.task, noted["run"])
        if task.status in UNDER_WAY:
            raise Conflict("status", f"the task is {task.status}; it can be executed again when it has ended")
        with suppress(Stale):  # another delivery of it was faster
            _note(ports, scope, message, {"run": task.run + 1}, rev)


def refuse(ports: Ports, scope: Scope, message: str, errors: Sequence[FieldError]) -> None:
    """Write down what is wrong with it: the bus itself keeps only that it was given up."""
    _note(ports, scope, message, {"errors": [error._asdict() for error in errors]}, "*")


def lost(ports: Ports, scope: Scope, source: str, after: int, limit: int) -> list[LostMessage]:
    """Dead letters of a receiving end, oldest first, with what was wrong with them."""
    if ports.bus is None:
        return []
    found = ports.bus.dead_letters(scope, source, after, limit)
    return [
        LostMessage(
            number=each.number,
            id=each.message.id,
            type=str(each.message.body.get("type", each.message.subject))[:100],
            reason=each.reason,
            description=each.description,
            errors=_errors(ports, scope, each.message.id) if source == COMMANDS else [],
        )
        for each in found
    ]


def _errors(ports: Ports, scope: Scope, message: str) -> list[Refused]:
    return [Refused.model_validate(each) for each in _noted(ports, scope, message)[0].get("errors", [])]


def _noted(ports: Ports, scope: Scope, message: str) -> tuple[Body, str | None]:
    document = ports.documents.get(scope, Kind.COMMAND, id_of(scope, message))
    return (document.body, document.rev) if document else ({}, None)


def _note(ports: Ports, scope: Scope, message: str, what: Body, rev: str | None) -> None:
    body = {**what, "at": stamp(ports.clock.now())}
    ports.documents.put(scope, Kind.COMMAND, id_of(scope, message), body, rev)


def id_of(scope: Scope, message: str) -> str:
    """What a message makes has its id from it, so a second delivery makes the same."""
    return hashlib.sha256("\n".join((*scope, COMMANDS, message)).encode(errors="replace")).hexdigest()[:32]
