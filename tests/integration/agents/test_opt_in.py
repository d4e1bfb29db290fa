"""Double opt-in: one mail, once; the link in it is the only yes; whoever says nothing has said no."""

from __future__ import annotations

import email
import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.policy import default
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from shared.agents import brand, campaigns
from shared.agents.contacts import accept_import, get_contact, history, opt_in, preferences, run, unsubscribe
from shared.agents.contacts.confirmations import open_askings
from shared.agents.contacts.confirmations import run as turn
from shared.agents.contacts.consents import Trace
from shared.agents.contacts.suppression import suppress
from shared.agents.feedback import read_letter, take
from shared.domain.brand import BrandRequest
from shared.domain.contact import Consent, Contact
from shared.domain.faults import Conflict
from shared.domain.links import Link, sign, verify
from shared.domain.names import Kind
from shared.domain.opt_in import OptIn, OptInRequest, opt_in_campaign
from shared.domain.outcome import Done, Later, Outcome
from shared.domain.scope import Scope
from shared.ports import Ports
from tests.integration.feedback.letters import bounce

from .conftest import SCOPE, Hand, Walk

People = Callable[..., list[Contact]]
Walks = Callable[..., Walk]
REQUEST = OptInRequest.model_validate(
    {
        "sender": {"name": "Praxis", "address": "hallo@praxis.example", "postal_address": "1 Mill Road\nLeeds"},
        "wording": "Praxis may send me <offers> by e-mail",
        "form": "https://praxis.example/sign-up",
    }
)
NOBODY: dict[str, Any] = {"consent": {}}


def ask(ports: Ports, contact: Contact) -> OptIn:
    return opt_in.ask(ports, SCOPE, contact.id, "ann", REQUEST)


def status(ports: Ports, contact: Contact) -> str:
    return get_contact(ports, SCOPE, contact.id).consent["email"].status


def send_due(ports: Ports, scope: Scope = SCOPE) -> list[Outcome]:
    """One turn of every flow that is under way."""
    return [turn(ports, {"scope": list(scope), "asking": each}) for each in sorted(open_askings(ports, scope))]


def mails(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "home" / "outbox").rglob("*.eml"))


def token_in(mail: Path) -> str:
    """What the mail's reader sees, in both forms."""
    message = email.message_from_bytes(mail.read_bytes(), policy=default)
    bodies = [part.get_content() for part in message.walk() if not part.is_multipart()]
    found = {token for body in bodies for token in re.findall(r"/api/d/([\w-]+)", body)}
    (token,) = found
    assert isinstance(token, str)
    return token


def link_in(ports: Ports, mail: Path) -> Link:
    link = verify(token_in(mail), "d", ports.keys.link)
    assert link
    return link


def test_one_mail_asks_and_the_link_in_it_confirms_with_all_its_evidence(
    walk: Walks, people: People, ports: Ports, hand: Hand, tmp_path: Path
) -> None:
    (ann,) = people(1, **NOBODY)
    asked = ask(ports, ann)
    assert status(ports, ann) == "pending"
    assert (send_due(ports), send_due(ports)) == ([Done()], [])
    (mail,) = mails(tmp_path)
    text = mail.read_text()
    assert "Please confirm" in text
    assert "List-Unsubscribe: <" in text
    link = link_in(ports, mail)
    hand.forward(hours=5)
    assert opt_in.standing(ports, link)[1] == "open"  # type: ignore[index]
    assert status(ports, ann) == "pending", "looking at it confirms nothing"
    assert opt_in.confirm(ports, link, Trace("203.0.113.7", "browser")) == "confirmed"
    assert opt_in.confirm(ports, link, Trace()) == "confirmed"
    assert status(ports, ann) == "granted"
    (said,) = history(ports, SCOPE, ann.id)
    assert (said.method, said.status, said.verified, said.basis) == ("double_opt_in", "granted", True, "explicit")
    assert (said.asked_at, said.at) == (asked.asked_at, hand.now())
    assert (said.wording, said.address, said.form) == (REQUEST.wording, ann.email, REQUEST.form)
    assert said.link
    assert said.link.startswith("try 1, SHA-256 ")
    assert ports.ledger.tally(SCOPE, opt_in_campaign(ann.id))["delivered"] == 1
    spring = walk()
    spring.plan()
    spring.send_all()
    assert len(mails(tmp_path)) == 2


def test_the_mail_that_asks_has_the_brands_colours_and_nothing_that_tells_of_its_opening(
    people: People, ports: Ports, tmp_path: Path
) -> None:
    colours = {"background": "#ffffff", "text": "#101010", "primary": "#7a1fa2", "on_primary": "#ffffff"}
    brand.write(ports, SCOPE, "ann", BrandRequest.model_validate({"name": "Praxis", "colours": colours}), None)
    ask(ports, *people(1, **NOBODY))
    send_due(ports)
    html = email.message_from_bytes(mails(tmp_path)[0].read_bytes(), policy=default).get_body(("html",))
    assert html
    assert "background:#7a1fa2" in html.get_content()
    assert "<img" not in html.get_content()


def test_who_never_confirms_gets_nothing_and_is_told_apart(walk: Walks, people: People, ports: Ports) -> None:
    (ann,) = people(1, **NOBODY)
    ask(ports, ann)
    spring = walk()
    spring.plan()
    spring.send_all()
    assert campaigns.certificate(ports, SCOPE, spring.id).held == {"pending": 1}


@pytest.mark.parametrize("method", ["plan", "claim", "settle", "put"])
def test_whatever_is_killed_in_between_the_mail_leaves_at_most_once(
    people: People, ports: Ports, hand: Hand, tmp_path: Path, method: str
) -> None:
    (ann,) = people(1, **NOBODY)
    ask(ports, ann)

    class Killed(BaseException):
        pass

    class Deadly:
        def __init__(self, port: Any) -> None:
            self._port, self._left = port, 1

        def __getattr__(self, name: str) -> Any:
            if name == method and self._left:
                self._left = 0
                raise Killed
            return getattr(self._port, name)

    from dataclasses import replace

    with pytest.raises(Killed):
        send_due(replace(ports, ledger=Deadly(ports.ledger), documents=Deadly(ports.documents)), SCOPE)  # type: ignore[arg-type]
    for _ in range(4):
        send_due(ports, SCOPE)
        hand.forward(minutes=5)
    assert len(mails(tmp_path)) == 1
    assert opt_in.opt_ins.load(ports, SCOPE, ann.id).state == "sent"


def test_at_most_once_a_week_and_never_after_a_no(people: People, ports: Ports, hand: Hand) -> None:
    ann, ben, cleo, dan = people(4, **NOBODY)
    ask(ports, ann)
    hand.forward(days=6)
    with pytest.raises(Conflict, match="less than a week ago"):
        ask(ports, ann)
    hand.forward(days=1)
    assert ask(ports, ann).tries == 2
    unsubscribe(ports, Link("u", SCOPE, "c1", 0, ben.person))
    suppress(ports, SCOPE, cleo.person, "bounced")
    for each in (ben, cleo):
        with pytest.raises(Conflict, match="they said no"):
            ask(ports, each)
    (eve,) = people(1, prefix="eve", consent={"email": Consent(status="granted")})
    with pytest.raises(Conflict, match="agreed already"):
        ask(ports, eve)
    implied = {"email": Consent(status="granted", basis="implied_purchase", at=hand.now())}
    (fay,) = people(1, prefix="fay", consent=implied)
    ask(ports, fay)
    assert status(ports, fay) == "granted", "what the law allows meanwhile it still allows"
    assert dan


def test_an_expired_link_confirms_nothing_and_has_a_new_one_sent_to_the_same_address(
    people: People, ports: Ports, hand: Hand, tmp_path: Path
) -> None:
    (ann,) = people(1, **NOBODY)
    ask(ports, ann)
    send_due(ports, SCOPE)
    link = link_in(ports, mails(tmp_path)[0])
    opt_in.renew(ports, link)
    assert opt_in.opt_ins.load(ports, SCOPE, ann.id).tries == 1, "one that still works is not renewed"
    hand.forward(days=7)
    assert opt_in.confirm(ports, link, Trace()) == "expired"
    assert status(ports, ann) == "pending"
    for _ in range(3):
        opt_in.renew(ports, link)
    send_due(ports, SCOPE)
    assert len(mails(tmp_path)) == 2
    newest = max(mails(tmp_path), key=lambda each: link_in(ports, each).shard)
    assert email.message_from_bytes(newest.read_bytes())["To"] == ann.email
    assert opt_in.confirm(ports, link, Trace()) == "expired"
    assert opt_in.confirm(ports, link_in(ports, newest), Trace()) == "confirmed"


@pytest.mark.parametrize("no", ["unsubscribe", "page", "file"])
def test_a_no_after_they_were_asked_outweighs_the_link(
    people: People, ports: Ports, hand: Hand, tmp_path: Path, no: str
) -> None:
    (ann,) = people(1, **NOBODY)
    ask(ports, ann)
    send_due(ports, SCOPE)
    link = link_in(ports, mails(tmp_path)[0])
    _say_no(ports, ann, no)
    assert opt_in.confirm(ports, link, Trace()) == "said_no"
    assert status(ports, ann) == "withdrawn"


@pytest.mark.parametrize("no", ["unsubscribe", "page", "file"])
def test_a_no_before_the_mail_has_left_holds_it(people: People, ports: Ports, tmp_path: Path, no: str) -> None:
    (ann,) = people(1, **NOBODY)
    ask(ports, ann)
    _say_no(ports, ann, no)
    assert send_due(ports) == [Done()]
    found = opt_in.opt_ins.load(ports, SCOPE, ann.id)
    assert (found.state, mails(tmp_path)) == ("held", [])
    assert found.reason in ("suppressed", "channel_off")


def _say_no(ports: Ports, contact: Contact, no: str) -> None:
    if no == "unsubscribe":
        unsubscribe(ports, Link("u", SCOPE, "c1", 0, contact.person))
    elif no == "page":
        preferences.stop(ports, Link("p", SCOPE, "c1", 0, contact.person), uuid4().hex, Trace())
    else:
        _bring_in(ports, f"email,consent\n{contact.email},no\n")


def test_neither_file_nor_hand_nor_page_confirms_for_them(people: People, ports: Ports) -> None:
    from shared.agents.contacts import record
    from shared.domain.choices import Chosen
    from shared.domain.evidence import ConsentRequest

    (ann,) = people(1, **NOBODY)
    ask(ports, ann)
    _bring_in(ports, f"email,consent,consent_source\n{ann.email},yes,fair\n")
    with pytest.raises(Conflict, match="only the link"):
        record(ports, SCOPE, ann.id, "ann", ConsentRequest(status="granted", wording="They told me"))
    at = Link("p", SCOPE, "c1", 0, ann.person)
    form = Chosen(uuid4().hex, frozenset({"email"}), frozenset(), None)
    preferences.choose(ports, at, form, preferences.choices(ports, at), Trace())
    assert status(ports, ann) == "pending"


def test_an_import_with_double_opt_in_makes_every_yes_wait(people: People, ports: Ports, tmp_path: Path) -> None:
    _bring_in(ports, "email,consent\nnew@people.example,yes\nno@people.example,no\n", double_opt_in=True)
    (agreed,) = people(1, prefix="agreed")
    _bring_in(ports, f"email,consent\n{agreed.email},yes\n", double_opt_in=True)
    assert status(ports, agreed) == "granted", "who has agreed is not asked anew"
    asked = opt_in.ask_pending(ports, SCOPE, "ann", REQUEST, opt_in.new_asking())
    assert (asked.asked, asked.skipped, asked.cursor) == (1, 0, None)
    again = opt_in.ask_pending(ports, SCOPE, "ann", REQUEST, opt_in.new_asking())
    assert (again.asked, again.skipped) == (0, 1)
    assert send_due(ports) == [Done()]
    assert len(mails(tmp_path)) == 1
    opt_in.confirm(ports, link_in(ports, mails(tmp_path)[0]), Trace())
    _bring_in(ports, "email,consent\nnew@people.example,yes\n", double_opt_in=True)
    found = opt_in.opt_ins.load(ports, SCOPE, link_in(ports, mails(tmp_path)[0]).campaign.removeprefix("opt-in-"))
    contact = get_contact(ports, SCOPE, found.contact)
    assert contact.consent["email"].status == "granted", "the same file again does not undo a confirmation"


def test_a_link_of_somebody_else_or_of_a_try_that_never_was_is_none(people: People, ports: Ports) -> None:
    (ann,) = people(1, **NOBODY)
    asked = ask(ports, ann)
    good = opt_in.link_of(SCOPE, asked)
    for wrong in (good._replace(person="z" * 32), good._replace(shard=2), good._replace(campaign="opt-in-nobody")):
        assert opt_in.confirm(ports, wrong, Trace()) is None
    for other in ("p", "u", "c"):
        assert verify(sign(good, ports.keys.link), other, ports.keys.link) is None  # type: ignore[arg-type]
    assert status(ports, ann) == "pending"


def test_a_confirmation_mail_that_comes_back_is_its_persons(people: People, ports: Ports, tmp_path: Path) -> None:
    ann, ben, cleo = people(3, **NOBODY)
    for each in (ann, ben, cleo):
        ask(ports, each)
    send_due(ports)
    sent = {email.message_from_bytes(each.read_bytes())["To"]: each.read_bytes() for each in mails(tmp_path)}
    by_name = email.message_from_bytes(sent[ann.email])["Message-ID"]
    by_link = email.message_from_bytes(sent[ben.email])["List-Unsubscribe"]
    for returned in (f"Message-ID: {by_name}\r\n", f"List-Unsubscribe: {by_link}\r\n"):
        news = read_letter(bounce("nobody@b.example", "5.1.1", returned))
        assert take(ports, [SCOPE], news)
        assert take(ports, [SCOPE], news), "twice is once"
    requests = {each.contact: each for each in opt_in.listing(ports, SCOPE, 10)[0]}
    assert [requests[each.id].state for each in (ann, ben, cleo)] == ["failed", "failed", "sent"]
    assert requests[ann.id].reason == "bounced: 5.1.1"
    suppressed = {each.id for each in ports.documents.find(SCOPE.agency, Kind.SUPPRESSION).documents}
    assert suppressed == {ann.person, ben.person}
    with pytest.raises(Conflict, match="suppressed"):
        ask(ports, ann)


def test_what_nobody_can_decide_is_listed_as_unknown_and_a_confirmation_settles_it(
    people: People, ports: Ports, hand: Hand, tmp_path: Path
) -> None:
    (ann,) = people(1, **NOBODY)
    ask(ports, ann)
    blind = replace(ports, channels={"email": Blind(ports.channels["email"])})
    with pytest.raises(Killed):
        send_due(blind)
    link = link_in(ports, mails(tmp_path)[0])
    turns = 0
    while open_askings(ports, SCOPE) and turns < 100:
        outcomes = send_due(replace(blind, channels={"email": Blind(ports.channels["email"], dead=False)}))
        later = [each.at for each in outcomes if isinstance(each, Later)]
        if not later:
            break
        hand.forward(seconds=(min(later) - hand.now()).total_seconds())
        turns += 1
    (listed,) = opt_in.listing(ports, SCOPE, 10, state="unknown")[0]
    assert (listed.contact, listed.email, listed.reason) == (ann.id, ann.email, "lease-ended")
    assert turns < 20, "less and less often"
    assert len(mails(tmp_path)) == 1, "never again blindly"
    assert opt_in.standing(ports, link)[1] == "expired"  # type: ignore[index]
    hand.forward(days=-7)
    assert opt_in.confirm(ports, link, Trace()) == "confirmed"
    assert opt_in.listing(ports, SCOPE, 10, state="unknown")[0] == []


class Killed(BaseException):
    """As if the process had ended there."""


class Blind:
    """The channel, killed right after it has handed over; it can prove nothing."""

    def __init__(self, channel: Any, dead: bool = True) -> None:
        self._channel, self._dead = channel, dead

    def __getattr__(self, name: str) -> Any:
        return getattr(self._channel, name)

    @contextmanager
    def session(self, scope: Scope) -> Iterator[Any]:
        with self._channel.session(scope) as session:
            self._session = session
            yield self

    def unreachable(self) -> str | None:
        return self._session.unreachable()  # type: ignore[no-any-return]

    def send(self, *given: Any) -> Any:
        sent = list(self._session.send(*given))
        if self._dead:
            raise Killed
        return sent

    def evidence(self, *asked: Any) -> dict[str, Any]:
        return {}


def _bring_in(ports: Ports, text: str, double_opt_in: bool = False) -> None:
    made = accept_import(ports, SCOPE, "ann", text.encode(), "text/csv", double_opt_in)
    for step in ({"op": "split"}, {"op": "batch", "batch": 0}, {"op": "finish"}):
        run(ports, {"scope": list(SCOPE), "import": made.id, **step})


def test_a_mail_that_asked_before_its_key_was_rotated_still_confirms_and_is_the_evidence(
    ports: Ports, people: People, tmp_path: Path
) -> None:
    (ann,) = people(1, **NOBODY)
    ask(ports, ann)
    send_due(ports)
    token = token_in(mails(tmp_path)[0])
    assert ports.rings
    ports.rings.rotate("link")
    link = verify(token, "d", ports.keys.link)
    assert link
    assert sign(link, ports.keys.link) != token
    assert opt_in.confirm(ports, link, Trace(token=token)) == "confirmed"
    (said,) = history(ports, SCOPE, ann.id)
    assert said.link == f"try 1, SHA-256 {hashlib.sha256(token.encode()).hexdigest()}"


def test_a_campaign_that_was_approved_before_a_rotation_leaves_with_links_of_the_new_key(
    ports: Ports, people: People, walk: Walks, tmp_path: Path
) -> None:
    people(2)
    spring = walk()
    spring.plan()
    assert ports.rings
    ports.rings.rotate("link")
    spring.send_all()
    sent = mails(tmp_path)
    assert len(sent) == 2
    newest = {"2": ports.keys.link["2"]}
    headers = [email.message_from_bytes(each.read_bytes())["List-Unsubscribe"] for each in sent]
    found = [re.search(r"/api/u/([\w-]+)", each) for each in headers]
    assert all(each and verify(each[1], "u", newest) for each in found)
