"""The rules of a workspace over HTTP: read, replaced, refused by the field, and the same by the page's form."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from shared import wiring
from shared.domain.names import Kind
from shared.domain.policy import POLICY, Policy
from shared.domain.scope import Scope

from .conftest import Edge

SCOPE = Scope("local", "main")
FORM = "application/x-www-form-urlencoded"


def test_the_defaults_are_shown_until_somebody_changes_them(edge: Edge) -> None:
    assert Policy.model_validate(edge.ask("GET", "/api/v1/policy").json) == Policy()
    said = edge.ask("PUT", "/api/v1/policy", {"apart_minutes": 5, "country": "DE", "holidays": True})
    assert said.status == 200
    assert edge.ask("GET", "/api/v1/policy").json == said.json
    assert said.json["caps"] == [{"days": 7, "most": 3, "channel": None}], "what is left out is the default"
    facts = wiring.ports().journal.read(SCOPE, "policy")
    assert [fact.what for fact in facts] == ["policy"]


def test_each_workspace_has_its_own(edge: Edge) -> None:
    edge.ask("PUT", "/api/v1/policy", {"country": "FR"}, Baton_Workspace="other")
    assert edge.ask("GET", "/api/v1/policy").json["country"] is None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"caps": [{"days": 40, "most": 1}]}, "caps[0].days"),
        ({"hours": {"email": [20, 8]}}, "hours"),
        ({"holidays": True}, "body"),
        ({"kaps": []}, "kaps"),
    ],
)
def test_what_is_wrong_is_named_and_the_old_rules_stay(edge: Edge, body: dict[str, object], field: str) -> None:
    refused = edge.ask("PUT", "/api/v1/policy", body)
    assert (refused.status, list(refused.fields)) == (400, [field])
    assert Policy.model_validate(edge.ask("GET", "/api/v1/policy").json) == Policy()


def test_a_policy_that_cannot_be_read_is_said_so_and_can_be_replaced(edge: Edge) -> None:
    edge.ask("GET", "/api/v1/policy")
    wiring.ports().documents.put(SCOPE, Kind.POLICY, POLICY, {"caps": "many"})
    assert edge.ask("GET", "/api/v1/policy").status == 409
    assert edge.ask("PUT", "/api/v1/policy", {}).status == 200
    assert edge.ask("GET", "/api/v1/policy").status == 200


def test_the_form_of_the_page_changes_every_rule(edge: Edge) -> None:
    filled = {
        "cap0_most": "5",
        "cap0_days": "7",
        "cap0_channel": "",
        "cap1_most": "1",
        "cap1_days": "1",
        "cap1_channel": "sms",
        "apart_minutes": "30",
        "from_email": "8",
        "to_email": "20",
        "quota_email": "100",
        "holidays": "yes",
        "country": "DE",
        "sender_domains": "praxis.example, other.example",
        "established_domains": "praxis.example",
        "purposes": "offers",
        "topics": "events; news",
    }
    answer = edge.ask("POST", "/policy", urlencode(filled).encode(), Content_Type=FORM)
    assert (answer.status, answer.headers["Location"]) == (303, "/policy")
    found = Policy.model_validate(edge.ask("GET", "/api/v1/policy").json)
    assert [(cap.most, cap.days, cap.channel) for cap in found.caps] == [(5, 7, None), (1, 1, "sms")]
    assert (found.hours, found.quota, found.topics) == ({"email": (8, 20)}, {"email": 100}, ["events", "news"])
    assert found.established_domains == ["praxis.example"]
    page = edge.ask("GET", "/policy").body.decode()
    assert 'value="praxis.example, other.example"' in page
    assert 'name="established_domains" type="text" value="praxis.example"' in page


def test_the_form_keeps_what_it_has_no_field_for(edge: Edge) -> None:
    caps = [{"days": n + 1, "most": n + 1, "channel": None} for n in range(5)]
    edge.ask("PUT", "/api/v1/policy", {"caps": caps, "hours": {"chat": [9, 17]}, "quota": {"webhook": 10}})
    page = edge.ask("GET", "/policy").body.decode()
    shown = {f"cap{n}_{part}": str(cap[part]) for n, cap in enumerate(caps) for part in ("days", "most")}
    assert all(f'name="{name}"' in page for name in shown)
    edge.ask("POST", "/policy", urlencode({**shown, "apart_minutes": "1"}).encode(), Content_Type=FORM)
    found = edge.ask("GET", "/api/v1/policy").json
    assert (found["caps"], found["hours"], found["quota"]) == (caps, {"chat": [9, 17]}, {"webhook": 10})


def test_a_form_with_a_mistake_changes_nothing(edge: Edge) -> None:
    refused = edge.ask("POST", "/policy", b"cap0_most=5", Content_Type=FORM)
    assert (refused.status, list(refused.fields)) == (400, ["caps[0].days"])
    assert Policy.model_validate(edge.ask("GET", "/api/v1/policy").json) == Policy()
