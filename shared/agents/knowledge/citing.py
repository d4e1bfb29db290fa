"""Drafts and pieces that rest on a document which is no longer there."""

from __future__ import annotations

from collections.abc import Iterator

from shared.agents.records import Records, load
from shared.domain.draft import Draft, Finding, Severity
from shared.domain.faults import Missing
from shared.domain.names import Kind
from shared.domain.piece import Piece, PieceText, Plan
from shared.domain.scope import Scope
from shared.ports import Document, Ports, Stale

RULE = "source-deleted"
_PIECES = Records(Kind.PIECE, Piece)


def flag_citing(ports: Ports, scope: Scope, document: str, title: str) -> int:
    """Mark every draft, and every text of a piece, that cites the document; returns how many do. Before approval it is
    an error, which nobody can approve; what is approved already is warned about. What a plan that is not yet written
    quotes from it is left out. Repeating it changes nothing."""
    citing = [each for each in _all(ports, scope, Kind.DRAFT) if _cites(each, document)]
    for each in citing:
        _flag(ports, scope, each, document, title)
    return len(citing) + _flag_pieces(ports, scope, document, title)


def _flag(ports: Ports, scope: Scope, stored: Document, document: str, title: str) -> None:
    draft = Draft.model_validate(stored.body)
    severity: Severity = "warning" if _is_approved(ports, scope, draft) else "error"
    finding = _finding(severity, document, title)
    if _has(draft.findings, finding):
        return
    flagged = {**stored.body, "findings": [*stored.body.get("findings", []), finding.model_dump(mode="json")]}
    try:
        ports.documents.put(scope, Kind.DRAFT, stored.id, flagged, stored.rev)
    except Stale:
        newer = ports.documents.get(scope, Kind.DRAFT, stored.id)
        if newer is not None:
            _flag(ports, scope, newer, document, title)


def _flag_pieces(ports: Ports, scope: Scope, document: str, title: str) -> int:
    def flag(piece: Piece) -> None:
        finding = _finding("warning" if piece.status == "approved" else "error", document, title)
        for text in _citing(piece, document):
            if not _has(text.findings, finding):
                text.findings.append(finding)
        if piece.plan and piece.status in ("awaiting_plan", "writing"):
            piece.plan = _without(piece.plan, document)

    found = 0
    for stored in _all(ports, scope, Kind.PIECE):
        citing = len(_citing(Piece.model_validate(stored.body), document))
        quoted = any(
            f"passage:{document}:" in point["source"] for point in (stored.body["plan"] or {}).get("points", ())
        )
        if citing or quoted:
            _PIECES.change(ports, scope, stored.id, flag)
            found += citing
    return found


def _citing(piece: Piece, document: str) -> list[PieceText]:
    return [text for text in piece.texts if any(each.document == document for each in text.citations)]


def _without(plan: Plan, document: str) -> Plan:
    kept = [point for point in plan.points if not point.source.startswith(f"passage:{document}:")]
    gone = [" ".join(point.text.split())[:200] for point in plan.points if point not in kept]
    return plan.model_copy(update={"points": kept, "left_out": [*plan.left_out, *gone]})


def _finding(severity: Severity, document: str, title: str) -> Finding:
    reason = f"it rests on “{title}” ({document}), which was deleted from the knowledge base"
    return Finding(severity=severity, rule=RULE, where="text", reason=reason)


def _has(findings: list[Finding], finding: Finding) -> bool:
    return any(each.rule == RULE and each.reason == finding.reason for each in findings)


def _is_approved(ports: Ports, scope: Scope, draft: Draft) -> bool:
    try:
        return load(ports, scope, draft.campaign).approved is not None
    except Missing:
        return False


def _cites(stored: Document, document: str) -> bool:
    return any(each["document"] == document for each in stored.body.get("citations", ()))


def _all(ports: Ports, scope: Scope, kind: Kind) -> Iterator[Document]:
    cursor = None
    while True:
        page = ports.documents.find(scope, kind, cursor=cursor)
        yield from page.documents
        cursor = page.cursor
        if cursor is None:
            return
