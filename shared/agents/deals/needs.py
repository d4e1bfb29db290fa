"""What a deal's people need, heard message by message."""

from __future__ import annotations

import hashlib
from itertools import islice

from shared.agents.deals.books import get, note
from shared.agents.records import Records
from shared.domain.faults import Conflict
from shared.domain.names import Kind
from shared.domain.needs import MESSAGES, MOST, Heard, Message, Needs, Record, read, record
from shared.domain.scope import Scope
from shared.ports import Ports, Stale

_NEEDS = Records(Kind.NEEDS, Needs)


def hear(ports: Ports, scope: Scope, deal: str, by: str, heard: Heard) -> Record:
    """Keep a message and what it says. Raises Missing, and Conflict when there are too many."""
    get(ports, scope, deal)
    now, text = ports.clock.now(), heard.text.replace("\r\n", "\n")
    file = f"needs/{deal}/{hashlib.sha256(text.encode()).hexdigest()[:32]}.txt"
    ports.files.put(scope, file, text.encode())  # First: whoever is killed here has it, and sends it again.
    _begin(ports, scope, deal)

    def add(found: Needs) -> None:
        if len(found.messages) >= MESSAGES:
            raise Conflict("messages", f"{MESSAGES} messages are kept of one deal")
        id = len(found.messages) + 1
        room, said = MOST - len(found.statements), read(text, id)
        found.statements += islice(said, room)
        found.beyond += sum(1 for _ in said)
        made = Message(id=id, at=now, by=by, said_by=heard.said_by, characters=len(text), file=file)
        found.messages.append(made)
        found.changed_at = now

    after = _NEEDS.change(ports, scope, deal, add)
    note(ports, scope, deal, by, "heard", message=after.messages[-1].id)
    return record(after)


def needs_of(ports: Ports, scope: Scope, deal: str) -> Record:
    """The record as it stands; before anybody said anything it asks everything. Raises Missing."""
    get(ports, scope, deal)
    found = ports.documents.get(scope, Kind.NEEDS, deal)
    return record(Needs.model_validate(found.body) if found else Needs(id=deal, changed_at=ports.clock.now()))


def _begin(ports: Ports, scope: Scope, deal: str) -> None:
    if ports.documents.get(scope, Kind.NEEDS, deal) is None:
        made = Needs(id=deal, changed_at=ports.clock.now())
        try:
            ports.documents.put(scope, Kind.NEEDS, deal, made.model_dump(mode="json"))
        except Stale:  # somebody else began it just now
            return
