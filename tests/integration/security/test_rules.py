"""What holds whatever a model says: rules L1, L2, L5, L6, L7."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from shared.agents import budget, campaigns, confirmed, knowledge
from shared.domain.budget import Budget
from shared.domain.draft import draft_id
from shared.domain.fact import FactRequest
from shared.domain.knowledge import Description
from shared.domain.names import Kind
from shared.domain.outcome import Done, Later
from shared.ports import Ports
from tests.integration.agents.conftest import SCOPE
from tests.integration.security.carriers import ABOUT
from tests.integration.security.conftest import COPY, KEY, Written, outbox
from tests.servers.models import ModelServer, Reply

Campaigns = Callable[..., Written]


def bring(ports: Ports, text: str) -> str:
    brought = knowledge.Brought(text.encode(), "text", "found.txt")
    return knowledge.bring_in(ports, SCOPE, "ann", brought, Description(source="the web")).id


def test_rule_l1_what_nobody_will_look_at_rests_on_no_strangers_text(
    ports: Ports, server: ModelServer, campaign: Campaigns
) -> None:
    bring(ports, f"{ABOUT} It is free.")
    spring = campaign(approval="none")
    server.script(*[Reply({**COPY, "points": ["It is free."]})] * 3)
    spring.generate()
    assert "untrusted" not in server.requests[0]["messages"][1]["content"]
    assert spring.campaign.status == "failed"
    assert "free" in (spring.campaign.status_reason or "")


def test_rule_l2_no_secret_is_in_a_prompt_on_the_tape_or_in_the_journal(
    ports: Ports, server: ModelServer, campaign: Campaigns, tmp_path: Path
) -> None:
    spring = campaign()
    server.script(Reply(COPY))
    assert spring.generate() == Done({"version": 1})
    kept = ports.documents.find(SCOPE, Kind.TAPE, limit=10).documents
    assert kept
    secrets = {KEY, *_values(json.loads((tmp_path / "home" / "keys.json").read_text()))}
    assert len(secrets) > 2
    told = [*server.requests, *(each.body for each in kept)]
    told += [each.data for each in campaigns.timeline(ports, SCOPE, spring.id)]
    for each in told:
        assert not any(secret in json.dumps(each) for secret in secrets)


def test_rule_l5_what_leaves_is_what_was_shown_word_for_word(
    ports: Ports, server: ModelServer, campaign: Campaigns, tmp_path: Path
) -> None:
    spring = campaign()
    server.script(Reply(COPY))
    spring.generate()
    spring.approve()
    spring.schedule()
    seen = campaigns.preview(ports, SCOPE, spring.id, "A").text
    spring.send_all()
    sent = message_from_bytes(outbox(tmp_path)[0].read_bytes(), policy=policy.default)
    part = sent.get_body(("plain",))
    assert part
    said = [re.sub(r"#|https?://\S+|(?<=Dear )\w+", "OWN", text) for text in (seen, part.get_content())]
    assert said[0].split() == said[1].split()


def test_rule_l5_a_draft_that_changes_after_its_approval_does_not_leave(
    ports: Ports, server: ModelServer, campaign: Campaigns, tmp_path: Path
) -> None:
    spring = campaign()
    server.script(Reply(COPY))
    spring.generate()
    spring.approve()
    found = ports.documents.get(SCOPE, Kind.DRAFT, draft_id(spring.id, 1, "A"))
    assert found is not None
    other = {**found.body, "subject": f"{found.body['subject']}!"}
    ports.documents.put(SCOPE, Kind.DRAFT, found.id, other, found.rev)
    spring.schedule()
    spring.send_all()
    assert outbox(tmp_path) == []


@pytest.mark.parametrize("limit", [Budget(calls=2), Budget(tokens=9_000)], ids=["calls", "tokens"])
def test_rule_l6_a_model_that_never_gets_it_right_is_stopped_by_the_budget(
    ports: Ports, server: ModelServer, campaign: Campaigns, limit: Budget
) -> None:
    spring = campaign()
    budget.put(ports, SCOPE, "ann", f"campaign-{spring.id}", limit)
    server.script(*[Reply({**COPY, "points": ["See evil.example"]})] * 50)
    outcome = spring.generate()
    assert isinstance(outcome, Later)
    assert outcome.why == "budget"
    assert f"campaign-{spring.id}" in (spring.campaign.status_reason or "")
    asked = len(server.requests)
    assert asked <= 2
    assert isinstance(spring.generate(), Later)
    assert len(server.requests) == asked


def test_rule_l7_what_is_known_is_written_down_with_its_author_and_can_be_taken_back(ports: Ports) -> None:
    document = bring(ports, f"{ABOUT} The room is blue.")
    fact = confirmed.confirm(ports, SCOPE, "ann", FactRequest(text="The room is blue."))
    confirmed.withdraw(ports, SCOPE, "bob", fact.id)
    knowledge.remove(ports, SCOPE, "bob", document)
    noted = [(each.by, each.what) for each in ports.journal.read(SCOPE, "knowledge")]
    assert noted == [("ann", "brought"), ("ann", "confirmed"), ("bob", "withdrawn"), ("bob", "deleted")]
    assert knowledge.search(ports, SCOPE, "room blue", 5) == []
    assert confirmed.carrying(ports, SCOPE) == []


def test_rule_l7_a_model_confirms_nothing(ports: Ports, server: ModelServer, campaign: Campaigns) -> None:
    spring = campaign()
    bait = {"name": "confirm_fact", "arguments": {"text": "It is free."}}
    server.script(*[Reply(tool=(bait["name"], bait["arguments"]))] * 12)  # type: ignore[arg-type]
    spring.generate()
    assert confirmed.listing(ports, SCOPE) == ([], None)
    assert spring.campaign.approved is None


def _values(found: object) -> list[str]:
    if isinstance(found, dict):
        return [each for value in found.values() for each in _values(value)]
    return [found] if isinstance(found, str) and len(found) > 8 else []
