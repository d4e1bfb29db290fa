"""kill -9 of the host at every step of the Statute-of-Limitations import: it goes on by itself, and what comes out is
what comes out when nobody disturbs it: the same files, the same rows in SQL, one mail to the clerk.

In CI at the most dangerous steps, on a cut sample; `nightly` at every step, on the whole one."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.process.load import load
from shared.process.shipped import CATALOG
from tests.e2e.campaign.baton import Baton
from tests.e2e.host.process import wait_for

SAMPLE = CATALOG / "sol_import" / "sample"
STEPS = [step.id for step in load((CATALOG / "sol_import.yaml").read_bytes()).steps]
PATIENCE = 120.0
SAME = ("csv", "json", "xml", "near", "contradictory", "quarantine_north", "quarantine_court", "quarantine_partner")


class Import:
    """A host of its own, its inputs, and what comes of a run that nobody disturbs. Time stands still in it until the
    approval is given: a wait for a person would else be over at once."""

    def __init__(self, folder: Path, most: int | None) -> None:
        self.baton = Baton(folder).start()
        self._hold()
        self.inputs = self._cut(most) if most else {}
        self.whole = self.outcome(self.approved(self.begun()))

    def awake(self) -> None:
        """After each test hosts that it started are ended."""
        if self.baton.host and self.baton.host.process.poll() is not None:
            self.baton.start()
            self._hold()

    def begun(self) -> str:
        return str(self.baton.ask("POST", "processes/sol_import/runs", {"inputs": self.inputs})["id"])

    def killed(self, id: str, step: str) -> None:
        """The host dies as soon as the step has begun, and starts anew."""
        if step == "told":
            self._approve(id)
        wait_for(lambda: [each for each in self.steps(id) if each["step"] == step] or None, PATIENCE, 0.02)
        self.baton.kill()
        self.baton.start()
        if step != "told":
            self._hold()

    def approved(self, id: str) -> dict[str, Any]:
        """The run at its end; a person agrees when asked."""
        self._approve(id)
        run = wait_for(lambda: self._ended(id), PATIENCE)
        assert run["status"] == "done", (run["status_reason"], self.steps(id)[-1])
        self._hold()
        return run

    def outcome(self, run: dict[str, Any]) -> dict[str, Any]:
        """Contents of all that was made, and how many mails there are of it."""
        outputs = run["outputs"]
        digests = {name: self._digest(run, name) for name in SAME}
        return {**digests, "cases": outputs["cases"], "rows": self._rows(run)}

    def steps(self, id: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.baton.ask("GET", f"runs/{id}/steps")
        return found

    @property
    def mails(self) -> int:
        return len(list((self.baton.home / "outbox").rglob("*.eml")))

    def _approve(self, id: str) -> None:
        if self._step(id, "released")["status"] == "done":
            return
        asked = wait_for(lambda: self._question(id), PATIENCE)
        self.baton.ask("POST", f"approvals/{asked['subject']}", {"decision": "approve", "digest": asked["digest"]})
        assert self.baton.host
        self.baton.host.set_clock(mode="run")

    def _question(self, id: str) -> dict[str, Any] | None:
        items = self.baton.ask("GET", "approvals")["items"]
        return next((each for each in items if id in each["subject"]), None)

    def _step(self, id: str, step: str) -> dict[str, Any]:
        return next((each for each in self.steps(id) if each["step"] == step), {"status": "none"})

    def _ended(self, id: str) -> dict[str, Any] | None:
        run: dict[str, Any] = self.baton.ask("GET", f"runs/{id}")
        return run if run["status"] not in ("waiting", "running") else None

    def _hold(self) -> None:
        assert self.baton.host
        self.baton.host.set_clock(mode="hold")

    def _digest(self, run: dict[str, Any], name: str) -> str:
        kept = run["outputs"][name]
        return hashlib.sha256(self._bytes(run, kept)).hexdigest() if kept else "none"

    def _bytes(self, run: dict[str, Any], kept: dict[str, Any]) -> bytes:
        answer = self.baton.raw("GET", f"runs/{run['id']}/file", params={"file": kept["file"]})
        assert answer.is_success, answer.text
        data: bytes = answer.content
        assert hashlib.sha256(data).hexdigest() == kept["sha256"]
        return data

    def _rows(self, run: dict[str, Any]) -> str:
        path = self.baton.home.parent / "cases.db"
        path.write_bytes(self._bytes(run, run["outputs"]["database"]))
        database = sqlite3.connect(path)
        try:
            return hashlib.sha256(repr(sorted(map(repr, database.execute("SELECT * FROM cases")))).encode()).hexdigest()
        finally:
            database.close()

    def _cut(self, most: int) -> dict[str, Any]:
        """The first rows of three of the lists, and their checksums."""
        lines = {name: (SAMPLE / name).read_bytes().split(b"\n") for name in ("north_office.csv", "court_export.txt")}
        files = {name: b"\n".join(each[:most]) + b"\n" for name, each in lines.items()}
        cases = re.findall(rb"<case .*?</case>", (SAMPLE / "partner_firm.xml").read_bytes(), re.DOTALL)
        files["partner_firm.xml"] = (
            b'<?xml version="1.0" encoding="UTF-8"?>\n<cases>' + b"".join(cases[:most]) + b"</cases>"
        )
        sums = [line.split() for line in (SAMPLE / "SHA256SUMS").read_text().splitlines()]
        digests = {name: hashlib.sha256(files[name]).hexdigest() if name in files else sha for sha, name in sums}
        files["SHA256SUMS"] = "".join(f"{sha}  {name}\n" for name, sha in digests.items()).encode()
        inputs = {"north": "north_office.csv", "court": "court_export.txt", "partner": "partner_firm.xml"}
        return {
            input: self.baton.ask("POST", "runs/files", params={"name": name}, content=files[name])
            for input, name in {**inputs, "checksums": "SHA256SUMS"}.items()
        }


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Import]:
    made = Import(tmp_path_factory.mktemp("whole"), None)
    yield made
    made.baton.kill()


def test_an_import_that_is_killed_where_it_is_most_dangerous_gives_the_same(tmp_path: Path) -> None:
    """One run, killed twice: while SQL is loaded, and, a person having agreed, while the mail leaves."""
    imports = Import(tmp_path, 60)
    _killed(imports, "loaded", "told")


@pytest.mark.nightly
@pytest.mark.parametrize("step", STEPS)
def test_an_import_that_is_killed_at_a_step_gives_the_same(whole: Import, step: str) -> None:
    whole.awake()
    _killed(whole, step)


def _killed(imports: Import, *steps: str) -> None:
    before, id = imports.mails, imports.begun()
    for step in steps:
        imports.killed(id, step)
    assert imports.outcome(imports.approved(id)) == imports.whole
    assert imports.mails == before + 1, "the clerk is told once"
    assert {each["step"]: each["status"] for each in imports.steps(id)} == dict.fromkeys(STEPS, "done")
    assert not list((imports.baton.home / "work").glob("*")), "no folder of a step is left"
