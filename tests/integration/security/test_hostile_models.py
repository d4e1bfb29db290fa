"""A whole campaign, from brief to mail, with a model that does its worst: it ends in a clear state, and in time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from shared.agents import campaigns
from shared.domain.outcome import Done, Later
from shared.ports import Ports
from tests.integration.agents.conftest import SCOPE, Hand
from tests.integration.security.conftest import Written, outbox
from tests.servers.models import ModelServer, Reply, failing

WORST = {
    "invalid JSON": Reply("Sure! Here is your mail."),
    "another form": Reply({"subject": 7}),
    "endless": Reply(then="endless"),
    "cut": Reply(then="cut"),
    "reset": Reply(then="reset"),
    "garbage": Reply(raw=b"<html>Bad gateway</html>"),
    "429 for an hour": failing(429, after=3600),
    "500": failing(500),
}


@pytest.mark.parametrize("worst", WORST)
def test_rule_l6_a_campaign_whose_model_does_its_worst_is_written_here_and_reaches_everybody_once(
    worst: str,
    ports: Ports,
    server: ModelServer,
    campaign: Callable[..., Written],
    hand: Hand,
    book: set[str],
    tmp_path: Path,
) -> None:
    spring, begun = campaign(), hand.now()
    server.script(*[WORST[worst]] * 60)
    while isinstance(outcome := spring.generate(), Later):
        assert "waits for a model" in (spring.campaign.status_reason or "")
        hand.set(outcome.at)
    assert outcome == Done({"version": 1})
    assert hand.now() - begun <= timedelta(hours=2)
    (draft,) = campaigns.drafts(ports, SCOPE, spring.id)
    assert draft.written_by == "built-in writer"
    assert "written-elsewhere" in {each.rule for each in draft.findings}
    asked = len(server.requests)
    spring.approve()
    spring.schedule()
    spring.send_all()
    assert len(outbox(tmp_path)) == len(book)
    assert len(server.requests) == asked < 60
