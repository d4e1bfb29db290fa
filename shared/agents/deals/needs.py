"""What a deal's people need, heard message by message."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from shared.agents import journeys
from shared.agents.deals.books import get, note
from shared.agents.records import Records
from shared.domain import needs_reading
from shared.domain.faults import Conflict, FieldError, Missing, Rejected
from shared.domain.names import Kind
from shared.domain.needs import (
    LONGEST,
    MESSAGES,
    MOST,
    OF_ASKING,
    OF_CLIENTS,
    Given,
    Heard,
    Message,
    Needs,
    Record,
    Statement,
    Via,
)
from shared.domain.needs_record import record, settled_by
from shared.domain.quoted import printable
from shared.domain.scope import Scope
from shared.ports import Ports, Stale

NEEDS = Records(Kind.NEEDS, Needs)


class Reply(NamedTuple):
    """The answer to one question, and where in the text it stands."""

    question: str
    text: str
    topic: str
    start: int
    end: int


class Said(NamedTuple):
    """A message on its way in. `own`: the text with what is not theirs blanked; `asking`: the questions it answers."""

    text: str
    own: str
    by: str
    said_by: str = ""
    via: Via = "person"
    asking: str = ""
    replies: Sequence[Reply] = ()


def hear(ports: Ports, scope: Scope, deal: str, by: str, heard: Heard) -> Record:
    """Keep a message and what it says. Raises Missing, Rejected for a question that is not open, and Conflict when
    there are too many."""
    get(ports, scope, deal)
    text = heard.text.replace("\r\n", "\n")
    replies = [_reply(ports, scope, deal, heard.question, text)] if heard.question else []
    return take_in(ports, scope, deal, Said(text, text, by, heard.said_by, replies=replies))


def needs_of(ports: Ports, scope: Scope, deal: str) -> Record:
    """The record as it stands; before anybody said anything it asks everything. Raises Missing."""
    get(ports, scope, deal)
    return record(kept(ports, scope, deal), ports.clock.now().date())


def kept(ports: Ports, scope: Scope, deal: str) -> Needs:
    """The document, or what it would begin as."""
    found = ports.documents.get(scope, Kind.NEEDS, deal)
    return Needs.model_validate(found.body) if found else Needs(id=deal, changed_at=ports.clock.now())


def text_of(ports: Ports, scope: Scope, deal: str, message: int) -> tuple[Message, str]:
    """A message and its text as it came, in which every quotation of it stands at its place. Raises Missing."""
    get(ports, scope, deal)
    found = next((each for each in kept(ports, scope, deal).messages if each.id == message), None)
    if found is None:
        raise Missing("message", str(message))
    return found, ports.files.get(scope, found.file).decode()


def begin(ports: Ports, scope: Scope, deal: str) -> None:
    """See to it that there is a document to be changed."""
    if ports.documents.get(scope, Kind.NEEDS, deal) is None:
        made = Needs(id=deal, changed_at=ports.clock.now())
        try:
            ports.documents.put(scope, Kind.NEEDS, deal, made.model_dump(mode="json"))
        except Stale:  # somebody else began it just now
            return


def take_in(ports: Ports, scope: Scope, deal: str, said: Said) -> Record:
    """Keep it once: the same answer to the same questions is one message, however often it arrives. What the client
    wrote ends the sequences that an answer ends. Raises Conflict when there are too many."""
    now, text = ports.clock.now(), printable(said.text[:LONGEST])
    file = f"needs/{deal}/{hashlib.sha256(text.encode()).hexdigest()[:32]}.txt"
    before = kept(ports, scope, deal)
    if _has(before, said, file):
        return record(before, now.date())
    if said.by == "client":
        journeys.answered(ports, scope, get(ports, scope, deal).contact)
    _check_room(before, said)
    ports.files.put(scope, file, text.encode())  # First: whoever is killed here has it, and sends it again.
    begin(ports, scope, deal)

    def add(found: Needs) -> None:
        if _has(found, said, file):
            return
        _check_room(found, said)
        made = Message(
            id=len(found.messages) + 1, at=now, by=said.by, said_by=said.said_by, via=said.via, asking=said.asking,
            characters=len(text), cut=len(said.text) - len(text), foreign=_foreign(text, said.own), file=file,
            by_model=0 if said.own.strip() and _may_be_read(ports) else None,
        )  # fmt: skip
        found.messages.append(made)
        _read(found, said, text, made.id)
        found.waits = found.is_waiting()
        found.changed_at = now
        for each in found.askings:
            if each.id == said.asking and said.by == "client":
                each.answered_at = now

    after = NEEDS.change(ports, scope, deal, add)
    if len(after.messages) > len(before.messages):
        note(ports, scope, deal, said.by, "heard", message=after.messages[-1].id)
    return record(after, now.date())


def _has(found: Needs, said: Said, file: str) -> bool:
    return bool(said.asking) and any((each.file, each.asking) == (file, said.asking) for each in found.messages)


def _check_room(found: Needs, said: Said) -> None:
    """Before anything of it is kept. Raises Conflict."""
    if len(found.messages) >= MESSAGES:
        raise Conflict("messages", f"{MESSAGES} messages are kept of one deal")
    if not said.asking:
        return
    if sum(each.asking == said.asking for each in found.messages) >= OF_ASKING:
        raise Conflict("messages", f"{OF_ASKING} answers are kept to the same questions")
    if sum(bool(each.asking) for each in found.messages) >= OF_CLIENTS:
        raise Conflict("messages", f"{OF_CLIENTS} answers are kept of one deal")


def _read(found: Needs, said: Said, text: str, message: int) -> None:
    own, replies = printable(said.own[:LONGEST]), [each for each in said.replies if each.end <= len(text)]
    given = [
        needs_reading.answer(own, each.start, each.end, message, each.topic, settled_by(each.question))
        for each in replies
        if each.topic
    ]
    rest = (each for each in needs_reading.read(own, message) if not _is_in(each, given))
    add_statements(found, [*given, *rest])
    found.answers += [
        Given(question=each.question, text=each.text, message=message, start=each.start, end=each.end)
        for each in replies
        if each.question not in found.answered()
    ]


def add_statements(found: Needs, said: Sequence[Statement]) -> None:
    """As many as are kept; the others are counted."""
    room = max(0, MOST - len(found.statements))
    found.statements += islice(said, room)
    found.beyond += len(said[room:])


def _is_in(statement: Statement, given: Sequence[Statement]) -> bool:
    """Is it what an answer says anyway?"""
    return any(
        each.start <= statement.start and statement.end <= each.end and statement.topic == each.topic for each in given
    )


def _may_be_read(ports: Ports) -> bool:
    """Is there a model that reads what anybody wrote?"""
    return any(each.tasks is None and "structure" in each.abilities for each in ports.models.values())


def _foreign(text: str, own: str) -> int:
    return sum(1 for one, other in zip(text, own, strict=False) if one != other)


def _reply(ports: Ports, scope: Scope, deal: str, question: str, text: str) -> Reply:
    open: Iterator[Reply] = (
        Reply(each.id, each.text, each.topic, len(text) - len(text.lstrip()), len(text.rstrip()))
        for each in needs_of(ports, scope, deal).questions
        if each.id == question
    )
    found = next(open, None)
    if found is None:
        raise Rejected(FieldError("question", f"{question!r} is not open"))
    return found
