"""The Statute-of-Limitations import, end to end (S4.32): the cases that were worked out by hand come out with their
deadlines, nothing of the sample data is lost, and what is handed on can be opened."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import sqlite3
from pathlib import Path
from typing import Any

from shared.domain.inbox import Decision
from shared.ports import Ports
from shared.process import inbox, vault
from shared.process.books import read_step
from shared.process.load import load
from shared.process.shipped import CATALOG
from tests.integration.agents.conftest import SCOPE, Hand
from tests.integration.agents.conftest import hand as hand
from tests.integration.agents.conftest import ports as ports
from tests.integration.process.played import Played
from tests.integration.process.real_desk import Room
from tests.integration.process.test_sol_deadlines import BY_HAND

SAMPLE = CATALOG / "sol_import" / "sample"
PLAN = load((CATALOG / "sol_import.yaml").read_bytes(), "sol_import.yaml")
HEAD = ("Case No", "Client", "State", "Claim", "Accrued", "Discovered", "Tolling", "County", "Value")


def by_hand() -> bytes:
    """The cases that were worked out by hand, as the north office would send them."""
    text = io.StringIO(newline="")
    out = csv.writer(text, delimiter=";")
    out.writerow(HEAD)
    for row in BY_HAND:
        place = (row["jurisdiction"], row["claim_type"], row["accrual"], row["discovery"], row["tolling"])
        out.writerow((f"C-900{row['case']}", "Müller, Jörg", *place, "Elk", "1,000.00"))
    return text.getvalue().encode("cp1252")


def kept(ports: Ports, name: str, data: bytes) -> dict[str, Any]:
    path, digest = f"runs/given/{name}", hashlib.sha256(data).hexdigest()
    ports.files.put(SCOPE, path, data)
    return {"file": path, "name": name, "bytes": len(data), "sha256": digest}


def given(ports: Ports) -> dict[str, Any]:
    north = kept(ports, "north_office.csv", by_hand())
    sums = (SAMPLE / "SHA256SUMS").read_text().splitlines()
    sums[0] = f"{north['sha256']}  north_office.csv"
    return {"north": north, "checksums": kept(ports, "SHA256SUMS", "\n".join(sums).encode())}


def made(ports: Ports, run: str, step: str) -> dict[str, Any]:
    found = read_step(ports, SCOPE, run, step)
    assert found is not None
    return found.outputs


def imported(ports: Ports, hand: Hand, **inputs: Any) -> Played:
    played = Played(ports, hand, PLAN.model_dump(mode="json", by_alias=True, exclude_none=True), **inputs)
    assert played.play().status == "running"
    [asked], _ = inbox.waiting(ports, SCOPE, 50)
    assert len(asked.files) == 2
    decision = Decision(decision="approve", digest=asked.digest)
    inbox.decide(ports, SCOPE, asked.subject, "owner", decision)
    run = played.ring()
    assert (run.status, run.status_reason) == ("done", None)
    return played


def test_every_case_comes_out_once_and_those_worked_by_hand_as_they_should(
    ports: Ports, hand: Hand, tmp_path: Path
) -> None:
    played = imported(ports, hand, **given(ports))
    room = Room(ports, tmp_path)
    offices = [made(ports, played.id, name) for name in ("north", "south", "court", "partner")]
    assert [each["received"] for each in offices] == [66, 1200, 1100, 1050]
    assert all(each["received"] == each["kept"] + each["quarantined"] for each in offices)
    assert offices[0]["quarantined"] == 0

    cases = room.rows(made(ports, played.id, "cases")["rows"])
    assert sum(each["times"] for each in cases) == sum(each["kept"] for each in offices)
    complete = {each["case_id"]: each for each in room.rows(made(ports, played.id, "complete")["rows"])}
    waiting = {each["case_id"] for each in room.rows(made(ports, played.id, "contradictory")["rows"])}
    assert {each["case_id"] for each in cases} == complete.keys() | waiting
    assert not complete.keys() & waiting

    for row in BY_HAND:
        found = complete[f"C-900{row['case']}"]
        assert (found["deadline"] or "", found["status"]) == (row["deadline"], row["status"]), found["how"]
        assert found["court"].startswith("Sample Court of ")
        assert found["client"] == "Müller, Jörg"
        assert found["status"] == "no_rule" or f"= {row['deadline']}" in found["how"]
    assert {each["status"] for each in complete.values()} >= {"open", "near", "expired", "tolled", "no_rule", "unclear"}

    [key] = vault.values(ports, SCOPE, ["workspace"]).values()
    opened = room.do("decrypt", {"file": played.run.outputs["csv"], "key": key}).outputs["file"]
    rows = list(csv.DictReader(io.StringIO(gzip.decompress(room.bytes(opened)).decode(), newline="")))
    assert [row["case_id"] for row in rows] == sorted(complete)
    assert {row["case_id"]: row["deadline"] for row in rows} == {i: c["deadline"] or "" for i, c in complete.items()}
    assert b"C-9000" not in room.bytes(played.run.outputs["csv"])

    database = tmp_path / "cases.db"
    database.write_bytes(room.bytes(played.run.outputs["database"]))
    with sqlite3.connect(database) as loaded:
        assert loaded.execute("SELECT count(*) FROM cases").fetchone() == (len(complete),)
    loaded.close()


def test_the_sample_as_it_ships_and_a_file_that_was_changed_on_its_way(ports: Ports, hand: Hand) -> None:
    played = imported(ports, hand)
    assert sum(made(ports, played.id, name)["received"] for name in ("north", "south", "court", "partner")) == 5350
    again = imported(ports, hand)
    for name in ("csv", "json", "xml"):
        assert again.run.outputs[name]["sha256"] == played.run.outputs[name]["sha256"]

    changed = kept(ports, "north_office.csv", by_hand())
    refused = Played(ports, hand, PLAN.model_dump(mode="json", by_alias=True, exclude_none=True), north=changed)
    run = refused.play()
    assert run.status == "failed"
    assert "its checksum is another" in str(run.status_reason)
