"""Which message of ours news is about: by its signature, whoever says it (rule B3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from shared.agents.campaigns import manifest
from shared.agents.effects import effect_of
from shared.agents.feedback.news import News
from shared.domain.links import verify
from shared.domain.names import Kind
from shared.domain.returns import read_return
from shared.domain.scope import Scope
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
        ref = manifest.find(ports, said.scope, said.campaign, said.key) if said else None
        if said and ref and (sent := _at(ports, said.scope, ref, said.attempt)):
            return sent
    for token in news.links[:_TRIED]:
        link = verify(token, "u", ports.keys.link)
        if link and link.scope in scopes:
            key = effect_of(ports, link.scope, link.campaign, link.person)
            if sent := _at(ports, link.scope, RowRef(link.campaign, link.shard, key), 0):
                return sent
    return next((sent for scope in scopes for id in news.ids[:_TRIED] if (sent := _handed(ports, scope, id))), None)


def _handed(ports: Ports, scope: Scope, id: str) -> Sent | None:
    """By the id that the provider gave it, as it was noted before it left."""
    found = ports.documents.get(scope, Kind.HANDED, id.lower())
    if found is None:
        return None
    body = found.body
    return _at(ports, scope, RowRef(body["campaign"], body["shard"], body["key"]), body["attempt"])


def _at(ports: Ports, scope: Scope, ref: RowRef, attempt: int) -> Sent | None:
    rows = ports.ledger.of_person(scope, [ref])
    return Sent(scope, rows[0], attempt or _last_that_left(rows[0])) if rows else None


def _last_that_left(row: LedgerRow) -> int:
    """What a name that serves all attempts means: the one that was taken, else the last that was tried."""
    if row.acceptances:
        return row.acceptances[-1]
    return row.attempt - 1 if row.state == "planned" and row.attempt > 1 else row.attempt
