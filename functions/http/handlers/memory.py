"""What the agents of a domain remember, over HTTP."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from shared.access.call import Answer, Call, Listing
from shared.agents import memory
from shared.domain.agent import Domain
from shared.domain.faults import FieldError, Missing, Rejected
from shared.domain.memory import Key, Note, NoteRequest

_DOMAIN: TypeAdapter[Domain] = TypeAdapter(Domain)
_KEY: TypeAdapter[str] = TypeAdapter(Key)


class TakeBackRequest(BaseModel):
    """The version that is to hold again."""

    model_config = ConfigDict(extra="forbid")

    version: Annotated[int, Field(ge=1)]


def listing(call: Call) -> Answer[Listing[Note]]:
    """What holds now in a domain, by key, each note with its origin."""
    return Answer(Listing(items=memory.notes(call.ports, call.scope, _domain(call))))


def remember(call: Call, body: NoteRequest) -> Answer[Note]:
    """Write a note, in the place of what was there."""
    domain, key = _domain(call), _key(call)
    return Answer(memory.remember(call.ports, call.scope, call.principal, domain, key, body.text, body.why))


def forget(call: Call) -> Answer[Note]:
    """Let a note hold no more; its versions stay."""
    return Answer(memory.forget(call.ports, call.scope, call.principal, _domain(call), call.path["key"]))


def versions(call: Call) -> Answer[Listing[Note]]:
    """Every version of a note, the newest first: who wrote it, why, in which task."""
    return Answer(Listing(items=memory.versions(call.ports, call.scope, _domain(call), call.path["key"])))


def take_back(call: Call, body: TakeBackRequest) -> Answer[Note]:
    """What an earlier version said holds again."""
    domain, key = _domain(call), call.path["key"]
    return Answer(memory.take_back(call.ports, call.scope, call.principal, domain, key, body.version))


def _domain(call: Call) -> Domain:
    try:
        return _DOMAIN.validate_python(call.path["domain"])
    except ValidationError:
        raise Missing("domain", call.path["domain"]) from None


def _key(call: Call) -> str:
    try:
        return _KEY.validate_python(call.path["key"])
    except ValidationError:
        raise Rejected(FieldError("key", "must be small letters, digits and hyphens")) from None
