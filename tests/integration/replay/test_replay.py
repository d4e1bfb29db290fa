"""Campaigns, pieces and tasks that a model wrote over HTTP, replayed when its server is gone: byte for byte, or what
would be different, step by step."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from shared.agents import confirmed, generate, knowledge, piece_claims, pieces, roster, style_guide, tasks
from shared.agents.asking import digest
from shared.agents.campaigns import control
from shared.agents.generate import pieces as writing
from shared.agents.generate import prompt, variant
from shared.agents.records import change
from shared.agents.replay import replay
from shared.domain.agent import AgentSettings
from shared.domain.draft import Finding
from shared.domain.fact import ClaimRequest, FactRequest
from shared.domain.faults import Conflict, Missing
from shared.domain.knowledge import Description, KnowledgeDocument
from shared.domain.names import Kind, instance_id
from shared.domain.outcome import Done, Refused
from shared.domain.piece import PartWish, PieceDecision, PieceRequest, question_of
from shared.domain.replay import Replay, Step
from shared.domain.scope import Scope
from shared.domain.style_guide import Avoided, StyleGuide
from shared.domain.task import Assignment
from shared.ports import Ports
from tests.integration.generate.home import ORDER, REQUEST, SCOPE, accept, copy, opened
from tests.integration.generate.test_pieces import GOOD, PLAN
from tests.servers.models import ModelServer, Reply

TAPE = f"{ORDER['instance']}~generate~"
BAD = copy(language="de")


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


@pytest.fixture
def ports(tmp_path: Path, server: ModelServer) -> Iterator[Ports]:
    with opened(tmp_path, server.url) as ports:
        yield ports


def written(ports: Ports, server: ModelServer, *replies: dict[str, Any], **request: Any) -> None:
    """A campaign, written with these replies."""
    accept(ports, **{"variants": 1, **request})
    server.script(*map(Reply, replies or [copy()]))
    assert generate.run(ports, dict(ORDER)) == Done({"version": 1})


def spoiled(ports: Ports, key: str, spoil: Callable[[dict[str, Any]], None]) -> None:
    """An entry of the tape, changed by a hand that has the disk."""
    found = ports.documents.get(SCOPE, Kind.TAPE, key)
    assert found
    spoil(found.body)
    ports.documents.put(SCOPE, Kind.TAPE, key, found.body, "*")


def known(ports: Ports, text: str) -> KnowledgeDocument:
    """A document of the knowledge base."""
    brought = knowledge.Brought(text.encode(), "text", "notes.txt")
    return knowledge.bring_in(ports, SCOPE, "ann", brought, Description())


def states(found: Replay) -> dict[str, str]:
    return {each.step: each.state for each in found.steps}


def wrong(found: Replay) -> Step:
    """The only step that is not as it was."""
    (step,) = [each for each in found.steps if each.state != "same"]
    return step


# ------------------------------------------------------------------ the same


def test_a_campaign_is_replayed_byte_for_byte_when_its_model_is_gone_and_nothing_is_touched(tmp_path: Path) -> None:
    with ModelServer() as server, opened(tmp_path / "home", server.url) as ports:
        written(ports, server, BAD, copy(), copy(headline="Six evenings"), variants=2)
    with opened(tmp_path / "home", server.url) as ports:
        before = contents(tmp_path / "home")
        found = replay(ports, SCOPE, "spring")
        assert contents(tmp_path / "home") == before
    assert found.same
    assert states(found) == {
        "version 1, variant A, try 1": "same",
        "version 1, variant A, try 2": "same",
        "version 1, variant B, try 1": "same",
        "version 1, draft A": "same",
        "version 1, draft B": "same",
    }
    assert (found.subject, found.name, found.calls, found.decisions) == ("campaign", "Spring", 3, 2)
    assert {each.model for each in found.steps if each.what == "call"} == {"test-model"}
    assert len(server.requests) == 3


def contents(home: Path) -> dict[str, Any]:
    """Everything that a home holds."""
    with closing(sqlite3.connect(home / "baton.db")) as database:
        rows = [*database.iterdump()]
    files = {
        str(path): path.stat().st_mtime_ns for path in home.rglob("*") if path.is_file() and "baton.db" not in path.name
    }
    return {"rows": rows, "files": files}


def test_what_has_changed_since_around_it_changes_nothing(ports: Ports, server: ModelServer) -> None:
    """What a step had read is on the tape: passages, facts, the style guide."""
    kept = known(ports, "Six evenings, eight people, a mat each.")
    confirmed.confirm(ports, SCOPE, "ann", FactRequest(text="A mat is lent"))
    written(ports, server)
    knowledge.remove(ports, SCOPE, "ann", kept.id)
    style_guide.write(ports, SCOPE, "ann", StyleGuide(avoid=[Avoided(words="evenings")]))
    confirmed.confirm(ports, SCOPE, "ann", FactRequest(text="Parking is free"))
    assert replay(ports, SCOPE, "spring").same


def test_every_version_is_replayed_with_the_wish_that_led_to_it(ports: Ports, server: ModelServer) -> None:
    written(ports, server)
    change(ports, SCOPE, "spring", lambda each: setattr(each, "change_wish", "Shorter"))
    server.script(Reply(copy(headline="Six evenings")))
    assert generate.run(ports, dict(ORDER)) == Done({"version": 2})
    change(ports, SCOPE, "spring", lambda each: setattr(each, "recheck", True))
    assert generate.run(ports, dict(ORDER)) == Done({"version": 3})
    found = replay(ports, SCOPE, "spring")
    assert found.same
    assert [each.step for each in found.steps if each.what == "decision"] == [
        f"version {n}, draft A" for n in (1, 2, 3)
    ]
    assert len(server.requests) == 2


def test_a_campaign_that_failed_fails_again_for_the_same_reason(ports: Ports, server: ModelServer) -> None:
    accept(ports, variants=1)
    server.script(*[Reply(BAD)] * 3)
    refused = generate.run(ports, dict(ORDER))
    assert isinstance(refused, Refused)
    found = replay(ports, SCOPE, "spring")
    assert found.same
    assert (found.calls, states(found)["version 1, why it failed"]) == (3, "same")


def test_a_failed_campaign_that_went_on_is_replayed_attempt_by_attempt(ports: Ports, server: ModelServer) -> None:
    accept(ports, variants=1)
    server.script(*[Reply(BAD)] * 3, Reply(copy()))
    assert isinstance(generate.run(ports, dict(ORDER)), Refused)
    again = control.resume(ports, SCOPE, "spring", "ann")
    second = {**ORDER, "instance": instance_id(SCOPE, "campaign", "spring", again.attempt)}
    assert generate.run(ports, second) == Done({"version": 1})
    found = replay(ports, SCOPE, "spring")
    assert found.same
    assert [*states(found)] == [
        *(f"version 1, variant A, try {n}" for n in (1, 2, 3)),
        "attempt 2, version 1, variant A, try 1",
        "attempt 2, version 1, draft A",
    ]


def test_where_nobody_answered_it_is_said(tmp_path: Path) -> None:
    with opened(tmp_path) as ports:
        task = tasks.queue(ports, SCOPE, tasks.create(ports, SCOPE, "ann", "analyst", asked()).id)
        order = {"scope": [*SCOPE], "task": task.id, "run": 1, "instance": f"local~main~task~{task.id}~1"}
        tasks.run(ports, order)
        with pytest.raises(Conflict, match="no model was asked"):
            replay(ports, SCOPE, task.id)
        ports = opened_without_homes(ports)
        accept(ports, variants=1)
        assert isinstance(generate.run(ports, dict(ORDER)), Refused)
        found = replay(ports, SCOPE, "spring")
        assert found.same
        (step,) = found.steps
        assert (step.step, step.state) == ("version 1, variant A, try 1", "unanswered")
        assert "nobody answered at the time, either" in step.why


def opened_without_homes(ports: Ports) -> Ports:
    return replace(ports, models={})


def test_a_piece_with_a_plan_that_a_person_changed_and_a_part_said_otherwise(ports: Ports, server: ModelServer) -> None:
    told = {"name": "Course", "brief": REQUEST["brief"], "sender": "The Practice", "formats": ["linkedin"]}
    request = PieceRequest.model_validate({**told, "plan": "confirm"})
    piece = pieces.accept(ports, SCOPE, "ann", request)
    server.script(Reply(PLAN))
    run_piece(ports, piece.id)
    asked = pieces.get(ports, SCOPE, piece.id)
    assert asked.plan
    mine = asked.plan.model_copy(update={"call": "Come along"})
    decision = PieceDecision(decision="confirm", digest=question_of(asked) or "", plan=mine)
    pieces.decide(ports, SCOPE, piece.id, "ann", decision)
    server.script(Reply(GOOD))
    while run_piece(ports, piece.id).data["left"]:
        pass
    text = pieces.get(ports, SCOPE, piece.id).texts[0]
    pieces.rewrite(ports, SCOPE, piece.id, "ann", PartWish(text=text.id, part="hook", comment="calmer"))
    server.script(Reply({"text": "Eight people, six evenings", "notes": []}))
    run_piece(ports, piece.id)
    assert pieces.get(ports, SCOPE, piece.id).status == "ready"
    found = replay(ports, SCOPE, piece.id)
    assert found.same, found
    assert [*states(found)] == [
        "plan, try 1",
        "plan",
        "text linkedin-1-A, try 1",
        "text linkedin-1-A, version 2, part hook, try 1",
        "text linkedin-1-A",
    ]
    assert len(server.requests) == 3


def test_what_came_to_a_piece_after_it_was_written_does_not_count(ports: Ports, server: ModelServer) -> None:
    known(ports, "Parking is free.")
    request = {"name": "Course", "brief": REQUEST["brief"], "sender": "The Practice", "formats": ["linkedin"]}
    piece = pieces.accept(ports, SCOPE, "ann", PieceRequest.model_validate(request)).id
    unsaid = {**GOOD, "paragraphs": ["Six evenings.", "Massages are included."]}
    server.script(Reply(PLAN), *[Reply(unsaid)] * 3)
    while run_piece(ports, piece).data["left"]:
        pass
    assert [each.step for each in replay(ports, SCOPE, piece).steps][-1] == "text linkedin-1-A"
    answer = ClaimRequest.model_validate({"sentence": "Massages are included.", "answer": "confirm"})
    answered = piece_claims.answer_claim(ports, SCOPE, piece, "ann", answer)
    assert not answered.texts[0].blocked
    found = replay(ports, SCOPE, piece)
    assert found.same, found
    assert [each.step for each in found.steps][-1] == "text linkedin-1-A, its words"


def run_piece(ports: Ports, id: str) -> Any:
    turn = pieces.get(ports, SCOPE, id).turn
    return writing.run(ports, {"scope": [*SCOPE], "piece": id, "instance": f"local~main~piece~{id}~{turn}"})


def asked(**more: Any) -> Assignment:
    return Assignment(title="Look at March", instructions="What went well?", **more)


def done(ports: Ports, server: ModelServer, *replies: Reply) -> str:
    """The id of a task that an analyst has done."""
    task = tasks.queue(ports, SCOPE, tasks.create(ports, SCOPE, "ann", "analyst", asked()).id)
    server.script(*replies)
    order = {"scope": [*SCOPE], "task": task.id, "run": 1, "instance": f"local~main~task~{task.id}~1"}
    assert tasks.run(ports, order) == Done({"status": "done"})
    return task.id


def test_a_task_with_what_its_tools_had_answered(ports: Ports, server: ModelServer) -> None:
    known(ports, "March brought forty bookings.")
    search = Reply(tool=("knowledge_search", {"query": "March bookings"}))
    id = done(ports, server, search, Reply(tool=("memory_read", {})), Reply("Forty bookings."))
    known(ports, "In March and April the bookings doubled.")
    found = replay(ports, SCOPE, id)
    assert found.same, found
    assert [each.step for each in found.steps] == [f"run 1, turn {n}" for n in (1, 2, 3)] + ["run 1, the result"]


# ------------------------------------------------------------------ what would be different


def test_a_changed_prompt_is_named_by_step_and_line(
    ports: Ports, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(ports, server)
    told = prompt.INSTRUCTIONS.replace("at most 60 characters", "at most 40 characters")
    monkeypatch.setattr(prompt, "INSTRUCTIONS", told)
    found = replay(ports, SCOPE, "spring")
    assert not found.same
    step = wrong(found)
    assert (step.step, step.state, step.why) == (
        "version 1, variant A, try 1",
        "differs",
        "the prompt would not be the same",
    )
    (place,) = step.differs
    assert place.where.startswith("instructions, line ")
    assert "at most 60 char" in (place.was or "")
    assert "at most 40 char" in (place.now or "")
    assert states(found)["version 1, draft A"] == "same", "the answer on the tape still makes the same draft"


def test_instructions_that_a_person_gave_the_agent_since_are_named(ports: Ports, server: ModelServer) -> None:
    written(ports, server)
    present = roster.read(ports, SCOPE, "copywriter").agent.model_dump(exclude={"id"})
    settings = {**present, "instructions": "Never use exclamation marks.", "enabled": False}
    roster.update(ports, SCOPE, "ann", "copywriter", AgentSettings.model_validate(settings))
    (place,) = wrong(replay(ports, SCOPE, "spring")).differs
    assert "Never use exclamation marks." in (place.now or "")


def test_a_changed_schema_is_named(ports: Ports, server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    written(ports, server)
    real = prompt.Copy.model_json_schema

    def narrower() -> Any:
        return {**real(), "title": "Other"}

    monkeypatch.setattr(prompt.Copy, "model_json_schema", narrower)
    step = wrong(replay(ports, SCOPE, "spring"))
    assert [(each.where, each.was, each.now) for each in step.differs] == [("schema.title", "Copy", "Other")]


def test_a_stricter_check_decides_otherwise_or_asks_once_more(
    ports: Ports, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(ports, server)
    real = variant.examine

    def stricter(*args: Any) -> Any:
        draft, errors = real(*args)
        finding = Finding(severity=severity, rule="house", where="subject", reason="too long")
        return draft.model_copy(update={"findings": [*draft.findings, finding]}), errors

    monkeypatch.setattr(variant, "examine", stricter)
    severity: Any = "warning"
    step = wrong(replay(ports, SCOPE, "spring"))
    assert (step.step, step.state) == ("version 1, draft A", "differs")
    assert step.differs[0].where.startswith("findings.")
    assert "too long" in (step.differs[0].now or "")
    severity = "error"
    step = wrong(replay(ports, SCOPE, "spring"))
    assert (step.step, step.state) == ("version 1, variant A, try 2", "missing")


def test_an_answer_that_nobody_asks_for_any_more_is_named(
    ports: Ports, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(ports, server, BAD, copy())
    real = variant.examine

    def laxer(*args: Any) -> Any:
        draft, _ = real(*args)
        return draft.model_copy(update={"findings": []}), []

    monkeypatch.setattr(variant, "examine", laxer)
    found = replay(ports, SCOPE, "spring")
    assert states(found)["version 1, variant A, try 2"] == "unused"
    assert states(found)["version 1, draft A"] == "differs"


# ------------------------------------------------------------------ no way out


@pytest.mark.parametrize("caught", [False, True])
def test_a_real_attempt_to_open_a_socket_is_refused_and_named(
    ports: Ports, server: ModelServer, monkeypatch: pytest.MonkeyPatch, caught: bool
) -> None:
    written(ports, server)
    real, asked_before = variant.examine, len(server.requests)

    def chatty(*args: Any) -> Any:
        try:
            socket.create_connection(("127.0.0.1", 9), timeout=1)
        except Exception:
            if not caught:
                raise
        return real(*args)

    monkeypatch.setattr(variant, "examine", chatty)
    found = replay(ports, SCOPE, "spring")
    step = wrong(found)
    assert step.state == "broken"
    assert "refused: socket.getaddrinfo('127.0.0.1', 9" in step.why
    assert len(server.requests) == asked_before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", 9), timeout=5)


def test_neither_the_stores_nor_a_model_can_be_reached(
    ports: Ports, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(ports, server)
    real = variant.examine

    def curious(replayed: Ports, *args: Any) -> Any:
        assert replayed.models == {}
        replayed.files.put(SCOPE, "a", b"b")
        return real(replayed, *args)

    monkeypatch.setattr(variant, "examine", curious)
    step = wrong(replay(ports, SCOPE, "spring"))
    assert (step.state, step.why) == ("missing", "it would use files.put, of which the tape holds nothing")
    assert list(ports.files.list(SCOPE, "")) == []


def test_code_that_breaks_is_named_and_not_raised(
    ports: Ports, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(ports, server)
    monkeypatch.setattr(variant, "examine", lambda *_: 1 / 0)
    step = wrong(replay(ports, SCOPE, "spring"))
    assert (step.state, step.why) == ("broken", "ZeroDivisionError: division by zero")


# ------------------------------------------------------------------ a tape that somebody laid hands on


def test_an_answer_that_was_changed_is_named_and_so_is_what_follows(ports: Ports, server: ModelServer) -> None:
    written(ports, server)
    spoiled(ports, f"{TAPE}1~A~0", lambda body: body["data"].update(headline="Another headline"))
    found = replay(ports, SCOPE, "spring")
    assert states(found) == {"version 1, variant A, try 1": "damaged", "version 1, draft A": "differs"}
    assert "its checksum differs" in found.steps[0].why


def test_a_question_that_was_changed_is_named_also_with_a_new_checksum(ports: Ports, server: ModelServer) -> None:
    written(ports, server)

    def forge(body: dict[str, Any]) -> None:
        asked = orjson.loads(body["question"])
        asked["instructions"] = "Lie."
        body["question"] = orjson.dumps(asked).decode()

    spoiled(ports, f"{TAPE}1~A~0", forge)
    assert wrong(replay(ports, SCOPE, "spring")).state == "damaged"
    spoiled(ports, f"{TAPE}1~A~0", lambda body: body.update(asked=digest(body["question"])))
    step = wrong(replay(ports, SCOPE, "spring"))
    assert (step.state, step.differs[0].was) == ("differs", "Lie.")


@pytest.mark.parametrize(
    ("lost", "step"),
    [
        ("A~0", "version 1, variant A, try 1"),
        ("A~basis", "version 1"),
        ("B~basis", "version 1, variant B, what it rests on"),
    ],
)
def test_an_entry_that_is_missing_is_named(ports: Ports, server: ModelServer, lost: str, step: str) -> None:
    written(ports, server, copy(), copy(headline="Six evenings"), variants=2)
    ports.documents.delete(SCOPE, Kind.TAPE, f"{TAPE}1~{lost}")
    found = wrong(replay(ports, SCOPE, "spring")) if lost != "B~basis" else replay(ports, SCOPE, "spring").steps[-1]
    assert (found.step, found.state) == (step, "missing")


def test_what_a_step_had_read_carries_a_checksum_as_well(ports: Ports, server: ModelServer) -> None:
    written(ports, server)
    spoiled(ports, f"{TAPE}1~A~basis", lambda body: body["found"]["guide"].update(names=["Mallory"]))
    found = replay(ports, SCOPE, "spring")
    assert states(found)["version 1, variant A, what it rests on"] == "damaged"
    assert states(found)["version 1, variant A, try 1"] == "differs"


def test_nonsense_on_the_tape_is_a_clear_finding(ports: Ports, server: ModelServer) -> None:
    written(ports, server)
    spoiled(ports, f"{TAPE}1~A~0", lambda body: body.update(data=None, calls="x", cost=7))
    found = replay(ports, SCOPE, "spring")
    assert not found.same
    assert {each.state for each in found.steps} <= {"damaged", "broken", "missing"}


def test_what_cannot_be_replayed_says_why(ports: Ports, server: ModelServer) -> None:
    with pytest.raises(Missing):
        replay(ports, SCOPE, "nothing")
    accept(ports, variants=1)
    with pytest.raises(Conflict, match="nothing of it is written yet"):
        replay(ports, SCOPE, "spring")
    server.script(Reply(copy()))
    generate.run(ports, dict(ORDER))
    spoiled(ports, f"{TAPE}1~A~0", lambda body: body.pop("question"))
    with pytest.raises(Conflict, match="from before replays"):
        replay(ports, SCOPE, "spring")
    with pytest.raises(Missing):
        replay(ports, Scope("local", "other"), "spring")
