"""What is told of runs to whoever checks them: the figures add up, in every form, and nothing hidden comes out."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import timedelta
from typing import Any, get_args

import pytest
from pypdf import PdfReader

from functions.http.handlers.run_audit import Format, FormatQuery
from functions.http.handlers.run_audit import summary as asked_for
from shared.access.call import Call
from shared.domain.inbox import Decision
from shared.domain.run import RowsFix, RunFile
from shared.domain.run_summary import RunSummary
from shared.ports import Ports
from shared.process import fixing, inbox, runs
from shared.process.audit.summary import summary
from shared.process.undo import undo
from tests.integration.agents.conftest import SCOPE, START, Hand
from tests.integration.process.played import Played
from tests.integration.process.probe import plug_in

SECRET = "Rosa-Parks-4711"
CLERK = "clerk@kanzlei.example"
LIST = (
    "case,client,filed\nA-1,Emmy Noether,2024-03-01\nA-2,Ada King,soon\nA-3,Mary Somerville,2023-01-31\nA-4,L M,later\n"
)
PLAN: dict[str, Any] = {
    "title": "The audited one",
    "inputs": {
        "list": {"type": "file"},
        "clerk": {"type": "text"},
        "matter": {"type": "text", "sensitive": True},
    },
    "within": "2h",
    "steps": [
        {
            "id": "cases",
            "title": "Read the list",
            "type": "read",
            "with": {"file": "${{ inputs.list }}", "columns": [{"name": "case"}, {"name": "filed", "type": "date"}]},
        },
        {"id": "shaky", "type": "probe", "needs": ["cases"], "with": {"fails": 2}, "retry": {"transient": 2}},
        {"id": "spoken", "type": "value", "with": {"value": "${{ inputs.matter }}"}},
        {"id": "off", "type": "probe", "when": "${{ 1 > 2 }}"},
        {"id": "after_off", "type": "probe", "needs": ["off"]},
        {
            "id": "each",
            "type": "probe",
            "needs": ["shaky"],
            "foreach": {"items": "${{ [1, 2, 3] }}"},
            "with": {"text": "${{ item }}"},
        },
        {
            "id": "released",
            "type": "approve",
            "needs": ["each"],
            "with": {"title": "Release ${{ inputs.matter }}?", "text": "Emmy Noether's case"},
        },
        {
            "id": "told",
            "type": "notify.email",
            "needs": ["released"],
            "with": {
                "to": ["${{ inputs.clerk }}"],
                "from": {"name": "Kanzlei", "address": "baton@kanzlei.example"},
                "subject": "Done",
                "text": "It is done.",
            },
        },
    ],
    "outputs": {
        "rows": "${{ steps.cases.outputs.rows }}",
        "count": "${{ steps.cases.outputs.received }}",
        "said": "${{ steps.spoken.outputs.value }}",
        "bad": "${{ steps.cases.outputs.quarantine }}",
    },
}


@pytest.fixture(autouse=True)
def seen(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int | None, str]]:
    return plug_in(monkeypatch)


def sent(ports: Ports, name: str, text: str) -> dict[str, Any]:
    """As POST /api/v1/runs/files answers it."""
    data = text.encode()
    digest = hashlib.sha256(data).hexdigest()
    ports.files.put(SCOPE, f"runs/incoming/{digest}/{name}", data)
    return RunFile(file=f"runs/incoming/{digest}/{name}", name=name, bytes=len(data), sha256=digest).model_dump()


def ended(ports: Ports, hand: Hand) -> Played:
    """The run of the plan, approved half an hour after it asked, and its clerk told."""
    given = {"list": sent(ports, "list.csv", LIST), "clerk": CLERK, "matter": SECRET}
    played = Played(ports, hand, PLAN, **given)
    played.play(START + timedelta(minutes=5))
    hand.set(START + timedelta(minutes=40))
    [asked], _ = inbox.waiting(ports, SCOPE, 50)
    comment = f"I looked at {SECRET} and at {CLERK}"
    inbox.decide(ports, SCOPE, asked.subject, "ada", Decision(decision="approve", digest=asked.digest, comment=comment))
    played.ring()
    assert (played.run.status, played.run.status_reason) == ("done", None)
    return played


def told(ports: Ports, run: str, format: Format) -> tuple[str, str]:
    """What the route answers: its type, and its text."""
    call = Call(ports, SCOPE, "owner", "GET", "", path={"id": run})
    answer = asked_for(call, FormatQuery(format=format))
    match answer.body:
        case RunSummary() as body:
            return "application/json", body.model_dump_json()
        case bytes() as body:
            return str(answer.content_type), " ".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
        case str() as body:
            return str(answer.content_type), body


def test_its_sums_add_up_and_everything_that_was_decided_and_sent_is_in_it(ports: Ports, hand: Hand) -> None:
    played = ended(ports, hand)
    found = summary(ports, SCOPE, played.id)
    figures, steps = found.figures, {(each.step, each.item): each for each in found.steps}
    assert figures.steps == {"done": 6, "skipped": 2}
    assert sum(figures.steps.values()) == len(PLAN["steps"])
    assert (figures.received, figures.kept, figures.quarantined) == (4, 2, 2)
    assert figures.errors == {"transient": 2}
    assert figures.failing == {"shaky": {"transient": 2}}
    assert figures.tries == sum(each.tried for each in found.steps) == 3 + 1 + 1 + 3 + 1 + 1
    assert steps["after_off", None].why == "off, which it needs, was skipped"
    assert steps["each", None].items == {"done": 3}
    assert [each.message for each in steps["shaky", None].tries] == ["not now", "not now", ""]
    assert steps["cases", None].files_in[0].sha256 == hashlib.sha256(LIST.encode()).hexdigest()
    [approval] = found.decisions
    assert (approval.by, approval.decision, approval.step) == ("ada", "approve", "released")
    assert approval.waited == pytest.approx((40 * 60) - 15)
    assert [(each.step, each.states) for each in found.sent] == [("told", {"accepted": 1})]
    assert figures.sent == {"accepted": 1}
    assert steps["told", None].left == ["1 by email"]
    assert found.sla == "kept"
    assert found.journal.holds
    assert played.run.figures == figures, "what a report over many adds up is what one summary says"


@pytest.mark.parametrize("format", get_args(Format))
def test_every_form_has_the_figures_and_nothing_that_is_hidden(ports: Ports, hand: Hand, format: Format) -> None:
    played = ended(ports, hand)
    type, text = told(ports, played.id, format)
    bare = "".join(text.split())
    assert type.startswith({"json": "application/json", "text": "text/plain", "html": "text/html"}.get(format, "appl"))
    quarantine = played.run.outputs["bad"]
    listed = list(csv.reader(io.StringIO(ports.files.get(SCOPE, quarantine["file"]).decode())))
    assert len(listed) == 3
    for shown in (quarantine["sha256"], played.run.digest, played.id, "ada", "transient", "Read the list", "list.csv"):
        assert "".join(shown.split()) in bare
    assert "2ofthemin" in bare
    for hidden in (SECRET, CLERK, "Noether", "Somerville", "kanzlei"):
        assert hidden not in text


def test_what_was_known_at_its_end_is_kept_and_its_checksum_is_in_the_journal(ports: Ports, hand: Hand) -> None:
    played = ended(ports, hand)
    [fact] = [each for each in ports.journal.read(SCOPE, f"run/{played.id}") if each.what == "summary"]
    kept = ports.files.get(SCOPE, f"runs/{played.id}/summary-1.json")
    assert fact.data == {"attempt": 1, "sha256": hashlib.sha256(kept).hexdigest()}
    assert json.loads(kept)["sentence"] == summary(ports, SCOPE, played.id).sentence
    assert SECRET.encode() not in kept


def test_rows_put_right_and_what_was_undone_are_its_history(ports: Ports, hand: Hand) -> None:
    given = {"list": sent(ports, "list.csv", LIST), "clerk": CLERK, "matter": SECRET}
    plan = PLAN | {"steps": PLAN["steps"][:1], "outputs": {}}
    played = Played(ports, hand, plan, **given)
    first = played.play().figures
    assert first
    right = "baton_row,baton_reason,baton_suggestion,case,client,filed\n2,,,A-2,Ada King,2023-06-30\n"
    file = RunFile.model_validate(sent(ports, "right.csv", right))
    fixing.fix(ports, SCOPE, played.id, "ada", RowsFix(file=file))
    assert played.run.figures is None, "it is under way"
    second = played.retried().figures
    assert second
    assert (first.quarantined, second.quarantined) == (2, 1)
    undo(ports, SCOPE, played.id, "ada")
    found = summary(ports, SCOPE, played.id)
    assert (found.attempt, found.fixed, found.undone) == (2, 1, 1)
    assert [each.what for each in found.history if each.by == "ada"] == ["fixed", "undone"]


def test_after_a_retry_items_that_are_no_more_and_what_is_to_be_done_anew_do_not_count(
    ports: Ports, hand: Hand
) -> None:
    items = "${{ [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] if run.attempt == 1 else [1, 2, 3] }}"
    given = {"file": "${{ inputs.list }}", "columns": [{"name": "case"}, {"name": "filed", "type": "date"}]}
    plan = {
        "inputs": {"list": {"type": "file"}},
        "steps": [
            {"id": "each", "type": "read", "foreach": {"items": items}, "with": given},
            {"id": "shaky", "type": "probe", "needs": ["each"], "with": {"breaks": "${{ run.attempt == 3 }}"}},
            {"id": "after", "type": "read", "needs": ["shaky"], "with": given},
        ],
    }
    played = Played(ports, hand, plan, list=sent(ports, "list.csv", LIST))
    seen: list[Any] = []
    for step in ("each", "shaky", None):
        (played.retried if seen else played.play)()
        found = summary(ports, SCOPE, played.id)
        [loop] = [each for each in found.steps if each.step == "each" and each.item is None]
        seen.append((loop.items, loop.rows_in, found.figures.received, found.figures.steps))
        if step:
            runs.retry(ports, SCOPE, played.id, "ada", step)
    assert seen == [
        ({"done": 10}, 40, 44, {"done": 3}),
        ({"done": 3}, 12, 16, {"done": 3}),
        ({"done": 3}, 12, 12, {"done": 1, "failed": 1, "not-begun": 1}),
    ]


def test_each_attempt_has_the_whole_time_and_a_breach_is_not_forgotten(ports: Ports, hand: Hand) -> None:
    plan = {"within": "1h", "steps": [{"id": "a", "type": "probe", "with": {"breaks": True}}]}
    played = Played(ports, hand, plan)
    hand.set(START + timedelta(minutes=90))
    run = played.play(START + timedelta(minutes=90))
    assert (run.status, run.late, run.due_at) == ("failed", True, START + timedelta(hours=1))
    hand.set(START + timedelta(days=3))
    runs.retry(ports, SCOPE, played.id, "ada")
    run = played.retried()
    assert (run.late, run.due_at) == (False, START + timedelta(days=3, hours=1))
    assert summary(ports, SCOPE, played.id).sla == "breached"
