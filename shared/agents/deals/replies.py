"""Answers to mailed questions, as the mailbox brings them: matched by the signed name of the mail that they answer."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from email.utils import parseaddr
from typing import NamedTuple

from shared.agents import house
from shared.agents.contacts.suppression import suppress
from shared.agents.contacts.withdrawals import withdrawn
from shared.agents.deals.asking import received
from shared.agents.deals.needs import NEEDS, Reply, Said, take_in
from shared.agents.feedback import News, read_letter
from shared.agents.feedback.mime import part_of
from shared.agents.feedback.words import Written, written
from shared.agents.inbound import settings
from shared.domain.address import person_of
from shared.domain.bounce import trouble_of
from shared.domain.faults import Conflict
from shared.domain.names import Kind
from shared.domain.needs import AGENCY, LONGEST, Asking, Needs
from shared.domain.quoted import answers, own_words
from shared.domain.returns import read_return
from shared.domain.scope import Scope
from shared.ports import Ports

_TRIED = 20


class _Match(NamedTuple):
    scope: Scope
    needs: Needs
    asking: Asking


def take_reply(ports: Ports, scopes: Sequence[Scope], raw: bytes) -> bool:
    """Take in what a mail says about questions that were mailed; False if it is about none. Nothing in it is an
    instruction."""
    news = read_letter(raw)
    found = _find(ports, scopes, news)
    if found is None:
        return False
    if news.what == "replied" and _is_ours(ports, found, raw):
        _keep(ports, found, written(raw))
    elif news.what == "replied":
        received(ports, found.scope, found.needs.id, found.asking)
        _answered(ports, found, written(raw))
    elif news.what in ("bounced", "complained"):
        received(ports, found.scope, found.needs.id, found.asking)
        _refused(ports, found, news)
    return True


def _is_ours(ports: Ports, found: _Match, raw: bytes) -> bool:
    """Is it from an address of the workspace's own, which is not whom it asked?"""
    sender = house.read(ports, found.scope).sender
    own = {settings.read(ports, found.scope).address.casefold(), sender.address.casefold() if sender else ""}
    writer = parseaddr(part_of(raw).first("from")[:2000])[1].casefold()
    return bool(writer) and writer in own - {found.asking.to.casefold()}


def _keep(ports: Ports, found: _Match, letter: Written) -> None:
    """What a colleague wrote into the thread: nothing of it is what the client needs, answers or asks."""
    said = Said(letter.text, " " * len(letter.text), AGENCY, letter.writer, "mail", found.asking.id)
    with contextlib.suppress(Conflict):  # there are too many messages
        take_in(ports, found.scope, found.needs.id, said)


def _find(ports: Ports, scopes: Sequence[Scope], news: News) -> _Match | None:
    for name in news.names[:_TRIED]:
        said = read_return(name, scopes, ports.keys.link)
        document = said and ports.documents.get(said.scope, Kind.NEEDS, said.campaign)
        if said and document:
            needs = Needs.model_validate(document.body)
            asking = next((each for each in needs.askings if each.key.startswith(said.key)), None)
            if asking:
                return _Match(said.scope, needs, asking)
    return None


def _answered(ports: Ports, found: _Match, letter: Written) -> None:
    text, asked = letter.text[:LONGEST], found.asking.questions
    replies = [
        Reply(
            asked[place.number - 1].id,
            asked[place.number - 1].text,
            asked[place.number - 1].topic,
            place.start,
            place.end,
        )
        for place in answers(text, [each.text for each in asked])
    ]
    said = Said(letter.text, own_words(text), "client", letter.writer, "mail", found.asking.id, replies)
    try:
        take_in(ports, found.scope, found.needs.id, said)
    except Conflict:
        _mark(ports, found, "answered, and not kept: there are too many messages")


def _refused(ports: Ports, found: _Match, news: News) -> None:
    person = person_of(found.asking.to, ports.keys.address)
    if news.what == "complained":
        withdrawn(ports, found.scope, person, "complained", f"needs-{found.needs.id}")
    elif trouble_of(news.status) == "hard":
        suppress(ports, found.scope, person, "bounced", f"needs-{found.needs.id}")
    _mark(ports, found, news.what)


def _mark(ports: Ports, found: _Match, what: str) -> None:
    def mark(needs: Needs) -> None:
        for each in needs.askings:
            if each.id == found.asking.id:
                each.mail = what
        needs.waits = needs.is_waiting()

    NEEDS.change(ports, found.scope, found.needs.id, mark)
