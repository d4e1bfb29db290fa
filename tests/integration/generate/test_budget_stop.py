"""A model whose price nobody knows, and a limit of money: a person is asked, and may leave it to this machine's."""

from __future__ import annotations

from pathlib import Path

from shared.agents import budget, inbox
from shared.agents.generate import run
from shared.domain.budget import Budget
from shared.domain.inbox import Decision
from shared.domain.money import Money
from shared.domain.outcome import Done, Later
from shared.domain.wording import BUILT_IN_WRITER
from tests.integration.generate.home import ORDER, SCOPE, accept, opened
from tests.servers.models import ModelServer

from .test_part_of_a_draft import draft


def test_what_a_person_leaves_to_the_model_on_this_machine_costs_nothing(tmp_path: Path) -> None:
    with ModelServer() as server, opened(tmp_path, server.url, with_writer=True) as ports:
        limits = Budget(money=Money(micros=5_000_000), unknown_price="ask")
        budget.put(ports, SCOPE, "ann", "workspace", limits)
        accept(ports, variants=1)
        assert isinstance(run(ports, dict(ORDER)), Later)
        ((asked,), _) = inbox.waiting(ports, SCOPE, 50)
        assert asked.sealed == {"account": "workspace", "what": "price"}
        inbox.decide(ports, SCOPE, "spring", "ann", Decision(decision="local", digest=asked.digest))
        assert run(ports, dict(ORDER)) == Done({"version": 1})
        assert inbox.waiting(ports, SCOPE, 50) == ([], None)
        assert (draft(ports, 1).written_by, server.requests) == (BUILT_IN_WRITER, [])
