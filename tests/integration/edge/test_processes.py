"""Declared processes over HTTP: checked, kept by version, compared."""

from __future__ import annotations

import hashlib
import json

import pytest
from jsonschema import Draft202012Validator

from shared.domain.scope import Scope
from shared.process import store
from shared.process.plan import Graph
from shared.wiring import ports

from .conftest import Edge

PLAN = """\
# Copies a file's rows.
process: tidy
title: Tidy up
inputs:
  file: {type: file}
steps:
- id: table
  type: read
  with: {file: "${{ inputs.file }}"}
- id: again
  type: read
  needs: [table]
  with: {file: "${{ inputs.file }}"}
"""
SCOPE = Scope("local", "main")


def put(edge: Edge, text: str, name: str = "tidy", **headers: str):  # type: ignore[no-untyped-def]
    return edge.ask("PUT", f"/api/v1/processes/{name}?file=tidy.yaml", text.encode(), **headers)


def test_a_plan_is_checked_without_being_kept(edge: Edge) -> None:
    answer = edge.ask("POST", "/api/v1/processes/validate?file=tidy.yaml", PLAN.encode())
    assert (answer.status, answer.json["problems"], answer.json["process"]) == (200, [], "tidy")
    assert [node.needs for node in Graph.from_wire(answer.json["graph"]).nodes] == [(), (0,)]
    misspelt = PLAN.replace("inputs.file", "inputs.fiel").encode()
    wrong = edge.ask("POST", "/api/v1/processes/validate?file=tidy.yaml", misspelt)
    assert [(each["file"], each["line"], each["suggestion"]) for each in wrong.json["problems"]] == [
        ("tidy.yaml", 9, "did you mean `file`?"),
        ("tidy.yaml", 13, "did you mean `file`?"),
    ]
    assert "tidy" not in [each["name"] for each in edge.ask("GET", "/api/v1/processes").json["items"]]


def test_a_process_is_kept_by_version_and_changed_by_one_at_a_time(edge: Edge) -> None:
    first = put(edge, PLAN)
    assert (first.status, first.json["title"], first.json["origin"]) == (201, "Tidy up", "own")
    assert put(edge, PLAN).json["versions"] == first.json["versions"]
    changed = PLAN.replace("Tidy up", "Tidy up well")
    second = put(edge, changed, If_Match=first.headers["ETag"])
    assert (second.status, second.json["title"]) == (200, "Tidy up well")
    digests = [hashlib.sha256(each.encode()).hexdigest() for each in (changed, PLAN)]
    assert [each["digest"] for each in second.json["versions"]] == digests
    assert put(edge, PLAN, If_Match=first.headers["ETag"]).status == 412
    assert edge.ask("GET", f"/api/v1/processes/tidy/text?digest={digests[1]}").body.decode() == PLAN
    lines = edge.ask("GET", f"/api/v1/processes/tidy/difference?old={digests[1]}").json["lines"]
    assert lines == edge.ask("GET", "/api/v1/processes/tidy/difference").json["lines"]
    assert lines[4:7] == [" process: tidy", "-title: Tidy up", "+title: Tidy up well"]
    listed = edge.ask("GET", "/api/v1/processes").json["items"]
    assert [each["name"] for each in listed if each["origin"] == "own"] == ["tidy"]
    assert edge.ask("GET", "/api/v1/processes/tidy", Baton_Workspace="other").status == 404


def test_what_is_wrong_is_not_kept_and_named_by_field(edge: Edge) -> None:
    assert list(put(edge, PLAN, name="other").fields) == ["process"]
    assert list(put(edge, PLAN.replace("tidy", "schema"), name="schema").fields) == ["process"]
    assert list(put(edge, PLAN.replace("[table]", "[tabel]")).fields) == ["steps[1].needs[0]"]
    assert edge.ask("GET", "/api/v1/processes/tidy").status == 404


def test_a_version_to_run_lies_in_files_whatever_comes_later(edge: Edge) -> None:
    put(edge, PLAN)
    old = store.ready(ports(), SCOPE, "tidy")
    put(edge, PLAN.replace("Tidy up", "New"))
    assert store.ready(ports(), SCOPE, "tidy", old) == old
    kept = json.loads(ports().files.get(SCOPE, f"processes/tidy/{old}.json"))
    assert (kept["title"], kept["steps"][0]["with"]) == ("Tidy up", {"file": "${{ inputs.file }}"})
    with pytest.raises(Exception, match="there is no version"):
        store.ready(ports(), SCOPE, "tidy", "0" * 64)


def test_the_schema_is_served(edge: Edge) -> None:
    answer = edge.ask("GET", "/api/v1/processes/schema")
    assert answer.headers["Content-Type"].startswith("application/json")
    Draft202012Validator.check_schema(answer.json)
