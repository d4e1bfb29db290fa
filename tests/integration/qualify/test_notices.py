"""People who were found with a lead are told so by a mail that a person lets go, or are forgotten in time (G10)."""

from __future__ import annotations

import os
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from shared.agents import contacts, house, qualify
from shared.agents.asking.tape import tape_id
from shared.agents.contacts.suppression import suppress
from shared.agents.privacy import retention
from shared.agents.qualify import lists, lookups, notices, people, weighing
from shared.agents.qualify.books import LEADS
from shared.domain.address import person_of
from shared.domain.campaign import Sender
from shared.domain.faults import Conflict
from shared.domain.house import House
from shared.domain.lead import DecisionRequest, Lead, LeadRequest
from shared.domain.names import Kind
from shared.domain.outcome import Done
from shared.domain.retention import Retention
from shared.ports import Ports
from tests.integration.contacts.home import bring_in

from .conftest import SCOPE, START, Hand

SENDER = Sender(name="Praxis", address="hallo@praxis.example", postal_address="1 Mill Road, Leeds")
TWO = [{"name": "Ada Halm", "email": "ada@halm.example", "role": "Owner"}, {"name": "Bo", "phone": "+44 113 496 0000"}]


@pytest.fixture
def lead(ports: Ports) -> Lead:
    house.write(ports, SCOPE, "me", House(sender=SENDER))
    request = {"website": "halm.example", "country": "DE", "people": TWO, "source": "https://halm.example/team"}
    made = qualify.add(ports, SCOPE, "me", LeadRequest.model_validate(request))
    return LEADS.change(ports, SCOPE, made.id, lambda found: _score(ports, found))


def _score(ports: Ports, lead: Lead) -> None:
    lead.score = weighing.scored(lead, qualify.criteria(ports, SCOPE), ports.clock.now()).score


def outbox() -> list[Path]:
    return sorted((Path(os.environ["BATON_HOME"]) / "outbox").rglob("*.eml"))


def test_rule_g10_who_was_found_is_told_once_when_a_person_says_so(ports: Ports, lead: Lead) -> None:
    waiting, cursor = notices.strangers(ports, SCOPE, 10, None)
    assert [(each.name, each.due, cursor) for each in waiting] == [(each["name"], lead.tell_by, None) for each in TWO]
    [shown] = notices.shown(ports, SCOPE, lead.id)
    assert "https://halm.example/team" in shown.text
    assert "Widersprechen" not in shown.text
    assert "1 Mill Road" in shown.text
    assert not outbox()
    [sent] = notices.tell(ports, SCOPE, lead.id, "ada")
    assert (sent.state, sent.to, sent.text) == ("sent", "ada@halm.example", shown.text)
    assert notices.tell(ports, SCOPE, lead.id, "ada") == []
    [mail] = outbox()
    read = message_from_bytes(mail.read_bytes(), policy=policy.default)
    body = read.get_body(("plain",))
    assert body
    assert body.get_content().split() == shown.text.split()
    assert read["List-Unsubscribe"]
    told = qualify.get(ports, SCOPE, lead.id).people
    assert [(each.told_at, each.told_by) for each in told] == [(START, "mail let go by ada"), (None, None)]
    assert [each.name for each in notices.strangers(ports, SCOPE, 10, None)[0]] == ["Bo"]
    [row] = ports.ledger.of_shard(SCOPE, f"lead-{lead.id}", 0)
    assert row.verdict["code"] == "allowed"


def test_what_the_gate_holds_does_not_leave_and_says_why(ports: Ports, lead: Lead, hand: Hand) -> None:
    suppress(ports, SCOPE, person_of("ada@halm.example", ports.keys.address), "opt_out")
    [held] = notices.tell(ports, SCOPE, lead.id, "ada")
    assert (held.state, held.why) == ("held", "they unsubscribed or their address is suppressed")
    other = LeadRequest.model_validate({"website": "kern.example", "people": [{"email": "jo@kern.example"}]})
    late = qualify.add(ports, SCOPE, "me", other)
    hand.forward(days=32)
    [held] = notices.tell(ports, SCOPE, late.id, "ada")
    assert held.why == "their data were found more than a month ago, and nobody has told them so"
    assert not outbox()
    house.write(ports, SCOPE, "me", House())
    with pytest.raises(Conflict, match="say who this workspace writes as"):
        notices.tell(ports, SCOPE, late.id, "ada")


def test_rule_g7_who_was_not_told_in_time_is_forgotten_and_the_score_follows(
    ports: Ports, lead: Lead, hand: Hand
) -> None:
    notices.tell(ports, SCOPE, lead.id, "ada")
    hand.forward(days=27)
    assert retention.apply(ports, SCOPE)["strangers"] == 0
    hand.forward(days=5)
    due = {each.category: each.due for each in retention.due(ports, SCOPE)}
    assert due["strangers"] == 1
    assert retention.apply(ports, SCOPE)["strangers"] == 1
    left = qualify.get(ports, SCOPE, lead.id)
    assert [each.name for each in left.people] == ["Ada Halm"]
    assert qualify.recomputed(ports, SCOPE, left) == left.score
    assert retention.apply(ports, SCOPE)["strangers"] == 0
    with pytest.raises(ValueError, match="must be 0 to 30 days"):
        Retention(days={"strangers": 31})


def test_who_is_told_as_a_contact_is_no_stranger_as_a_lead(ports: Ports, lead: Lead, hand: Hand) -> None:
    qualify.decide(ports, SCOPE, lead.id, "me", DecisionRequest(decision="qualify", reason="they asked"))
    rows = people.people_csv(qualify.get(ports, SCOPE, lead.id))
    assert rows
    bring_in(ports, rows)
    notices.tell(ports, SCOPE, lead.id, "ada")
    known = contacts.find_by_address(ports, SCOPE, "ada@halm.example")
    assert known
    assert all(each.told_at for each in known.found)
    LEADS.change(ports, SCOPE, lead.id, lambda found: setattr(found.people[0], "told_at", None))
    assert [each.name for each in notices.strangers(ports, SCOPE, 10, None)[0]] == ["Bo"]
    hand.forward(days=40)
    retention.apply(ports, SCOPE)
    assert [each.name for each in qualify.get(ports, SCOPE, lead.id).people] == ["Ada Halm"]


def test_rule_g7_leads_that_nobody_took_and_old_lists_go_and_what_was_taken_stays(ports: Ports, hand: Hand) -> None:
    made = lists.take(ports, SCOPE, "me", b"a.example\nb.example\n", "pasted", "a pasted list")
    ports.documents.put(SCOPE, Kind.TAPE, tape_id(lookups.key_of(made.id)), {"found": {"items": []}})
    quiet = ports.__class__(**{**ports.__dict__, "sites": None})
    while True:
        outcome = lists.run(quiet, {"scope": list(SCOPE), "list": made.id})
        assert isinstance(outcome, Done)
        if not outcome.data["left"]:
            break
    taken = qualify.listing(ports, SCOPE)[0][0]
    qualify.decide(ports, SCOPE, taken.id, "me", DecisionRequest(decision="qualify", reason="they asked"))
    running = lists.take(ports, SCOPE, "me", b"c.example\n", "pasted", "a pasted list")
    hand.forward(days=100)
    assert retention.apply(ports, SCOPE)["lead_lists"] == 1
    assert not list(ports.files.list(SCOPE, f"leads/{made.id}/"))
    assert ports.documents.get(SCOPE, Kind.TAPE, tape_id(lookups.key_of(made.id))) is None
    assert lists.get(ports, SCOPE, running.id).status == "running"
    hand.forward(days=300)
    assert retention.apply(ports, SCOPE)["leads"] == 1
    assert [each.id for each in qualify.listing(ports, SCOPE)[0]] == [taken.id]
    assert START + timedelta(days=400) == ports.clock.now()


def test_who_was_told_is_not_told_again_when_the_company_gets_its_site(ports: Ports) -> None:
    house.write(ports, SCOPE, "me", House(sender=SENDER))
    told = {"name": "Halm Ltd", "country": "GB", "people": [{"email": "jane@halm.example"}]}
    named = qualify.add(ports, SCOPE, "me", LeadRequest.model_validate(told))
    [sent] = notices.tell(ports, SCOPE, named.id, "ada")
    assert sent.state == "sent"
    sited = qualify.add(ports, SCOPE, "me", LeadRequest.model_validate({**told, "website": "halm.example"}))
    assert sited.absorbed == [named.id]
    assert notices.strangers(ports, SCOPE, 10, None)[0] == []
    LEADS.change(ports, SCOPE, sited.id, lambda lead: setattr(lead.people[0], "told_at", None))
    notices.tell(ports, SCOPE, sited.id, "ada")
    assert len(outbox()) == 1
