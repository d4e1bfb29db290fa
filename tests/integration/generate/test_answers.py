"""A sentence that nobody has said: it blocks the approval until a person answers for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from shared.agents import confirmed
from shared.agents.campaigns import decide, drafts
from shared.agents.campaigns.claims import answer_claim
from shared.agents.records import change, load
from shared.agents.schedule import approval
from shared.domain.approval import ApprovalRequest
from shared.domain.campaign import Campaign
from shared.domain.fact import ClaimRequest, FactRequest
from shared.domain.faults import Conflict, Rejected
from shared.domain.outcome import Done, Refused
from shared.ports import Ports
from tests.integration.generate.home import SCOPE, accept, copy
from tests.integration.generate.test_generate import generate
from tests.servers.models import ModelServer, Reply

UNSAID = "A massage afterwards is part of it."


@pytest.fixture
def asked(ports: Ports, server: ModelServer) -> Ports:
    """A campaign that waits for approval, with a sentence that nobody has said."""
    accept(ports, variants=1)
    server.script(*[Reply(copy(points=[UNSAID]))] * 3)
    assert generate(ports) == Done({"version": 1})
    ask(ports)
    return ports


def ask(ports: Ports) -> Campaign:
    approval.ask(ports, SCOPE, load(ports, SCOPE, "spring"))
    return load(ports, SCOPE, "spring")


def answered(ports: Ports, answer: str, **more: Any) -> Campaign:
    request = ClaimRequest.model_validate({"sentence": UNSAID, "answer": answer, **more})
    return answer_claim(ports, SCOPE, "spring", "ann", request)


def approve(ports: Ports) -> Campaign:
    digest = load(ports, SCOPE, "spring").digest or ""
    return decide(ports, SCOPE, "spring", "ann", ApprovalRequest(decision="approve", digest=digest))


def test_it_is_shown_with_the_reason_and_cannot_be_approved(asked: Ports) -> None:
    (draft,) = drafts(asked, SCOPE, "spring")
    (unsaid,) = (each for each in draft.claims if not each.sources)
    assert (unsaid.sentence, "'massage'" in unsaid.reason) == (UNSAID, True)
    assert [each.rule for each in draft.findings if each.severity == "error"] == ["claim-unsupported"]
    with pytest.raises(Conflict, match="massage"):
        approve(asked)


def test_what_is_carried_names_its_source(asked: Ports) -> None:
    (draft,) = drafts(asked, SCOPE, "spring")
    carried = {each.sentence: each.sources for each in draft.claims if each.sources}
    assert carried["It starts on Tuesday 3 March"] == ["facts.0"]
    assert carried["eight people, and one physiotherapist who watches every movement."] == ["offer"]


def test_i_confirm_this_keeps_a_named_dated_expiring_fact_and_the_same_words_pass(
    asked: Ports, server: ModelServer
) -> None:
    assert answered(asked, "confirm").status == "generating"
    assert generate(asked) == Done({"version": 2})
    assert len(server.requests) == 3, "nothing is written again"
    (fact,), _ = confirmed.listing(asked, SCOPE)
    assert (fact.text, fact.by, fact.until - fact.at) == (UNSAID, "ann", timedelta(days=365))
    (draft,) = drafts(asked, SCOPE, "spring")
    assert not draft.blocked
    assert [f"confirmed:{fact.id}"] in [each.sources for each in draft.claims]
    assert UNSAID in draft.text
    ask(asked)
    assert approve(asked).status == "holding"


def test_say_it_differently_is_a_wish_for_the_next_version(asked: Ports, server: ModelServer) -> None:
    assert answered(asked, "rephrase").change_wish == f"Say this differently, or leave it out: {UNSAID}"
    server.script(Reply(copy()))
    assert generate(asked) == Done({"version": 2})
    assert UNSAID in server.requests[-1]["messages"][1]["content"]
    assert not drafts(asked, SCOPE, "spring")[0].blocked


def test_the_wish_to_leave_it_out_is_no_source_for_it(asked: Ports, server: ModelServer) -> None:
    answered(asked, "rephrase")
    server.script(*[Reply(copy(points=[UNSAID]))] * 3)
    assert generate(asked) == Done({"version": 2})
    assert drafts(asked, SCOPE, "spring")[0].blocked


def test_only_sentences_in_question_can_be_answered(asked: Ports) -> None:
    with pytest.raises(Rejected, match="sentence"):
        answer_claim(asked, SCOPE, "spring", "ann", ClaimRequest(sentence="The moon is blue.", answer="confirm"))


def test_what_is_over_cannot_be_answered(asked: Ports) -> None:
    def end(found: Campaign) -> None:
        found.status = "cancelled"

    change(asked, SCOPE, "spring", end)
    with pytest.raises(Conflict, match="cancelled"):
        answered(asked, "confirm")


def test_a_fact_carries_nothing_once_it_is_over_or_withdrawn(ports: Ports) -> None:
    now = ports.clock.now()
    kept = confirmed.confirm(ports, SCOPE, "ann", FactRequest(text=UNSAID, until=now + timedelta(hours=1)))
    assert [each.text for each in confirmed.carrying(ports, SCOPE)] == [UNSAID]
    assert not kept.holds(now + timedelta(hours=1))
    confirmed.withdraw(ports, SCOPE, "ann", kept.id)
    assert confirmed.carrying(ports, SCOPE) == []
    confirmed.confirm(ports, SCOPE, "bob", FactRequest(text=UNSAID))
    assert [each.text for each in confirmed.carrying(ports, SCOPE)] == [UNSAID]
    with pytest.raises(Rejected, match="until"):
        confirmed.confirm(ports, SCOPE, "ann", FactRequest(text="Old", until=now - timedelta(days=1)))


def test_without_a_person_who_approves_it_fails_as_before(ports: Ports, server: ModelServer) -> None:
    accept(ports, variants=1, approval="none")
    server.script(*[Reply(copy(points=[UNSAID]))] * 3)
    refused = generate(ports)
    assert isinstance(refused, Refused)
    assert "massage" in refused.reason
