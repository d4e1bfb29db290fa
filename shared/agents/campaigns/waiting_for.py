"""Campaigns that may wait for their sender's domain."""

from __future__ import annotations

from collections.abc import Iterator

from shared.domain.campaign import Campaign, sender_domain
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Ports


def of_domain(ports: Ports, scope: Scope, domain: str) -> Iterator[Campaign]:
    """Those under way whose mail comes from this domain."""
    cursor = None
    while True:
        under_way = [Filter("status", "in", ["scheduled", "sending"])]
        page = ports.documents.find(scope, Kind.CAMPAIGN, under_way, cursor=cursor)
        found = (Campaign.model_validate(document.body) for document in page.documents)
        yield from (each for each in found if sender_domain(each.request) == domain)
        cursor = page.cursor
        if cursor is None:
            return
