"""Homes of models, their policy and their calls over HTTP, and their page."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from shared import wiring
from shared.agents.asking import Call, ask
from shared.domain.names import Kind
from shared.domain.routing import MODEL_POLICY, ModelPolicy
from shared.domain.scope import Scope
from shared.domain.wording import TASK
from shared.ports import Question

from .conftest import Edge

SCOPE = Scope("local", "main")
FORM = "application/x-www-form-urlencoded"
BRIEF = {
    "goal": "Fill it",
    "offer": "Six evenings",
    "audience": "Patients",
    "tone": "friendly",
    "language": "en",
    "call_to_action": {"text": "Book", "url": "https://praxis.example"},
    "facts": [],
}


def asked(key: str, campaign: str) -> None:
    data = {"variant": "A", "brief": BRIEF, "sender": "Praxis"}
    ask(wiring.ports(), SCOPE, Call(key, Question(TASK, "Write.", data, {"type": "object"}), "copywriter", campaign))


def test_the_homes_say_what_they_are_able_to_do(edge: Edge) -> None:
    (home,) = edge.ask("GET", "/api/v1/models").json["items"]
    assert (home["name"], home["place"], home["state"], home["why"]) == ("built-in", "local", "ready", None)
    assert home["abilities"] == ["structure"]


def test_the_policy_is_the_default_until_somebody_changes_it(edge: Edge) -> None:
    assert ModelPolicy.model_validate(edge.ask("GET", "/api/v1/models/policy").json) == ModelPolicy()
    said = edge.ask("PUT", "/api/v1/models/policy", {"personal": ["azure"], "tasks": {"campaign.draft": "local"}})
    assert said.status == 200
    assert edge.ask("GET", "/api/v1/models/policy").json == said.json
    assert edge.ask("GET", "/api/v1/models/policy", Baton_Workspace="other").json["personal"] == []
    assert [fact.what for fact in wiring.ports().journal.read(SCOPE, "policy")] == ["models-policy"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"prefer": "cheapest"}, "prefer"),
        ({"personal": ["elsewhere"]}, "personal[0]"),
        ({"patience_minutes": -1}, "patience_minutes"),
        ({"longest": {"local": 1}}, "longest.local"),
        ({"clouds": True}, "clouds"),
    ],
)
def test_what_is_wrong_is_named_and_the_old_policy_stays(edge: Edge, body: dict[str, object], field: str) -> None:
    refused = edge.ask("PUT", "/api/v1/models/policy", body)
    assert (refused.status, list(refused.fields)) == (400, [field])
    assert ModelPolicy.model_validate(edge.ask("GET", "/api/v1/models/policy").json) == ModelPolicy()


def test_a_policy_that_cannot_be_read_is_said_so_and_can_be_replaced(edge: Edge) -> None:
    edge.ask("GET", "/api/v1/models")
    wiring.ports().documents.put(SCOPE, Kind.POLICY, MODEL_POLICY, {"prefer": "many"})
    assert edge.ask("GET", "/api/v1/models/policy").status == 409
    assert edge.ask("PUT", "/api/v1/models/policy", {}).status == 200


def test_calls_are_listed_with_their_reason_and_without_what_was_said(edge: Edge) -> None:
    edge.ask("GET", "/api/v1/models")
    asked("one", "c1")
    asked("two", "c2")
    found = edge.ask("GET", "/api/v1/models/calls").json["items"]
    assert {each["key"] for each in found} == {"one", "two"}
    (call,) = edge.ask("GET", "/api/v1/models/calls?campaign=c1").json["items"]
    assert (call["home"], call["code"], call["agent"]) == ("built-in", "best", "copywriter")
    assert call["cost"] == {"micros": 0, "currency": "EUR"}
    assert "Six evenings" not in str(call)
    assert edge.ask("GET", "/api/v1/models/calls?unrecorded=true").json["items"] == []
    first = edge.ask("GET", "/api/v1/models/calls?limit=1").json
    assert edge.ask("GET", f"/api/v1/models/calls?limit=1&cursor={first['cursor']}").json["items"] != first["items"]


def test_the_page_shows_homes_and_calls_and_changes_the_policy(edge: Edge) -> None:
    edge.ask("PUT", "/api/v1/models/policy", {"tasks": {"campaign.draft": "built-in"}, "cloud": False})
    asked("one", "c1")
    page = edge.ask("GET", "/models").body.decode()
    assert "built-in writer" in page
    assert "campaign.draft goes to built-in" in page
    filled = {"prefer": "local", "cloud": "yes", "personal_foundry": "yes", "patience_minutes": "30"}
    assert edge.ask("POST", "/models", urlencode(filled).encode(), Content_Type=FORM).status == 303
    expected = ModelPolicy(
        prefer="local", personal=["foundry"], tasks={"campaign.draft": "built-in"}, patience_minutes=30
    )
    assert ModelPolicy.model_validate(edge.ask("GET", "/api/v1/models/policy").json) == expected
    wrong = urlencode({**filled, "patience_minutes": "long"}).encode()
    assert edge.ask("POST", "/models", wrong, Content_Type=FORM).status == 400
