"""Who bought, and with which message of theirs a click or an arrival lies before an order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from shared.agents.campaigns.audience import contacts_by_id
from shared.agents.campaigns.rows import row_at, rows_of_reader
from shared.agents.contacts.unsubscribe import contact_of
from shared.agents.effects import effect_of
from shared.domain.address import person_of
from shared.domain.campaign import Campaign
from shared.domain.conversion import (
    DELIVERED,
    Attribution,
    ConversionRow,
    Touch,
    Why,
    attributed,
    clicked_at,
)
from shared.domain.engagement import Engagement
from shared.domain.links import Link, verify
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import LedgerRow, Ports, RowRef

_PAGE = 100


class Buyer(NamedTuple):
    """A person as far as they are known: `click` is what their token says, `contact` whose entry it is."""

    person: str | None = None
    contact: str | None = None
    click: Link | None = None
    why: Why | None = None


class People:
    """The buyers of one batch of rows, read together."""

    def __init__(self, ports: Ports, scope: Scope, rows: Sequence[ConversionRow]) -> None:
        self._ports, self._scope = ports, scope
        self._clicks = {row.click: self._link(row.click) for row in rows if row.click}
        self._hashes = {row.email: person_of(row.email, ports.keys.address) for row in rows if row.email}
        persons = {*self._hashes.values(), *(each.person for each in self._clicks.values() if each)}
        self._contacts = _contacts(ports, scope, sorted(persons))
        ids = sorted({row.contact for row in rows if row.contact})
        self._named = contacts_by_id(ports, scope, ids)
        known = {*self._contacts, *(each.person for each in self._named.values())}
        self._engaged = _clicks(ports, scope, sorted(known))

    def buyer(self, row: ConversionRow) -> Buyer:
        """The first of click, contact and address that is known here."""
        link = self._clicks.get(row.click or "")
        if link:
            return Buyer(link.person, self._contacts.get(link.person), link)
        if row.contact and (found := self._named.get(row.contact)):
            return Buyer(found.person, found.id)
        if row.email and (contact := self._contacts.get(self._hashes[row.email])):
            return Buyer(self._hashes[row.email], contact)
        if row.contact or row.email:
            return Buyer(why="unknown_person")
        return Buyer(why="unknown_click" if row.click else "nobody_named")

    def clicks(self, buyer: Buyer, by: datetime) -> Iterator[Touch]:
        """Where they clicked before. Whoever brings the token of a click came by it, whatever counted it."""
        for each in self._engaged.get(buyer.person or "", ()):
            if at := clicked_at(each, by):
                yield Touch(at, each.campaign, each.key)
        if buyer.click:
            yield from self._of_token(buyer.click, by)

    def _of_token(self, link: Link, by: datetime) -> Iterator[Touch]:
        key = effect_of(self._ports, self._scope, link.campaign, link.person, link.shard)
        rows = self._ports.ledger.of_person(self._scope, [RowRef(link.campaign, link.shard, key)])
        seen = [
            each for each in self._engaged.get(link.person, ()) if (each.campaign, each.key) == (link.campaign, key)
        ]
        for row in rows:
            times = [*(each.first_at for each in seen), row.settled_at or row.due]
            yield Touch(min(by, times[0]), row.campaign, row.key)

    def _link(self, token: str) -> Link | None:
        found = verify(token, "c", self._ports.keys.link)
        return found if found and found.scope == self._scope else None


class Messages:
    """The campaigns that may have reached somebody lately; read once for all rows of a request."""

    def __init__(self, ports: Ports, scope: Scope) -> None:
        self._ports, self._scope = ports, scope
        self._campaigns: list[Campaign] | None = None

    def attribute(self, people: People, buyer: Buyer, at: datetime) -> Attribution:
        """To which message an order of this buyer, at that time, is attributed."""
        if buyer.why:
            return Attribution("none", why=buyer.why)
        found = attributed(people.clicks(buyer, at), (), at)
        if found.basis == "none" and buyer.person:
            found = attributed((), self._arrivals(buyer.person, at), at)
        return found

    def variant(self, found: Attribution) -> str | None:
        """Of the message that was found."""
        document = self._ports.documents.get(self._scope, Kind.CAMPAIGN, found.campaign) if found.campaign else None
        campaign = Campaign.model_validate(document.body) if document else None
        ref = campaign and found.key and row_at(self._ports, self._scope, campaign, found.key)
        rows = self._ports.ledger.of_person(self._scope, [ref]) if ref else []
        return rows[0].variant if rows else None

    def _arrivals(self, person: str, at: datetime) -> Iterator[Touch]:
        for each in self._of_late(at):
            refs = list(
                rows_of_reader(self._ports, self._scope, each, person, contact_of(self._ports, self._scope, person))
            )
            for row in self._ports.ledger.of_person(self._scope, refs):
                if when := _arrived(row):
                    yield Touch(when, row.campaign, row.key)

    def _of_late(self, at: datetime) -> Iterator[Campaign]:
        if self._campaigns is None:
            self._campaigns = list(_planned(self._ports, self._scope))
        for each in self._campaigns:
            first, last = each.first_due or each.created_at, each.last_due or (at if each.journey else None)
            if last and first <= at and last >= at - 2 * DELIVERED:
                yield each


def _arrived(row: LedgerRow) -> datetime | None:
    return row.settled_at or row.intended_at if row.state in ("accepted", "delivered") else None


def _contacts(ports: Ports, scope: Scope, persons: Sequence[str]) -> Mapping[str, str]:
    """person -> contact, of those in the address book."""
    if not persons:
        return {}
    page = ports.documents.find(scope, Kind.IDENTITY, [Filter("id", "in", list(persons))], limit=len(persons))
    return {each.id: str(each.body["contact"]) for each in page.documents}


def _clicks(ports: Ports, scope: Scope, persons: Sequence[str]) -> Mapping[str, list[Engagement]]:
    found: defaultdict[str, list[Engagement]] = defaultdict(list)
    asked, cursor = [Filter("person", "in", list(persons)), Filter("what", "eq", "click")], None
    while persons:
        page = ports.documents.find(scope, Kind.ENGAGEMENT, asked, limit=_PAGE, cursor=cursor)
        for each in page.documents:
            found[str(each.body["person"])].append(Engagement.model_validate(each.body))
        cursor = page.cursor
        if cursor is None:
            break
    return found


def _planned(ports: Ports, scope: Scope) -> Iterator[Campaign]:
    cursor = None
    while True:
        page = ports.documents.find(scope, Kind.CAMPAIGN, limit=_PAGE, cursor=cursor)
        yield from (Campaign.model_validate(each.body) for each in page.documents)
        cursor = page.cursor
        if cursor is None:
            return
