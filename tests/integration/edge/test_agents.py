"""Agents over HTTP, and their pages."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from shared import wiring
from shared.agents.roster import AgentOff, employed
from shared.domain.names import Kind
from shared.domain.scope import Scope

from .conftest import Edge
from .test_routes import BODIES, CampaignRequest

SCOPE = Scope("local", "main")
FORM = "application/x-www-form-urlencoded"
PRESS: dict[str, Any] = {"name": "Press office", "domain": "marketing", "verb": "generate"}


def settings(edge: Edge, id: str, **changes: Any) -> dict[str, Any]:
    agent = edge.ask("GET", f"/api/v1/agents/{id}").json["agent"]
    return {**{name: value for name, value in agent.items() if name != "id"}, **changes}


def test_twelve_agents_are_there_from_the_start_with_everything_that_makes_one(edge: Edge) -> None:
    found = edge.ask("GET", "/api/v1/agents").json["items"]
    assert {each["agent"]["id"] for each in found} == {
        *("copywriter", "designer", "compliance-reviewer", "planner", "sender", "analyst", "researcher", "qualifier"),
        *("negotiator", "project-manager", "quality-reviewer", "receptionist"),
    }
    assert {each["agent"]["verb"] for each in found} == {
        *("generate", "schedule", "distribute", "analyze", "qualify", "propose", "deliver", "converse"),
    }
    for each in found:
        agent = each["agent"]
        assert (each["version"], each["by"], agent["enabled"]) == (0, "Baton", True)
        assert agent["capabilities"]
        assert agent["instructions"]


def test_a_change_is_a_version_with_its_differences_and_can_be_taken_back(edge: Edge) -> None:
    put = edge.ask(
        "PUT",
        "/api/v1/agents/copywriter",
        settings(edge, "copywriter", instructions="Be brief.", model={"quality": "good", "home": None}, why="too long"),
    ).json
    assert put["version"]["version"] == 1
    assert {(each["field"], each["after"]) for each in put["changes"]} == {
        ("instructions", "Be brief."),
        ("model.quality", "good"),
    }
    again = edge.ask("PUT", "/api/v1/agents/copywriter", settings(edge, "copywriter")).json
    assert (again["version"]["version"], again["changes"]) == (1, [])
    listed = edge.ask("GET", "/api/v1/agents/copywriter/versions").json["items"]
    assert [(each["version"], each["why"]) for each in listed] == [(1, "too long"), (0, "")]
    diff = edge.ask("GET", "/api/v1/agents/copywriter/diff?since=1&to=0").json["items"]
    assert {each["field"] for each in diff} == {"instructions", "model.quality"}
    back = edge.ask("POST", "/api/v1/agents/copywriter/rollback", {"version": 0}).json
    assert (back["version"]["version"], back["version"]["why"]) == (2, "back to version 0")
    assert edge.ask("GET", "/api/v1/agents/copywriter/diff?since=0").json["items"] == []
    assert edge.ask("GET", "/api/v1/agents/copywriter/diff?since=9").status == 404
    facts = wiring.ports().journal.read(SCOPE, "agents")
    assert [(fact.what, fact.data["version"]) for fact in facts] == [("changed", 1), ("changed", 2)]


def test_an_agent_of_ones_own_is_made_deleted_and_brought_back(edge: Edge) -> None:
    made = edge.ask("POST", "/api/v1/agents", {"id": "press", **PRESS})
    assert (made.status, made.json["version"]) == (201, 1)
    assert edge.ask("POST", "/api/v1/agents", {"id": "press", **PRESS}).status == 409
    assert edge.ask("POST", "/api/v1/agents", {"id": "sender", **PRESS}).status == 409
    assert edge.ask("DELETE", "/api/v1/agents/press").json["agent"]["id"] == "press"
    assert edge.ask("GET", "/api/v1/agents/press").status == 404
    assert edge.ask("DELETE", "/api/v1/agents/press").status == 404
    assert edge.ask("POST", "/api/v1/agents/press/rollback", {"version": 1}).json["version"]["version"] == 2
    assert edge.ask("GET", "/api/v1/agents/press").json["agent"]["name"] == "Press office"
    refused = edge.ask("DELETE", "/api/v1/agents/sender")
    assert (refused.status, "built-in" in refused.fields["id"]) == (409, True)


def test_the_budget_of_an_agent_is_that_of_its_account(edge: Edge) -> None:
    edge.ask("PUT", "/api/v1/agents/analyst", settings(edge, "analyst", budget={"calls": 5}))
    assert edge.ask("GET", "/api/v1/budgets/agent-analyst").json["budget"]["calls"] == 5
    edge.ask("PUT", "/api/v1/budgets/agent-analyst", {"calls": 7})
    assert edge.ask("GET", "/api/v1/agents/analyst").json["agent"]["budget"]["calls"] == 7


def test_a_change_names_the_work_that_it_is_for(edge: Edge) -> None:
    edge.ask("GET", "/api/v1/agents")
    ports = wiring.ports()
    for n, status in enumerate(("generating", "sending", "completed")):
        body = {
            "id": f"c{n}",
            "request": BODIES[CampaignRequest],
            "name": f"Campaign {n}",
            "status": status,
            "created_at": ports.clock.now().isoformat(),
            "created_by": "ann",
        }
        ports.documents.put(SCOPE, Kind.CAMPAIGN, f"c{n}", body)
    put = edge.ask("PUT", "/api/v1/agents/copywriter", settings(edge, "copywriter", enabled=False)).json
    assert [(each["what"], each["id"], each["status"]) for each in put["affects"]] == [("campaign", "c0", "generating")]
    assert edge.ask("GET", "/api/v1/agents/copywriter/status").json["state"] == "off"
    assert edge.ask("GET", "/api/v1/agents/sender/status").json["state"] == "working"
    assert edge.ask("GET", "/api/v1/agents/analyst/status").json["state"] == "idle"
    with pytest.raises(AgentOff, match="copywriter is switched off"):
        employed(ports, SCOPE, "copywriter")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": "Press Office"}, "id"),
        ({"id": "p"}, "id"),
        ({"domain": "accounting"}, "domain"),
        ({"verb": "dance"}, "verb"),
        ({"tools": ["shell"]}, "tools[0]"),
        ({"capabilities": ["Anything!"]}, "capabilities[0]"),
        ({"instructions": "x" * 8001}, "instructions"),
        ({"instructions": "a\x00b"}, "instructions"),
        ({"model": {"quality": "perfect"}}, "model.quality"),
        ({"model": {"home": "elsewhere"}}, "model.home"),
        ({"budget": {"money": 5}}, "budget.money"),
        ({"enabled": "perhaps"}, "enabled"),
        ({"secret": 1}, "secret"),
    ],
)
def test_what_is_wrong_about_an_agent_is_named(edge: Edge, changes: dict[str, Any], field: str) -> None:
    assert field in edge.ask("POST", "/api/v1/agents", {"id": "press", **PRESS, **changes}).fields


def test_the_pages_show_and_change_an_agent(edge: Edge) -> None:
    assert "Compliance reviewer" in edge.ask("GET", "/agents").body.decode()
    shown = edge.ask("GET", "/agents/designer").body.decode()
    assert "Keep to the colours" in shown
    assert "as delivered" in shown
    filled = {"name": "Designer", "instructions": "Only blue.", "quality": "best", "home": "", "why": "new brand"}
    answer = edge.ask("POST", "/agents/designer", urlencode(filled).encode(), Content_Type=FORM)
    assert (answer.status, answer.headers["Location"]) == (303, "/agents/designer")
    found = edge.ask("GET", "/api/v1/agents/designer").json["agent"]
    assert (found["enabled"], found["instructions"], found["model"]["quality"]) == (False, "Only blue.", "best")
    assert found["tools"], "what the form did not send stays"
    page = edge.ask("GET", "/agents/designer").body.decode()
    assert "new brand" in page
    assert "Designer: switched off" in page
    back = edge.ask("POST", "/agents/designer/rollback", b"version=0", Content_Type=FORM)
    assert back.status == 303
    assert edge.ask("GET", "/api/v1/agents/designer").json["agent"]["enabled"] is True
    hostile = urlencode({"name": "<script>alert(1)</script>", "enabled": "yes"}).encode()
    edge.ask("POST", "/agents/designer", hostile, Content_Type=FORM)
    assert "<script>alert" not in edge.ask("GET", "/agents/designer").body.decode()


def test_two_who_change_an_agent_at_once_do_not_overwrite_each_other(edge: Edge) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from shared.agents import roster
    from shared.domain.agent import AgentSettings
    from shared.domain.faults import Conflict

    edge.ask("GET", "/api/v1/agents")
    ports = wiring.ports()
    wanted = [
        AgentSettings.model_validate({**settings(edge, "analyst"), "instructions": f"Number {n}."}) for n in range(8)
    ]

    def change(each: AgentSettings) -> int | None:
        try:
            return roster.update(ports, SCOPE, "ann", "analyst", each).version
        except Conflict:
            return None

    with ThreadPoolExecutor(8) as threads:
        got = [version for version in threads.map(change, wanted) if version is not None]
    assert sorted(got) == list(range(1, len(got) + 1))
    assert len(roster.versions(ports, SCOPE, "analyst")) == 1 + len(got)
