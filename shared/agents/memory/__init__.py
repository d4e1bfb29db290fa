"""The shared memory of each domain: privileged, logged, reversible (rule L7). `now:<domain>:<key>` is what holds,
`was:<domain>:<key>:<n>` every version."""

from __future__ import annotations

from shared.domain.agent import Domain
from shared.domain.faults import Conflict, FieldError, Missing, Rejected
from shared.domain.memory import Note
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Ports, Stale, Write

MOST = 500
"""Notes of one domain."""
STREAM = "memory"


def notes(ports: Ports, scope: Scope, domain: Domain) -> list[Note]:
    """What holds now, by key."""
    found = ports.documents.find(scope, Kind.MEMORY, [Filter("id", "prefix", f"now:{domain}:")], limit=MOST).documents
    return [note for each in found if (note := Note.model_validate(each.body)).text is not None]


def versions(ports: Ports, scope: Scope, domain: Domain, key: str) -> list[Note]:
    """Every version of a note, the newest first. Raises Missing."""
    page = ports.documents.find(scope, Kind.MEMORY, [Filter("id", "prefix", f"was:{domain}:{key}:")], limit=1000)
    found = [Note.model_validate(each.body) for each in page.documents]
    if not found:
        raise Missing("note", key)
    return found[::-1]


def remember(
    ports: Ports, scope: Scope, by: str, domain: Domain, key: str, text: str, why: str, cause: str | None = None
) -> Note:
    """Write a note, in the place of what was there. Raises Conflict if somebody else just wrote it, Rejected if the
    domain has no room."""
    if len(notes(ports, scope, domain)) >= MOST:
        raise Rejected(FieldError("key", f"the memory of {domain} holds at most {MOST} notes"))
    return _write(ports, scope, by, domain, key, text, why, cause)


def forget(ports: Ports, scope: Scope, by: str, domain: Domain, key: str) -> Note:
    """Let it hold no more; its versions stay, and it can be taken back. Raises Missing."""
    versions(ports, scope, domain, key)
    return _write(ports, scope, by, domain, key, None, "forgotten", None)


def take_back(ports: Ports, scope: Scope, by: str, domain: Domain, key: str, version: int) -> Note:
    """What an earlier version said holds again. Raises Missing."""
    for each in versions(ports, scope, domain, key):
        if each.version == version:
            return _write(ports, scope, by, domain, key, each.text, f"back to version {version}", None)
    raise Missing("version", str(version))


def _write(
    ports: Ports, scope: Scope, by: str, domain: Domain, key: str, text: str | None, why: str, cause: str | None
) -> Note:
    found = ports.documents.get(scope, Kind.MEMORY, f"now:{domain}:{key}")
    before = Note.model_validate(found.body) if found else None
    if before and cause and before.cause == cause and before.text == text:
        return before  # A retried activity wrote it already.
    version = before.version + 1 if before else 1
    note = Note(domain=domain, key=key, version=version, text=text, by=by, why=why, cause=cause, at=ports.clock.now())
    body = note.model_dump(mode="json")
    now = Write(f"now:{domain}:{key}", body, found.rev if found else None)
    try:
        ports.documents.batch(scope, Kind.MEMORY, [now, Write(f"was:{domain}:{key}:{version:06}", body)])
    except Stale:
        raise Conflict("note", "somebody else has just changed it; look at it again") from None
    data = {"domain": domain, "key": key, "version": version, "cause": cause}
    ports.journal.append(scope, STREAM, ports.clock.now(), by, "remembered" if text else "forgotten", data)
    return note
