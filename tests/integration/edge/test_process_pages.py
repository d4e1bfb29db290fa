"""The pages of processes and runs: started by a form, told in words, steered by buttons; a viewer only looks."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from shared import wiring
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.process import runs
from tests.integration.agents.conftest import Hand
from tests.integration.process.played import Played

from .conftest import Edge

SCOPE = Scope("local", "main")
BROWSER = {"Accept": "text/html"}
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=B"
PLAN: dict[str, Any] = {
    "process": "tidy",
    "title": "Tidy the list",
    "description": "Reads a list. Then it asks.",
    "inputs": {
        "list": {"type": "file", "title": "The list"},
        "most": {"type": "integer", "default": 5, "title": "At most"},
        "names": {"type": "list", "default": ["Ann", "Bob"]},
        "key": {"sensitive": True, "optional": True},
    },
    "steps": [
        {
            "id": "rows",
            "type": "read",
            "title": "Read <the> list",
            "with": {"file": "${{ inputs.list }}", "columns": [{"name": "day", "type": "date"}]},
        },
        {"id": "each", "type": "value", "foreach": {"items": "${{ inputs.names }}"}, "with": {"value": "${{ item }}"}},
        {
            "id": "ok",
            "type": "approve",
            "title": "Have it approved",
            "needs": ["rows", "each"],
            "with": {"title": "Go on?", "text": "${{ steps.rows.outputs.quarantined }} rows are aside."},
        },
        {
            "id": "worked",
            "type": "script",
            "title": "Work it out",
            "needs": ["ok"],
            "with": {"code": "raise ValueError('no figures')"},
        },
        {"id": "after", "type": "value", "needs": ["worked"], "with": {"value": 1}},
    ],
    "finally": [{"id": "end", "type": "value", "with": {"value": 2}}],
    "outputs": {"aside": "${{ steps.rows.outputs.quarantine }}"},
}


LISTED = {"process": "listed", "title": "A list", "inputs": {"say": {}}, "steps": [
    {"id": "one", "type": "value", "with": {"value": "${{ inputs.say }}"}}]}  # fmt: skip


@pytest.fixture
def hand(edge: Edge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hand]:
    monkeypatch.setenv("HOST_CLOCK", str(tmp_path / "clock"))
    made = Hand(tmp_path / "clock")
    wiring.close()
    edge.ask("PUT", "/api/v1/processes/tidy", json.dumps(PLAN).encode())
    return made


def page(edge: Edge, path: str, **headers: str) -> str:
    answer = edge.ask("GET", path, **BROWSER, **headers)
    assert answer.status == 200, answer.body
    return answer.body.decode()


def heading(text: str) -> str:
    return unescape(re.findall(r"<h1>(.*?)</h1>", text, re.DOTALL)[0])


def part(name: str, value: str, file: str | None = None) -> bytes:
    named = f'; filename="{file}"' if file is not None else ""
    return f'--B\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n{value}\r\n'.encode()


def filled(edge: Edge, **more: str) -> bytes:
    once = re.findall(r'name="once" value="(\w+)"', page(edge, "/processes/tidy"))[0]
    fields = {"once": once, "given.most": "7", "given.names": "Zoe\r\nYan", "given.key": "", **more}
    said = b"".join(part(name, value) for name, value in fields.items())
    return said + part("given.list", "day\nsoon\n", "days.csv") + b"--B--\r\n"


def test_a_form_starts_one_run_however_often_it_is_sent(edge: Edge, hand: Hand) -> None:
    body = filled(edge)
    first, again = (edge.ask("POST", "/processes/tidy/runs", body, Content_Type=MULTIPART, **BROWSER) for _ in "12")
    assert (first.status, first.headers["Location"]) == (again.status, again.headers["Location"])
    assert first.status == 303
    (run,) = edge.ask("GET", "/api/v1/runs").json["items"]
    assert first.headers["Location"] == f"/runs/{run['id']}"
    given = run["inputs"]
    assert (given["list"]["name"], given["most"], given["names"], given["key"]) == (
        "days.csv",
        7,
        ["Zoe", "Yan"],
        "•••",
    )
    assert heading(page(edge, "/processes")) == "1 run is under way."
    changed = body.replace(part("given.most", "7"), part("given.most", "8"))
    other = edge.ask("POST", "/processes/tidy/runs", changed, Content_Type=MULTIPART, **BROWSER)
    assert other.headers["Location"] != first.headers["Location"], "the browser went back, and other inputs were sent"


def test_what_is_wrong_in_the_form_is_said_and_what_was_typed_stays(edge: Edge, hand: Hand) -> None:
    body = filled(edge, **{"given.most": "many", "given.names": "[1"})
    answer = edge.ask("POST", "/processes/tidy/runs", body, Content_Type=MULTIPART, **BROWSER)
    assert answer.status == 400
    assert "names: must be JSON" in answer.body.decode()
    body = filled(edge, **{"given.most": "many"})
    answer = edge.ask("POST", "/processes/tidy/runs", body, Content_Type=MULTIPART, **BROWSER)
    assert "At most: must be a whole number" in answer.body.decode()
    assert 'value="many"' in answer.body.decode()
    assert edge.ask("GET", "/api/v1/runs").json["items"] == []


def test_a_run_is_rehearsed_from_the_same_form(edge: Edge, hand: Hand) -> None:
    answer = edge.ask("POST", "/processes/tidy/dry-run", filled(edge), Content_Type=MULTIPART, **BROWSER)
    assert answer.status == 200
    assert heading(answer.body.decode()) == "A run would end as done."
    assert "question to whoever is approver: Go on?" in answer.body.decode()
    assert "1 quarantined" in answer.body.decode()
    assert edge.ask("GET", "/api/v1/runs").json["items"] == []


def test_rule_s6_of_a_rehearsal_neither_answer_nor_file_is_kept(edge: Edge, hand: Hand) -> None:
    body, asked = filled(edge), {"plan": json.dumps(LISTED), "inputs": {"say": "Zauberin"}}
    for n in "12":
        page = edge.ask("POST", "/processes/tidy/dry-run", body, Content_Type=MULTIPART, Idempotency_Key="p", **BROWSER)
        answer = edge.ask("POST", "/api/v1/processes/listed/dry-run", asked, Idempotency_Key="a")
        assert (page.status, answer.status) == ((200, 200) if n == "1" else (409, 409))
    assert "nothing of it was kept" in answer.fields["Idempotency-Key"]
    ports = wiring.ports()
    kept = [
        b64decode(each.body["reply"]["content"]) for each in ports.documents.find(SCOPE, Kind.IDEMPOTENCY).documents
    ]
    assert len(kept) == 2
    assert all(b"urn:baton:problem:not-kept" in each for each in kept)
    assert not list(ports.files.list(SCOPE, "runs/incoming/"))


def test_the_page_of_a_process_says_what_it_does_and_draws_it(edge: Edge, hand: Hand) -> None:
    text = page(edge, "/processes/tidy")
    assert '<p class="lead">Reads a list.</p>' in text
    assert "5 steps, up to 2 side by side, 1 more at the end, whatever happened." in text
    assert "Read &lt;the&gt; list" in text
    assert text.count('class="step loop') == text.count('class="step person') == text.count('class="step last') == 2
    for meaning in ("done once for each item", "asks a person"):
        assert f"</svg> {meaning}</li>" in text
    shipped = page(edge, "/processes/sol_import")
    assert "Without one: north_office.csv" in shipped
    assert "This is not" not in re.findall(r'class="lead">(.*?)</p>', shipped)[0]


def test_two_versions_are_compared_by_step_line_and_word(edge: Edge, hand: Hand) -> None:
    changed = json.dumps(PLAN, indent=1).replace("no figures", "no numbers")
    edge.ask("PUT", "/api/v1/processes/tidy", json.dumps(PLAN, indent=1).encode())
    edge.ask("PUT", "/api/v1/processes/tidy", changed.encode())
    text = page(edge, "/processes/tidy/versions")
    assert heading(text) == "1 part of the plan is different."
    assert "<b>worked</b></td><td>changed<small>with.code</small>" in text
    assert "<mark>figures</mark>" in text
    assert "<mark>numbers</mark>" in text
    versions = edge.ask("GET", "/api/v1/processes/tidy").json["versions"]
    both = f"old={versions[2]['digest']}&new={versions[1]['digest']}"
    assert heading(page(edge, f"/processes/tidy/versions?{both}")) == "The words differ; what is done is the same."
    assert edge.ask("GET", f"/processes/tidy/versions?old={'0' * 64}", **BROWSER).status == 404


@pytest.fixture
def played(edge: Edge, hand: Hand) -> Played:
    """A run that waits for an approval."""
    data = b"day\n2027-01-31\nsoon\n"
    sent = edge.ask("POST", "/api/v1/runs/files?name=days.csv", data).json
    played = Played(wiring.ports(), hand, PLAN, list=sent, key="geheim")
    played.play()
    return played


def test_a_run_is_told_in_words_and_what_it_asks_is_answered_there(edge: Edge, played: Played) -> None:
    path = f"/runs/{played.id}"
    text = page(edge, path)
    assert heading(text) == "It waits for somebody at “Have it approved”; 2 of 6 steps are done."
    assert "1 rows are aside." in text
    assert "geheim" not in text
    assert "to be approved" in text
    assert '<noscript><meta http-equiv="refresh"' in page(edge, f"{path}/logs")
    seen = re.findall(r"live\?seen=([^\"]+)", text)[0]
    assert edge.ask("GET", f"{path}/live?seen={seen}").status == 204
    digest = re.findall(r'name="digest" value="(\w+)"', text)[0]
    body = f"digest={digest}&back=run&decision=approve".encode()
    answer = edge.ask("POST", f"/approvals/{played.id}~ok", body, Content_Type=FORM)
    assert (answer.status, answer.headers["Location"]) == (303, path)
    assert edge.ask("GET", f"{path}/live?seen={seen}").headers["HX-Refresh"] == "true"


def failed(edge: Edge, played: Played) -> str:
    (asked,) = edge.ask("GET", "/api/v1/approvals").json["items"]
    decision = {"decision": "approve", "digest": asked["digest"]}
    assert edge.ask("POST", f"/api/v1/approvals/{asked['subject']}", decision).status == 200
    assert played.ring().status == "failed"
    return f"/runs/{played.id}"


def test_a_failed_run_leads_with_what_happened_and_is_retried_by_its_button(edge: Edge, played: Played) -> None:
    path = failed(edge, played)
    text = page(edge, path)
    assert heading(text) == "It stopped at “Work it out”; 4 of 6 steps are done."
    place = [
        text.index(said) for said in ("What happened", "no figures", "What has already left", "is done again, then")
    ]
    assert place == sorted(place)
    assert text.index('id="retry"') < text.index('id="course"')
    summary = re.findall(r'id="summary" href="([^"]+)"', text)[0]
    assert edge.ask("GET", summary).body.startswith(b"%PDF")
    assert "1 row did not fit" in text
    assert "<td>2</td>" in text  # the row's number in the file, from the quarantine itself
    answer = edge.ask("POST", f"{path}/retry", b"", Content_Type=FORM)
    assert (answer.status, answer.headers["Location"], played.run.attempt) == (303, path, 2)
    again = page(edge, path)
    assert "to do again" in again
    assert edge.ask("POST", f"{path}/cancel", b"reason=enough", Content_Type=FORM).status == 303
    assert heading(page(edge, path)) == "It is being cancelled by owner: enough."
    assert played.retried().status == "cancelled"
    assert heading(page(edge, path)).startswith("Cancelled by owner: enough.")


def test_mended_rows_are_taken_in_by_a_form(edge: Edge, played: Played) -> None:
    path = failed(edge, played)
    mended = "baton_row,baton_reason,baton_suggestion,day\n2,,,2027-02-01\n"
    body = part("step", "rows") + part("file", mended, "days.quarantine.csv") + b"--B--\r\n"
    answer = edge.ask("POST", f"{path}/fix", body, Content_Type=MULTIPART)
    assert (answer.status, played.run.attempt) == (303, 2)
    played.retried()
    assert "did not fit" not in page(edge, path)


def test_a_step_is_shown_in_full_and_what_steps_said_line_by_line(edge: Edge, played: Played) -> None:
    path = failed(edge, played)
    text = page(edge, f"{path}?step=rows")
    assert "Do it again from here" in text
    assert "1 rows: day" in text
    assert "Item" not in text
    assert text.count("?step=each&amp;item=") == 0
    assert page(edge, f"{path}?step=each").count("?step=each&amp;item=") == 2
    logs = page(edge, f"{path}/logs")
    assert "2 rows: 1 fit, 1 are in quarantine" in logs
    assert "http-equiv" not in logs
    assert "1 fit" not in page(edge, f"{path}/logs?step=worked")
    taken = edge.ask("POST", f"{path}/undo", b"", Content_Type=FORM).body.decode()
    assert heading(taken) == "The run changed nothing outside."


def test_a_viewer_sees_how_it_stands_and_neither_files_nor_buttons(edge: Edge, played: Played) -> None:
    wanted = {"name": "eyes", "scopes": ["reader"], "workspaces": ["main"]}
    key = {"token": edge.ask("POST", "/api/v1/keys", wanted).json["key"]}
    path = failed(edge, played)
    for each in ("/processes", "/processes/tidy", "/runs", path, f"{path}?step=rows", f"{path}/logs"):
        text = page(edge, each, **key)
        assert '<form method="post"' not in text
        assert "/file?file=" not in text
        assert "<th>Row</th>" not in text
        assert "<!--" not in text
    assert "no figures" in page(edge, path, **key)


def test_runs_are_listed_by_state_and_process(edge: Edge, played: Played) -> None:
    runs.cancel(wiring.ports(), SCOPE, runs.start(wiring.ports(), SCOPE, "owner", "tidy", played.run.digest, {
        "list": played.run.inputs["list"]}).id, "owner")  # fmt: skip
    assert heading(page(edge, "/runs")) == "1 run waits for somebody."
    assert page(edge, "/runs?status=&process=").count("<td><a href=") == 2
    assert page(edge, "/runs?status=running").count("<td><a href=") == 1
    assert heading(page(edge, "/runs?process=none")) == "No run of none yet."
