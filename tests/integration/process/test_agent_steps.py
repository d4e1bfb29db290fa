"""The eight verbs as steps of a process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.agents import tasks
from shared.domain.names import Verb
from shared.process.errors import InputError, TransientError
from shared.process.steps import step_type
from shared.process.steps.call import Again
from tests.integration.generate.home import SCOPE, opened
from tests.integration.process.real_desk import Room
from tests.servers.models import ModelServer, Reply, failing

GIVEN = {"title": "A line for the report", "instructions": "Sum up in one line.", "input": {"cases": 41}}


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


@pytest.fixture
def room(tmp_path: Path, server: ModelServer) -> Iterator[Room]:
    with opened(tmp_path / "home", server.url, with_writer=False) as ports:
        yield Room(ports, tmp_path)


def test_every_verb_is_a_step() -> None:
    assert [step_type(verb).__name__ for verb in Verb] == [verb.capitalize() for verb in Verb]


def test_the_agent_of_a_verb_answers_once_however_often_the_step_is_run(room: Room, server: ModelServer) -> None:
    server.script(Reply("41 cases, all on time."), Reply("something else"))
    for _ in range(2):
        made = room.do("analyze", GIVEN, room.desk("sum", scope=SCOPE)).outputs
        assert (made["result"], made["written_by"]) == ("41 cases, all on time.", "test-model")
    assert len(server.requests) == 1
    task = tasks.read(room.ports, SCOPE, made["task"])
    assert (task.agent, task.input, task.created_by) == ("analyst", {"cases": 41}, "process")


def test_whoever_cannot_is_not_asked(room: Room) -> None:
    with pytest.raises(InputError, match="no agent 'copywriter' can analyze; there is: analyst"):
        room.do("analyze", {**GIVEN, "agent": "copywriter"}, room.desk("sum", scope=SCOPE))


def test_a_model_that_is_away_is_waited_for(room: Room, server: ModelServer) -> None:
    server.script(*[failing(500)] * 40)
    with pytest.raises((Again, TransientError)):
        room.do("analyze", GIVEN, room.desk("sum", scope=SCOPE))
