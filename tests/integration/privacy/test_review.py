"""Rule G9: what rules decided about somebody, a person looks at again if asked to; it is answered with a reason.
Rule G8: breaches are on record, with the 72 hours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from shared.agents import campaigns, inbox
from shared.agents.contacts.consents import record
from shared.agents.contacts.suppression import suppress
from shared.agents.privacy import breaches, export, reviews
from shared.domain.breach import BreachRequest
from shared.domain.contact import Consent, Contact
from shared.domain.evidence import ConsentRequest
from shared.domain.faults import Conflict, Missing, Rejected
from shared.domain.gate import HELD
from shared.domain.inbox import Asked, Decision
from shared.domain.names import Kind
from shared.domain.review import AUTOMATED, ReviewRequest
from shared.ports import Ports
from shared.render.export import export_pdf
from tests.integration.agents.conftest import SCOPE, START, Hand, Walk

People = Callable[..., list[Contact]]
VIEW = "I did agree, at your stand in Ulm."


def waiting(ports: Ports) -> list[Asked]:
    return inbox.waiting(ports, SCOPE, 10)[0]


def answer(ports: Ports, asked: Asked, decision: str, comment: str | None = "Nothing on paper.") -> object:
    given = Decision.model_validate({"decision": decision, "digest": asked.digest, "comment": comment})
    return inbox.decide(ports, SCOPE, asked.subject, "ann", given)


def test_rule_g9_a_message_that_was_held_is_looked_at_by_a_person(
    ports: Ports, people: People, walk: Callable[..., Walk], hand: Hand
) -> None:
    who = people(1, consent={"email": Consent(status="unknown")})[0]
    spring = walk()
    spring.plan()
    spring.send_all()
    made = reviews.ask(ports, SCOPE, who.id, "owner", ReviewRequest(checked="signed_in", campaign=spring.id, view=VIEW))
    assert HELD["no_consent"] in made.decided
    assert (made.factors["held"], made.factors["verdict"]["code"]) == ("no_consent", "no_consent")
    assert "it is due by" in campaigns.explain(ports, SCOPE, spring.id, who.id).sentence

    (asked,) = waiting(ports)
    assert (asked.kind, asked.name, asked.answers, asked.until) == ("review", who.email, ["uphold", "change"], made.due)
    assert VIEW in asked.question
    assert HELD["no_consent"] in asked.question
    with pytest.raises(Rejected, match="comment"):
        answer(ports, asked, "uphold", " ")
    with pytest.raises(Conflict):
        answer(ports, asked.model_copy(update={"digest": "0" * 64}), "uphold")
    answer(ports, asked, "uphold")
    assert waiting(ports) == []
    with pytest.raises(Conflict):
        answer(ports, asked, "change")

    said = campaigns.explain(ports, SCOPE, spring.id, who.id)
    assert "ann did on Tuesday 2 March 2027" in said.sentence
    assert "it stays so, because “Nothing on paper.”" in said.sentence
    assert said.evidence["reviews"][0]["status"] == "upheld"
    handed = export.everything_about(ports, SCOPE, who.id, hand.now())
    assert handed["records"]["review"][0]["record"]["view"] == VIEW
    assert [each["name"] for each in handed["decisions"]] == [each.name for each in AUTOMATED]
    assert export_pdf(handed).startswith(b"%PDF")
    facts = [each for each in ports.journal.read(SCOPE, "privacy") if "review" in each.what]
    assert [each.what for each in facts] == ["review_asked", "reviewed"]
    assert VIEW not in str(facts)


def test_rule_g9_what_a_mail_server_said_is_lifted_by_a_person_and_what_they_said_is_not(
    ports: Ports, people: People
) -> None:
    bounced, gone = people(2)
    request = ReviewRequest(checked="known_in_person")
    with pytest.raises(Conflict, match="nothing stops"):
        reviews.ask(ports, SCOPE, bounced.id, "owner", request)
    suppress(ports, SCOPE, bounced.person, "bounced")
    record(ports, SCOPE, gone.id, "owner", ConsentRequest(status="withdrawn", channel="all"))
    for who in (bounced, gone):
        reviews.ask(ports, SCOPE, who.id, "owner", request)
    first, second = waiting(ports)
    assert "all: bounced since 2027-03-02" in first.question
    answer(ports, first, "change", "The mailbox is back.")
    assert ports.documents.get(SCOPE.agency, Kind.SUPPRESSION, bounced.person) is None
    with pytest.raises(Conflict, match="only they can take it back"):
        answer(ports, second, "change")
    assert ports.documents.get(SCOPE.agency, Kind.SUPPRESSION, gone.person)
    answer(ports, second, "uphold")


def test_rule_g8_a_breach_waits_until_somebody_says_that_the_authority_was_told(ports: Ports, hand: Hand) -> None:
    noticed = START - timedelta(hours=5)
    told = BreachRequest(what="A laptop was stolen.", data="addresses of patients", people=40, noticed_at=noticed)
    made = breaches.report(ports, SCOPE, "owner", told)
    with pytest.raises(Rejected, match="noticed_at"):
        breaches.report(ports, SCOPE, "owner", told.model_copy(update={"noticed_at": START + timedelta(hours=1)}))
    (asked,) = waiting(ports)
    assert (asked.kind, asked.until) == ("breach", noticed + timedelta(hours=72))
    assert "due by 5 March 2027 at 04:00 UTC" in asked.question
    hand.forward(hours=2)
    answer(ports, asked, "told", "LfDI 4711/27")
    assert waiting(ports) == []
    (kept,) = breaches.listing(ports, SCOPE, 10)[0]
    assert (kept.status, kept.settled_by, kept.reason) == ("told", "ann", "LfDI 4711/27")
    assert kept.settled_at == hand.now()
    assert [each.what for each in ports.journal.read(SCOPE, "privacy")] == ["breach", "breach_settled"]
    assert "laptop" not in str(ports.journal.read(SCOPE, "privacy"))
    with pytest.raises(Missing):
        breaches.get(ports, SCOPE, "nobody")
    assert made.digest == asked.digest
