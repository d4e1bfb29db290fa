"""Homes and calls, to be looked at."""

from __future__ import annotations

from shared.agents.asking.homes import homes
from shared.domain.faults import FieldError, Rejected
from shared.domain.model_view import CallView, HomeView
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Order, Ports


def home_views(ports: Ports) -> list[HomeView]:
    """Every home that is configured, and how it does."""
    return [
        HomeView(
            name=home.name,
            model=ports.models[home.name].model,
            place=home.place,
            quality=home.quality,
            abilities=sorted(home.abilities),
            longest=home.longest,
            state=home.state,
            since=seen.since if seen else None,
            until=seen.until if seen else None,
            why=seen.why if seen else None,
        )
        for home, seen in homes(ports)
    ]


def calls(
    ports: Ports, scope: Scope, limit: int, cursor: str | None, campaign: str | None = None, unrecorded: bool = False
) -> tuple[list[CallView], str | None]:
    """Calls, the newest first, and the next cursor: of one campaign; those only of which one more may be paid.

    Raises Rejected for a cursor that is none."""
    filters = [Filter("at", "gt", "")]
    filters += [Filter("campaign", "eq", campaign)] if campaign else []
    filters += [Filter("unrecorded", "eq", True)] if unrecorded else []
    try:
        page = ports.documents.find(scope, Kind.TAPE, filters, Order("at", descending=True), limit, cursor)
    except ValueError as error:
        raise Rejected(FieldError("cursor", str(error))) from None
    return [CallView.model_validate(document.body) for document in page.documents], page.cursor
