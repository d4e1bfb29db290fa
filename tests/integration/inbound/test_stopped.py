"""Stopped at any moment around one mail: it leaves once, nobody is asked the same twice, and no link goes dead."""

from __future__ import annotations

from pathlib import Path
from threading import Barrier, Thread

import pytest

from shared.agents import deals, inbound
from shared.agents.contacts.enter import enter
from shared.agents.deals import asking
from shared.agents.deals.needs import begin, kept
from shared.agents.distribute import alone
from shared.domain.deal import DealRequest
from shared.domain.faults import Conflict
from shared.domain.links import verify
from shared.domain.needs import AskNeeds
from shared.ports import Ports

from .conftest import SCOPE, Hand
from .test_form import mails, sent


class Killed(BaseException):
    """Nobody catches it, as nobody catches SIGKILL."""


def killed(*_: object) -> None:
    raise Killed


@pytest.fixture
def deal(ports: Ports, door: str) -> str:
    contact = enter(ports, SCOPE, "maja@praxis.example", "met", first_name="Maja")
    return deals.create(ports, SCOPE, "ann", DealRequest(name="A site", contact=contact.id), "d" * 32).id


def asked_and_killed(ports: Ports, deal: str, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    place, name = {"before the wire": (alone._Errand, "_message"), "after the wire": (alone, "settle")}[where]
    with monkeypatch.context() as patched:
        patched.setattr(place, name, killed)
        with pytest.raises(Killed):
            asking.ask(ports, SCOPE, deal, "ann", AskNeeds())


@pytest.mark.parametrize("where", ["before the wire", "after the wire"])
def test_questions_whose_mail_is_in_doubt_are_not_asked_again_and_leave_once(
    ports: Ports, deal: str, hand: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    asked_and_killed(ports, deal, monkeypatch, where)
    hand.forward(seconds=30)
    asking.look_after(ports, SCOPE)
    assert "not known yet" in deals.needs_of(ports, SCOPE, deal).turn.says
    for again in (AskNeeds(), AskNeeds(questions=["budget"])):
        with pytest.raises(Conflict):
            asking.ask(ports, SCOPE, deal, "ann", again)
    hand.forward(minutes=30)
    for _ in range(2):
        asking.look_after(ports, SCOPE)
    found = kept(ports, SCOPE, deal)
    assert ([each.mail for each in found.askings], found.waits, len(mails(tmp_path))) == (["accepted"], False, 1)


def test_the_link_of_a_mail_that_left_before_a_kill_opens_though_the_deal_is_lost(
    ports: Ports, deal: str, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_and_killed(ports, deal, monkeypatch, "after the wire")
    deals.move(ports, SCOPE, deal, "lost", "ann", "silence")
    hand.forward(minutes=3)
    asking.look_after(ports, SCOPE)
    (one,) = kept(ports, SCOPE, deal).askings
    link = verify(asking.link_of(ports, SCOPE, deal, one).rpartition("/")[2], asking.PURPOSE, ports.keys.link)
    assert link
    assert asking.opened(ports, link)
    found = kept(ports, SCOPE, deal)
    assert ([each.mail for each in found.askings], found.waits) == (["accepted"], False), "its link shows that it left"


def test_two_who_press_at_once_ask_once(
    ports: Ports, deal: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both, refused = Barrier(2), list[Conflict]()
    begin(ports, SCOPE, deal)

    def meet(*given: object) -> None:
        both.wait(60)

    monkeypatch.setattr(asking, "begin", meet)

    def press() -> None:
        try:
            asking.ask(ports, SCOPE, deal, "ann", AskNeeds(questions=["budget"], own=["Who decides?"]))
        except Conflict as why:
            refused.append(why)

    threads = [Thread(target=press) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert (len(refused), len(mails(tmp_path))) == (1, 1)
    assert len(kept(ports, SCOPE, deal).askings) == 1


def test_a_confirmation_whose_sender_was_stopped_is_told_as_it_ended(
    ports: Ports, door: str, hand: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = sent(ports).id
    with monkeypatch.context() as patched:
        patched.setattr(alone, "settle", killed)
        with pytest.raises(Killed):
            inbound.look_after(ports, SCOPE)
    inbound.look_after(ports, SCOPE)
    assert inbound.get(ports, SCOPE, id).confirmation == "due"
    hand.forward(minutes=30)
    inbound.look_after(ports, SCOPE)
    assert (inbound.get(ports, SCOPE, id).confirmation, len(mails(tmp_path))) == ("sent", 1)
