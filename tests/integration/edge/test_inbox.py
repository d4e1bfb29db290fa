"""One inbox for all that waits for a person: pieces beside campaigns, and budgets that stopped something."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from shared import wiring
from shared.agents import generate
from shared.agents.events.subscriptions import disable
from shared.agents.generate import pieces as writing
from shared.domain.outcome import Later

from .conftest import Answered, Edge
from .test_campaigns import REQUEST, SCOPE, people, waiting
from .test_pieces import FORM, HTML, made, show, write

__all__ = ["people", "waiting"]


def inbox(edge: Edge, query: str = "") -> list[dict[str, Any]]:
    return list(edge.ask("GET", f"/api/v1/approvals{query}").json["items"])


def answer(edge: Edge, asked: dict[str, Any], decision: str, **more: Any) -> Answered:
    body = {"decision": decision, "digest": asked["digest"], **more}
    return edge.ask("POST", f"/api/v1/approvals/{asked['subject']}", body)


def test_campaigns_and_pieces_are_asked_about_and_decided_in_one_place(edge: Edge, waiting: str) -> None:
    plan = write(edge, made(edge, plan="confirm", formats=["sms"]))
    ready = write(edge, made(edge, formats=["email", "x"]))
    campaign, first, second = inbox(edge)
    assert [each["kind"] for each in (campaign, first, second)] == ["campaign", "piece", "piece"]
    assert (first["subject"], first["answers"]) == (plan["id"], ["confirm"])
    assert (second["subject"], second["question"]) == (ready["id"], "Approve 2 texts?")
    assert answer(edge, second | {"digest": "0" * 64}, "approve").status == 409
    assert answer(edge, second, "approve").json == {"subject": ready["id"], "kind": "piece", "status": "approved"}
    assert answer(edge, first, "confirm").json["status"] == "writing"
    assert answer(edge, campaign, "reject").json["kind"] == "campaign"
    assert inbox(edge) == []
    assert edge.ask("POST", "/api/v1/approvals/nobody", {"decision": "approve", "digest": "0" * 64}).status == 404


def test_the_inbox_goes_on_from_campaigns_to_pieces_page_by_page(edge: Edge, waiting: str) -> None:
    ids = [write(edge, made(edge, formats=["sms"]))["id"] for _ in range(3)]
    seen, cursor = list[str](), ""
    while cursor is not None:
        page = edge.ask("GET", f"/api/v1/approvals?limit=1{cursor and '&cursor=' + cursor}").json
        seen += [each["subject"] for each in page["items"]]
        cursor = page["cursor"]
    assert seen == [waiting.rpartition("/")[2], *ids]
    assert edge.ask("GET", "/api/v1/approvals?cursor=nowhere").status == 400


def test_a_piece_is_approved_on_the_page_of_approvals(edge: Edge) -> None:
    id = write(edge, made(edge, formats=["sms"]))["id"]
    page = edge.ask("GET", "/approvals", **HTML).body.decode()
    assert "1 piece waits for your approval." in page
    assert "Six evenings" in page
    (asked,) = inbox(edge)
    form = urlencode({"decision": "approve", "digest": asked["digest"]}).encode()
    assert edge.ask("POST", f"/approvals/{id}", form, **FORM).status == 303
    assert show(edge, id)["status"] == "approved"
    assert "Nothing waits for your approval." in edge.ask("GET", "/approvals", **HTML).body.decode()


def limit(edge: Edge, **budget: Any) -> None:
    assert edge.ask("PUT", "/api/v1/budgets/workspace", budget).status == 200


def test_a_budget_that_stops_a_campaign_asks_and_a_higher_limit_lets_it_go_on(edge: Edge, people: None) -> None:
    limit(edge, calls=0)
    id = edge.ask("POST", "/api/v1/campaigns", REQUEST).json["id"]
    order = {"scope": list(SCOPE), "campaign": id, "instance": f"local~main~campaign~{id}~1"}
    assert isinstance(generate.run(wiring.ports(), order), Later)
    assert isinstance(generate.run(wiring.ports(), order), Later)
    (asked,) = inbox(edge)
    assert (asked["kind"], asked["subject"], asked["answers"]) == ("budget", id, ["wait", "local", "raise"])
    assert asked["question"] == "workspace has 0 calls left, and this call may need 1."
    assert "is not being written" in edge.ask("GET", "/approvals", **HTML).body.decode()
    assert list(answer(edge, asked, "raise").fields) == ["to"]
    assert list(answer(edge, asked, "raise", to="many").fields) == ["to"]
    assert answer(edge, asked, "raise", to="100").json["status"] == "generating"
    assert edge.ask("GET", "/api/v1/budgets/workspace").json["budget"]["calls"] == 100
    assert inbox(edge) == []
    generate.run(wiring.ports(), order)
    found = edge.ask("GET", f"/api/v1/campaigns/{id}").json
    assert (found["version"], found["budget_stop"], found["status_reason"]) == (1, None, None)


def test_a_piece_that_is_to_wait_is_not_asked_about_again_until_its_period_ends(edge: Edge) -> None:
    limit(edge, calls=0)
    id = made(edge, formats=["sms"])
    order = {"scope": ["local", "main"], "piece": id, "instance": "i~1"}
    soon = writing.run(wiring.ports(), order)
    (asked,) = inbox(edge)
    form = urlencode({"decision": "wait", "digest": asked["digest"], "to": ""}).encode()
    assert edge.ask("POST", f"/approvals/{id}", form, **FORM).status == 303
    patient = writing.run(wiring.ports(), order)
    assert inbox(edge) == []
    assert isinstance(soon, Later)
    assert isinstance(patient, Later)
    assert patient.at > soon.at, "the next month begins later than in ten minutes"
    assert answer(edge, asked, "local").status == 200, "who waits may think better of it"
    assert isinstance(writing.run(wiring.ports(), order), Later), "the built-in writer is counted as well"
    (again,) = inbox(edge)
    assert again["digest"] != asked["digest"]


def test_a_sentence_of_a_piece_that_nobody_has_said_is_answered_for(edge: Edge) -> None:
    id = write(edge, made(edge, formats=["sms"]))["id"]
    ports = wiring.ports()
    stored = ports.documents.get(SCOPE, "piece", id)
    assert stored
    text = stored.body["texts"][0] | {"words": {"text": "Six evenings. Massages are included."}}
    ports.documents.put(SCOPE, "piece", id, stored.body | {"texts": [text]}, stored.rev)
    claims = f"/api/v1/pieces/{id}/claims"
    unsaid = "Massages are included."
    assert list(edge.ask("POST", claims, {"sentence": unsaid, "answer": "confirm"}).fields) == ["sentence"]
    text["claims"] = [{"sentence": unsaid, "sources": [], "reason": "'Massages' is new"}]
    text["findings"] = [{"severity": "error", "rule": "claim-unsupported", "where": "text", "reason": "new"}]
    stored = ports.documents.get(SCOPE, "piece", id)
    assert stored
    ports.documents.put(SCOPE, "piece", id, stored.body | {"texts": [text]}, stored.rev)
    assert inbox(edge)[0]["answers"] == ["reject"]
    assert "I confirm this" in edge.ask("GET", f"/pieces/{id}", **HTML).body.decode()
    wrong = {"sentence": unsaid, "answer": "cite", "passage": "passage:nothing:1:1"}
    assert list(edge.ask("POST", claims, wrong).fields) == ["passage"]
    asked = edge.ask("POST", claims, {"sentence": unsaid, "answer": "confirm"})
    assert asked.status == 200
    (after,) = asked.json["texts"]
    assert after["words"] == text["words"]
    assert [each["sources"][0][:10] for each in after["claims"] if each["sentence"] == unsaid] == ["confirmed:"]
    assert not [each for each in after["findings"] if each["severity"] == "error"]
    assert inbox(edge)[0]["answers"] == ["approve", "reject"]


def test_a_webhook_that_was_turned_off_is_in_the_inbox_until_a_person_has_said_what_is_to_be(edge: Edge) -> None:
    hook = edge.ask("POST", "/api/v1/webhooks", {"url": "https://hooks.example/a?key=s3cret"}).json["id"]
    assert inbox(edge) == []
    disable(wiring.ports(), SCOPE, hook, "it answered 410 (gone)")
    (asked,) = inbox(edge)
    assert (asked["kind"], asked["subject"], asked["answers"]) == ("webhook", hook, [])
    assert (asked["name"], "410" in asked["question"]) == ("hooks.example", True)
    assert answer(edge, asked, "approve").status == 409  # not an approver's to decide
    assert "1 webhook was turned off." in edge.ask("GET", "/", **HTML).body.decode()
    assert f'href="/webhooks/{hook}"' in edge.ask("GET", "/approvals", **HTML).body.decode()
    assert edge.ask("POST", f"/webhooks/{hook}/turn", b"to=off").status == 303
    assert inbox(edge) == []
    assert "turned off" not in edge.ask("GET", "/", **HTML).body.decode()
