"""An agency's client: campaigns to read, what is asked of them to approve, and nobody's data."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from shared import wiring
from shared.agents import generate, schedule
from shared.agents.scopes import register
from shared.domain.inbox import About, Word
from shared.domain.names import Kind
from shared.domain.scope import Scope

from .conftest import Answered, Edge
from .test_campaigns import REQUEST as CAMPAIGN
from .test_campaigns import bring_in, one_of, people
from .test_members import FAR, HTML, let_in
from .test_pieces import made as made_piece
from .test_pieces import write
from .test_proposals import deal, made

__all__ = ["deal", "people"]
SCOPE = Scope("local", "main")


COST = {"calls": 3, "EUR": 123456789}
"""Of what a model wrote."""


@pytest.fixture
def waiting(edge: Edge, people: None) -> str:
    """The path of a campaign that awaits approval: for three by their addresses, of whom one is held; at a cost."""
    bring_in(b"email,first_name,consent\nzenobia@x.example,Zenobia,no\n")
    to = one_of("ann@x.example", "bob@x.example", "zenobia@x.example")
    made = edge.ask("POST", "/api/v1/campaigns", {**CAMPAIGN, **to, "budget": {"max_cost": 5.5}}).json
    order = {"scope": list(SCOPE), "campaign": made["id"], "instance": f"local~main~campaign~{made['id']}~1"}
    generate.run(wiring.ports(), order)
    schedule.run(wiring.ports(), order)
    documents = wiring.ports().documents
    for each in documents.find(SCOPE, Kind.DRAFT).documents:
        documents.put(SCOPE, Kind.DRAFT, each.id, {**each.body, "cost": COST}, each.rev)
    return str(made["links"]["self"])


@pytest.fixture
def client(edge: Edge) -> dict[str, Any]:
    register(wiring.ports(), Scope("local", "main"))
    return {"token": let_in(edge, "client", "main")[1], "origin": FAR}


def test_a_client_reads_the_campaign_and_nobodys_data(edge: Edge, waiting: str, client: dict[str, Any]) -> None:
    def ask(path: str, **more: Any) -> Answered:
        return edge.ask("GET", path, **client, **more)

    contacts = edge.ask("GET", "/api/v1/contacts").json["items"]
    names = {text.encode() for each in contacts for text in (each["email"], each["first_name"], each["id"]) if text}
    assert b"zenobia@x.example" in names
    campaign = waiting.removeprefix("/api/v1")
    theirs = [campaign, f"{campaign}?contact={contacts[0]['id']}", f"{campaign}/live", "/", "/approvals", "/workspaces"]
    for path in theirs:
        page = ask(path, **HTML)
        assert page.status == 200, path
        assert not [name for name in names if name in page.body], path
        assert "€" not in page.body.decode(), path
        assert "at no cost" not in page.body.decode(), path
    page = ask(campaign, **HTML).body
    assert b"Approve" in page
    for gone in (b">Contacts<", b">Settings<", b'action="/explain"', b"Ask somebody else", b"/recipients"):
        assert gone not in page, gone
    for part in ("", "/drafts", "/approvals", "/forecast", "/timeline"):
        answer = ask(f"{waiting}{part}")
        assert answer.status == 200
        assert not [name for name in names if name in answer.body], part
    listed = ask("/api/v1/campaigns")
    assert not [name for name in names if name in listed.body]
    for closed in (f"{waiting}/recipients", f"{waiting}/asked", f"{waiting}/certificate", "/api/v1/contacts",
                   f"/api/v1/contacts/{contacts[0]['id']}", "/api/v1/tables", "/api/v1/explanations"):  # fmt: skip
        assert ask(closed).status == 403, closed


def test_a_client_is_told_no_conditions_no_small_groups_and_no_costs(
    edge: Edge, waiting: str, client: dict[str, Any]
) -> None:
    def ask(path: str) -> Any:
        return edge.ask("GET", path, **client).json

    mine = edge.ask("GET", waiting).json
    assert (mine["request"]["segment"]["where"] is None, mine["request"]["budget"]["max_cost"]) == (False, 5.5)
    (listed,) = ask("/api/v1/campaigns")["items"]
    for shown in (ask(waiting), listed):
        assert (shown["name"], shown["audience"], shown["max_cost_micros"]) == (mine["name"], 3, None)
        assert not [given for given in shown["request"]["segment"].values() if given]
        assert shown["request"]["budget"] == {"max_messages": None, "max_cost": None}
    asked = ask(f"{waiting}/approvals")
    for ahead in (ask(f"{waiting}/forecast"), asked["forecast"]):
        assert (ahead["people"], ahead["gets"], ahead["cost_micros"]) == (3, 2, 0)
        (group,) = ahead["groups"]
        assert (group["code"], group["count"], group["names"]) == ("other_reasons", 1, [])
        assert "consent" not in str(ahead["warning"])
    for question in (asked, *ask("/api/v1/approvals")["items"]):
        assert "max_cost_micros" not in question["sealed"]
    assert [each["cost"] for each in edge.ask("GET", f"{waiting}/drafts").json["items"]] == [COST]
    assert [each["cost"] for each in [*ask(f"{waiting}/drafts")["items"], ask(f"{waiting}/drafts/A")]] == [{}, {}]
    decided = {"decision": "approve", "digest": asked["digest"]}
    after = edge.ask("POST", f"{waiting}/approvals", decided, **client).json
    assert (after["status"], after["max_cost_micros"], after["request"]["segment"]["where"]) == ("holding", None, None)


def test_a_client_is_not_told_what_a_piece_cost(edge: Edge, client: dict[str, Any]) -> None:
    id = made_piece(edge)
    write(edge, id)
    documents = wiring.ports().documents
    kept = documents.get(SCOPE, Kind.PIECE, id)
    assert kept
    texts = [{**each, "cost": COST} for each in kept.body["texts"]]
    documents.put(SCOPE, Kind.PIECE, id, {**kept.body, "cost": COST, "texts": texts}, kept.rev)
    shown = edge.ask("GET", f"/api/v1/pieces/{id}", **client).json
    assert (shown["status"], shown["cost"], [each["cost"] for each in shown["texts"]]) == ("ready", {}, [{}] * 3)
    page = f"/pieces/{id}"
    assert "3 calls" in edge.ask("GET", page, **HTML).body.decode()
    assert "calls" not in edge.ask("GET", page, **client, **HTML).body.decode()


def test_a_client_approves_what_is_asked_and_decides_nothing_else(
    edge: Edge, waiting: str, client: dict[str, Any]
) -> None:
    assert edge.ask("POST", "/api/v1/privacy/breaches", {"what": "A laptop", "data": "addresses"}).status == 201
    assert {each["kind"] for each in edge.ask("GET", "/api/v1/approvals").json["items"]} == {"breach", "campaign"}
    (asked,) = edge.ask("GET", "/api/v1/approvals", **client).json["items"]
    assert asked["kind"] == "campaign"
    path, digest = f"/api/v1/approvals/{asked['subject']}", asked["digest"]
    for decision in ("raise", "wait", "not_needed"):
        said = {"decision": decision, "digest": digest, "comment": "x", "to": "25 EUR"}
        assert edge.ask("POST", path, said, **client).status == 403
    assert edge.ask("POST", path, {"decision": "approve", "digest": digest}, **client).status == 200


def test_a_client_answers_for_no_other_kind_of_question_and_is_told_no_seal(
    edge: Edge, waiting: str, deal: str, client: dict[str, Any]
) -> None:
    campaign, proposal = waiting.rpartition("/")[2], str(made(edge, deal)["id"])
    assert edge.ask("POST", f"/api/v1/proposals/{proposal}/submit").status == 200
    breach = edge.ask("POST", "/api/v1/privacy/breaches", {"what": "A laptop", "data": "addresses"}).json["id"]
    subjects = {"proposal": proposal, "breach": breach, "budget": campaign, "webhook": "hook", "step": "run~step"}
    for kind in (Kind.CONTRACT, Kind.INVOICE):
        wiring.ports().documents.put(SCOPE, kind, f"some-{kind}", {})
        subjects[str(kind)] = f"some-{kind}"
    hook = {
        "url": "https://x.example/h",
        "id": "hook",
        "created_at": "2026-01-01T00:00Z",
        "created_by": "owner",
        "secrets": [],
    }
    wiring.ports().documents.put(SCOPE, Kind.WEBHOOK, "hook", hook)
    wiring.ports().documents.put(SCOPE, Kind.RUN_STEP, "run~step", {"type": "approve", "status": "done"})
    step = {
        "subject": "run~step",
        "version": 1,
        "digest": "d",
        "sealed": {"who": "owner"},
        "asked_at": "2030-01-01T00:00Z",
    }
    wiring.ports().documents.put(SCOPE, Kind.APPROVAL, "run~step-1", step)
    assert {*subjects, "review", "campaign", "piece"} == {*get_args(About)}
    waits = {each["subject"]: each["digest"] for each in edge.ask("GET", "/api/v1/approvals").json["items"]}
    assert {campaign, proposal, breach} == {*waits}
    words = {"budget": ["wait", "local", "raise"]}
    tries = [(subject, word) for kind, subject in subjects.items() for word in words.get(kind, get_args(Word))]
    for subject, word in [*tries, (breach, "uphold"), ("nobody", "approve")]:
        for digest in ("0" * 64, waits.get(subject, "d")):
            answers = {"decision": word, "digest": digest, "comment": "x", "to": "25 EUR"}
            answer = edge.ask("POST", f"/api/v1/approvals/{subject}", answers, **client)
            assert answer.status == 403, (subject, word)
            assert digest.encode() not in answer.body or digest == "d"
    after = {each["subject"]: each["digest"] for each in edge.ask("GET", "/api/v1/approvals").json["items"]}
    assert after == waits
    for path in (f"/api/v1/approvals/{campaign}", f"{waiting}/approvals"):
        guessed = edge.ask("POST", path, {"decision": "approve", "digest": "0" * 64}, **client)
        assert (guessed.status, waits[campaign].encode() in guessed.body) == (409, False)
    owners = edge.ask("POST", f"/api/v1/approvals/{proposal}", {"decision": "approve", "digest": "0" * 64})
    assert (owners.status, waits[proposal].encode() in owners.body) == (409, False)
