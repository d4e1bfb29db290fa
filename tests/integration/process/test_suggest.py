"""Suggested fixes: rules say what they know, a model is asked once and told nothing of the data, nothing is applied."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.agents import tasks
from shared.domain.faults import Conflict
from shared.domain.run import Run
from shared.ports import Ports
from shared.process import runs, suggest
from shared.process.attempt import Doing, really
from shared.process.books import plan_of
from shared.process.declared import Plan
from shared.process.errors import PolicyError
from shared.process.rehearsal.apart import Time
from shared.process.rehearsal.play import play
from shared.process.steps.approve import Approve
from shared.process.steps.call import Answer, Desk, StepType
from shared.process.store import put
from tests.integration.generate.home import SCOPE, opened
from tests.servers.models import ModelServer, Reply

LIST = "name,email,born\nAda Lovelace,ada@people.example,10.12.1815\nBo Xu,bo@people.example,soon\n"
FAILS = {"url": "https://court.example/in?of=ada@people.example", "json": {"n": "${{ inputs.word }}"}}
PLAN = {
    "process": "people",
    "title": "People",
    "inputs": {"list": {"type": "file"}, "word": {"default": "x"}},
    "steps": [
        {"id": "rows", "type": "read", "with": {"file": "${{ inputs.list }}", "columns": [
            {"name": "name"}, {"name": "email"}, {"name": "born", "type": "date"}]}},
        {"id": "sent", "type": "http.post", "needs": ["rows"], "with": FAILS},
    ],
}  # fmt: skip


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


def ended(ports: Ports, text: str = LIST, doing: Doing = really, **changes: Any) -> Run:
    """A run that has ended, played on the real ports; `ports` have no endpoints, so its request is refused."""
    body = Plan.model_validate({**PLAN, **changes}).model_dump_json(by_alias=True).encode()
    process, _ = put(ports, SCOPE, "owner", "people", body, "x", None)
    digest = hashlib.sha256(text.encode()).hexdigest()
    ports.files.put(SCOPE, "runs/incoming/list.csv", text.encode())
    given = {"file": "runs/incoming/list.csv", "name": "list.csv", "bytes": len(text.encode()), "sha256": digest}
    run = runs.start(ports, SCOPE, "owner", "people", process.digest, {"list": given, "word": "Lovelace"})
    return play(ports, Time(ports.clock), SCOPE, run, doing)


def test_a_model_is_asked_once_told_no_data_and_changes_nothing(tmp_path: Path, server: ModelServer) -> None:
    server.script(Reply("Add formats: ['%d.%m.%Y'] to born. Ask ada@people.example."), Reply("something else"))
    wrong = {"id": "same", "type": "files.verify", "needs": ["rows"], "with": {
        "files": "${{ inputs.list }}", "sha256": "0" * 64}, "on_error": "continue"}  # fmt: skip
    with opened(tmp_path / "home", server.url) as ports:
        run = ended(ports, steps=[*PLAN["steps"], wrong])  # type: ignore[misc]
        assert run.status == "failed"
        before = (run, plan_of(ports, SCOPE, run.process, run.digest), runs.steps(ports, SCOPE, run.id))
        asked, task = suggest.ask(ports, SCOPE, run.id, "owner")
        assert task is not None
        assert (asked.status, asked.text, [each.step for each in asked.troubles]) == (
            "queued",
            None,
            ["rows", "sent", "same"],
        )
        order = {"scope": list(SCOPE), "task": task.id, "run": task.run, "instance": f"local~main~task~{task.id}~1"}
        tasks.run(ports, order)
        again, second = suggest.ask(ports, SCOPE, run.id, "owner")
        assert second is None
        assert again == suggest.suggestion(ports, SCOPE, run.id)
        assert again.text == "Add formats: ['%d.%m.%Y'] to born. Ask a***@***."
        assert (again.status, again.written_by) == ("done", "test-model")
        assert before == (
            runs.read(ports, SCOPE, run.id),
            plan_of(ports, SCOPE, run.process, run.digest),
            runs.steps(ports, SCOPE, run.id),
        )
        told = json.dumps(server.requests, default=str)
        assert len(server.requests) == 1
        assert "not what it should be" in told
        assert "born: is no date of the form %Y-%m-%d" in told
        for private in ("Lovelace", ".1815", "people.example", "list.csv", "soon"):
            assert private not in told, private


def test_no_words_of_an_error_that_quote_data_reach_a_model(tmp_path: Path, server: ModelServer) -> None:
    """Headings of the file, its own reasons, a comment, and what an expression or DuckDB could not take."""
    server.script(Reply("Look at it."))
    text, file = "name,Zauberin,why\nAda,x,has Rheuma\nHopper,y,\n", "${{ inputs.list }}"
    each: list[dict[str, Any]] = [
        {"id": "absent", "type": "read", "with": {"file": file, "columns": [{"name": "case", "required": True}]}},
        {"id": "said", "type": "read", "with": {"file": file, "reason": "why"}},
        {"id": "parsed", "type": "transform", "needs": ["said"], "with": {
            "rows": "${{ steps.said.outputs.rows }}", "sql": "SELECT strptime(name, '%Y') AS y FROM rows"}},
        {"id": "dated", "type": "value", "with": {"value": "${{ add_days(inputs.word, 1) }}"}},
        {"id": "agreed", "type": "approve", "with": {"title": "Go on?"}},
    ]  # fmt: skip

    def doing(step: StepType, desk: Desk) -> Answer:
        if isinstance(step, Approve):
            raise PolicyError("ann rejected it: first ask Turing")
        return step.run(desk)

    with opened(tmp_path / "home", server.url) as ports:
        run = ended(ports, text, doing, steps=[{**step, "on_error": "continue"} for step in each])
        asked, task = suggest.ask(ports, SCOPE, run.id, "owner")
        assert task is not None
        tasks.run(
            ports, {"scope": list(SCOPE), "task": task.id, "run": task.run, "instance": f"local~main~task~{task.id}~1"}
        )
        people, told = asked.model_dump_json(), json.dumps(server.requests, default=str)
        for planted in ("Zauberin", "Rheuma", "Hopper", "Lovelace", "Turing"):
            assert planted in people, planted
            assert planted not in told, planted
        for known in (
            "the file has no column case; it has ",
            "add_days: ",
            " rejected it: ",
            "of 2 rows are in quaran",
        ):
            assert known.strip() in told, known


def test_without_a_model_rules_say_what_they_know_and_what_is_well_needs_nothing(tmp_path: Path) -> None:
    with opened(tmp_path / "home", with_writer=True) as ports:
        run = ended(ports)
        found, task = suggest.ask(ports, SCOPE, run.id, "owner")
        assert task is None
        assert "no model is configured" in found.note
        rows, sent = found.troubles
        assert rows.reasons == {"born: is no date of the form %Y-%m-%d": 2}
        assert rows.quarantine is not None
        assert any(f"baton process fix {run.id} list.quarantine.csv" in each for each in rows.rules)
        assert (sent.kind, sent.field) == ("policy", "url")
        assert "the URL is not asked" in sent.what
        assert any("whoever runs Baton can allow it" in each for each in sent.rules)
        assert any(f"baton process retry {run.id} --from sent" in each for each in sent.rules)
    with opened(tmp_path / "other", with_writer=True) as ports:
        well = ended(ports, "name,email,born\n", steps=PLAN["steps"][:1])  # type: ignore[index]
        assert well.status == "done"
        assert suggest.suggestion(ports, SCOPE, well.id).troubles == []
        with pytest.raises(Conflict, match="no step has failed"):
            suggest.ask(ports, SCOPE, well.id, "owner")
