"""Campaigns that may wait for their sender's domain, or for a budget."""

from __future__ import annotations

from collections.abc import Iterator

from shared.domain.campaign import Campaign, Status, sender_domain
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Ports


def of_domain(ports: Ports, scope: Scope, domain: str) -> Iterator[Campaign]:
    """Those under way whose mail comes from this domain."""
    return (each for each in _in(ports, scope, "scheduled", "sending") if sender_domain(each.request) == domain)


def being_written(ports: Ports, scope: Scope) -> Iterator[Campaign]:
    """Those that ask models for something."""
    return _in(ports, scope, "generating")


def _in(ports: Ports, scope: Scope, *statuses: Status) -> Iterator[Campaign]:
    cursor = None
    while True:
        page = ports.documents.find(scope, Kind.CAMPAIGN, [Filter("status", "in", list(statuses))], cursor=cursor)
        yield from (Campaign.model_validate(document.body) for document in page.documents)
        cursor = page.cursor
        if cursor is None:
            return
