"""The processes of the catalogue on their sample data: what comes out was worked out by hand (`golden/`)."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from shared.ports import Ports
from shared.process.catalog import catalog
from shared.process.load import load
from tests.integration.agents.conftest import SCOPE, Hand
from tests.integration.agents.conftest import hand as hand
from tests.integration.agents.conftest import ports as ports
from tests.integration.process.played import Played

GOLDEN = Path(__file__).parent / "golden"


def plan(name: str) -> dict[str, Any]:
    found = load(catalog()[name].text, f"{name}.yaml")
    made: dict[str, Any] = found.model_dump(mode="json", by_alias=True, exclude_none=True)
    return made


def played(ports: Ports, hand: Hand, name: str, **inputs: Any) -> Played:
    made = Played(ports, hand, plan(name), **inputs)
    made.play()
    return made


def table(ports: Ports, kept: Any, encoding: str = "utf-8", delimiter: str = ",") -> list[dict[str, str]]:
    text = ports.files.get(SCOPE, kept["file"]).decode(encoding)
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def golden(name: str) -> list[dict[str, str]]:
    with (GOLDEN / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def refused(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{name: row[f"baton_{name}"] for name in ("row", "reason", "suggestion")} for row in rows]


def test_a_contact_list_is_cleaned_as_by_hand(ports: Ports, hand: Hand) -> None:
    run = played(ports, hand, "contact_clean_up").run
    assert (run.status, run.status_reason) == ("done", None)
    assert table(ports, run.outputs["contacts"]) == golden("contacts.csv")
    invalid = refused(table(ports, run.outputs["quarantine"], "cp1252", ";"))
    assert [*invalid, *refused(table(ports, run.outputs["put_aside"]))] == golden("contacts_refused.csv")
    assert table(ports, run.outputs["merged"]) == golden("contacts_merged.csv")
    said = ports.files.get(SCOPE, run.outputs["report_markdown"]["file"]).decode()
    for fact in ("Rows received: 30", "quarantine): 9", "Put aside: 7", "Merged into others: 4", "clean list: 10"):
        assert fact in said
    assert "katherine@mail.com, katherine.johnson@orbit.example" in said.replace("\\", "")
    assert "ada.lovelace" not in said

    looked_at = ["INFO@bletchley.example", "annie@outlok.com", "x' OR '1'='1"]
    again = played(ports, hand, "contact_clean_up", accept=looked_at).run
    more = {row["email"] for row in table(ports, again.outputs["contacts"])} - {
        r["email"] for r in golden("contacts.csv")
    }
    assert more == {"info@bletchley.example", "annie@outlok.com"}
