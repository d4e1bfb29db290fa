"""Steps that ask a person: shown and sealed, decided once, and what happens when nobody does."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from functions.http.handlers import approvals as edge
from functions.http.handlers import runs as run_files
from shared.access.call import Call, Paging
from shared.access.problem import Refusal
from shared.access.roles import ROLES, Grant
from shared.domain.faults import Conflict, Rejected
from shared.domain.inbox import Asked, Decision
from shared.domain.names import Kind
from shared.domain.run import Verdict
from shared.domain.segment import Filter
from shared.ports import Ports
from shared.process import inbox, runs
from shared.process.approvals import newest
from shared.process.books import instance_of, read_step, write_step
from shared.process.steps.approve import Approve
from tests.integration.agents.conftest import SCOPE, START, Hand
from tests.integration.process.played import Played
from tests.integration.process.probe import plug_in

FORM = {
    "amount": {"type": "integer", "title": "How many"},
    "kind": {"type": "choice", "choices": ["all", "some"], "default": "some"},
}
REMIND = {
    "after": 0.5,
    "to": ["boss@kanzlei.example"],
    "from": {"name": "Import", "address": "imports@kanzlei.example"},
}


@pytest.fixture(autouse=True)
def seen(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int | None, str]]:
    return plug_in(monkeypatch)


def plan(**given: Any) -> dict[str, Any]:
    shows = {
        "title": "Send them?",
        "text": "${{ inputs.name }} asks.",
        "files": ["${{ steps.a.outputs.file }}"],
        **given,
    }
    return {
        "inputs": {"name": {"type": "text", "default": "Ada"}},
        "steps": [
            {"id": "a", "type": "probe", "with": {"text": "the list"}},
            {"id": "ok", "type": "approve", "needs": ["a"], "with": shows},
            {"id": "b", "type": "probe", "needs": ["ok"], "with": {"text": "${{ steps.ok.outputs }}"}},
        ],
        "outputs": {"said": "${{ steps.b.outputs.text }}"},
    }


def asked(ports: Ports) -> Asked:
    [found], cursor = inbox.waiting(ports, SCOPE, 50)
    assert cursor is None
    return found


def decide(ports: Ports, found: Asked, decision: str = "approve", by: str = "bo", **more: Any) -> None:
    body = Decision.model_validate({"decision": decision, "digest": found.digest, **more})
    inbox.decide(ports, SCOPE, found.subject, by, body)


def questions(ports: Ports, run: str) -> int:
    return len(ports.documents.find(SCOPE, Kind.APPROVAL, [Filter("id", "prefix", f"{run}~ok-")]).documents)


def test_what_is_shown_is_sealed_and_what_is_filled_in_goes_on(ports: Ports, hand: Hand) -> None:
    played = Played(ports, hand, plan(form=FORM))
    assert played.play().status == "running"
    found = asked(ports)
    assert (found.kind, found.name, found.question) == ("step", "Send them?", "Ada asks.")
    assert [(each.name, each.bytes) for each in found.files] == [("note.txt", 8)]
    assert found.files[0].file.startswith(f"runs/{played.id}/")
    assert set(found.form) == {"amount", "kind"}
    assert sha256(ports.files.get(SCOPE, found.sealed["question"])).hexdigest() == found.digest

    with pytest.raises(Conflict, match="otherwise now"):
        decide(ports, found.model_copy(update={"digest": "0" * 64}), given={"amount": 12})
    with pytest.raises(Rejected, match=r"given\.amount: is missing"):
        decide(ports, found)
    with pytest.raises(Rejected, match=r"given\.more"):
        decide(ports, found, given={"amount": 12, "more": 1})
    played.ring()
    assert questions(ports, played.id) == 1
    decide(ports, found, given={"amount": "12"}, comment="fine")
    with pytest.raises(Conflict, match="bo has decided already"):
        decide(ports, found, "reject", "eve", comment="no")
    assert inbox.waiting(ports, SCOPE, 50) == ([], None)

    run = played.ring()
    assert (run.status, run.status_reason) == ("done", None)
    said = {"decision": "approve", "by": "bo", "at": START.isoformat(), "comment": "fine", "amount": 12, "kind": "some"}
    assert run.outputs["said"] == said
    facts = [(fact.by, fact.what) for fact in ports.journal.read(SCOPE, f"run/{run.id}") if "approval" in fact.what]
    assert facts == [("flow", "approval-asked"), ("bo", "approval-decided")]


def test_a_rejection_names_who_and_why_and_doing_it_again_asks_anew(ports: Ports, hand: Hand) -> None:
    played = Played(ports, hand, plan())
    played.play()
    first = asked(ports)
    with pytest.raises(Rejected, match="say why"):
        decide(ports, first, "reject")
    decide(ports, first, "reject", comment="too many")
    run = played.ring()
    assert (run.status, run.status_reason) == ("failed", "step ok: bo rejected it: too many")
    assert read_step(ports, SCOPE, run.id, "ok").tries[-1].failure.kind == "policy"  # type: ignore[union-attr]
    runs.retry(ports, SCOPE, run.id, "owner")
    played.retried()
    with pytest.raises(Conflict, match="otherwise now"):
        decide(ports, first)
    decide(ports, asked(ports))
    assert played.ring().status == "done"


def test_a_rejection_that_a_person_has_done_again_asks_anew(ports: Ports, hand: Hand) -> None:
    made = plan()
    made["steps"][1]["on_error"] = "ask"
    played = Played(ports, hand, made)
    played.play()
    decide(ports, asked(ports), "reject", comment="not yet")
    played.ring()
    assert played.states()["ok"] == "asking"
    runs.settle_step(ports, SCOPE, played.id, "owner", Verdict(step="ok", decision="retry"))
    played.ring()
    decide(ports, asked(ports))
    assert played.ring().status == "done"


@pytest.mark.parametrize(
    ("otherwise", "status", "reason", "kind"),
    [
        ("approve", "done", None, None),
        ("reject", "failed", "step ok: nobody decided within 7d, which counts as a rejection", "policy"),
        ("fail", "failed", "step ok: nobody decided within 7d", "resource"),
    ],
)
def test_nobody_decides(
    ports: Ports, hand: Hand, otherwise: str, status: str, reason: str | None, kind: str | None
) -> None:
    played = Played(ports, hand, plan(otherwise=otherwise, remind=REMIND))
    played.play()

    def reminders() -> int:
        step = read_step(ports, SCOPE, played.id, "ok")
        assert step
        return sum(b"Nobody has decided" in each.read_bytes() for each in (hand._file.parent / "home").rglob("*.eml"))

    played.play(START + timedelta(days=3))
    assert reminders() == 0
    played.play(START + timedelta(days=4))
    played.ring()
    assert (played.run.status, reminders()) == ("running", 1)
    found = asked(ports)
    run = played.play(START + timedelta(days=7))
    assert (run.status, run.status_reason, reminders()) == (status, reason, 1)
    failure = read_step(ports, SCOPE, run.id, "ok").tries[-1].failure  # type: ignore[union-attr]
    assert (failure.kind if failure else None) == kind
    with pytest.raises(Conflict, match="nothing is asked"):
        decide(ports, found)


def test_a_kill_asks_nothing_twice_and_forgets_no_decision(ports: Ports, hand: Hand) -> None:
    played = Played(ports, hand, plan())
    played.play()
    for decided in (False, True):
        found = newest(ports, SCOPE, f"{played.id}~ok")
        step = read_step(ports, SCOPE, played.id, "ok")
        assert found
        assert step
        if decided:
            decide(ports, asked(ports))
        step.status, step.tries[-1].outcome = "running", "running"
        write_step(ports, SCOPE, step)
        run = played.ring()
        assert run.status == ("done" if decided else "running")
        assert questions(ports, run.id) == 1


def test_what_changes_while_it_is_asked_is_asked_anew_and_what_is_cancelled_no_more(ports: Ports, hand: Hand) -> None:
    played = Played(ports, hand, plan())
    played.play()
    before = asked(ports)
    runs.change_inputs(ports, SCOPE, played.id, "owner", {"name": "Eve"})
    played.ring()
    with pytest.raises(Conflict, match="otherwise now"):
        decide(ports, before)
    now = asked(ports)
    assert (now.version, now.question) == (2, "Eve asks.")
    runs.cancel(ports, SCOPE, played.id, "owner")
    with pytest.raises(Conflict, match="nothing is asked"):
        decide(ports, now)
    assert played.ring().status == "cancelled"
    assert inbox.waiting(ports, SCOPE, 50) == ([], None)


def test_at_the_edge_it_is_for_whom_the_plan_says_and_wakes_the_run(ports: Ports, hand: Hand) -> None:
    played = Played(ports, hand, plan(who="manager", form=FORM))
    run = played.play()
    found = asked(ports)

    def call(role: str, body: bytes = b"") -> Call:
        path = {"subject": found.subject}
        return Call(ports, SCOPE, role, "POST", "/", path=path, body=body, grants=(Grant(ROLES[role]),))

    fields = f"decision=approve&digest={found.digest}&given.amount=3&given.kind=all&comment=".encode()
    with pytest.raises(Refusal, match="client is not manager"):
        edge.form(call("client", fields))
    page = edge.page(call("manager"), Paging()).body
    assert "1 step of a process waits for your approval" in page
    for shown in ("Send them?", "Ada asks.", "note.txt", found.digest, 'name="given.amount"', "<option selected>some"):
        assert shown in page
    assert edge.form(call("manager", fields)).ring == [instance_of(SCOPE, run)]
    said = played.ring().outputs["said"]
    assert (said["by"], said["amount"], said["kind"], said["comment"]) == ("manager", 3, "all", "")


def test_a_client_who_is_asked_has_the_files_of_the_question_and_no_others(ports: Ports, hand: Hand) -> None:
    played = Played(ports, hand, plan())
    played.play()
    [shown] = asked(ports).files
    other = f"runs/{played.id}/ok/{'0' * 64}/other.txt"
    ports.files.put(SCOPE, other, b"not shown")

    def fetch(role: str, file: str) -> int:
        path, grants = {"id": played.id}, (Grant(ROLES[role]),)
        asks = Call(ports, SCOPE, role, "GET", "http://127.0.0.1/", path=path, grants=grants)
        try:
            return run_files.file(asks, run_files.FileQuery(file=file)).status
        except Refusal as refused:
            return refused.problem.status

    assert [fetch("client", each) for each in (shown.file, other)] == [200, 403]
    assert [fetch("viewer", shown.file), fetch("operator", other)] == [403, 200]
    decide(ports, asked(ports))
    played.ring()
    assert fetch("client", shown.file) == 403


def test_what_steps_ask_comes_page_by_page(ports: Ports, hand: Hand) -> None:
    started = [Played(ports, hand, plan(title=f"Number {n}?")) for n in range(3)]
    for each in started:
        each.play()
    names, cursor = [], None
    for _ in started:
        page, cursor = inbox.waiting(ports, SCOPE, 1, cursor)
        names += [each.name for each in page]
    assert (names, cursor) == (["Number 0?", "Number 1?", "Number 2?"], None)
    with pytest.raises(Rejected, match="cursor"):
        inbox.waiting(ports, SCOPE, 1, "step.nowhere")


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"form": {"list": {"type": "file"}}}, "a form asks for"),
        ({"form": {"by": {"type": "text"}}}, "an output of this name"),
        ({"form": {"n": {"type": "text"}}, "otherwise": "approve"}, "needs a default"),
    ],
)
def test_a_form_that_cannot_be(given: dict[str, Any], wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        Approve.model_validate({"title": "Go on?", **given})
