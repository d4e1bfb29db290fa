"""What awaits a decision."""

from __future__ import annotations

from shared.agents.campaigns.inquire import approval
from shared.domain.approval import Approval
from shared.domain.faults import FieldError, Rejected
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Order, Ports


def waiting(ports: Ports, scope: Scope, limit: int, cursor: str | None = None) -> tuple[list[Approval], str | None]:
    """One page of the questions that campaigns have put, oldest campaign first. Raises Rejected for a wrong cursor."""
    asked = [Filter("status", "eq", "awaiting_approval")]
    try:
        page = ports.documents.find(scope, Kind.CAMPAIGN, asked, Order("created_at"), limit, cursor)
    except ValueError as error:
        raise Rejected(FieldError("cursor", str(error))) from None
    found = (approval(ports, scope, document.id) for document in page.documents)
    return [each for each in found if each and each.decision is None], page.cursor
