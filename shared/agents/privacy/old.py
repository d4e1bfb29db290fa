"""What is old and proves no message: servers' words in the ledger, and evidence of consents of which others took the
place (rule G7)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from shared.agents.campaigns import manifest
from shared.agents.privacy.messages import with_words
from shared.agents.privacy.places import everything
from shared.agents.records import change
from shared.domain.campaign import ENDED, Campaign
from shared.domain.evidence import Declaration
from shared.domain.inquiry import mark_of
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import REDACTABLE, Body, LedgerRow, Ports, RowRef, Stale

SHARDS_A_RUN = 100
"""So many shards of a campaign, of at most 1,000 rows each, lose their words in one run; the rest does in the next."""
_LARGE_PAGE = 10
"""A declaration may speak of a thousand people."""
_NO = ("withdrawn", "limited")
"""Evidence of a "no" stays: it proves why nothing is sent."""


class Old(NamedTuple):
    """Something whose time is over, how much it is, and how it goes."""

    name: str
    remove: Callable[[], None]
    amount: int = 1


def words(ports: Ports, scope: Scope, before: datetime) -> Iterator[Old]:
    """Shards of campaigns that ended before. Their rows stay, with state, times, verdict and tries: they prove what was
    sent; what servers said, their ids of it and what the plan knew of the person goes."""
    for each in everything(ports, scope, Kind.CAMPAIGN, Filter("status", "in", list(ENDED))):
        campaign = Campaign.model_validate(each.body)
        if (campaign.last_due or campaign.created_at) >= before:
            continue
        shards = campaign.shards or manifest.shard_count(ports, scope, campaign.id)
        for shard in range(campaign.shards_without_words, min(shards, campaign.shards_without_words + SHARDS_A_RUN)):
            yield _shard(ports, scope, campaign.id, shard)


def _shard(ports: Ports, scope: Scope, campaign: str, shard: int) -> Old:
    tally = ports.ledger.tally(scope, campaign, shard)
    decided = sum(tally.get(state, 0) for state in REDACTABLE)
    return Old(f"{campaign}/{shard}", lambda: _forget(ports, scope, campaign, shard), decided)


def _forget(ports: Ports, scope: Scope, campaign: str, shard: int) -> None:
    for row in _rows(ports, scope, campaign, shard):
        if with_words(row):
            detail = row.detail if mark_of(row.detail) else None
            ports.ledger.redact(scope, RowRef(campaign, shard, row.key), detail)

    def next_shard(found: Campaign) -> None:
        found.shards_without_words = max(found.shards_without_words, shard + 1)

    change(ports, scope, campaign, next_shard)


def _rows(ports: Ports, scope: Scope, campaign: str, shard: int) -> Iterator[LedgerRow]:
    after = None
    while rows := ports.ledger.of_shard(scope, campaign, shard, after=after):
        yield from rows
        after = rows[-1].key


def evidence(ports: Ports, scope: Scope, before: datetime) -> Iterator[Old]:
    """What was on record until something else took its place before: the oldest first, so that the trail to what stays
    is never cut. A "no", and what the address book rests on, stays."""
    seen = set[tuple[str, str]]()
    for document in everything(ports, scope, Kind.CONSENT, page=_LARGE_PAGE):
        for contact, successor in _said(document.body):
            replaced = str(successor.get("before") or "")
            due = datetime.fromisoformat(successor["recorded_at"]) < before
            if replaced and due and (replaced, contact) not in seen and _may_go(ports, scope, replaced, contact):
                seen.add((replaced, contact))
                yield Old(
                    f"{replaced}/{contact}",
                    lambda id=replaced, contact=contact: _take_out(ports, scope, id, contact),  # type: ignore[misc]
                )


def _said(body: Body) -> Iterator[tuple[str, dict[str, Any]]]:
    """contact -> what a document of evidence says of them."""
    if "rows" in body:
        yield from ((contact, {**body["common"], **row}) for contact, row in body["rows"].items())
    else:
        yield body["contact"], body


def _may_go(ports: Ports, scope: Scope, id: str, contact: str) -> bool:
    found, book = ports.documents.get(scope, Kind.CONSENT, id), ports.documents.get(scope, Kind.CONTACT, contact)
    said = dict(_said(found.body)).get(contact) if found else None
    if said is None or book is None or said["status"] in _NO:
        return False
    on_record = {each.get("evidence") for each in book.body["consent"].values()}
    first = said.get("before")
    return id not in on_record and not (first and _holds(ports, scope, str(first), contact))


def _holds(ports: Ports, scope: Scope, id: str, contact: str) -> bool:
    found = ports.documents.get(scope, Kind.CONSENT, id)
    return found is not None and contact in dict(_said(found.body))


def _take_out(ports: Ports, scope: Scope, id: str, contact: str) -> None:
    """Their row of a file's declaration, or the document. What changed meanwhile is found by the next run."""
    found = ports.documents.get(scope, Kind.CONSENT, id)
    if found is None:
        return
    try:
        if "rows" not in found.body:
            ports.documents.delete(scope, Kind.CONSENT, id, found.rev)
            return
        kept = Declaration.model_validate(found.body)
        kept.rows.pop(contact, None)
        ports.documents.put(scope, Kind.CONSENT, id, kept.model_dump(mode="json"), found.rev)
    except Stale:
        return
