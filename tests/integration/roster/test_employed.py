"""What is changed about an agent holds from its next call on: off, instructions, quality, home."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.agents import roster
from shared.agents.asking import Call, ask
from shared.agents.generate import run
from shared.agents.records import load
from shared.domain.agent import AgentSettings
from shared.domain.outcome import Done, Later
from shared.ports import Ports, Question
from tests.integration.generate.home import ORDER, SCOPE, accept, copy, opened
from tests.servers.models import ModelServer, Reply


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


@pytest.fixture
def ports(tmp_path: Path, server: ModelServer) -> Iterator[Ports]:
    with opened(tmp_path, server.url, with_writer=True) as ports:
        yield ports


def change(ports: Ports, **changes: Any) -> None:
    present = roster.read(ports, SCOPE, "copywriter").agent.model_dump(exclude={"id"})
    roster.update(ports, SCOPE, "ann", "copywriter", AgentSettings.model_validate({**present, **changes}))


def test_a_copywriter_that_is_off_lets_the_campaign_wait_and_goes_on_when_it_is_on(
    ports: Ports, server: ModelServer
) -> None:
    accept(ports, variants=1)
    change(ports, enabled=False)
    assert isinstance(run(ports, ORDER), Later)
    assert load(ports, SCOPE, "spring").status_reason == "agent: the agent copywriter is switched off"
    assert server.requests == []
    change(ports, enabled=True)
    server.script(Reply(copy()))
    assert run(ports, ORDER) == Done({"version": 1})


def test_own_instructions_are_told_and_the_delivered_ones_are_not_repeated(ports: Ports, server: ModelServer) -> None:
    change(ports, model={"quality": "good"})
    server.script(Reply("yes"), Reply("yes"))
    ask(ports, SCOPE, Call("k1", Question("free", "Answer.", {}), "copywriter"))
    change(ports, instructions="Only in rhyme.")
    ask(ports, SCOPE, Call("k2", Question("free", "Answer.", {}), "copywriter"))
    first, second = (str(request["messages"]) for request in server.requests)
    assert "Write for one reader" not in first
    assert "Only in rhyme." in second


def test_a_home_of_its_own_is_asked_first_and_a_quality_is_kept(ports: Ports, server: ModelServer) -> None:
    accept(ports, variants=1)
    change(ports, model={"home": "built-in"})
    assert run(ports, ORDER) == Done({"version": 1})
    assert server.requests == []
    change(ports, model={"home": "built-in", "quality": "best"})
    server.script(Reply("yes"))
    assert ask(ports, SCOPE, Call("k3", Question("free", "Answer.", {}), "copywriter")).home == "endpoint"
