"""Drafts that rest on a document which is no longer there."""

from __future__ import annotations

from collections.abc import Iterator

from shared.agents.records import load
from shared.domain.draft import Draft, Finding, Severity
from shared.domain.faults import Missing
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Document, Ports, Stale

RULE = "source-deleted"


def flag_citing(ports: Ports, scope: Scope, document: str, title: str) -> int:
    """Mark every draft that cites the document; returns how many do. Before approval it is an error, which nobody can
    approve; what is approved already is warned about. Repeating it changes nothing."""
    citing = [each for each in _drafts(ports, scope) if _cites(each, document)]
    for each in citing:
        _flag(ports, scope, each, document, title)
    return len(citing)


def _flag(ports: Ports, scope: Scope, stored: Document, document: str, title: str) -> None:
    draft = Draft.model_validate(stored.body)
    reason = f"it rests on “{title}” ({document}), which was deleted from the knowledge base"
    if any(each.rule == RULE and each.reason == reason for each in draft.findings):
        return
    severity: Severity = "warning" if _is_approved(ports, scope, draft) else "error"
    draft.findings.append(Finding(severity=severity, rule=RULE, where="text", reason=reason))
    try:
        ports.documents.put(scope, Kind.DRAFT, stored.id, draft.model_dump(mode="json"), stored.rev)
    except Stale:
        newer = ports.documents.get(scope, Kind.DRAFT, stored.id)
        if newer is not None:
            _flag(ports, scope, newer, document, title)


def _is_approved(ports: Ports, scope: Scope, draft: Draft) -> bool:
    try:
        return load(ports, scope, draft.campaign).approved is not None
    except Missing:
        return False


def _cites(stored: Document, document: str) -> bool:
    return any(each["document"] == document for each in stored.body.get("citations", ()))


def _drafts(ports: Ports, scope: Scope) -> Iterator[Document]:
    cursor = None
    while True:
        page = ports.documents.find(scope, Kind.DRAFT, cursor=cursor)
        yield from page.documents
        cursor = page.cursor
        if cursor is None:
            return
