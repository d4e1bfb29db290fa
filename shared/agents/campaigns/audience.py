"""Who a segment means, as filters on contacts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from shared.agents.campaigns.certificate import rows
from shared.agents.lines import lines
from shared.agents.records import load
from shared.domain.campaign import Campaign, Segment, Who
from shared.domain.contact import Contact
from shared.domain.engagement import engagement_id
from shared.domain.faults import FieldError, Rejected
from shared.domain.fields import check_query
from shared.domain.names import Kind
from shared.domain.own import own_channel
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import LedgerRow, Ports

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
    if segment.again:
        yield from _again(ports, scope, load(ports, scope, segment.again.campaign), segment.again.who)
        return
    filters, cursor = filters_of(segment), None
    while True:
        page = ports.documents.find(scope, Kind.CONTACT, filters, limit=_PAGE, cursor=cursor)
        yield from (Contact.model_validate(document.body) for document in page.documents)
        cursor = page.cursor
        if cursor is None:
            return


def _again(ports: Ports, scope: Scope, campaign: Campaign, who: Who) -> Iterator[Contact]:
    """Some of the people of an earlier campaign, as far as they are still in the address book."""
    if who == "new_since":
        yield from _new_since(ports, scope, campaign)
        return
    every = rows(ports, scope, campaign.id, campaign.shards)
    found = (row for row in every if (row.state in _TAKEN) == (who == "did_not_click") and _certain(row))
    while batch := list(islice(found, _BATCH)):
        clicked = _clicked(ports, scope, batch) if who == "did_not_click" else frozenset()
        yield from contacts_by_id(ports, scope, [row.contact for row in batch if row.key not in clicked]).values()


def _certain(row: LedgerRow) -> bool:
    """Did they get it, or did they not, and not because they were held out to compare with?"""
    return row.state in _TAKEN or row.state == "failed" or (row.state == "held" and row.held != "holdout")


def _clicked(ports: Ports, scope: Scope, batch: Sequence[LedgerRow]) -> frozenset[str]:
    """The keys of those who followed a link themselves."""
    ids = [engagement_id(row.campaign, row.key, "click") for row in batch]
    page = ports.documents.find(scope, Kind.ENGAGEMENT, [Filter("id", "in", ids)], limit=len(ids))
    return frozenset(str(each.body["key"]) for each in page.documents if each.body["human"])


def _new_since(ports: Ports, scope: Scope, campaign: Campaign) -> Iterator[Contact]:
    """Its segment now, without those whom its approval sealed: both run by id, so memory stays flat."""
    path = audience_path(campaign.id, campaign.version)
    if ports.files.size(scope, path) is None:
        return
    known = (line.decode().split()[0] for line in lines(ports, scope, path))
    then = next(known, None)
    for each in _by_id(ports, scope, campaign.request.segment):
        while then is not None and then < each.id:
            then = next(known, None)
        if each.id != then:
            yield each


def _by_id(ports: Ports, scope: Scope, segment: Segment) -> Iterable[Contact]:
    """Members in the order of their ids; who is told from a ledger comes in another, and is no more than its plan."""
    found = members(ports, scope, segment)
    return sorted(found, key=lambda each: each.id) if segment.received or segment.again else found


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
