"""Asking a deal's contact what is still open: a mail with the questions and a link to a form. Each mail is a row of the
ledger under a name that never changes: whatever is killed or run again, it leaves once."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import NamedTuple

import uuid_utils

from shared.agents import brand as brands
from shared.agents import house
from shared.agents.contacts.records import contacts
from shared.agents.deals.books import get, note
from shared.agents.deals.needs import NEEDS, Reply, Said, begin, kept, needs_of, take_in, text_of
from shared.agents.distribute.alone import Letter, found_alone, received_alone, send_alone
from shared.domain.address import effect_key, person_of
from shared.domain.brand import look_of
from shared.domain.campaign import Sender
from shared.domain.contact import Contact
from shared.domain.deal import CLOSED, Deal
from shared.domain.faults import Conflict, FieldError, Missing, Rejected
from shared.domain.links import Link, Purpose, sign
from shared.domain.needs import ASKINGS, AskedQuestion, Asking, AskNeeds, Needs, Record
from shared.domain.needs_record import record, worded
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import LedgerRow, Ports
from shared.render.needs_notice import needs_notice

PURPOSE: Purpose = "r"
_OPEN = ("planned", "intent", "submitted", "unknown")
"""Of such a row it is not known yet whether the mail left."""
_LEFT_ALONE = timedelta(minutes=2)
"""For so long whoever writes a row may be about to."""


class Seen(NamedTuple):
    """What a client's link leads to: what they were asked, and how each stands. `over`: it has ended."""

    deal: Deal
    needs: Needs
    asking: Asking
    over: bool

    @property
    def open(self) -> list[AskedQuestion]:
        """What has no answer yet."""
        answered = self.needs.answered()
        return [each for each in self.asking.questions if each.id not in answered]


def ask(ports: Ports, scope: Scope, id: str, by: str, wish: AskNeeds) -> Record:
    """Mail the questions. Raises Missing; Rejected for a question that is not open or a deal without a contact;
    Conflict if the deal is closed, nothing is to be asked, the same is being asked, or the mail cannot leave."""
    deal, contact = get(ports, scope, id), _contact(ports, scope, id)
    if deal.stage in CLOSED:
        raise Conflict("stage", f"the deal is {deal.stage}; nobody is asked any more")
    _sender(ports, scope)
    needs = kept(ports, scope, id)
    made, known = _made(ports, scope, needs, by, contact, wish), {each.id for each in needs.askings}
    begin(ports, scope, id)

    def add(found: Needs) -> None:
        if len(found.askings) >= ASKINGS:
            raise Conflict("asked", f"they were asked {ASKINGS} times; talk to them")
        if any(_same(each, made) for each in found.askings if each.id not in known or not each.mail):
            raise Conflict(
                "questions", "they are being asked this already; wait until it is known whether that mail left"
            )
        found.askings, found.waits, found.changed_at = [*found.askings, made], True, made.at

    NEEDS.change(ports, scope, id, add)
    try:
        _send(ports, scope, deal, made, contact.first_name or "")
    except Conflict:
        if _row(ports, scope, id, made) is None:
            _take_back(ports, scope, id, made.id)
        raise
    note(ports, scope, id, by, "asked", asking=made.id, questions=len(made.questions))
    return needs_of(ports, scope, id)


def look_after(ports: Ports, scope: Scope) -> None:
    """Mails that were stopped on their way leave, and of those in doubt the ledger is asked; where one cannot leave
    just now it is tried again the next time."""
    for needs in NEEDS.every(ports, scope, [Filter("waits", "eq", True)]):
        with suppress(Missing):
            _resume(ports, scope, needs)


def received(ports: Ports, scope: Scope, deal: str, asking: Asking) -> None:
    """Somebody answers it or holds its link: a mail in doubt left, whoever was killed around it."""
    if not asking.mail:
        person = person_of(asking.to, ports.keys.address)
        row = received_alone(ports, scope, _place(deal), asking.id, person)
        if row and row.state not in _OPEN:
            _settle(ports, scope, deal, asking, row.state)


def opened(ports: Ports, link: Link) -> Seen | None:
    """What a verified link leads to; None if there is nothing of it any more."""
    needs = kept(ports, link.scope, link.campaign)
    asking = next((each for each in needs.askings if each.id == link.person), None)
    if asking is None:
        return None
    received(ports, link.scope, link.campaign, asking)
    try:
        deal = get(ports, link.scope, link.campaign)
    except Missing:
        return None
    return Seen(deal, needs, asking, ports.clock.now() >= asking.ends_at)


def answered(ports: Ports, scope: Scope, seen: Seen) -> list[tuple[str, str]]:
    """(question, answer) of this asking, in the client's words."""
    own = {each.id: each.text for each in seen.asking.questions}
    given = [each for each in seen.needs.answers if each.question in own]
    texts = {id: text_of(ports, scope, seen.deal.id, id)[1] for id in {each.message for each in given}}
    return [(own[each.question], texts[each.message][each.start : each.end]) for each in given]


def answer(ports: Ports, link: Link, seen: Seen, given: dict[str, str], more: str) -> Record:
    """Keep what the client wrote in the form: question id -> answer, and anything else. It is one message, of their
    words alone. What was answered before and is answered otherwise now contradicts it. Raises Rejected if they wrote
    nothing, Conflict when there is too much."""
    asked = {each.id: each for each in seen.asking.questions}
    parts, replies, at = list[str](), list[Reply](), 0
    for id, text in given.items():
        words = text.replace("\r\n", "\n").strip()
        if words and (question := asked.get(id)):
            replies.append(Reply(id, question.text, question.topic, at, at + len(words)))
            parts.append(words)
            at += len(words) + 2
    if more.strip():
        parts.append(more.replace("\r\n", "\n").strip())
    if not parts:
        raise Rejected(FieldError("answers", "nothing was written"))
    whole = "\n\n".join(parts)
    said = Said(whole, whole, "client", via="form", asking=seen.asking.id, replies=replies)
    return take_in(ports, link.scope, seen.deal.id, said)


def link_of(ports: Ports, scope: Scope, deal: str, asking: Asking) -> str:
    """The address of the form."""
    link = Link(PURPOSE, scope, deal, 0, asking.id, int(asking.ends_at.timestamp()))
    return f"{ports.public_url}/api/{PURPOSE}/{sign(link, ports.keys.link)}"


def _contact(ports: Ports, scope: Scope, deal: str) -> Contact:
    id = get(ports, scope, deal).contact
    try:
        return contacts.load(ports, scope, id)
    except Missing:
        raise Rejected(FieldError("contact", "the deal has no contact; say whom one talks to")) from None


def _made(ports: Ports, scope: Scope, needs: Needs, by: str, contact: Contact, wish: AskNeeds) -> Asking:
    now, id = ports.clock.now(), uuid_utils.uuid7().hex
    open = {each.id: each for each in record(needs, now.date()).questions}
    if unknown := [each for each in wish.questions if each not in open]:
        raise Rejected(FieldError("questions", f"{', '.join(unknown)}: not open"))
    chosen = wish.questions or [each.id for each in open.values() if each.waits_for == "you"]
    own = [AskedQuestion(id=f"own-{id[-12:]}-{n}", text=text) for n, text in enumerate(wish.own, 1)]
    questions = [*(worded(needs, open[each], wish.language) for each in dict.fromkeys(chosen)), *own]
    if wish.own and not wish.questions:
        questions = own
    if not questions:
        raise Conflict("questions", "nothing is open that they were not asked; name what is to be asked again")
    ends_at = now.replace(microsecond=0) + timedelta(days=wish.days)
    key = effect_key(scope, _place(needs.id), id, "email", person_of(contact.email, ports.keys.address))
    return Asking(
        id=id, at=now, by=by, to=contact.email, note=wish.note, language=wish.language, questions=questions,
        ends_at=ends_at, key=key,
    )  # fmt: skip


def _same(one: Asking, other: Asking) -> bool:
    """Does one ask, without an answer so far, something that the other asks, too?"""
    words = {said for each in one.questions for said in (each.id, each.text)}
    return one.answered_at is None and any(each.id in words or each.text in words for each in other.questions)


def _sender(ports: Ports, scope: Scope) -> Sender:
    sender = house.read(ports, scope).sender
    if sender is None:
        raise Conflict("sender", "say who this workspace writes as first: /settings, baton house")
    return sender


def _place(deal: str) -> str:
    return f"needs-{deal}"


def _send(ports: Ports, scope: Scope, deal: Deal, asking: Asking, name: str) -> None:
    sender = _sender(ports, scope)
    look = look_of(brands.read(ports, scope)[0])
    rendered = needs_notice(asking, deal.name, name, sender.name, link_of(ports, scope, deal.id, asking), look)
    letter = Letter(_place(deal.id), asking.id, "needs", sender, asking.to, rendered, about=deal.id)
    row = send_alone(ports, scope, letter)
    if row.state not in _OPEN:
        _settle(ports, scope, deal.id, asking, row.state)


def _settle(ports: Ports, scope: Scope, deal: str, asking: Asking, state: str) -> None:
    def left(found: Needs) -> None:
        for each in found.askings:
            if each.id == asking.id:
                each.mail = each.mail or state
        found.waits = found.is_waiting()

    NEEDS.change(ports, scope, deal, left)


def _row(ports: Ports, scope: Scope, deal: str, asking: Asking) -> LedgerRow | None:
    return found_alone(ports, scope, _place(deal), asking.id, asking.to)


def _resume(ports: Ports, scope: Scope, needs: Needs) -> None:
    deal = get(ports, scope, needs.id)
    for asking in needs.askings:
        if not asking.mail:
            with suppress(Conflict):
                _go_on(ports, scope, deal, asking)


def _go_on(ports: Ports, scope: Scope, deal: Deal, asking: Asking) -> None:
    """Only what is known to have stayed here leaves, or is taken back; of the rest the ledger says how it ended."""
    row, now = _row(ports, scope, deal.id, asking), ports.clock.now()
    if row and row.state not in _OPEN:
        _settle(ports, scope, deal.id, asking, row.state)
    elif row and row.state != "planned":
        if now >= asking.ends_at:  # nobody can answer it any more: the ledger lists it for a person
            _settle(ports, scope, deal.id, asking, row.state)
    elif deal.stage not in CLOSED and now < asking.ends_at:
        _send(ports, scope, deal, asking, "")
    elif now - asking.at > _LEFT_ALONE:
        _take_back(ports, scope, deal.id, asking.id)


def _take_back(ports: Ports, scope: Scope, deal: str, asking: str) -> None:
    NEEDS.change(ports, scope, deal, lambda found: _without(found, asking))


def _without(found: Needs, asking: str) -> None:
    found.askings = [each for each in found.askings if each.id != asking]
    found.waits = found.is_waiting()
