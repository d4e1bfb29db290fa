"""Mails whose words were changed while people were on their way: whoever had the old ones, or may have, does not get
the new (decision 43)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import uuid_utils

from shared.agents.campaigns.inquire import drafts
from shared.agents.distribute.composer import Composer
from shared.agents.distribute.window import LEASE, SIZE, Shard, recall
from shared.agents.journeys import books
from shared.agents.journeys.post import Mailing
from shared.agents.records import load
from shared.agents.unknown.again import leave_again
from shared.domain.address import effect_key
from shared.domain.faults import Missing
from shared.domain.journey_state import Journey
from shared.domain.position import Position, shard_of
from shared.domain.scope import Scope
from shared.ports import Claim, LedgerRow, PlannedRow, Ports, RowRef

CHANGED = "journey_changed"
_OPEN = ("planned", "intent", "submitted", "unknown")
_MARGIN = timedelta(hours=1)
"""Whoever's time came so long after a change was not taken on by a turn of the version before, whatever clocks say."""


def earlier(
    ports: Ports, scope: Scope, journey: Journey, mail: str, people: Sequence[Mailing], instance: str
) -> dict[str, LedgerRow]:
    """contact -> the row of somebody who had this mail by a campaign that it left by before, or may have. Everybody
    else has a row there that is held for good, so that no sender of an earlier version, however late, mails them.

    `people` are of one lane, as their positions are kept; somebody may be given under two addresses."""
    campaigns = journey.former.get(mail, ())
    asked = [each for each in people if campaigns and _from_before(journey, mail, each.position)]
    if asked and mail in journey.mails:
        mailed = _Mail(ports, scope, journey.mails[mail], instance).contacts(asked)
        asked = [each for each in asked if each.position.contact not in mailed]
    found: dict[str, LedgerRow] = {}
    for id in campaigns if asked else ():
        try:
            found |= _Mail(ports, scope, id, instance).closed(asked)
        except Missing:  # no longer on file, and so are its rows
            continue
    return found


def is_on_file(ports: Ports, scope: Scope, campaign: str, position: Position) -> bool:
    """They have a row in this campaign, under the address that their position names."""
    return bool(_Mail(ports, scope, campaign, "").contacts([Mailing(position, "")]))


def end_former(ports: Ports, scope: Scope, journey: Journey, counts: Mapping[str, int]) -> None:
    """A campaign by which a mail left before is over once nobody can be at it any more and each of its messages has an
    answer; `counts` say where people stand when nobody is due."""
    now = ports.clock.now()
    if journey.changed_at is None or now <= journey.changed_at + _MARGIN:
        return
    over = [ids for mail, ids in journey.former.items() if not counts.get(mail)]
    answered = [id for ids in over for id in ids if not any(map(ports.ledger.tally(scope, id).get, _OPEN))]
    books.end_mails(ports, scope, answered, now)


def _from_before(journey: Journey, mail: str, position: Position) -> bool:
    """A turn of an earlier version may have had them at this mail: it was their next step, and they were due."""
    if journey.changed_at is None or position.step != mail or position.next_at is None:
        return False
    return position.waits_at(mail) or position.next_at <= journey.changed_at + _MARGIN


class _Mail:
    """The rows of some people in one campaign."""

    def __init__(self, ports: Ports, scope: Scope, campaign: str, instance: str) -> None:
        self._ports, self._scope, self._campaign = ports, scope, load(ports, scope, campaign)
        self._owner = f"{instance}/{uuid_utils.uuid4().hex[:12]}"
        self._rounds = self._campaign.journey.rounds if self._campaign.journey else 1

    def contacts(self, people: Sequence[Mailing]) -> set[str]:
        """Those who have a row."""
        return {row.contact for row in self._rows([self._ref(each.position) for each in people])}

    def closed(self, people: Sequence[Mailing]) -> dict[str, LedgerRow]:
        """Hold for good whatever has not left; contact -> the row that is not so."""
        shards: dict[int, dict[RowRef, Mailing]] = {}
        for each in people:
            ref = self._ref(each.position)
            shards.setdefault(ref.shard, {})[ref] = each
        found: dict[str, LedgerRow] = {}
        for number, refs in shards.items():
            found |= self._close(number, refs)
        return found

    def _close(self, number: int, refs: Mapping[RowRef, Mailing]) -> dict[str, LedgerRow]:
        now = self._ports.clock.now()
        rows = self._rows(list(refs))
        if any(row.state in ("intent", "unknown", "submitted") for row in rows):
            self._settle(number)
        planned = [
            PlannedRow(ref.key, each.position.contact, each.position.person, "A", now, "journey", _facts(each))
            for ref, each in refs.items()
        ]
        self._ports.ledger.plan(self._scope, self._campaign.id, number, planned)
        waiting = [row for row in self._rows(list(refs)) if row.state == "planned"]
        for first in range(0, len(waiting), SIZE):
            self._hold(number, waiting[first : first + SIZE])
        return {row.contact: row for row in self._rows(list(refs)) if row.held != CHANGED}

    def _hold(self, number: int, rows: Sequence[LedgerRow]) -> None:
        claims = [Claim(row.key, row.attempt, "held", {"code": CHANGED}, CHANGED) for row in rows]
        now = self._ports.clock.now()
        self._ports.ledger.claim(self._scope, self._campaign.id, number, self._owner, claims, now, now + LEASE)

    def _settle(self, number: int) -> None:
        """A sender died with these open: its lease ends, and whoever could know is asked."""
        ports, scope, id = self._ports, self._scope, self._campaign.id
        ports.ledger.expire(scope, id, number, self._owner, ports.clock.now())
        composer = Composer(ports, scope, self._campaign, drafts(ports, scope, id))
        if recall(Shard(ports, scope, id, number, self._owner), self._campaign, composer.message):
            leave_again(ports, scope, self._campaign, [number])  # others of this shard may have gone on

    def _rows(self, refs: Sequence[RowRef]) -> list[LedgerRow]:
        return self._ports.ledger.of_person(self._scope, refs)

    def _ref(self, position: Position) -> RowRef:
        channel = self._campaign.request.channels[0]
        key = effect_key(self._scope, self._campaign.id, str(position.entry), channel, position.person)
        return RowRef(self._campaign.id, shard_of(position.contact, position.entry, self._rounds), key)


def _facts(mailing: Mailing) -> dict[str, object]:
    return {"zone": mailing.zone, "day": 1}
