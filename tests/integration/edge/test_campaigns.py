"""A campaign over HTTP, its flow's steps taken by hand: what each request answers at each point."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from functions.activities.step import StepFailed, step
from shared import wiring
from shared.agents import contacts, generate, schedule
from shared.domain.approval import Approval
from shared.domain.scope import Scope
from shared.ports import Ports

from .conftest import Edge
from .test_routes import BODIES, CampaignRequest

SCOPE = Scope("local", "main")
REQUEST = BODIES[CampaignRequest]


def one_of(*values: Any) -> dict[str, Any]:
    """Whoever has one of these addresses."""
    return {"segment": {"where": [{"field": "email", "op": "in", "value": values}]}}


@pytest.fixture
def people(home: Path) -> None:
    bring_in(b"email,first_name,consent\nann@x.example,Ann,yes\nbob@x.example,Bob,yes\n")


def bring_in(data: bytes) -> None:
    """What the flow of an import does."""
    ports = wiring.ports()
    order: dict[str, Any] = {
        "scope": list(SCOPE),
        "import": contacts.accept_import(ports, SCOPE, "test", data, "text/csv").id,
    }
    for op in ({"op": "split"}, {"op": "batch", "batch": 0}, {"op": "finish"}):
        contacts.run(ports, {**order, **op})


@pytest.fixture
def waiting(edge: Edge, people: None) -> str:
    """The path of a campaign that awaits approval."""
    made = edge.ask("POST", "/api/v1/campaigns", REQUEST).json
    order = {"scope": list(SCOPE), "campaign": made["id"], "instance": f"local~main~campaign~{made['id']}~1"}
    generate.run(wiring.ports(), order)
    schedule.run(wiring.ports(), order)
    return str(made["links"]["self"])


def test_creating_answers_at_once_and_says_where_to_look(edge: Edge, people: None) -> None:
    answer = edge.ask("POST", "/api/v1/campaigns", REQUEST)
    assert (answer.status, answer.json["status"]) == (202, "generating")
    assert answer.headers["Location"] == answer.json["links"]["self"]
    for name, path in answer.json["links"].items():
        expected = 404 if name == "approvals" else 200
        assert edge.ask("GET", path).status == expected, name


def test_a_second_start_of_the_same_campaign_is_refused(edge: Edge, people: None) -> None:
    first = edge.ask("POST", "/api/v1/campaigns", REQUEST).json
    again = edge.ask("POST", "/api/v1/campaigns", REQUEST)
    assert again.status == 409
    assert first["id"] in again.fields["name"]
    assert len(edge.ask("GET", "/api/v1/campaigns").json["items"]) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"segment": {"where": []}}, "segment"),
        ({"segment": {"where": [{"field": "shoe_size", "op": "eq", "value": 1}]}}, "segment.where[0]"),
        ({"segment": {"where": [{"field": "country", "op": "eq", "value": "NZ"}]}}, "segment"),
        ({"window": {"start": "2020-01-01T00:00:00Z"}}, "window.start"),
        ({"window": {"start": "2030-01-01T00:00:00"}}, "window.start"),
        ({"window": {"start": "9999-12-31T00:00:00Z", "days": 60}}, "window.start"),
        ({"window": {"start": "0001-01-01T00:00:00+14:00"}}, "window.start"),
        ({"window": {"hours": [18, 9]}}, "window.hours"),
        ({"sender": {"name": "Praxis", "address": "hallo@praxis.example"}}, "sender.postal_address"),
        ({"sender": {**REQUEST["sender"], "address": "nobody"}}, "sender.address"),
        ({"brief": {**REQUEST["brief"], "offer": "Dear {{ shoe_size }}"}}, "brief.offer"),
        ({"brief": {**REQUEST["brief"], "offer": "{{ ''.__class__ }}"}}, "brief.offer"),
        ({"brief": {**REQUEST["brief"], "facts": ["fine", ""]}}, "brief.facts[1]"),
        ({"variants": 5}, "variants"),
        ({"variants": "2"}, "variants"),
        ({"holdout": 0.6}, "holdout"),
        ({"channels": []}, "channels"),
        ({"budget": {"max_cost": -1}}, "budget.max_cost"),
        ({"budget": {"max_cost": 1e308}}, "budget.max_cost"),
        ({"budget": {"max_messages": 10**30}}, "budget.max_messages"),
        ({"name": "Spr\0ing"}, "name"),
        ({"name": "Spring\r\nBcc: all@x.example"}, "name"),
        ({"brief": {**REQUEST["brief"], "goal": "Fill\0it"}}, "brief.goal"),
        ({"brief": {**REQUEST["brief"], "language": "English"}}, "brief.language"),
        ({"sender": {**REQUEST["sender"], "address": "hällo@praxis.example"}}, "sender.address"),
        ({"sender": {**REQUEST["sender"], "postal_address": "1 Mill Road\0"}}, "sender.postal_address"),
        *((one_of("ann@x.example", wrong), "segment.where[0].value") for wrong in ("\0", 10**30, {"a": 1}, None)),
    ],
)
def test_a_wrong_campaign_is_refused_with_the_field_and_nothing_is_kept(
    edge: Edge, people: None, changes: dict[str, Any], field: str
) -> None:
    answer = edge.ask("POST", "/api/v1/campaigns", {**REQUEST, **changes})
    assert (answer.status, list(answer.fields)) == (400, [field])
    assert edge.ask("GET", "/api/v1/campaigns").json["items"] == []


def test_what_awaits_approval_is_in_the_inbox_until_it_is_decided(edge: Edge, waiting: str) -> None:
    (asked,) = edge.ask("GET", "/api/v1/approvals").json["items"]
    shown = edge.ask("GET", f"{waiting}/approvals").json
    assert {name: asked[name] for name in Approval.model_fields} == {
        name: shown[name] for name in Approval.model_fields
    }
    assert (asked["kind"], asked["answers"]) == ("campaign", ["approve", "changes", "reject"])
    assert asked["subject"] == waiting.rpartition("/")[2]
    answer = edge.ask("POST", f"{waiting}/approvals", {"decision": "approve", "digest": asked["digest"]})
    assert (answer.status, answer.json["approved"]) == (200, asked["digest"])
    assert edge.ask("GET", "/api/v1/approvals").json["items"] == []


def test_a_wrong_digest_is_refused_and_the_right_one_is_not_told(edge: Edge, waiting: str) -> None:
    held = edge.ask("GET", waiting).json["digest"]
    answer = edge.ask("POST", f"{waiting}/approvals", {"decision": "approve", "digest": "0" * 64})
    assert (answer.status, list(answer.fields)) == (409, ["digest"])
    assert held.encode() not in answer.body
    assert edge.ask("GET", waiting).json["approved"] is None


def test_a_comment_that_cannot_be_kept_is_refused(edge: Edge, waiting: str) -> None:
    held = edge.ask("GET", waiting).json["digest"]
    decision = {"decision": "changes", "digest": held, "comment": "shorter\0"}
    answer = edge.ask("POST", f"{waiting}/approvals", decision)
    assert (answer.status, list(answer.fields)) == (400, ["comment"])
    assert edge.ask("GET", waiting).json["status"] == "awaiting_approval"


def test_pause_resume_and_cancel_answer_with_the_campaign(edge: Edge, waiting: str) -> None:
    assert edge.ask("POST", f"{waiting}/pause").json["status"] == "paused"
    assert edge.ask("POST", f"{waiting}/resume").json["status"] == "awaiting_approval"
    assert edge.ask("POST", f"{waiting}/resume").status == 409
    assert edge.ask("POST", f"{waiting}/cancel").json["status"] == "cancelled"
    answer = edge.ask("POST", f"{waiting}/pause")
    assert (answer.status, list(answer.fields)) == (409, ["status"])


def test_an_address_is_explained_over_every_campaign(edge: Edge, waiting: str) -> None:
    answer = edge.ask("GET", "/api/v1/explanations?address=ANN@x.example")
    (explained,) = answer.json["items"]
    assert explained["campaign"] == waiting.rpartition("/")[2]
    assert edge.ask("GET", f"{waiting}/recipients/{explained['contact']}/explanation").json == explained
    assert answer.json["about"].startswith("Ann (ann@x.example) is in the address book since ")
    unknown = edge.ask("GET", "/api/v1/explanations?address=nobody@x.example")
    assert (unknown.status, unknown.json["items"]) == (200, [])
    assert "so nothing was sent to it" in unknown.json["about"]
    assert edge.ask("GET", "/api/v1/explanations").fields == {"address": "is required"}
    stranger = edge.ask("GET", f"{waiting}/recipients/nobody/explanation")
    assert (stranger.status, list(stranger.fields)) == (404, ["contact"])


def test_the_report_comes_as_json_and_as_a_page(edge: Edge, waiting: str) -> None:
    assert edge.ask("GET", f"{waiting}/report").headers["Content-Type"] == "application/json"
    for page in (
        edge.ask("GET", f"{waiting}/report?format=html"),
        edge.ask("GET", f"{waiting}/report", Accept="text/html,application/xhtml+xml"),
    ):
        assert page.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert page.body.lower().startswith(b"<!doctype html>")
    forced = edge.ask("GET", f"{waiting}/report?format=json", Accept="text/html")
    assert forced.json["campaign"] == waiting.rpartition("/")[2]
    assert edge.ask("GET", f"{waiting}/report?format=docx").status == 400


def test_lists_go_on_where_the_page_before_ended(edge: Edge, people: None) -> None:
    for n in range(5):
        edge.ask("POST", "/api/v1/campaigns", {**REQUEST, "name": f"Spring {n}"})
    names, cursor = [], ""
    while cursor is not None:
        page = edge.ask("GET", f"/api/v1/campaigns?limit=2&cursor={cursor}").json
        assert len(page["items"]) <= 2
        names += [each["name"] for each in page["items"]]
        cursor = page["cursor"]
    assert sorted(names) == [f"Spring {n}" for n in range(5)]


def test_contacts_are_found_by_what_is_asked(edge: Edge, people: None) -> None:
    def found(query: str) -> list[str]:
        return sorted(each["email"] for each in edge.ask("GET", f"/api/v1/contacts?{query}").json["items"])

    assert found("") == ["ann@x.example", "bob@x.example"]
    assert found("email=ann") == ["ann@x.example"]
    assert found("email=ann&country=&cursor=") == ["ann@x.example"]
    assert found("consent=withdrawn") == found("country=DE") == []
    (ann,) = edge.ask("GET", "/api/v1/contacts?email=ann").json["items"]
    assert edge.ask("GET", f"/api/v1/contacts/{ann['id']}").json == ann


def test_a_wrong_setting_is_said_wherever_one_asks(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    wiring.close()
    monkeypatch.setenv("BATON_SMTP_URL", "smtp://user:hunter2@mail.example?speed=9")
    answer = edge.ask("GET", "/api/v1/campaigns", token="any")
    assert (answer.status, list(answer.fields)) == (503, ["BATON_SMTP_URL"])
    assert "hunter2" not in answer.json["detail"]


def test_readiness_says_what_keeps_messages_from_leaving(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    found = edge.ask("GET", "/api/v1/ready").json
    homes = ("documents", "ledger", "journal", "files", "email")
    assert found == {"ready": True, "checks": dict.fromkeys(homes, "ok")}
    wiring.close()
    monkeypatch.setenv("BATON_SMTP_URL", "smtp://user:hunter2@mail.example:587")
    answer = edge.ask("GET", "/api/v1/ready")
    assert (answer.status, answer.json["ready"]) == (503, False)
    assert "BATON_PUBLIC_URL" in answer.json["checks"]["email"]


def test_a_fault_of_a_step_leaves_no_personal_data_in_the_history(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    def broken(ports: Ports, order: dict[str, Any]) -> Any:
        raise ValueError("canary@x.example refuses")

    broken.__module__ = "shared.agents.distribute"
    with pytest.raises(StepFailed, match="distribute: ValueError") as failed:
        step(broken, {"instance": "i"})
    assert "canary" not in repr(failed.value)
    assert failed.value.__suppress_context__
    assert "step failed" in caplog.text
    assert "canary" not in caplog.text
