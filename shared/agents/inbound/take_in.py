"""What was written becomes a contact, a lead and a deal. Each step can be done again: the ids follow from it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta

from shared.agents import deals, house, qualify
from shared.agents.contacts import opt_in
from shared.agents.contacts.enter import enter
from shared.agents.distribute.alone import Letter, send_alone
from shared.agents.inbound.settings import read
from shared.agents.records import Records
from shared.domain.contact import Contact
from shared.domain.deal import CLOSED, Deal, DealRequest
from shared.domain.faults import Conflict, Missing
from shared.domain.inbound import Agreed, Confirmation, Inbound
from shared.domain.lead import Lead, LeadRequest, lead_id
from shared.domain.names import Kind
from shared.domain.opt_in import OptInRequest
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Ports
from shared.render.inbound_notice import inbound_notice

INBOUND = Records(Kind.INBOUND, Inbound)
STREAM = "inbound"
BY = "inbound"
"""Who does what nobody of the agency did."""
_SOURCES = {"form": "wrote by the form", "system": "wrote by the form", "mail": "wrote a mail"}
_FREE = frozenset(
    (
        *(
            "gmail.com",
            "googlemail.com",
            "outlook.com",
            "outlook.de",
            "hotmail.com",
            "hotmail.de",
            "live.com",
            "live.de",
        ),
        *("msn.com", "yahoo.com", "yahoo.de", "ymail.com", "icloud.com", "me.com", "mac.com", "aol.com", "mail.com"),
        *("gmx.de", "gmx.net", "gmx.com", "gmx.at", "gmx.ch", "web.de", "t-online.de", "freenet.de", "mail.de"),
        *("posteo.de", "mailbox.org", "proton.me", "protonmail.com", "yandex.com", "mail.ru", "qq.com", "163.com"),
    )
)
"""Where private people have their mail: such a domain names no company."""
_OPEN, _LEFT = ("planned", "intent", "submitted", "unknown"), ("accepted", "delivered")
"""Of a row: whether the mail left is not known yet; it did."""
_LEFT_ALONE = timedelta(minutes=2)
_TRIED = timedelta(days=1)
_MOST = 100


def take_in(ports: Ports, scope: Scope, id: str) -> Inbound:
    """A contact, a lead, and a deal that stands at new; or, of whom a deal is open, its thread. Raises Missing."""
    said = INBOUND.load(ports, scope, id)
    first, _, last = said.name.rpartition(" ")
    person = enter(
        ports, scope, said.email, _SOURCES[said.way], first_name=first or last, last_name=last if first else None,
        company=said.company, phone=said.phone,
    )  # fmt: skip
    agreed = _ask_to_confirm(ports, scope, said, person)
    deal = _deal(ports, scope, said, person)

    def put(found: Inbound) -> None:
        found.state, found.contact, found.deal, found.agreed = "taken_in", person.id, deal.id, agreed or found.agreed
        found.lead = deal.lead
        found.known_lead = found.known_lead if found.known_lead != deal.lead else ""
        if found.agreed == "asked":
            found.confirmation = "none"  # the mail that asks them to confirm is the one that they get

    made = INBOUND.change(ports, scope, id, put)
    note(ports, scope, id, "taken_in", deal.id)
    return made


def open_deal(ports: Ports, scope: Scope, contact: str) -> Deal | None:
    """The deal with this person that is neither won nor lost, the newest."""
    page = ports.documents.find(scope, Kind.DEAL, [Filter("contact", "eq", contact)], limit=_MOST)
    found = [Deal.model_validate(each.body) for each in page.documents]
    return max((each for each in found if each.stage not in CLOSED), key=lambda each: each.changed_at, default=None)


def look_after(ports: Ports, scope: Scope) -> None:
    """Go on with what a kill left, and let confirmations leave: at most one a day to an address."""
    now = ports.clock.now()
    for each in _every(ports, scope, Filter("state", "eq", "received")):
        if now - each.at > _LEFT_ALONE:
            take_in(ports, scope, each.id)
    for each in _every(ports, scope, Filter("confirmation", "eq", "due")):
        if each.state == "taken_in":
            _confirm(ports, scope, each, now)


def note(ports: Ports, scope: Scope, id: str, what: str, of: str) -> None:
    """One fact in the journal: ids and codes only."""
    ports.journal.append(scope, STREAM, ports.clock.now(), BY, what, {"inbound": id, "of": of})


def _lead(ports: Ports, scope: Scope, said: Inbound) -> Lead | None:
    """The lead that they become; None: they say that they are from one that was known before. Anybody can say that."""
    wanted = _wanted(said)
    before = qualify.met(ports, scope, wanted)
    if before and _is_theirs(ports, scope, said, before):
        return before
    if before is None:
        id = lead_id(wanted.website, wanted.name)
        INBOUND.change(ports, scope, said.id, lambda found: setattr(found, "lead", id))
        if made := qualify.add_unknown(ports, scope, BY, wanted):
            return made
        before = qualify.met(ports, scope, wanted)
    known = before.id if before else ""
    INBOUND.change(ports, scope, said.id, lambda found: setattr(found, "known_lead", known))
    return None


def _is_theirs(ports: Ports, scope: Scope, said: Inbound, lead: Lead) -> bool:
    """Did they become it, by this message (whoever was killed goes on) or by another?"""
    page = ports.documents.find(scope, Kind.INBOUND, [Filter("person", "eq", said.person)], limit=_MOST)
    return lead.created_by == BY and any(each.body["lead"] == lead.id for each in page.documents)


def _wanted(said: Inbound) -> LeadRequest:
    domain = said.email.rpartition("@")[2]
    website = said.website or (domain if domain not in _FREE else "")
    name = said.company or (None if website else said.name)
    request = {"name": name, "website": website or None, "source": f"{_SOURCES[said.way]}, {said.at:%Y-%m-%d}"}
    try:
        return LeadRequest.model_validate({key: value for key, value in request.items() if value})
    except ValueError:  # a domain that is none
        return LeadRequest(name=name or said.name, source=str(request["source"]))


def _deal(ports: Ports, scope: Scope, said: Inbound, person: Contact) -> Deal:
    """The one that is open with them, or one that begins."""
    deal = open_deal(ports, scope, person.id) or _begun(ports, scope, said, person)
    if deal.lead and deal.created_by == BY:
        with suppress(Conflict, Missing):  # it is another workspace's, and says so itself
            if qualify.get(ports, scope, deal.lead).deal is None:  # whoever began it was killed
                qualify.converted(ports, scope, deal.lead, BY, deal.id)
    return deal


def _next_deal(ports: Ports, scope: Scope, person: Contact) -> str:
    """By the number that it has among theirs: of two messages at once both begin the same one."""
    number = 0
    while True:
        id = hashlib.sha256(f"inbound|{person.person}|{number}".encode()).hexdigest()[:32]
        found = ports.documents.get(scope, Kind.DEAL, id)
        if found is None or (found.body["contact"] == person.id and found.body["stage"] not in CLOSED):
            return id
        number += 1


def _begun(ports: Ports, scope: Scope, said: Inbound, person: Contact) -> Deal:
    lead = _lead(ports, scope, said)
    company = said.company or (lead.name if lead else "")
    asked = DealRequest(
        name=f"Inquiry: {lead.name if lead else company or said.name}"[:120],
        company=company,
        lead=lead.id if lead else "",
        contact=person.id,
    )
    return deals.create(ports, scope, BY, asked, _next_deal(ports, scope, person))


def _ask_to_confirm(ports: Ports, scope: Scope, said: Inbound, person: Contact) -> Agreed:
    """Anybody can tick a box under anybody's address: who agreed is asked by mail, and has agreed once they confirm."""
    sender = house.read(ports, scope).sender
    if not said.consent or said.agreed or sender is None:
        return ""
    request = OptInRequest(
        sender=sender, wording=said.consent, form="the form on our web site", language=read(ports, scope).language
    )
    try:
        opt_in.ask(ports, scope, person.id, BY, request, said.id)
    except Conflict:  # they said no, have agreed already, or were asked this week
        return "not_asked"
    return "asked"


def _confirm(ports: Ports, scope: Scope, said: Inbound, now: datetime) -> None:
    """That it has arrived, and nothing of what was written: nobody can send a text of theirs to others by the form."""
    sender, state, old = house.read(ports, scope).sender, "not_sent", now - said.at >= _TRIED
    if sender is not None:
        place, day = f"inbound-{said.person}", said.at.date().isoformat()
        rendered = inbound_notice(sender.name, read(ports, scope).language)
        try:
            row = send_alone(ports, scope, Letter(place, day, "inbound", sender, said.email, rendered))
            if row.state in _OPEN and not old:
                return  # whoever sends it was stopped, or is at it: the ledger is asked again
            state = "unknown" if row.state in _OPEN else "sent" if row.state in _LEFT else "not_sent"
        except Conflict as why:
            if why.error.field == "email" and not old:
                return  # the server cannot be reached now: it is tried again
    _settled(ports, scope, said.id, state)  # type: ignore[arg-type]


def _settled(ports: Ports, scope: Scope, id: str, state: Confirmation) -> None:
    INBOUND.change(ports, scope, id, lambda found: setattr(found, "confirmation", state))


def _every(ports: Ports, scope: Scope, asked: Filter) -> Iterator[Inbound]:
    page = ports.documents.find(scope, Kind.INBOUND, [asked], limit=_MOST)
    yield from (Inbound.model_validate(each.body) for each in page.documents)
