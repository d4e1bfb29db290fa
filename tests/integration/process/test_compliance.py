"""The report over many runs: it adds up what the summaries say, and says what got worse only beyond chance."""

from __future__ import annotations

import hashlib
import io
import tracemalloc
from datetime import date, timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from functions.http.handlers.run_audit import ComplianceQuery
from functions.http.handlers.run_audit import compliance as asked_for
from shared.access.call import Call
from shared.domain.faults import Rejected
from shared.domain.names import Kind
from shared.domain.run import Run
from shared.domain.run_compliance import ComplianceReport
from shared.domain.run_figures import Answered, RunFigures
from shared.ports import Ports, Write
from shared.process.audit.compliance import compliance
from tests.integration.agents.conftest import SCOPE, START, Hand
from tests.integration.process.played import Played, stored
from tests.integration.process.probe import plug_in

TODAY = START.date()
PLAN: dict[str, Any] = {
    "process": "counted",
    "within": "1h",
    "steps": [
        {"id": "pinned", "type": "script", "with": {"catalog": "sol_import/deadlines.py", "sha256": "ab" * 32}},
        {"id": "mine", "type": "script", "with": {"code": "print(1)", "trust": "untrusted"}},
    ],
}


@pytest.fixture(autouse=True)
def seen(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int | None, str]]:
    return plug_in(monkeypatch)


def added(ports: Ports, count: int, days_ago: float, failed: int, quarantined: int = 10, seconds: float = 60) -> None:
    """So many runs that ended so many days ago, of which some failed in their step `pinned`."""
    process, digest = stored(ports, PLAN)
    at, batch = START - timedelta(days=days_ago), []
    for n in range(count):
        is_bad = n < failed
        run = Run(
            id=f"{days_ago:05.1f}-{n:06}".replace(".", "x"), process=process, title="Counted", digest=digest,
            status="failed" if is_bad else "done", created_at=at, created_by="owner", started_at=at,
            ended_at=at + timedelta(seconds=seconds + n % 7), due_at=at + timedelta(hours=1),
            figures=RunFigures(
                steps={"done": 2}, tries=2, received=1000, kept=1000 - quarantined, quarantined=quarantined,
                errors={"input": 1} if is_bad else {}, failing={"pinned": {"input": 1}} if is_bad else {},
                approvals=[Answered(step="ok", decision="approve", by="ada", waited=60.0 * n)],
            ),
        )  # fmt: skip
        batch.append(Write(run.id, run.model_dump(mode="json")))
    for first in range(0, count, 100):
        ports.documents.batch(SCOPE, Kind.RUN, batch[first : first + 100], durable=False)


def test_real_runs_are_added_up_to_what_their_summaries_say(ports: Ports, hand: Hand) -> None:
    shaky = {"id": "a", "type": "probe", "with": {"fails": 1}, "retry": {"transient": 1}}
    played = [
        Played(ports, hand, {"within": "1h", "steps": [shaky]}),
        Played(ports, hand, {"within": "1h", "steps": [shaky | {"with": {"breaks": True}}]}),
    ]
    for each in played:
        each.play(START + timedelta(minutes=1))
    played.append(Played(ports, hand, {"steps": [shaky | {"with": {"breaks": True}, "on_error": "ask"}]}))
    played[2].play(START + timedelta(minutes=1))
    report = compliance(ports, SCOPE, TODAY, TODAY)
    totals = report.totals
    assert (totals.runs, totals.states) == (3, {"done": 1, "failed": 1, "running": 1})
    assert (totals.kept, totals.breached) == (2, 0)
    assert totals.errors == {"transient": 1, "code": 2}
    assert totals.tries == 4
    assert sum(each.totals.runs for each in report.versions) == sum(each.runs for each in report.spans) == 3
    assert len(report.versions) == 3
    [failing] = report.failing
    assert (failing.step, failing.runs, failing.of, failing.errors) == ("a", 3, 3, {"transient": 1, "code": 2})
    assert (report.journal.runs, report.journal.not_holding) == (3, 0)
    assert report.journal.facts == sum(len(ports.journal.read(SCOPE, f"run/{each.id}")) for each in played)
    assert report.sentence.startswith("1 of 3 runs are done, 1 failed; 1 are under way.")
    other = compliance(ports, SCOPE, TODAY, TODAY, "another")
    assert (other.totals.runs, other.sentence) == (0, "No run was taken in.")


def test_what_got_worse_is_told_with_its_numbers_and_chance_is_not(ports: Ports) -> None:
    added(ports, 60, 40, failed=1)
    added(ports, 60, 3, failed=2)
    report = compliance(ports, SCOPE, TODAY - timedelta(days=29), TODAY)
    assert (report.worse, report.compared > 0) == ([], True)
    added(ports, 60, 2, failed=24, quarantined=90, seconds=400)
    report = compliance(ports, SCOPE, TODAY - timedelta(days=29), TODAY)
    found = {each.what: each for each in report.worse}
    assert set(found) == {
        "runs that failed",
        "runs in which step pinned failed at least once",
        "rows in quarantine",
        "seconds",
    }
    assert found["runs that failed"].text == "counted: runs that failed 22 % (26 of 120), before 1.7 % (1 of 60)"
    assert found["rows in quarantine"].text.endswith("5.0 % (6,000 of 120,000), before 1.0 % (600 of 60,000)")
    [approver] = report.approvers
    assert (approver.by, approver.decisions, approver.longest_waited) == ("ada", {"approve": 120}, 59 * 60)
    code = hashlib.sha256(b"print(1)").hexdigest()
    assert [(each.step, each.pin.trust, each.pin.pinned, each.runs) for each in report.programs] == [
        ("pinned", "trusted", f"sha256:{'ab' * 32}", 120),
        ("mine", "untrusted", f"sha256:{code}", 120),
    ]
    assert report.journal.not_holding == 120, "of these no chain was ever begun, which is told"
    assert "120 CHAINS OF THE JOURNAL DO NOT HOLD" in report.sentence


def test_every_form_has_the_figures(ports: Ports) -> None:
    added(ports, 30, 40, failed=0)
    added(ports, 30, 2, failed=20)

    def asked(format: Any) -> Any:
        query = ComplianceQuery(format=format, since=TODAY - timedelta(days=20), until=TODAY)
        return asked_for(Call(ports, SCOPE, "owner", "GET", ""), query).body

    told = asked("json")
    assert isinstance(told, ComplianceReport)
    pages = PdfReader(io.BytesIO(asked("pdf"))).pages
    forms = [asked("text"), asked("html"), " ".join(page.extract_text() for page in pages)]
    for form in forms:
        bare = "".join(form.split())
        for shown in (told.sentence, "20 of 30", "30 = 10 done + 20 failed", "ab" * 32, "untrusted", "30 approve"):
            assert "".join(shown.split()) in bare


def test_the_days_are_checked(ports: Ports) -> None:
    for given in ({"since": date(2026, 5, 2), "until": date(2026, 5, 1)}, {"since": date(2020, 1, 1)}):
        with pytest.raises(Rejected, match="since"):
            ComplianceQuery.model_validate(given).days(TODAY)
    with pytest.raises(Rejected, match="until"):
        ComplianceQuery(until=date.max).days(TODAY)
    assert ComplianceQuery().days(TODAY) == (TODAY - timedelta(days=29), TODAY)


@pytest.mark.nightly
def test_memory_does_not_grow_with_the_runs(ports: Ports) -> None:
    peaks = []
    for count, day in ((1_000, 100), (8_000, 1)):
        added(ports, count, day, failed=count // 50)
        last = TODAY - timedelta(days=day)
        compliance(ports, SCOPE, last, last)
        tracemalloc.start()
        assert compliance(ports, SCOPE, last, last).totals.runs == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 2**20
