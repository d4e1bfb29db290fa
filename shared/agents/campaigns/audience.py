"""Who a segment means, as filters on contacts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from shared.agents.campaigns.certificate import rows
from shared.agents.records import load
from shared.domain.campaign import Campaign, Segment
from shared.domain.contact import Contact
from shared.domain.faults import FieldError, Rejected
from shared.domain.fields import check_query
from shared.domain.names import Kind
from shared.domain.own import own_channel
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Ports

_PAGE = 500
_BATCH = 100
_TAKEN = ("accepted", "delivered")


def audience_path(campaign: str, version: int) -> str:
    """Where the audience snapshot of one version lies: `<contact> <person>` a line, sorted."""
    return f"campaigns/{campaign}/audience-{version}.txt"


def filters_of(segment: Segment) -> list[Filter]:
    """The segment's conditions. Raises Rejected, naming each condition whose field or value cannot be."""
    filters, errors = [], []
    for n, condition in enumerate(segment.where or []):
        asked = Filter(condition.field, condition.op, condition.value)
        try:
            check_query(Kind.CONTACT, [asked], None)
        except ValueError as wrong:
            errors.append(FieldError(f"segment.where[{n}]", str(wrong)))
        filters.append(asked)
    if errors:
        raise Rejected(*errors)
    return filters


def members(ports: Ports, scope: Scope, segment: Segment) -> Iterator[Contact]:
    """Every contact that the segment matches, page by page."""
    if segment.own:
        yield own_channel(ports.keys.address)
        return
    if segment.received is not None:
        yield from _who_got(ports, scope, load(ports, scope, segment.received))
        return
    filters, cursor = filters_of(segment), None
    while True:
        page = ports.documents.find(scope, Kind.CONTACT, filters, limit=_PAGE, cursor=cursor)
        yield from (Contact.model_validate(document.body) for document in page.documents)
        cursor = page.cursor
        if cursor is None:
            return


def _who_got(ports: Ports, scope: Scope, campaign: Campaign) -> Iterator[Contact]:
    """Those of its recipients whose message was taken, as far as they are still in the address book."""
    got = (row.contact for row in rows(ports, scope, campaign.id, campaign.shards) if row.state in _TAKEN)
    while batch := list(islice(got, _BATCH)):
        yield from contacts_by_id(ports, scope, batch).values()


def contacts_by_id(ports: Ports, scope: Scope, ids: Sequence[str]) -> dict[str, Contact]:
    """The contacts that exist among these ids (≤ 100), in one read."""
    return {contact.id: contact for contact, _ in with_revisions(ports, scope, ids).values()}


def with_revisions(ports: Ports, scope: Scope, ids: Sequence[str]) -> dict[str, tuple[Contact, str]]:
    """As `contacts_by_id`, each with the revision that was read."""
    if not ids:
        return {}
    page = ports.documents.find(scope, Kind.CONTACT, [Filter("id", "in", list(ids))], limit=len(ids))
    return {found.id: (Contact.model_validate(found.body), found.rev) for found in page.documents}
