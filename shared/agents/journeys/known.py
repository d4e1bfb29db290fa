"""What is known of people whose time in a journey has come: read for all of them at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from shared.agents import facts
from shared.agents.journeys.events import ANSWERED
from shared.domain.address import effect_key
from shared.domain.contact import Contact
from shared.domain.deal import CLOSED
from shared.domain.event import stamp
from shared.domain.journey import If, Plan
from shared.domain.journey_steps import Stands
from shared.domain.journey_walk import Asked, Known, reactions_ahead
from shared.domain.names import Kind
from shared.domain.position import Position
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.domain.slots import zone
from shared.domain.suppression import holds, suppression_ids
from shared.ports import Ports

_MOST_IDS = 900
"""In one list: Cosmos DB takes a thousand."""
_CHANNEL = "email"


class Looked:
    """One look at a batch of people."""

    def __init__(self, ports: Ports, scope: Scope, plan: Plan, steps: Stands, positions: Sequence[Position]) -> None:
        self._ports, self._scope, self._plan, self._steps = ports, scope, plan, steps
        read = facts.people(ports, scope, [each.contact for each in positions])
        self.contacts = {id: known.contact for id, known in read.items() if known.contact}
        self.revs = {id: known.rev for id, known in read.items()}
        self._known: dict[str, Known] = {}
        self._default = zone(ports.timezone) or ZoneInfo("UTC")
        self._gone = self._opted_out() if "opt_out" in plan.stop_on else dict[str, str]()
        self._closed = self._deals_closed() if plan.enter.event else set[str]()
        self._reactions = self._reacted(positions)
        self._events = self._told(positions)

    def of(self, position: Position) -> Known:
        """What decides about one of them, as it was when it was read."""
        if position.contact not in self._known:
            self._known[position.contact] = self._of(position)
        return self._known[position.contact]

    def _of(self, position: Position) -> Known:
        contact = self.contacts.get(position.contact)
        own = zone(contact.timezone) if contact and contact.timezone else None
        return Known(
            contact,
            own or self._default,
            self._stop(position, contact),
            lambda asked: self._did(position, asked),
            self._since(position),
        )

    def _stop(self, position: Position, contact: Contact | None) -> str | None:
        if contact is None:
            return None
        if why := self._gone.get(contact.person):
            return why
        if contact.id in self._closed:
            return "deal_closed"
        if "reply" in self._plan.stop_on and self._answered(position):
            return "reply"
        return next((name for name in ("booking", "conversion") if self._stops(name, position)), None)

    def _answered(self, position: Position) -> bool:
        """One of its mails, or by another way since they came in."""
        by_mail = any(self._did(position, ("reply", mail)) for mail in position.had)
        return by_mail or (self._plan.enter.event != ANSWERED and ANSWERED in self._since(position))

    def _stops(self, name: str, position: Position) -> bool:
        return name in self._plan.stop_on and self._plan.enter.event != name and name in self._since(position)

    def _did(self, position: Position, asked: Asked) -> bool:
        what, mail = asked
        return bool(self._reactions) and mail in position.had and self._id(position, mail, what) in self._reactions

    def _id(self, position: Position, mail: str, what: str) -> str:
        campaign = position.had[mail]
        key = position.had_keys.get(mail) or effect_key(  # written by a version that did not keep it
            self._scope, campaign, str(position.entry), _CHANNEL, position.person
        )
        return f"{campaign}-{key}-{what}"

    def _reacted(self, positions: Sequence[Position]) -> set[str]:
        """Ids of reactions that people, not machines, had to the mails that decide here."""
        ids = [self._id(each, mail, what) for each in positions for what, mail in self._asked(each)]
        found = set()
        for first in range(0, len(ids), _MOST_IDS):
            some = ids[first : first + _MOST_IDS]
            page = self._ports.documents.find(self._scope, Kind.ENGAGEMENT, [Filter("id", "in", some)], limit=len(some))
            found |= {each.id for each in page.documents if each.body["human"]}
        return found

    def _asked(self, position: Position) -> Iterator[Asked]:
        if "reply" in self._plan.stop_on:
            yield from (("reply", mail) for mail in position.had)
        yield from (asked for asked in reactions_ahead(self._steps, position.step) if asked[1] in position.had)

    def _opted_out(self) -> dict[str, str]:
        """Whoever said no to this kind of message, or whose address bounced -> which of the two."""
        out = {each.person: "opt_out" for each in self.contacts.values() if _withdrawn(each)}
        asked = {id: each.person for each in self.contacts.values() for id in self._suppressions(each.person)}
        ids = list(asked)
        for first in range(0, len(ids), _MOST_IDS):
            some = ids[first : first + _MOST_IDS]
            page = self._ports.documents.find(
                self._scope.agency, Kind.SUPPRESSION, [Filter("id", "in", some)], limit=len(some)
            )
            for each in page.documents:
                if holds(each.body, self._scope.workspace, asked[each.id]):
                    bounced = str(each.body.get("reason", "")).startswith("bounced")
                    out.setdefault(asked[each.id], "bounce" if bounced else "opt_out")
        return out

    def _deals_closed(self) -> set[str]:
        """For whom this is the sequence of deals that are all won or lost by now."""
        stages: dict[str, set[bool]] = {}
        asked, cursor = [Filter("contact", "in", list(self.contacts))], None
        while self.contacts:
            page = self._ports.documents.find(self._scope, Kind.DEAL, asked, limit=_MOST_IDS, cursor=cursor)
            for deal in page.documents:
                if any(each["journey"] == self._plan.journey for each in deal.body.get("outreach", ())):
                    stages.setdefault(str(deal.body["contact"]), set()).add(deal.body["stage"] in CLOSED)
            if (cursor := page.cursor) is None:
                break
        return {contact for contact, closed in stages.items() if closed == {True}}

    def _suppressions(self, person: str) -> list[str]:
        return suppression_ids(person, _CHANNEL, self._plan.topic).present()

    def _told(self, positions: Sequence[Position]) -> Mapping[str, dict[str, str]]:
        """contact -> event -> when it was told of last."""
        names = {name for name in ("booking", "conversion") if name in self._plan.stop_on} | _questions(self._steps)
        names |= {ANSWERED} if "reply" in self._plan.stop_on else set()
        ids = [f"{each.contact}.{name}" for each in positions for name in names]
        found: dict[str, dict[str, str]] = {}
        for first in range(0, len(ids), _MOST_IDS):
            some = ids[first : first + _MOST_IDS]
            page = self._ports.documents.find(
                self._scope, Kind.JOURNEY_EVENT, [Filter("id", "in", some)], limit=len(some)
            )
            for each in page.documents:
                found.setdefault(each.body["contact"], {})[each.body["event"]] = each.body["last_at"]
        if "conversion" in names:
            self._bought(found)
        return found

    def _bought(self, found: dict[str, dict[str, str]]) -> None:
        """Orders that came in are conversions, too, whoever told of them."""
        people = {each.person: each.id for each in self.contacts.values()}
        asked, cursor = [Filter("person", "in", list(people))], None
        while people:
            page = self._ports.documents.find(self._scope, Kind.CONVERSION, asked, limit=_MOST_IDS, cursor=cursor)
            for each in page.documents:
                if each.body["what"] == "order":
                    at = stamp(datetime.fromisoformat(each.body["occurred_at"]))
                    events = found.setdefault(people[each.body["person"]], {})
                    events["conversion"] = max(at, events.get("conversion", ""))
            if (cursor := page.cursor) is None:
                return

    def _since(self, position: Position) -> set[str]:
        told = self._events.get(position.contact)
        entered = stamp(position.entered_at) if told else ""
        return {name for name, at in told.items() if at >= entered} if told else set()


def _questions(steps: Stands) -> set[str]:
    asked = [each.step.question.asked() for each in steps.values() if isinstance(each.step, If)]
    return {str(about) for what, about in asked if what == "event"}


def _withdrawn(contact: Contact) -> bool:
    said = contact.consent.get(_CHANNEL)
    return said is not None and said.status == "withdrawn"
