"""Deleting a document: it answers nothing from the first write on; then what is left of it goes."""

from __future__ import annotations

from shared.agents.knowledge.citing import flag_citing
from shared.agents.knowledge.shelf import BOOK, STREAM, drop_files
from shared.domain.knowledge import KnowledgeDocument
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Ports


def remove(ports: Ports, scope: Scope, by: str, id: str) -> int:
    """Delete a document with its versions, files and passages; returns how many drafts cite it, all of them flagged.
    Should it die in between, asking again or the sweep goes on. Raises Missing."""

    def leave(found: KnowledgeDocument) -> None:
        found.status = "deleting"

    found = BOOK.change(ports, scope, id, leave)
    ports.journal.append(scope, STREAM, ports.clock.now(), by, "deleted", {"document": id})
    return finish(ports, scope, found)


def finish(ports: Ports, scope: Scope, found: KnowledgeDocument) -> int:
    """Everything that a deleted document leaves behind; returns how many drafts cite it."""
    flagged = flag_citing(ports, scope, found.id, found.title)
    ports.knowledge.drop(scope, found.id)
    drop_files(ports, scope, found.id)
    ports.documents.delete(scope, Kind.KNOWLEDGE, found.id)
    return flagged
