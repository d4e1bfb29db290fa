"""Tasks and the memory of a domain over HTTP, and the pages of tasks."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from functions.sweep import flows_under_way, give_up
from shared import wiring
from shared.domain.names import Flow
from shared.domain.scope import Scope

from .conftest import Edge

SCOPE = Scope("local", "main")
FORM = "application/x-www-form-urlencoded"
WORK: dict[str, Any] = {"title": "March", "instructions": "What went well?"}


def test_a_task_is_made_listed_and_begun(edge: Edge) -> None:
    made = edge.ask("POST", "/api/v1/tasks", {"agent": "analyst", **WORK})
    assert (made.status, made.json["status"], made.json["run"]) == (201, "created", 0)
    id = made.json["id"]
    assert made.headers["Location"] == f"/api/v1/tasks/{id}"
    begun = edge.ask("POST", f"/api/v1/tasks/{id}/execute")
    assert (begun.status, begun.json["status"], begun.json["run"]) == (202, "queued", 1)
    assert edge.ask("POST", f"/api/v1/tasks/{id}/execute").status == 409
    other = edge.ask("POST", "/api/v1/tasks", {"agent": "planner", **WORK, "execute": True})
    assert (other.status, other.json["status"]) == (202, "queued")
    for query, found in (("", 2), ("?agent=planner", 1), ("?status=created", 0), ("?agent=analyst&status=queued", 1)):
        assert len(edge.ask("GET", f"/api/v1/tasks{query}").json["items"]) == found, query
    first = edge.ask("GET", "/api/v1/tasks?limit=1").json
    assert first["items"][0]["agent"] == "planner", "newest first"
    assert len(edge.ask("GET", f"/api/v1/tasks?limit=1&cursor={first['cursor']}").json["items"]) == 1


def test_an_agent_is_told_to_execute_something(edge: Edge) -> None:
    begun = edge.ask("POST", "/api/v1/agents/analyst/execute", WORK)
    assert (begun.status, begun.json["agent"], begun.json["status"]) == (202, "analyst", "queued")
    assert edge.ask("GET", "/api/v1/agents/analyst/status").json["work"][0]["id"] == begun.json["id"]
    assert edge.ask("POST", "/api/v1/agents/nobody/execute", WORK).status == 404


def test_a_task_without_a_flow_gets_one_and_a_broken_one_is_said(edge: Edge) -> None:
    id = edge.ask("POST", "/api/v1/agents/analyst/execute", WORK).json["id"]
    ports = wiring.ports()
    (flow,) = [each for each in flows_under_way(ports) if each.flow == Flow.TASK]
    assert (flow.instance_id, flow.input["run"]) == (f"local~main~task~{id}~1", 1)
    give_up(ports, flow)
    assert edge.ask("GET", f"/api/v1/tasks/{id}").json["status"] == "failed"
    assert [each for each in flows_under_way(ports) if each.flow == Flow.TASK] == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"agent": "nobody"}, "agent"),
        ({"agent": "No Body"}, "agent"),
        ({"title": ""}, "title"),
        ({"instructions": " "}, "instructions"),
        ({"input": {"text": "x" * 20_001}}, "input"),
        ({"input": []}, "input"),
        ({"outside": [{"source": "a mail", "text": ""}]}, "outside[0].text"),
        ({"outside": [{"source": "s", "text": "t"}] * 11}, "outside"),
        ({"sensitivity": "secret"}, "sensitivity"),
        ({"budget": {"money": {"micros": 1.5}}}, "budget.money.micros"),
        ({"status": "done"}, "status"),
    ],
)
def test_what_is_wrong_about_a_task_is_named(edge: Edge, changes: dict[str, Any], field: str) -> None:
    assert field in edge.ask("POST", "/api/v1/tasks", {"agent": "analyst", **WORK, **changes}).fields


def test_the_pages_of_tasks(edge: Edge) -> None:
    assert "Give an agent something to do" in edge.ask("GET", "/tasks").body.decode()
    filled = urlencode({"agent": "analyst", "title": "<b>March</b>", "instructions": "What went well?"}).encode()
    answer = edge.ask("POST", "/tasks", filled, Content_Type=FORM)
    assert answer.status == 303
    page = edge.ask("GET", answer.headers["Location"]).body.decode()
    assert "is queued" in page
    assert "<b>March</b>" not in page
    assert "March" in edge.ask("GET", "/tasks").body.decode()
    give_up(wiring.ports(), next(iter(flows_under_way(wiring.ports()))))
    again = edge.ask("POST", f"{answer.headers['Location']}/execute", b"", Content_Type=FORM)
    assert again.status == 303
    assert "Do it again" not in edge.ask("GET", answer.headers["Location"]).body.decode()
    assert edge.ask("POST", "/tasks", urlencode({"agent": "analyst"}).encode(), Content_Type=FORM).status == 400


def test_memory_is_written_forgotten_and_taken_back(edge: Edge) -> None:
    place = "/api/v1/memory/sales/tone"
    for text in ("One.", "Two."):
        assert edge.ask("PUT", place, {"text": text, "why": "because"}).json["text"] == text
    assert [each["text"] for each in edge.ask("GET", "/api/v1/memory/sales").json["items"]] == ["Two."]
    assert edge.ask("DELETE", place).json["text"] is None
    assert edge.ask("GET", "/api/v1/memory/sales").json["items"] == []
    assert edge.ask("POST", f"{place}/rollback", {"version": 1}).json["text"] == "One."
    assert [each["version"] for each in edge.ask("GET", f"{place}/versions").json["items"]] == [4, 3, 2, 1]
    assert edge.ask("POST", f"{place}/rollback", {"version": 9}).status == 404
    assert edge.ask("GET", "/api/v1/memory/kitchen").status == 404
    assert "key" in edge.ask("PUT", "/api/v1/memory/sales/Tone!", {"text": "t", "why": "w"}).fields
    assert edge.ask("GET", "/api/v1/memory/sales", Baton_Workspace="other").json["items"] == []


def test_the_pages_say_for_which_workflow_a_task_waits(edge: Edge) -> None:
    asked = {"agent": "analyst", **WORK, "waits_for": "build-77"}
    begun = edge.ask("POST", "/tasks", urlencode(asked).encode(), Content_Type=FORM)
    assert begun.status == 303
    assert "waits for the workflow build-77" in edge.ask("GET", "/tasks").body.decode()
    assert "It waits for the workflow <b>build-77</b>" in edge.ask("GET", begun.headers["Location"]).body.decode()
