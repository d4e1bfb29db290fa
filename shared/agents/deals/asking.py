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
from shared.agents.distribute.alone import Letter, send_alone
from shared.domain.address import effect_key, person_of
from shared.domain.brand import look_of
from shared.domain.contact import Contact
from shared.domain.deal import CLOSED, Deal
from shared.domain.faults import Conflict, FieldError, Missing, Rejected
from shared.domain.links import Link, Purpose, sign
from shared.domain.names import Kind
from shared.domain.needs import ASKINGS, AskedQuestion, Asking, AskNeeds, Needs, Record
from shared.domain.needs_record import record, worded
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Ports
from shared.render.needs_notice import needs_notice

PURPOSE: Purpose = "r"
_MOST = 100
_LEFT = ("accepted", "delivered", "submitted")


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
    Conflict if the deal is closed, nothing is to be asked, or the mail cannot leave."""
    deal, contact = get(ports, scope, id), _contact(ports, scope, id)
    if deal.stage in CLOSED:
        raise Conflict("stage", f"the deal is {deal.stage}; nobody is asked any more")
    if house.read(ports, scope).sender is None:
        raise Conflict("sender", "say who this workspace writes as first: /settings, baton house")
    made = _made(ports, scope, deal, by, contact, wish)
    begin(ports, scope, id)

    def add(found: Needs) -> None:
        if len(found.askings) >= ASKINGS:
            raise Conflict("asked", f"they were asked {ASKINGS} times; talk to them")
        found.askings, found.waits, found.changed_at = [*found.askings, made], True, made.at

    NEEDS.change(ports, scope, id, add)
    try:
        _send(ports, scope, deal, made, contact.first_name or "")
    except Conflict:
        _take_back(ports, scope, id, made.id)
        raise
    note(ports, scope, id, by, "asked", asking=made.id, questions=len(made.questions))
    return needs_of(ports, scope, id)


def look_after(ports: Ports, scope: Scope) -> None:
    """Mails that were stopped on their way leave; where one cannot just now it is tried again the next time."""
    page = ports.documents.find(scope, Kind.NEEDS, [Filter("waits", "eq", True)], limit=_MOST)
    for document in page.documents:
        with suppress(Conflict, Missing, Rejected):
            _resume(ports, scope, Needs.model_validate(document.body))


def opened(ports: Ports, link: Link) -> Seen | None:
    """What a verified link leads to; None if there is nothing of it any more."""
    needs = kept(ports, link.scope, link.campaign)
    asking = next((each for each in needs.askings if each.id == link.person), None)
    if asking is None:
        return None
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


def _made(ports: Ports, scope: Scope, deal: Deal, by: str, contact: Contact, wish: AskNeeds) -> Asking:
    needs, now, id = kept(ports, scope, deal.id), ports.clock.now(), uuid_utils.uuid7().hex
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
    key = effect_key(scope, _place(deal.id), id, "email", person_of(contact.email, ports.keys.address))
    return Asking(
        id=id, at=now, by=by, to=contact.email, note=wish.note, language=wish.language, questions=questions,
        ends_at=ends_at, key=key,
    )  # fmt: skip


def _place(deal: str) -> str:
    return f"needs-{deal}"


def _send(ports: Ports, scope: Scope, deal: Deal, asking: Asking, name: str) -> None:
    sender = house.read(ports, scope).sender
    assert sender is not None, "checked"
    look = look_of(brands.read(ports, scope)[0])
    rendered = needs_notice(asking, deal.name, name, sender.name, link_of(ports, scope, deal.id, asking), look)
    letter = Letter(_place(deal.id), asking.id, "needs", sender, asking.to, rendered, about=deal.id)
    state = send_alone(ports, scope, letter).state

    def left(found: Needs) -> None:
        for each in found.askings:
            if each.id == asking.id:
                each.mail = state
        found.waits = found.is_waiting()

    NEEDS.change(ports, scope, deal.id, left)


def _resume(ports: Ports, scope: Scope, needs: Needs) -> None:
    deal = get(ports, scope, needs.id)
    for asking in needs.askings:
        if asking.mail:
            continue
        if deal.stage in CLOSED or ports.clock.now() >= asking.ends_at:
            _take_back(ports, scope, needs.id, asking.id)
            continue
        _send(ports, scope, deal, asking, "")


def _take_back(ports: Ports, scope: Scope, deal: str, asking: str) -> None:
    NEEDS.change(ports, scope, deal, lambda found: _without(found, asking))


def _without(found: Needs, asking: str) -> None:
    found.askings = [each for each in found.askings if each.id != asking]
    found.waits = found.is_waiting()
