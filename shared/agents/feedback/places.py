"""Which message of ours news is about: by its signature, whoever says it (rule B3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from shared.agents.campaigns.rows import row_at
from shared.agents.effects import effect_of
from shared.agents.feedback.news import News
from shared.domain.address import effect_key
from shared.domain.campaign import Campaign
from shared.domain.links import Link, verify
from shared.domain.names import Kind
from shared.domain.opt_in import OptIn, asked_contact, opt_in_campaign
from shared.domain.returns import Returned, read_return
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import LedgerRow, Ports, RowRef

_TRIED = 20
"""Names that are looked at in one mail."""


class Sent(NamedTuple):
    """One message of ours: its row, and the attempt that the news is about."""

    scope: Scope
    row: LedgerRow
    attempt: int


def find_sent(ports: Ports, scopes: Sequence[Scope], news: News) -> Sent | None:
    """The message that the news is about; None if nothing in it was signed by this home for one of these scopes."""
    for name in news.names[:_TRIED]:
        said = read_return(name, scopes, ports.keys.link)
        ref = _planned(ports, said) if said else None
        if said and ref and (sent := _at(ports, said.scope, ref, said.attempt)):
            return sent
    for token in news.links[:_TRIED]:
        link = verify(token, "u", ports.keys.link)
        if link and link.scope in scopes:
            key = _effect(ports, link)
            if sent := _at(ports, link.scope, RowRef(link.campaign, link.shard, key), 0):
                return sent
    return next((sent for scope in scopes for id in news.ids[:_TRIED] if (sent := _handed(ports, scope, id))), None)


def _planned(ports: Ports, said: Returned) -> RowRef | None:
    """A message of a campaign; else the mail of a double opt-in request, whose name stands in the campaign's place."""
    found = ports.documents.get(said.scope, Kind.CAMPAIGN, said.campaign)
    if found and (ref := row_at(ports, said.scope, Campaign.model_validate(found.body), said.key)):
        return ref
    page = ports.documents.find(said.scope, Kind.OPT_IN, [Filter("asking", "eq", said.campaign)])
    for asked in (OptIn.model_validate(each.body) for each in page.documents):
        campaign = opt_in_campaign(asked.contact)
        key = effect_key(said.scope, campaign, str(asked.tries), "email", asked.person)
        if key.startswith(said.key):
            return RowRef(campaign, asked.tries, key)
    return None


def _effect(ports: Ports, link: Link) -> str:
    if asked_contact(link.campaign):
        return effect_key(link.scope, link.campaign, str(link.shard), "email", link.person)
    return effect_of(ports, link.scope, link.campaign, link.person, link.shard)


def _handed(ports: Ports, scope: Scope, id: str) -> Sent | None:
    """By the id that the provider gave it, as it was noted before it left."""
    found = ports.documents.get(scope, Kind.HANDED, id.lower())
    if found is None:
        return None
    body = found.body
    return _at(ports, scope, RowRef(body["campaign"], body["shard"], body["key"]), body["attempt"])


def _at(ports: Ports, scope: Scope, ref: RowRef, attempt: int) -> Sent | None:
    contact = asked_contact(ref.campaign)
    if contact and ports.documents.get(scope, Kind.OPT_IN, contact) is None:
        return None
    rows = ports.ledger.of_person(scope, [ref])
    return Sent(scope, rows[0], attempt or _last_that_left(rows[0])) if rows else None


def _last_that_left(row: LedgerRow) -> int:
    """What a name that serves all attempts means: the one that was taken, else the last that was tried."""
    if row.acceptances:
        return row.acceptances[-1]
    return row.attempt - 1 if row.state == "planned" and row.attempt > 1 else row.attempt
