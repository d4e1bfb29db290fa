"""Runs of small plans: what is done, skipped, failed, tried again, and what people may do about it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.event import stamp
from shared.domain.faults import Conflict, Rejected
from shared.domain.names import Kind
from shared.domain.run import Verdict
from shared.ports import Ports
from shared.process import runs, vault
from shared.process.books import read_step, write_step
from shared.process.store import put
from tests.integration.agents.conftest import SCOPE, START, Hand
from tests.integration.process.played import Played, stored
from tests.integration.process.probe import plug_in


@pytest.fixture(autouse=True)
def seen(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int | None, str]]:
    return plug_in(monkeypatch)


def step(id: str, *needs: str, type: str = "probe", given: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"id": id, "type": type, "needs": list(needs), "with": given or {}, **more}


def test_values_and_files_go_from_step_to_step(ports: Ports, hand: Hand) -> None:
    plan = {
        "inputs": {"name": {"type": "text"}, "count": {"type": "integer", "default": 2}},
        "steps": [
            step("a", given={"text": "Hello ${{ inputs.name }}"}),
            step("b", "a", given={"text": "${{ steps.a.outputs.file.name }} ${{ inputs.count }}"}),
        ],
        "finally": [step("z", given={"text": "${{ steps.b.state }}"})],
        "outputs": {"said": "${{ steps.b.outputs.text }}", "after": "${{ steps.z.outputs.text }}"},
    }
    played = Played(ports, hand, plan, name="Ada")
    run = played.play()
    assert (run.status, run.outputs) == ("done", {"said": "note.txt 2", "after": "done"})
    kept = read_step(ports, SCOPE, run.id, "a").outputs["file"]  # type: ignore[union-attr]
    assert ports.files.get(SCOPE, kept["file"]) == b"Hello Ada"
    assert not list((ports.work or hand._file).glob("*")), "the step's folder is gone"
    facts = [fact.what for fact in ports.journal.read(SCOPE, f"run/{run.id}")]
    assert facts == ["taken-in", "started", "step-done", "step-done", "step-done", "ended", "summary"]


def test_a_loop_does_each_item_once_and_its_outputs_are_a_list(ports: Ports, hand: Hand) -> None:
    loop = step("each", foreach={"items": "${{ inputs.names }}", "at_once": 2}, given={"text": "${{ item.n }}"})
    plan = {
        "inputs": {"names": {"type": "list"}},
        "steps": [loop, step("sum", "each", given={"text": "${{ len(steps.each.outputs) }}"})],
        "outputs": {"first": "${{ steps.each.outputs[0].text }}", "count": "${{ steps.sum.outputs.text }}"},
    }
    played = Played(ports, hand, plan, names=[{"n": 5}, {"n": 6}, {"n": 7}])
    run = played.play()
    assert (run.outputs, run.status_reason) == ({"first": 5, "count": 3}, None)
    assert played.states() == {"each": "done", "each.0": "done", "each.1": "done", "each.2": "done", "sum": "done"}


def test_a_false_condition_skips_it_and_what_needs_it(ports: Ports, hand: Hand) -> None:
    plan = {
        "steps": [
            step("a", when="${{ 1 > 2 }}"),
            step("b", "a"),
            step("c", "a", when="${{ steps.a.state == 'skipped' }}"),
        ]
    }
    played = Played(ports, hand, plan)
    assert played.play().status == "done"
    assert played.states() == {"a": "skipped", "c": "done"}


def test_what_passes_is_tried_again_with_doubling_waits_under_the_same_key(
    ports: Ports, hand: Hand, seen: list[Any]
) -> None:
    plan = {"steps": [step("a", given={"fails": 2}, retry={"transient": 2})]}
    played = Played(ports, hand, plan)
    played.play()
    played.ring()
    assert len(seen) == 1, "a doorbell does not cut the wait short"
    assert played.play(START + timedelta(hours=1)).status == "done"
    assert len({key for *_, key in seen}) == 1
    tries = read_step(ports, SCOPE, played.id, "a").tries  # type: ignore[union-attr]
    assert [each.outcome for each in tries] == ["failed", "failed", "done"]
    assert [each.at for each in tries] == [START + timedelta(seconds=n) for n in (0, 5, 15)]


def test_a_failure_stops_the_run_and_says_what_had_left(ports: Ports, hand: Hand) -> None:
    plan = {"steps": [step("a", given={"breaks": True}), step("b", "a")], "finally": [step("z")]}
    played = Played(ports, hand, plan)
    run = played.play()
    assert (run.status, run.status_reason) == ("failed", "step a: it is broken")
    assert played.states() == {"a": "failed", "z": "done"}
    failure = read_step(ports, SCOPE, run.id, "a").tries[0].failure  # type: ignore[union-attr]
    assert failure
    assert (failure.kind, failure.left) == ("code", ["a letter"])
    assert "probe.py" in failure.traceback


def test_a_failure_that_may_be_lets_the_run_go_on(ports: Ports, hand: Hand) -> None:
    plan = {"steps": [step("a", given={"breaks": True}, on_error="continue"), step("b", "a")]}
    played = Played(ports, hand, plan)
    assert played.play().status == "done"
    assert played.states() == {"a": "failed", "b": "done"}


def test_compensation_takes_back_what_was_done_last_step_first(ports: Ports, hand: Hand, seen: list[Any]) -> None:
    undo = {"type": "probe", "with": {"text": "back"}}
    plan = {
        "steps": [
            step("a", compensate=undo),
            step("b", "a", compensate=undo),
            step("c", "b", given={"breaks": True}, on_error="compensate"),
        ]
    }
    played = Played(ports, hand, plan)
    assert played.play().status == "failed"
    assert [each[0] for each in seen] == ["a", "b", "c", "undo.b", "undo.a"]
    runs.retry(ports, SCOPE, played.id, "owner")
    played.retried()
    assert [each[0] for each in seen][5:8] == ["a", "b", "c"], "what was taken back is done anew"


@pytest.mark.parametrize(("decision", "ends"), [("retry", "done"), ("done", "done"), ("fail", "failed")])
def test_a_person_is_asked(ports: Ports, hand: Hand, decision: Any, ends: str) -> None:
    plan = {"steps": [step("a", given={"fails": 1}, on_error="ask"), step("b", "a")]}
    played = Played(ports, hand, plan)
    assert played.play().status == "running"
    assert played.states() == {"a": "asking"}
    runs.settle_step(ports, SCOPE, played.id, "ada", Verdict(decision=decision, step="a", reason="I looked"))
    assert played.ring().status == ends
    with pytest.raises(Conflict):
        runs.settle_step(ports, SCOPE, played.id, "ada", Verdict(decision=decision, step="a"))


def test_a_step_of_which_nobody_knows_whether_it_happened_is_not_repeated(
    ports: Ports, hand: Hand, seen: list[Any]
) -> None:
    """The machine stopped in the midst of it: the document says `running`."""
    for type, asks in (("probe", False), ("once", True)):
        played = Played(ports, hand, {"steps": [step("a", type=type, on_error="ask", given={"fails": 1})]})
        played.play()
        document = read_step(ports, SCOPE, played.id, "a")
        assert document
        document.tries[-1].outcome, document.tries[-1].failure, document.status = "running", None, "running"
        write_step(ports, SCOPE, document)
        played.ring()
        assert (played.states()["a"] == "asking") is asks
        assert played.run.status == ("running" if asks else "done")


def test_pause_resume_and_cancel(ports: Ports, hand: Hand) -> None:
    plan = {"steps": [step("a"), step("b", "a")], "finally": [step("z")]}
    played = Played(ports, hand, plan)
    runs.pause(ports, SCOPE, played.id, "ada", "wait for me")
    assert played.play().status == "paused"
    assert played.states() == {}
    runs.resume(ports, SCOPE, played.id, "ada")
    assert played.ring().status == "done"
    cancelled = Played(ports, hand, plan)
    runs.pause(ports, SCOPE, cancelled.id, "ada")
    cancelled.play()
    runs.cancel(ports, SCOPE, cancelled.id, "ada", "not needed")
    run = cancelled.ring()
    assert (run.status, run.status_reason) == ("cancelled", "not needed")
    assert cancelled.states() == {"a": "cancelled", "z": "done"}
    facts = {fact.what: fact.by for fact in ports.journal.read(SCOPE, f"run/{run.id}")}
    assert (facts["paused"], facts["cancelled"]) == ("ada", "ada")


def test_a_retry_does_only_what_is_not_done_and_from_a_step_what_needs_it(
    ports: Ports, hand: Hand, seen: list[Any]
) -> None:
    loop = step("l", foreach={"items": "${{ [1, 2, 3] }}"}, given={"text": "${{ item }}", "fails": "${{ inputs.bad }}"})
    plan = {"inputs": {"bad": {"type": "integer", "default": 1}}, "steps": [step("a"), loop, step("b", "l")]}
    played = Played(ports, hand, plan)
    assert played.play().status == "failed"
    before = len(seen)
    runs.retry(ports, SCOPE, played.id, "ada")
    assert played.retried().status == "done"
    assert {each[0] for each in seen[before:]} == {"l", "b"}
    before = len(seen)
    with pytest.raises(Conflict):
        runs.retry(ports, SCOPE, played.id, "ada")
    runs.retry(ports, SCOPE, played.id, "ada", "l")
    assert played.retried().status == "done"
    assert [each[0] for each in seen[before:]] == ["l", "l", "l", "b"]
    assert read_step(ports, SCOPE, played.id, "b").tried == 2  # type: ignore[union-attr]


def test_a_condition_is_looked_at_anew_in_each_attempt(ports: Ports, hand: Hand) -> None:
    """What an earlier attempt has done counts as skipped where this one skips it."""
    steps = [
        {"id": "first", "type": "value", "with": {"value": "${{ inputs.x }}"}},
        {"id": "asked", "type": "value", "needs": ["first"], "when": "${{ inputs.x == 1 }}", "with": {"value": 1}},
        {"id": "after", "type": "value", "needs": ["asked"], "with": {"value": "${{ steps.asked.outputs.value }}"}},
        {
            "id": "sees", "type": "value", "needs": ["after"], "when": "${{ true }}",
            "with": {"value": "${{ steps.asked.state + ' ' + steps.after.state }}"},
        },
    ]  # fmt: skip
    plan = {"steps": steps, "inputs": {"x": {"type": "integer"}}, "outputs": {"saw": "${{ steps.sees.outputs.value }}"}}
    played = Played(ports, hand, plan, x=1)
    assert played.play().outputs == {"saw": "done done"}
    runs.retry(ports, SCOPE, played.id, "ada", "first")
    runs.change_inputs(ports, SCOPE, played.id, "ada", {"x": 2})
    assert played.retried().outputs == {"saw": "skipped skipped"}


def test_a_person_may_skip_a_step_with_a_reason(ports: Ports, hand: Hand) -> None:
    plan = {"steps": [step("a", given={"breaks": True}, on_error="ask"), step("b"), step("c", "a")]}
    played = Played(ports, hand, plan)
    played.play()
    runs.skip(ports, SCOPE, played.id, "ada", "a", "it is done by hand")
    assert played.ring().status == "done"
    assert played.states() == {"a": "skipped", "b": "done"}
    assert read_step(ports, SCOPE, played.id, "a").why == "it is done by hand"  # type: ignore[union-attr]


def test_changed_inputs_are_for_what_has_not_begun(ports: Ports, hand: Hand) -> None:
    wait = step("a", given={"fails": 1, "text": "${{ inputs.x }}"}, on_error="ask")
    plan = {"inputs": {"x": {"default": "old"}}, "steps": [wait, step("b", "a", given={"text": "${{ inputs.x }}"})]}
    played = Played(ports, hand, {**plan, "outputs": {"b": "${{ steps.b.outputs.text }}"}})
    played.play()
    changed = runs.change_inputs(ports, SCOPE, played.id, "ada", {"x": "new"})
    assert [(each.by, each.names) for each in changed.changes] == [("ada", ["x"])]
    runs.settle_step(ports, SCOPE, played.id, "ada", Verdict(decision="done", step="a"))
    assert played.ring().outputs == {"b": "new"}
    with pytest.raises(Conflict):
        runs.change_inputs(ports, SCOPE, played.id, "ada", {"x": "late"})


def test_inputs_are_checked_all_at_once(ports: Ports, hand: Hand) -> None:
    kinds: dict[str, Any] = {"n": {"type": "integer"}, "d": {"type": "date"}, "f": {"type": "file"}}
    choice = {"type": "choice", "choices": ["a"]}
    plan = {"inputs": {**kinds, "c": choice, "o": {"optional": True}}, "steps": [step("a")]}
    forged = {"file": "exports/x/export.json", "name": "x", "bytes": 1, "sha256": "0" * 64}
    with pytest.raises(Rejected) as refused:
        Played(ports, hand, plan, n="two", d="31.3.2027", f=forged, c="b", typo=1)
    wrong = ["typo", "n", "d", "f", "c"]
    assert [error.field for error in refused.value.errors] == [f"inputs.{name}" for name in wrong]


def test_a_sensitive_input_is_shown_nowhere(ports: Ports, hand: Hand) -> None:
    plan = {"inputs": {"pin": {"sensitive": True}}, "steps": [step("a", given={"text": "pin ${{ inputs.pin }}"})]}
    played = Played(ports, hand, plan, pin="4711")
    run = played.play()
    assert "4711" not in run.shown().model_dump_json()
    found = read_step(ports, SCOPE, run.id, "a")
    assert found
    assert found.inputs == {"text": "pin •••"}
    assert found.outputs["text"] == "pin 4711"


def test_runs_with_the_same_key_wait_for_each_other_or_are_refused(ports: Ports, hand: Hand) -> None:
    plan: dict[str, Any] = {
        "inputs": {"who": {}},
        "concurrency": {"key": "${{ inputs.who }}"},
        "steps": [step("a", given={"fails": 1}, on_error="ask")],
    }
    first = Played(ports, hand, plan, who="x")
    first.play()
    second, other = Played(ports, hand, plan, who="x"), Played(ports, hand, plan, who="y")
    assert (second.play().status, other.play().status) == ("waiting", "running")
    with pytest.raises(Conflict):
        Played(ports, hand, {**plan, "concurrency": {"key": "${{ inputs.who }}", "otherwise": "refuse"}}, who="x")
    runs.cancel(ports, SCOPE, first.id, "owner")
    first.ring()
    assert second.play(hand.now() + timedelta(minutes=1)).status == "running"


def test_the_same_id_is_the_same_run(ports: Ports, hand: Hand) -> None:
    name, digest = stored(ports, {"process": "test", "steps": [step("a")]})
    made = [runs.start(ports, SCOPE, "bus", name, digest, {}, id="7" * 32).id for _ in range(2)]
    assert made == ["7" * 32] * 2
    assert len(ports.documents.find(SCOPE, Kind.RUN).documents) == 1


def test_a_secret_is_put_in_when_a_step_runs_and_written_down_nowhere(ports: Ports, hand: Hand) -> None:
    vault.put(ports, SCOPE, "owner", "export", "s3cret-0123456789")
    plan = {
        "steps": [
            step("a", given={"text": "${{ len(secrets.export) }}"}),
            step("b", given={"text": "${{ secrets.nobody_set_it }}"}, on_error="continue"),
        ]
    }
    played = Played(ports, hand, plan)
    played.play()
    a, b = (read_step(ports, SCOPE, played.id, id) for id in "ab")
    assert a is not None
    assert b is not None
    assert a.outputs["text"] == 17
    assert "s3cret" not in a.model_dump_json() + b.model_dump_json()
    assert b.status == "failed"
    assert "nobody_set_it" in b.model_dump_json()


def test_a_step_waits_for_a_time_or_an_event(ports: Ports, hand: Hand) -> None:
    event = {"event": "task.completed", "where": {"task": "t1"}, "within": "12h"}
    plan = {
        "steps": [step("a", type="wait", given={"for": "2h"}), step("b", type="wait", given=event)],
        "outputs": {"run": "${{ steps.b.outputs.event.run }}"},
    }
    played = Played(ports, hand, plan)
    assert played.play(START + timedelta(hours=3)).status == "running"
    assert played.states() == {"a": "done", "b": "waiting"}
    for task in ("t0", "t1"):
        told = {"id": task, "type": "task.completed", "at": stamp(hand.now()), "data": {"task": task, "run": 7}}
        ports.documents.put(SCOPE, Kind.EVENT, task, told)
    played.ring()
    assert (played.run.status, played.run.outputs) == ("done", {"run": 7})
    waited = read_step(ports, SCOPE, played.id, "a")
    assert waited
    assert [each.at for each in waited.tries] == [START], "a wait is one try"
    late = Played(ports, hand, {"steps": [step("b", type="wait", given={**event, "where": {"task": "t9"}})]})
    assert late.play(hand.now() + timedelta(days=1)).status == "failed"


def test_a_process_within_a_process_ends_as_its_step(ports: Ports, hand: Hand) -> None:
    given = {"text": "${{ inputs.x }}", "fails": 1}
    inner = {
        "process": "inner",
        "title": "Inner",
        "inputs": {"x": {"type": "integer"}},
        "steps": [step("i", given=given)],
        "outputs": {"y": "${{ steps.i.outputs.text }}"},
    }
    process = {"name": "inner", "inputs": {"x": "${{ item }}"}}
    outer = {
        "steps": [step("each", type="process", given=process, foreach={"items": "${{ [1, 2] }}"}), step("z", "each")],
        "outputs": {"second": "${{ steps.each.outputs[1].y }}"},
    }
    put(ports, SCOPE, "owner", "inner", json.dumps(inner).encode(), "inner.json", None)
    played = Played(ports, hand, outer)
    assert played.play().status == "failed"
    runs.retry(ports, SCOPE, played.id, "owner")
    again = played.retried()
    assert (again.status, again.outputs) == ("done", {"second": 2})
    within = [each for each in runs.listing(ports, SCOPE, [], 10, None)[0] if each.parent]
    assert {(each.status, each.attempt, each.created_by) for each in within} == {("done", 2, "flow")}
