"""`baton explain`: a paragraph fit to paste into a reply, for everything that can become of a message."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from shared.agents import campaigns, feedback
from shared.agents.contacts import suppression, unsubscribe
from shared.agents.feedback.news import News
from shared.agents.feedback.texts import take_text
from shared.agents.scopes import register
from shared.domain.contact import Consent, Contact
from shared.domain.gate import HELD
from shared.domain.links import Link
from shared.domain.names import Kind
from shared.domain.recall import CorrectionRequest, RecallRequest
from shared.domain.returns import sign_return
from shared.ports import Claim, LedgerRow, Ports, Settlement

from .conftest import SCOPE, START, Hand, Walk

People = Callable[..., list[Contact]]
Walks = Callable[..., Walk]
AGREED = Consent(status="granted", source="sign-up form", at=datetime(2026, 5, 4, tzinfo=UTC))


def told(walk: Walk, person: Contact) -> str:
    said = campaigns.explain(walk.ports, SCOPE, walk.id, person.id).sentence
    assert "\n" not in said
    assert "  " not in said
    assert said[0].isupper() or said[0] == "“"
    assert said.endswith(".")
    assert not re.search(r"None|_|\{|\}", said), said
    return said


def row(walk: Walk) -> LedgerRow:
    (found,) = walk.ports.ledger.of_shard(SCOPE, walk.id, 0)
    return found


def news(walk: Walk, what: str, status: str = "") -> None:
    name = sign_return(SCOPE, walk.id, row(walk).key, 1, walk.ports.keys.link)
    assert feedback.take(walk.ports, [SCOPE], News(what, (name,), status=status))  # type: ignore[arg-type]


@pytest.fixture
def ada(people: People) -> Contact:
    return people(1, prefix="ada", first_name="Ada", last_name="Lovelace", consent={"email": AGREED})[0]


@pytest.fixture
def spring(walk: Walks, ada: Contact) -> Walk:
    made = walk()
    made.plan()
    return made


@pytest.fixture
def sent(spring: Walk) -> Walk:
    spring.send_all()
    spring.hand.forward(hours=2)
    return spring


WAS_SENT = "Ada Lovelace was sent “Spring” once, on Tuesday 2 March 2027 at 09:00 (UTC), in version A of its text."


def test_what_was_sent_says_when_why_it_was_lawful_and_who_approved_it(sent: Walk, ada: Contact) -> None:
    assert told(sent, ada) == (
        f"{WAS_SENT} They had agreed to e-mail on 4 May 2026 (sign-up form). "
        "Only the version that was approved by ann on Tuesday 2 March 2027 at 09:00 (UTC) may leave "
        f"(seal {str(sent.campaign.approved)[:12]})."
    )


@pytest.mark.parametrize("code", HELD)
def test_each_reason_of_the_gate_is_told_in_a_sentence(spring: Walk, ada: Contact, code: str) -> None:
    claims = [Claim(row(spring).key, 1, "held", {"code": code}, code)]
    spring.ports.ledger.claim(SCOPE, spring.id, 0, "gate", claims, START, START + timedelta(minutes=2))
    assert told(spring, ada) == f"Ada Lovelace did not get “Spring”, because {HELD[code]}."


@pytest.mark.parametrize(
    ("status", "why"),
    [
        ("5.1.1", "there is no such mailbox (5.1.1). Nothing is sent to this address any more."),
        ("5.7.1", "their mail server refuses mail from the sender's domain (5.7.1)."),
        ("5.2.2", "their mail server could not deliver it (5.2.2)."),
    ],
)
def test_what_bounced_says_what_the_server_meant_and_what_follows(
    sent: Walk, ada: Contact, status: str, why: str
) -> None:
    news(sent, "bounced", status)
    begins = f"“Spring” was sent to Ada Lovelace on Tuesday 2 March 2027 at 09:00 (UTC) and came back: {why}"
    assert told(sent, ada).startswith(begins)


def test_what_was_refused_on_the_spot_quotes_the_server(spring: Walk, ada: Contact) -> None:
    claims = [Claim(row(spring).key, 1, "intent", {"code": "allowed"})]
    spring.ports.ledger.claim(SCOPE, spring.id, 0, "a sender", claims, START, START + timedelta(minutes=2))
    refused = [Settlement(row(spring).key, 1, "failed", detail="550 no such user")]
    spring.ports.ledger.settle(SCOPE, spring.id, 0, refused, START)
    said = "“Spring” could not be delivered to Ada Lovelace: it was refused with “550 no such user”."
    assert told(spring, ada).startswith(said)


def test_a_complaint_is_told_with_its_consequence(sent: Walk, ada: Contact) -> None:
    news(sent, "complained")
    said = told(sent, ada)
    assert "They reported it as unwanted on Tuesday 2 March 2027 at 11:00 (UTC): too late for this message" in said
    assert "It is known to have arrived." in said


def test_who_unsubscribed_after_it_is_told_from_who_did_before(
    sent: Walk, ada: Contact, walk: Walks, ports: Ports
) -> None:
    unsubscribe(ports, Link("u", SCOPE, sent.id, 0, ada.person, 0))
    assert "They unsubscribed on Tuesday 2 March 2027 at 11:00 (UTC): too late for this message" in told(sent, ada)
    second = walk(name="Summer")
    second.plan()
    second.send_all()
    assert told(second, ada) == (
        f"Ada Lovelace did not get “Summer”, because {HELD['suppressed']}. "
        "They unsubscribed on Tuesday 2 March 2027 at 11:00 (UTC)."
    )


def test_what_is_unknown_says_so_and_that_it_is_not_repeated(spring: Walk, ada: Contact) -> None:
    claims = [Claim(row(spring).key, 1, "intent", {"code": "allowed"})]
    spring.ports.ledger.claim(SCOPE, spring.id, 0, "a sender that died", claims, START, START + timedelta(minutes=2))
    assert "is being handed over to Ada Lovelace's mail server right now" in told(spring, ada)
    spring.hand.forward(minutes=3)
    assert told(spring, ada).startswith(
        "It is not known whether Ada Lovelace got “Spring”: it was handed over on Tuesday 2 March 2027 at 09:00 (UTC) "
        "and no answer was recorded. It will not be sent again by itself."
    )


def test_what_was_recalled_says_by_whom(walk: Walks, ada: Contact, ports: Ports) -> None:
    spring = walk()
    spring.plan()
    campaigns.recall(ports, SCOPE, spring.id, "ben", RecallRequest())
    spring.send_all()
    assert told(spring, ada) == (
        "Ada Lovelace did not get “Spring”, because it was recalled by ben before their turn, "
        "on Tuesday 2 March 2027 at 09:00 (UTC)."
    )


def test_a_correction_says_what_it_corrects(sent: Walk, ada: Contact, ports: Ports, hand: Hand) -> None:
    made = campaigns.correction(ports, SCOPE, sent.id, "ann", CorrectionRequest(what="The course begins at six."))
    corrected = Walk.__new__(Walk)
    corrected.ports, corrected.hand, corrected.id = ports, hand, made.id
    corrected.order = {**sent.order, "campaign": made.id}
    corrected.plan()
    corrected.send_all()
    said = told(corrected, ada)
    assert said.startswith(f"Ada Lovelace was sent “{made.name}” once, ")
    assert "It corrects “Spring”, which they had got." in said


def test_other_grounds_than_consent_are_named(walk: Walks, people: People, ports: Ports) -> None:
    implied = Consent(status="granted", basis="implied_purchase", at=START - timedelta(days=30))
    buyer = people(1, prefix="buyer", country="CA", consent={"email": implied})[0]
    spring = walk()
    spring.plan()
    spring.send_all()
    assert "It was lawful because of a purchase or contract on 31 January 2027." in told(spring, buyer)


class TestWhom:
    def about(self, ports: Ports, address: str) -> str:
        return campaigns.explanations(ports, SCOPE, address, 50, None).about

    def test_an_address_that_nobody_ever_heard_of(self, sent: Walk, ports: Ports) -> None:
        found = campaigns.explanations(ports, SCOPE, "nobody@people.example", 50, None)
        assert found.items == []
        assert found.about == (
            "nobody@people.example is not in the address book, and no campaign was for it, so nothing was sent to it."
        )
        assert "is no e-mail address, phone number or handle" in self.about(ports, "whatever")

    def test_an_address_that_left_the_book_is_still_explained(self, sent: Walk, ada: Contact, ports: Ports) -> None:
        ports.documents.delete(SCOPE, Kind.CONTACT, ada.id)
        found = campaigns.explanations(ports, SCOPE, ada.email.upper(), 50, None)
        assert found.about == f"{ada.email.upper()} is no longer in the address book."
        assert [each.state for each in found.items] == ["accepted"]
        assert found.items[0].sentence.startswith("This person was sent “Spring” once")

    def test_who_is_in_the_book_and_must_not_be_written_to(self, sent: Walk, ada: Contact, ports: Ports) -> None:
        ports.documents.put(SCOPE, Kind.IDENTITY, ada.person, {"contact": ada.id})
        suppression.suppress(ports, SCOPE, ada.person, "unsubscribed")
        assert self.about(ports, ada.email) == (
            f"Ada Lovelace ({ada.email}) is in the address book since 2 March 2027. "
            "Nothing is sent to them any more since 2 March 2027, whatever a campaign is for."
        )

    @pytest.mark.parametrize("spelling", ["+49 151 2345 6789", "0151-23456789", "(0049) 151/23456789"])
    def test_a_phone_number_finds_everybody_who_has_it(
        self, walk: Walks, people: People, ports: Ports, spelling: str
    ) -> None:
        people(1, prefix="max", phone="+4915123456789", first_name="Max")
        spring = walk()
        spring.plan()
        spring.send_all()
        found = campaigns.explanations(ports, SCOPE, spelling, 50, None)
        assert found.about == f"{spelling} is the number of Max."
        assert found.items[0].sentence.startswith("Max was sent “Spring” once")

    def test_a_phone_number_that_nobody_has(self, sent: Walk, ports: Ports) -> None:
        register(ports, SCOPE)
        take_text(ports, [SCOPE], "+4917099999999", "STOP")
        assert self.about(ports, "+49 170 99999999") == (
            "Nobody in the address book has the number +49 170 99999999, so nothing was sent to it. "
            "Nothing is sent to them any more since 2 March 2027, whatever a campaign is for."
        )

    def test_a_handle_without_any_post(self, sent: Walk, ports: Ports) -> None:
        said = "@studio@s.example: nothing was posted or said in a chat from here."
        assert self.about(ports, "@studio@s.example") == said
