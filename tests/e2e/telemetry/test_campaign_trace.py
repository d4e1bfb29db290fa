"""What is told of a campaign while it runs, received by a collector on the loopback: one trace, from the request to the
provider, and the metrics. The host is killed in between."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from shared.telemetry.names import METRICS, SPANS
from tests.e2e.campaign.baton import CAMPAIGN, Baton, sink
from tests.e2e.host.process import wait_for
from tests.integration.feedback.letters import bounce
from tests.servers.models import ModelServer, Reply
from tests.servers.otlp_collector import Collector, Seen, collecting
from tests.servers.smtp_sink import kept

pytestmark = [pytest.mark.timeout(400), pytest.mark.long]
TRACE = "0af7651916cd43dd8448eb211c80319c"
CALLER = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
PEOPLE = 12
CANARY = {
    "email": "canary.bird@secret.example",
    "first_name": "Canariensis",
    "phone": "+4915112345678",
    "iban": "DE89370400440532013000",
}
ROWS = f"""email,first_name,phone,timezone,consent
{CANARY["email"]},{CANARY["first_name"]},{CANARY["phone"]},UTC,yes
canary.bird@secret,{CANARY["iban"]},no number,UTC,yes
"""
COPY = {
    "subject": "Six evenings for your back",
    "preheader": "The spring course",
    "headline": "Six evenings for your back",
    "greeting": 'Dear {{ first_name | default("friend", true) }},',
    "paragraphs": ["six evenings for your back."],
    "points": [],
    "closing": "See you there?",
    "sign_off": "Warm wishes,\nPraxis",
    "language": "en",
    "notes": [],
}


class Run(NamedTuple):
    collector: Collector
    baton: Baton
    log: list[str]
    """Of both hosts, from the first line to the last."""
    token: str
    """Of the canary's signed link."""
    campaign: str
    explanation: dict[str, Any]
    recipients: list[dict[str, Any]]
    model_headers: list[list[str]]
    """The names of the headers of each request to the model's server."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """One campaign that a caller started within a trace of theirs, killed while a person decides."""
    folder = tmp_path_factory.mktemp("traced")
    with ExitStack() as stack:
        collector = stack.enter_context(collecting())
        server = stack.enter_context(ModelServer())
        server.script(Reply(COPY))
        smtp = stack.enter_context(sink(folder / "sink"))
        told = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "OTEL_METRIC_EXPORT_INTERVAL": "2000"}
        models = {"BATON_MODEL_URL": server.url, "BATON_MODEL_NAME": "test-model", "OTEL_BSP_SCHEDULE_DELAY": "100"}
        post = f"maildir://{folder / 'post'}"
        baton = Baton(folder, **told, **models, BATON_SMTP_URL=smtp, BATON_MAILBOX_URL=post).start()
        first = baton.host
        baton.imported(baton.import_people(PEOPLE - 1))
        taken = baton.ask("POST", "contacts/imports", content=ROWS, headers={"Content-Type": "text/csv"})
        assert baton.imported(taken["id"])["quarantined"] == 1
        id = baton.ask("POST", "campaigns", {**CAMPAIGN, "variants": 1}, headers=CALLER)["id"]
        baton.until(id, "awaiting_approval")
        for told_before in ("step schedule", "generate", "request /api/v1/campaigns", "campaigns_create"):
            wait_for(lambda told_before=told_before: collector.named(told_before) or None)
        wait_for(lambda: any(point.name.startswith("gen_ai") for point in collector.points) or None)
        baton.kill()
        baton.start()
        assert baton.host
        baton.approve(id)
        baton.until(id, "analyzing", "completed")
        token = _comes_back(baton, folder)
        baton.until(id, "completed", seconds=150)
        _let_the_timers_run(baton)
        person = baton.ask("GET", f"campaigns/{id}/recipients?state=accepted")["items"][0]["contact"]
        recipients = baton.ask("GET", f"campaigns/{id}/recipients?limit=100")["items"]
        explanation = baton.ask("GET", f"campaigns/{id}/recipients/{person}/explanation")
        _goes_wrong(baton)
        assert first
        log = [*first.log, *baton.host.log]
        assert baton.host.stop() == 0
        yield Run(collector, baton, log, token, id, explanation, recipients, server.headers)


def _comes_back(baton: Baton, folder: Path) -> str:
    """The canary's mail bounces, and its links are used all the same; their forms say who it is. Returns the token."""
    assert baton.host
    mail = next(each.message for each in kept(folder / "sink") if each.recipient == CANARY["email"])
    headers = message_from_bytes(mail, policy=default)
    token = re.findall(r"/api/u/([^>]+)>", headers["List-Unsubscribe"])[0]
    form = {"email": CANARY["email"], "do": CANARY["phone"], "note": CANARY["iban"]}
    for door in ("p", "u"):
        assert baton.host.http.post(f"/api/{door}/{token}", data=form).status_code < 500
    report = bounce(
        "hallo@praxis.example", "5.1.1", f"Message-ID: {headers['Message-ID']}\r\n", recipient=CANARY["email"]
    )
    (folder / "post" / "new").mkdir(parents=True, exist_ok=True)
    (folder / "post" / "new" / "1").write_bytes(report)
    return token


def _goes_wrong(baton: Baton) -> None:
    """What is on file of the canary can no longer be read: whoever asks for it gets an error, the log the reason."""
    find = "SELECT id FROM documents WHERE kind = 'contact' AND json_extract(body, '$.email') = ?"
    with closing(sqlite3.connect(baton.home / "baton.db", timeout=20)) as db, db:
        (person,) = db.execute(find, (CANARY["email"],)).fetchone()
        spoilt = (
            "UPDATE documents SET body = json_set(body, '$.email', json_array(?)) WHERE kind = 'contact' AND id = ?"
        )
        db.execute(spoilt, (CANARY["email"], person))
    assert baton.raw("GET", f"contacts/{person}").status_code == 500


def _let_the_timers_run(baton: Baton) -> None:
    assert baton.host
    later = datetime.fromisoformat(baton.host.clock()["now"]) + timedelta(minutes=31)
    baton.host.set_clock(mode="run", until=later.isoformat())
    wait_for(lambda: (baton.host and baton.host.clock()["mode"] == "hold") or None)


def named(run: Run, name: str, **attributes: Any) -> list[Seen]:
    found = [span for span in run.collector.named(name) if span.trace == TRACE]
    return [span for span in found if attributes.items() <= span.attributes.items()]


def test_one_trace_goes_from_the_request_to_the_model_and_to_the_provider(run: Run) -> None:
    (created,) = named(run, "campaigns_create")
    assert created.parent == CALLER["traceparent"].split("-")[2]
    flow = ["orchestration:campaign", "request /api/v1/campaigns", "campaigns_create"]
    (asked,) = named(run, "chat test-model")
    assert run.collector.lineage(asked) == ["step generate", "generate", *flow]
    windows = named(run, "hand over smtp")
    lineage = ["step distribute", "distribute", "orchestration:distribution", *flow]
    assert all(run.collector.lineage(window) == lineage for window in windows)
    assert {span.service for span in run.collector.spans} == {"local.host", "baton"}


def test_windows_are_told_of_not_people(run: Run) -> None:
    windows = named(run, "hand over smtp", **{"baton.shard": 0, "baton.campaign": run.campaign})
    assert 1 <= len(windows) < PEOPLE
    assert sum(window.attributes["baton.accepted"] for window in windows) == PEOPLE
    assert len({window.id for window in windows}) == len(windows)


def test_neither_a_replay_nor_a_restart_tells_anything_twice(run: Run) -> None:
    """The host was killed while a person decided: each orchestration is one span, each step one below its own call."""
    ours = [span for span in run.collector.spans if span.trace == TRACE]
    flows = Counter(span.name for span in ours if span.name.startswith("orchestration:"))
    assert flows == {"orchestration:campaign": 1, "orchestration:distribution": 1}
    assert max(Counter(span.id for span in run.collector.spans).values()) == 1
    steps = [span for span in ours if span.name.startswith("step ")]
    assert len({span.parent for span in steps}) == len(steps)
    assert len([span for span in steps if span.name == "step generate"]) == 1


def test_the_trace_of_one_message_is_found_from_its_explanation(run: Run) -> None:
    assert run.explanation["evidence"]["verdict"]["trace"] == TRACE


def test_a_model_is_told_of_without_what_was_asked_and_answered(run: Run) -> None:
    (asked,) = named(run, "chat test-model")
    assert asked.attributes["gen_ai.provider.name"] == "openai"
    assert asked.attributes["gen_ai.usage.input_tokens"] > 0
    sent = b"".join(run.collector.raw)
    assert all(said.encode() not in sent for said in (COPY["subject"], "former patients", "six evenings"))


def test_no_trace_is_told_to_others(run: Run) -> None:
    """The model's server is somebody else's: it gets the question, not our ids."""
    assert run.model_headers
    assert not [name for headers in run.model_headers for name in headers if name.lower().startswith("trace")]


def test_every_span_and_attribute_is_in_the_list(run: Run) -> None:
    known = {pattern(each.name): each for each in sorted(SPANS, key=lambda each: each.name[0] == "{")}
    for span in run.collector.spans:
        if span.service == "baton":
            listed = next(each for match, each in known.items() if match.fullmatch(span.name))
            assert span.attributes.keys() <= set(listed.attributes), span.name
            assert span.kind == {"internal": 1, "client": 3, "producer": 4}[listed.kind]


def test_every_metric_is_in_the_list_and_the_run_sends_all_but_those_of_misfortune(run: Run) -> None:
    listed = {each.name: each for each in METRICS}
    for point in run.collector.points:
        assert point.unit == listed[point.name].unit
        assert point.attributes.keys() <= set(listed[point.name].attributes), point.name
    missing = listed.keys() - {point.name for point in run.collector.points}
    assert missing == {"baton.flow.broken"}


def test_what_s3_31_asks_for_can_be_read_off(run: Run) -> None:
    """Completion, time of the workflow, latency, errors, utilisation: each with its numbers."""
    whole = [
        p for p in run.collector.points if p.name == "baton.flow.elapsed" and p.attributes["baton.verb"] == "analyze"
    ]
    assert whole[-1].value > 24 * 3600, "days of the campaign's own time, which is virtual here"
    ended = [p for p in run.collector.points if p.name == "baton.step.duration"]
    assert {p.attributes["baton.outcome"] for p in ended} == {"done", "later"}
    failed = [p for p in run.collector.points if p.attributes.get("http.response.status_code") == 500]
    assert {p.attributes["http.route"] for p in failed} == {"/api/v1/contacts/{id}"}
    assert {p.attributes["error.type"] for p in failed} == {"ValidationError"}
    routes = {p.attributes["http.route"] for p in run.collector.points if p.name == "baton.request.duration"}
    assert "/api/v1/campaigns/{id}" in routes
    handed = [p for p in run.collector.points if p.name == "baton.message.handed"]
    assert handed[-1].value == PEOPLE
    active = {p.attributes["baton.verb"]: p.value for p in run.collector.points if p.name == "baton.step.active"}
    assert active.keys() >= {"schedule", "distribute", "analyze"}
    assert [active[verb] for verb in ("schedule", "distribute", "analyze")] == [0, 0, 0], "nothing runs at the end"


def pattern(name: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{[^}]*\}", ".+", re.escape(name)))


def test_a_canary_is_in_no_sink(run: Run) -> None:
    """It went through an import, a quarantine, a campaign, a bounce, two forms and an error; it was recognised."""
    state = {each["contact"]: each["state"] for each in run.recipients}
    assert "failed" in state.values(), "the bounce was understood"
    assert any("request failed" in line for line in run.log), "the error was told"
    sinks = {
        "log": "\n".join(run.log).encode(),
        "telemetry": b"".join(run.collector.raw),
        "histories": b"".join(path.read_bytes() for path in (run.baton.state).iterdir() if path.is_file()),
        "journal": _facts(run.baton.home),
    }
    canaries = [
        *CANARY.values(),
        CANARY["email"].partition("@")[0],
        run.token,
        (run.baton.home / "owner.token").read_text(),
    ]
    found = [(sink, canary) for sink, text in sinks.items() for canary in canaries if canary.strip().encode() in text]
    assert found == []
    assert all(len(text) > 1000 for text in sinks.values()), "each has something in it"


def _facts(home: Path) -> bytes:
    with closing(sqlite3.connect(home / "baton.db")) as db:
        return repr(db.execute("SELECT * FROM facts").fetchall()).encode()
