"""Webhooks come again until they are answered: what was taken is remembered longer than anyone repeats (rule B5)."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Ports, Stale, Write

REMEMBERED = timedelta(days=7)
"""Providers give up after three days."""
LISTED = timedelta(days=90)
"""So long the list of what came in goes back; what it moved stays."""
_AT_ONCE = 100


def was_taken(ports: Ports, scope: Scope, source: str, id: str) -> bool:
    """Was this event taken already?"""
    return ports.documents.get(scope, Kind.RECEIVED, _name(source, id)) is not None


def note_taken(ports: Ports, scope: Scope, source: str, id: str) -> None:
    """It was taken, whole: to be said after everything that it moved, so that a kill before repeats it."""
    try:
        ports.documents.put(scope, Kind.RECEIVED, _name(source, id), {"at": ports.clock.now().isoformat()})
    except Stale:
        return


def forget(ports: Ports, scope: Scope) -> int:
    """Drop what is older than anyone's repetitions; returns how many."""
    dropped, now = 0, ports.clock.now()
    for kind, kept in ((Kind.RECEIVED, REMEMBERED), (Kind.HANDED, REMEMBERED), (Kind.FEEDBACK, LISTED)):
        before = [Filter("at", "lt", (now - kept).isoformat())]
        while old := ports.documents.find(scope, kind, before, limit=_AT_ONCE).documents:
            ports.documents.batch(scope, kind, [Write(each.id, None, "*") for each in old])
            dropped += len(old)
    return dropped


def _name(source: str, id: str) -> str:
    return hashlib.sha256(f"{source}|{id}".encode(errors="replace")).hexdigest()
