"""A run that is watched says what it wants of a person; it is answered, handed out and added up at the command line."""

from __future__ import annotations

import io
import json
import subprocess
from pathlib import Path

from pypdf import PdfReader

from tests.e2e.cli.command import BATON, Served, clean
from tests.e2e.host.process import ROOT, wait_for

PLAN = {
    "process": "release",
    "title": "Release it",
    "inputs": {"pin": {"sensitive": True}, "of": {"type": "object", "default": {}}},
    "steps": [
        {"id": "said", "type": "value", "with": {"value": "${{ inputs.pin }}"}},
        {"id": "odd", "type": "value", "on_error": "ask", "with": {"value": "${{ inputs.of.them }}"}},
        {
            "id": "ok",
            "type": "approve",
            "needs": ["said"],
            "with": {"title": "Let it go?", "form": {"copies": {"type": "integer"}}},
        },
    ],
    "outputs": {"copies": "${{ steps.ok.outputs.copies }}"},
}


def has_both(said: Path) -> bool:
    """Whether both questions are asked, each with its page."""
    text = said.read_text()
    return "/approvals;" in text and "/runs/" in text


def test_what_a_run_wants_is_said_answered_and_handed_out(home: Served, tmp_path: Path) -> None:
    file, said = tmp_path / "release.json", tmp_path / "said.txt"
    file.write_text(json.dumps(PLAN))
    command = [*BATON, "process", "run", str(file), "--input", "pin=Q-773-42", "--wait", "--home", str(home.home)]
    with said.open("w") as out:
        watching = subprocess.Popen(command, cwd=ROOT, env=clean(), stdout=out)
        try:
            wait_for(lambda: has_both(said) or (watching.poll() is not None) or None)
            lines = said.read_text().splitlines()
            [answer] = [each.strip() for each in lines if " process approve " in each]
            id, step = answer.partition(" process approve ")[2].split()[:2]
            assert answer.endswith(f"process approve {id} ok --set copies=… --home {home.home}")
            assert "Step ok waits for a person: Let it go?" in lines
            assert any(f"process settle {id} odd retry" in each for each in lines)
            assert any(f"{home.url}/runs/{id}" in each for each in lines)
            assert home("process", "settle", id, "odd", "done").code == 0
            assert "odd of the run" in home("process", "approve", id, "odd").err
            assert "is missing" in home("process", "approve", id).err
            approved = home("process", "approve", id, step, "--set", "copies=3", "--comment", "go on")
            assert approved.code == 0, approved
            assert "Let it go?: approved" in approved.text
            assert watching.wait(60) == 0
        finally:
            watching.kill()
            watching.wait(60)
    text = home("process", "export", id)
    assert text.code == 0, text
    assert "go on" in text.text
    assert "3 of 3 steps done" in text.text
    found = home("process", "export", id, "--json").json
    assert found["figures"]["steps"] == {"done": 3}
    pdf = tmp_path / "run.pdf"
    assert home("process", "export", id, "--format", "pdf").code == 2
    assert home("process", "export", id, "--out", str(pdf)).code == 0
    told = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.read_bytes())).pages)
    assert "3 of 3 steps done" in " ".join(told.split())
    assert "Q-773-42" not in told + text.out + json.dumps(found) + said.read_text()
    report = home("process", "compliance", "--process", "release", "--json").json
    assert (report["totals"]["runs"], report["approvers"][0]["decisions"]) == (1, {"approve": 1})
    page = tmp_path / "report.html"
    assert home("process", "compliance", "--out", str(page)).code == 0
    assert "1 of 1 runs are done" in page.read_text()
    assert "since" in home("process", "compliance", "--since", "2020-01-01").err
