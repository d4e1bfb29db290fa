"""A decision about a campaign wakes whoever works on it."""

from __future__ import annotations

from datetime import UTC, datetime

from functions.flows import again_flows, doorbells
from shared.domain.campaign import Campaign, CampaignRequest
from shared.domain.scope import Scope

SCOPE = Scope("local", "main")


def test_the_bells_of_senders_that_were_started_anew_ring_too() -> None:
    request = CampaignRequest.model_validate(
        {
            "name": "Spring",
            "brief": {
                "goal": "g",
                "offer": "o",
                "audience": "a",
                "call_to_action": {"text": "Book", "url": "https://example.org/book"},
            },
            "segment": {"all": True},
            "sender": {"name": "Praxis", "address": "hallo@example.org", "postal_address": "1 Mill Road, Leeds"},
        }
    )
    campaign = Campaign(
        id="c" * 32,
        request=request,
        name="Spring",
        status="sending",
        created_at=datetime(2027, 3, 2, tzinfo=UTC),
        created_by="test",
        distributions=3,
        again={"1": 2},
    )
    rung = doorbells(SCOPE, campaign)
    assert len(rung) == len(set(rung)) == 5
    assert {flow.instance_id for flow in again_flows(SCOPE, campaign)} < set(rung)
    assert f"local~main~distribution~{'c' * 32}-1~3" in rung
