"""Every row of the route table, with everything that can be wrong about a request."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from functions.http.handlers.agents import AgentChange, RollbackRequest
from functions.http.handlers.memory import TakeBackRequest
from functions.http.handlers.proposals import ContentChange, TakeRequest
from functions.http.resolve import handler_of
from functions.http.table import ROWS
from shared import wiring
from shared.access.contract import contract_of
from shared.access.limits import JSON_BYTES, UPLOAD_BYTES
from shared.access.route import Route
from shared.agents.journeys import EventTold
from shared.domain.agent import Agent
from shared.domain.approval import ApprovalRequest
from shared.domain.asked import AskRequest
from shared.domain.audience import AudienceRequest
from shared.domain.billing import Billing
from shared.domain.brand import BrandRequest
from shared.domain.breach import BreachRequest
from shared.domain.budget import Budget
from shared.domain.calendar import Entry
from shared.domain.calendar_feed import FeedRequest
from shared.domain.campaign import CampaignRequest
from shared.domain.card import CardRequest
from shared.domain.command import ReplayLetters
from shared.domain.contract import ContractChange, ContractRequest, SignRequest
from shared.domain.contract_template import ContractTemplate, NewTemplate
from shared.domain.conversion import ConversionRequest
from shared.domain.copy import CopyRequest
from shared.domain.deal import DealChange, DealRequest, MoveRequest, NoteOnDeal, OutreachRequest, OutreachToMany
from shared.domain.document import DocumentRequest
from shared.domain.document_examples import EXAMPLES
from shared.domain.evidence import ConsentRequest
from shared.domain.fact import ClaimRequest, FactRequest
from shared.domain.found import Told
from shared.domain.house import DraftTrialRequest, House, TrialRequest
from shared.domain.imports import ColumnsRequest, ConfirmRequest, StagesRequest
from shared.domain.inbound import InboundDecision, InboundSettings
from shared.domain.inbox import Decision
from shared.domain.inquiry import UnknownDecision
from shared.domain.invoice import CancelRequest, InvoiceRequest, MailDecision
from shared.domain.invoice_plan import PlanRequest
from shared.domain.lead import DecisionRequest, LeadRequest
from shared.domain.lead_criteria import CriteriaRequest
from shared.domain.lead_list import LeadSearch, TakenRequest
from shared.domain.machine_key import MachineKeyRequest
from shared.domain.member import LinkRequest, MemberChange, MemberRequest
from shared.domain.memory import NoteRequest
from shared.domain.names import Kind
from shared.domain.needs import AskNeeds, Heard
from shared.domain.offer import OfferTerms
from shared.domain.offer_examples import EXAMPLE as OFFER_EXAMPLE
from shared.domain.opt_in import OptInRequest
from shared.domain.part import DraftEdit, PartRequest
from shared.domain.payment import AssignRequest, PaymentRequest, RefundRequest
from shared.domain.piece import ImagesWish, PartWish, PieceDecision, PieceRequest
from shared.domain.policy import Policy
from shared.domain.prices import PriceList
from shared.domain.pricing import PriceRequest
from shared.domain.privacy import PrivacyRequest
from shared.domain.processing import Particulars
from shared.domain.proposal import AnswerRequest, ProposalRequest, Say
from shared.domain.proposal_text import TextRequest
from shared.domain.recall import CorrectionRequest, RecallRequest
from shared.domain.rehearsal import DryRequest
from shared.domain.retention import Retention
from shared.domain.return_settings import ReturnSettings
from shared.domain.review import ReviewRequest
from shared.domain.routing import ModelPolicy
from shared.domain.run import NewInputs, RowsFix, RunRequest, StepReason, Verdict, Why
from shared.domain.scope import Scope
from shared.domain.share import ShareRequest
from shared.domain.style_guide import StyleGuide
from shared.domain.subscription import ReplayRequest, WebhookRequest
from shared.domain.task import Assignment, TaskRequest
from shared.domain.voice import Mails
from shared.domain.watch import WatchRequest
from shared.domain.workspace import WorkspaceChange, WorkspaceRequest
from shared.process.source import read
from shared.process.vault import SecretValue

from .conftest import Edge, app_functions

OFFER = read(OFFER_EXAMPLE.encode(), False).value
BUYER = {"name": "Praxis Weber", "address": "Elbchaussee 12\n22765 Hamburg", "country": "DE"}
BILLED = {"title": "Website", "unit_net": "2400.00", "vat_rate": "19"}
TERMS = {
    "seller": {**BUYER, "vat_id": "DE123456789"},
    "account_holder": "Nordlicht",
    "iban": "DE89370400440532013000",
    "bank": "Commerzbank",
}
CONTRACT_TEMPLATE = {
    "name": "Own",
    "language": "en",
    "title": "Contract",
    "sections": [{"heading": "All", "text": "{{ title }}"}],
}

BODIES: dict[type, dict[str, Any]] = {
    Entry: {"first_day": "2027-03-01"},
    FeedRequest: {"name": "Team", "url": "https://calendar.example/feed.ics"},
    AudienceRequest: {"segment": {"all": True}},
    EventTold: {"event": "booking", "contact": "0" * 32},
    Agent: {"id": "press", "name": "Press office", "domain": "marketing", "verb": "generate"},
    AgentChange: {"name": "Press office", "domain": "marketing", "verb": "generate"},
    RollbackRequest: {"version": 0},
    TakeBackRequest: {"version": 1},
    SecretValue: {"value": "x" * 8},
    NoteRequest: {"text": "Closed on Mondays", "why": "the owner said so"},
    Assignment: {"title": "March", "instructions": "What went well?"},
    TaskRequest: {"agent": "analyst", "title": "March", "instructions": "What went well?"},
    Billing: {**TERMS},
    InboundDecision: {"decision": "take"},
    InboundSettings: {"open": True},
    InvoiceRequest: {"buyer": BUYER, "lines": [{**BILLED}], "supply_from": "2027-03-01"},
    CancelRequest: {"why": "wrong name"},
    MailDecision: {"decision": "sent"},
    PlanRequest: {
        "buyer": BUYER,
        "lines": [{**BILLED}],
        "schedule": {"parts": [{"title": "All", "percent": "100", "on": "2027-03-05"}]},
    },
    PaymentRequest: {"reference": "b1", "amount": "9.90", "currency": "EUR"},
    AssignRequest: {"invoice": "0" * 32},
    RefundRequest: {"amount": "1"},
    ApprovalRequest: {"decision": "approve", "digest": "0" * 64},
    BrandRequest: {"name": "Praxis"},
    Budget: {"calls": 10},
    PriceList: {"currency": "USD"},
    CampaignRequest: {
        "name": "Spring",
        "brief": {
            "goal": "Fill the spring course",
            "offer": "Six evenings for your back",
            "audience": "former patients",
            "call_to_action": {"text": "Book a place", "url": "https://praxis.example/book"},
        },
        "segment": {"all": True},
        "sender": {"name": "Praxis", "address": "hallo@praxis.example", "postal_address": "1 Mill Road, Leeds"},
    },
    CardRequest: {"words": {"template": "quote", "quote": "Good."}, "alt": "A quote"},
    ClaimRequest: {"sentence": "Dinner is included.", "answer": "confirm"},
    ConversionRequest: {
        "rows": [{"order_id": "1", "value": "9.90", "currency": "EUR", "occurred_at": "2026-03-01T08:00:00Z"}]
    },
    CopyRequest: {"audience": "not_reached"},
    DealRequest: {"name": "A website"},
    DealChange: {"owner": "Tom"},
    MoveRequest: {"to": "needs"},
    OutreachRequest: {"journey": "welcome"},
    Heard: {"text": "We need a website."},
    AskNeeds: {},
    OutreachToMany: {"journey": "welcome"},
    NoteOnDeal: {"text": "They called."},
    OfferTerms: OFFER,
    ContractRequest: {
        "proposal": "0" * 32,
        "client": {"name": "Maja", "address": "Elbchaussee 12, Hamburg", "country": "DE"},
        "to": "maja@praxis.example",
    },
    ContractChange: {"sign_by": "2030-01-01"},
    ContractTemplate: CONTRACT_TEMPLATE,
    NewTemplate: {**CONTRACT_TEMPLATE, "id": "own"},
    SignRequest: {"name": "Anna", "consent": "yes", "document": "0" * 64},
    ProposalRequest: {
        "deal": "0" * 32,
        "to": "maja@praxis.example",
        "recipient": {"name": "Maja"},
        "title": "A website",
        "offer": "web",
        "chosen": [{"item": "website", "quantity": "6"}],
    },
    ContentChange: {
        "content": {
            "title": "A website",
            "recipient": {"name": "Maja"},
            "options": [{"id": "a", "name": "A", "lines": [{"item": "care"}]}],
            "currency": "EUR",
            "answer_by": "2030-01-01",
        }
    },
    TakeRequest: {"alternative": "price"},
    TextRequest: {"parts": ["situation"], "seen": 1},
    AnswerRequest: {"text": "Gladly."},
    Say: {"text": "Too much."},
    PriceRequest: {"lines": [{"item": "care"}]},
    DocumentRequest: {"template": "offer", "data": dict(EXAMPLES["offer"])},
    ConsentRequest: {"status": "withdrawn"},
    ColumnsRequest: {"columns": {"Mail": "email"}},
    ConfirmRequest: {},
    StagesRequest: {"stages": {"Demo": "needs"}},
    Particulars: {"controller": "Praxis"},
    Told: {"how": "a letter"},
    ReviewRequest: {"checked": "signed_in"},
    BreachRequest: {"what": "A laptop was stolen", "data": "addresses of patients"},
    CorrectionRequest: {"what": "It begins at 8"},
    OptInRequest: {
        "sender": {"name": "Praxis", "address": "hallo@praxis.example", "postal_address": "1 Mill Road, Leeds"},
        "wording": "Praxis may send me offers by e-mail",
    },
    FactRequest: {"text": "Dinner is included."},
    MemberRequest: {"name": "Ann", "role": "operator", "workspaces": ["main"]},
    MemberChange: {"role": "viewer", "workspaces": ["main"]},
    LinkRequest: {},
    WorkspaceRequest: {"name": "Café Nord"},
    WorkspaceChange: {"name": "Café Nord"},
    MachineKeyRequest: {"name": "CRM", "scopes": ["reader"], "workspaces": ["main"]},
    ModelPolicy: {"prefer": "local"},
    Policy: {"apart_minutes": 30},
    DraftEdit: {"parts": {"subject": "Six evenings"}},
    PartRequest: {"part": "subject", "comment": "shorter"},
    Decision: {"decision": "approve", "digest": "0" * 64},
    PartWish: {"text": "email-1-A", "part": "subject", "comment": "shorter"},
    ImagesWish: {"text": "x-1-A", "cards": []},
    PieceDecision: {"decision": "approve", "digest": "0" * 64},
    PieceRequest: {
        "name": "Spring",
        "sender": "Praxis",
        "formats": ["email"],
        "brief": {
            "goal": "g",
            "offer": "o",
            "audience": "a",
            "call_to_action": {"text": "Go", "url": "https://praxis.example"},
        },
    },
    StyleGuide: {"address": "Sie"},
    House: {},
    AskRequest: {"to": "client@client.example"},
    TrialRequest: {"to": "me@practice.example"},
    DraftTrialRequest: {"to": "me@practice.example"},
    Mails: {"mails": ["Hello Anna,\nthe boiler is due. We come on Monday.\nBest,\nTom"] * 3},
    ReturnSettings: {"bounce_domain": "bounces.praxis.example"},
    UnknownDecision: {"decision": "sent", "all": True},
    ReplayLetters: {"numbers": [1]},
    ReplayRequest: {"since": "2027-03-01T08:00:00Z"},
    WebhookRequest: {"url": "https://other.example/hook"},
    RecallRequest: {"comment": "Say that it begins at 8"},
    ShareRequest: {"days": 14},
    PrivacyRequest: {"checked": "signed_in"},
    RunRequest: {"version": "0" * 64},
    DryRequest: {"version": "0" * 64},
    Why: {"reason": "wait for me"},
    RowsFix: {"file": {"file": "runs/incoming/x", "name": "x.csv", "bytes": 1, "sha256": "0" * 64}},
    StepReason: {"step": "a", "reason": "done by hand"},
    Verdict: {"step": "a", "decision": "retry"},
    NewInputs: {"inputs": {"x": 1}},
    LeadRequest: {"website": "halm.example"},
    LeadSearch: {"terms": "dentist", "city": "Leeds"},
    TakenRequest: {"website": "halm.example", "reason": "a friend"},
    CriteriaRequest: {
        "criteria": [{"id": "x", "title": "T", "weight": 1, "when": {"fact": "mobile", "rule": "no"}, "says": "so"}]
    },
    DecisionRequest: {"decision": "qualify", "reason": "they asked"},
    WatchRequest: {"name": "News", "about": "trend", "url": "https://news.example/feed.xml"},
    Retention: {"days": {"tape": 90}},
}
EVERY = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
NOWHERE = "/{*path:regex(^(?!admin|runtime).*$)}"
"""What no other row serves: it holds nothing."""
PUBLIC = {
    NOWHERE,
    "/api/v1/health",
    "/signin",
    "/api/u/{token}",
    "/api/p/{token}",
    "/api/d/{token}",
    "/api/f/{token}",
    "/api/o/{token}",
    "/api/c/{token}",
    "/api/b/{token}",
    "/api/s/{token}",
    "/api/a/{token}",
    "/api/i/{token}",
    "/api/n/{token}",
    "/api/q/{token}",
    "/api/r/{token}",
    "/api/k/{token}",
    "/api/v1/webhooks/feedback/{token}",
    "/api/v1/webhooks/events/{token}",
    "/api/v1/webhooks/texts/{token}",
    "/api/v1/webhooks/payments/{token}",
    "/api/v1/webhooks/task/status",
    "/api/v1/webhooks/workflow/completed",
}
FOR_CLIENTS = {
    "/api/v1/approvals/{subject}",
    "/api/v1/campaigns/{id}/approvals",
    "/api/v1/campaigns/{id}/claims",
    "/api/v1/pieces/{id}/approvals",
    "/api/v1/pieces/{id}/claims",
    "/approvals/{subject}",
    "/campaigns/{id}/claims",
    "/campaigns/{id}/decision",
    "/pieces/{id}/approvals",
    "/pieces/{id}/claims",
}
"""Where an agency's client changes something: it answers what waits for it. Settings are `manager`."""
PROXIED = ("Forwarded", "Via", "X_Forwarded_For", "X_Forwarded_Host", "X_Real_IP")
CLOSED = [row for row in ROWS if row.role != "public"]
WITH_BODY = [row for row in ROWS if contract_of(handler_of(row)).body]
WITH_QUERY = [row for row in CLOSED if contract_of(handler_of(row)).query]
BRINGS_ITS_PLAN = "/api/v1/processes/{name}/tests"
"""A tape may hold the plan of a process that is not here: what is no tape is told first."""
WITH_ID = [row for row in CLOSED if row.path.startswith("/api/") and "{" in row.path and row.path != BRINGS_ITS_PLAN]


def rows(which: list[Route]) -> Any:
    return pytest.mark.parametrize("row", which, ids=[f"{row.method} {row.path}" for row in which])


def path_of(row: Route) -> str:
    return re.sub(r"\{\*?\w+\}", "0" * 32, row.path)


def body_of(row: Route) -> dict[str, Any]:
    model = contract_of(handler_of(row)).body
    return BODIES[model] if model else {}


def form_of(row: Route) -> dict[str, str]:
    """Fields with which the form of a page is well filled in."""
    return FORMS.get(row.handler, {"decision": "approve", "digest": "0" * 64})


FORMS: dict[str, dict[str, str]] = {
    "lead_pages:paste": {"websites": "halm.example"},
    "inbound_pages:decide": {"decision": "take"},
    "inbound_pages:put_settings": {"title": "Write to us", "open": "on"},
    "lead_pages:decide": {"decision": "qualify", "reason": "they asked"},
    "watch_pages:create": {"name": "News", "about": "trend", "url": "https://news.example/feed.xml"},
    "webhook_pages:replay": {"days": "1"},
    "member_pages:change": {"role": "viewer", "in.main": "on"},
    "workspaces:change_form": {"name": "Café Nord"},
    "privacy:told_form": BODIES[Told],
    "reviews:ask_form": BODIES[ReviewRequest],
    "deal_pages:move": BODIES[MoveRequest],
    "deal_pages:hear": BODIES[Heard],
    "deal_pages:ask": {"own": "What else?"},
    "deal_pages:reach_out": BODIES[OutreachRequest],
    "deal_pages:write_down": BODIES[NoteOnDeal],
    "invoice_pages:edit": {
        "supply_from": "2027-03-01",
        **{f"buyer.{name}": text for name, text in BUYER.items()},
        **{f"line.0.{name}": text for name, text in BILLED.items()},
    },
    "invoice_pages:cancel": {"why": "wrong name"},
    "invoice_pages:decide": {"decision": "sent"},
    "invoice_pages:pay": {"reference": "b1", "amount": "9.90", "currency": "EUR"},
    "invoice_pages:assign": {"invoice": "0" * 32},
    "invoice_pages:refund": {"amount": "9.90"},
}


def required_of(row: Route) -> set[str]:
    model = contract_of(handler_of(row)).body
    return {name for name, field in model.model_fields.items() if field.is_required()} if model else set()


def test_rule_s8_every_http_function_has_a_row_and_every_row_a_function() -> None:
    http = {name: each.get_trigger() for name, each in app_functions().items() if each.is_http_function()}
    assert set(http) == {row.name for row in ROWS}
    assert not [row.path for row in ROWS if row.path.lower().startswith(("/runtime", "/admin"))]
    assert len(ROWS) == len({(row.method, row.path) for row in ROWS}) == len({row.name for row in ROWS})
    for row in ROWS:
        trigger = http[row.name]
        methods = {str(getattr(each, "value", each)) for each in trigger.methods}
        assert f"/{trigger.route}" == row.path
        assert methods == {"GET": {"GET", "HEAD"}, "*": EVERY}.get(row.method, {row.method})
        assert trigger.auth_level.value == "anonymous"


def test_rule_s1_only_health_sign_in_signed_links_and_nowhere_are_public() -> None:
    assert {row.path for row in ROWS if row.role == "public"} == PUBLIC
    assert [row.path for row in ROWS if row.method == "*"] == [NOWHERE]


def test_a_client_answers_what_waits_for_it_and_changes_nothing_else() -> None:
    assert {row.path for row in ROWS if row.role == "approver"} == FOR_CLIENTS


@pytest.mark.parametrize(
    ("method", "path", "status", "allowed"),
    [
        ("GET", "/nowhere", 404, None),
        ("GET", "/api/v1/campaigns/x/y/z", 404, None),
        ("OPTIONS", "/api/v1/campaigns", 405, "GET, HEAD, POST"),
        ("DELETE", "/api/v1/campaigns", 405, "GET, HEAD, POST"),
        ("PATCH", "/api/v1/budgets/prices", 405, "DELETE, GET, HEAD, PUT"),
        ("POST", "/", 405, "GET, HEAD"),
    ],
)
def test_rule_s5_what_nothing_serves_is_a_problem_too(
    edge: Edge, method: str, path: str, status: int, allowed: str | None
) -> None:
    answer = edge.ask(
        method, path, token=None, Origin="https://other.example", Traceparent=f"00-{'ab' * 16}-{'1' * 16}-01"
    )
    assert (answer.status, answer.headers.get("Allow")) == (status, allowed)
    assert (answer.json["status"], answer.json["instance"], answer.json["trace_id"]) == (status, path, "ab" * 16)
    # No other origin's page may read anything: none of the headers of CORS is ever given.
    assert not [name for name in answer.headers if name.lower().startswith("access-control-")]


@pytest.fixture(scope="module")
def closed_home(tmp_path_factory: pytest.TempPathFactory, runner: asyncio.Runner) -> Iterator[Path]:
    """Where everything is refused: after all of it, nothing has changed there."""
    home = tmp_path_factory.mktemp("closed") / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BATON_HOME", str(home))
        wiring.close()
        Edge(runner).ask("GET", "/")
        marks = {scope: changed_in(scope) for scope in (Scope("local", "main"), Scope("local", "_"))}
        wiring.close()
    yield home
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BATON_HOME", str(home))
        wiring.close()
        assert {scope: changed_in(scope) for scope in marks} == marks
        wiring.close()


def changed_in(scope: Scope) -> list[tuple[str, str, str]]:
    """What lies there, but for the flow that looks after the books: it may be woken for nothing."""
    found, _ = wiring.ports().documents.changes(scope, None, 10_000)
    return [(each.kind, each.id, each.rev) for each in found if each.kind != Kind.BOOKS]


@pytest.fixture
def closed(closed_home: Path, runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch) -> Edge:
    """One home for all that is refused; what is refused changes nothing, so that the next may ask it too."""
    monkeypatch.setenv("BATON_HOME", str(closed_home))
    wiring._paces.cache_clear()  # how often is another matter
    return Edge(runner)


@rows(CLOSED)
def test_rule_s1_without_a_token_nothing_is_told(closed: Edge, row: Route) -> None:
    for token in (None, "", "wrong", "\udcff"):
        answer = closed.ask(row.method, path_of(row), body_of(row), token=token)
        assert (answer.status, list(answer.fields)) == (401, ["Authorization"]), token
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@rows(CLOSED)
def test_the_owner_is_let_in_over_the_loopback_only(closed: Edge, row: Route) -> None:
    for answer in (
        closed.ask(row.method, path_of(row), body_of(row), origin="http://rebound.example:7071"),
        *(closed.ask(row.method, path_of(row), body_of(row), **{header: "203.0.113.9"}) for header in PROXIED),
    ):
        assert (answer.status, list(answer.fields)) == (403, ["Host"])


@rows(CLOSED)
def test_a_workspace_that_cannot_be_is_named(closed: Edge, row: Route) -> None:
    for workspace in ("_", "No Such", "a" * 25, ""):
        answer = closed.ask(row.method, path_of(row), body_of(row), Baton_Workspace=workspace)
        assert (answer.status, list(answer.fields)) == (400, ["Baton-Workspace"]), workspace


@rows(WITH_ID)
def test_an_unknown_id_is_named(closed: Edge, row: Route) -> None:
    answer = closed.ask(row.method, path_of(row), body_of(row))
    assert answer.status == 404
    known = (
        "agent",
        "approval",
        "asked",
        "breach",
        "budget",
        "calendar entry",
        "calendar feed",
        "campaign",
        "campaign, piece or task",
        "card",
        "contact",
        "contract",
        "contract-template",
        "deal",
        "document",
        "domain",
        "erasure",
        "export",
        "name that a plan could write (a to z, digits, _)",
        "secret",
        "fact",
        "import",
        "inbound",
        "invoice",
        "invoice-plan",
        "journey",
        "key",
        "knowledge",
        "lead",
        "lead-list",
        "offer",
        "member",
        "payment",
        "message",
        "proposal",
        "piece",
        "process",
        "quarantine",
        "review",
        "ring",
        "run",
        "share",
        "table",
        "task",
        "watch",
        "webhook",
        "workspace",
    )
    assert next(iter(answer.fields)) in known
    assert "0" * 32 in answer.json["detail"]
    assert answer.json["instance"] == path_of(row)


NO_BODIES = [
    (b"", "is empty"),
    (b'{"name": ', "is not JSON"),
    (b'{"name": NaN}', "is not JSON"),
    (b'{"name": "\xff"}', "is not UTF-8: byte 10 is 0xff"),
    (b"[" * 40 + b"]" * 40, "nested deeper than 32"),
    (b"[" * 2000, "is not JSON"),
    (b"[]", "should be an object"),
]


@rows(WITH_BODY)
def test_rule_s7_a_body_that_cannot_be_read_is_refused(closed: Edge, row: Route) -> None:
    for body, reason in NO_BODIES:
        answer = closed.ask(row.method, path_of(row), body)
        assert answer.status == 400, body
        assert reason in answer.fields["body"]


@rows(CLOSED)
def test_rule_s7_a_body_over_the_limit_is_refused(closed: Edge, row: Route) -> None:
    limit = UPLOAD_BYTES if contract_of(handler_of(row)).raw else JSON_BYTES
    answer = closed.ask(row.method, path_of(row), b" " * (limit + 1))
    assert answer.status == 413
    assert f"at most {limit:,}" in answer.fields["body"]


@rows(WITH_BODY)
def test_rule_s7_a_field_that_comes_twice_is_named(closed: Edge, row: Route) -> None:
    answer = closed.ask(
        row.method, path_of(row), b'{"name": "a", "x": [{"y": 1, "y": 12345678901234567890}], "name": "b"}'
    )
    assert (answer.status, set(answer.fields)) == (400, {"name", "y"})


@rows(WITH_BODY)
def test_rule_s4_an_unknown_field_is_named(closed: Edge, row: Route) -> None:
    answer = closed.ask(row.method, path_of(row), {**body_of(row), "colour": "red"})
    assert (answer.status, answer.fields) == (400, {"colour": "unknown field"})


@rows(WITH_BODY)
def test_every_field_of_a_wrong_type_is_named(closed: Edge, row: Route) -> None:
    model = contract_of(handler_of(row)).body
    assert model
    for name in model.model_fields:
        answer = closed.ask(row.method, path_of(row), {**body_of(row), name: [{"x": []}]})
        assert answer.status == 400
        assert {re.split(r"[.\[]", field)[0] for field in answer.fields} == {name}


@rows([row for row in WITH_BODY if required_of(row)])
def test_every_missing_field_is_named(closed: Edge, row: Route) -> None:
    required = required_of(row)
    answer = closed.ask(row.method, path_of(row), {})
    assert (answer.status, answer.fields) == (400, dict.fromkeys(required, "is required"))


@rows(WITH_QUERY)
def test_rule_s7_an_unknown_or_wrong_query_parameter_is_named(closed: Edge, row: Route) -> None:
    answer = closed.ask(row.method, f"{path_of(row)}?colour=red", body_of(row))
    assert answer.status == 400
    assert answer.fields["colour"] == "unknown field"
    model = contract_of(handler_of(row)).query
    assert model
    if "limit" in model.model_fields:
        for wrong in ("0", "101", "many", "9" * 5000):
            assert "limit" in closed.ask(row.method, f"{path_of(row)}?limit={wrong}").fields


@rows(
    [row for row in WITH_QUERY if row.path.startswith("/api/") and "{" not in row.path and "address" not in row.handler]
)
def test_a_cursor_that_no_page_gave_is_named(closed: Edge, row: Route) -> None:
    answer = closed.ask(row.method, f"{row.path}?cursor=nonsense", body_of(row))
    assert answer.status == 400
    assert "cursor" in answer.json["detail"]


@rows([row for row in CLOSED if row.method != "GET"])
def test_another_sites_page_cannot_use_the_session(edge: Edge, row: Route) -> None:
    link = edge.ask("POST", "/api/v1/sign-in-links").json["url"].removeprefix("http://127.0.0.1:7071")
    cookie = edge.ask("GET", link, token=None).headers["Set-Cookie"].partition(";")[0]
    for sent_by in (
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Origin": "http://evil.example"},
        {},
    ):
        answer = edge.ask(row.method, path_of(row), body_of(row), token=None, Cookie=cookie, **sent_by)
        assert (answer.status, list(answer.fields)) == (403, ["Origin"])
    for sent_by in ({"Sec_Fetch_Site": "same-origin"}, {"Origin": "http://127.0.0.1:7071"}):
        answer = edge.ask(row.method, path_of(row), body_of(row), token=None, Cookie=cookie, **sent_by)
        assert answer.status not in (401, 403)


@rows([row for row in CLOSED if row.method == "GET" and "{" not in row.path])
def test_head_is_answered_like_get(closed: Edge, row: Route) -> None:
    get, head = closed.ask("GET", row.path), closed.ask("HEAD", row.path)
    assert head.status == get.status


def test_a_person_with_a_browser_gets_a_page_instead_of_a_problem(edge: Edge) -> None:
    answer = edge.ask("GET", "/api/v1/campaigns/<b>", Accept="text/html,*/*")
    assert answer.status == 404
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert b"there is no campaign" in answer.body
    assert b"<b>" not in answer.body


def test_what_one_workspace_holds_is_not_seen_from_another(edge: Edge) -> None:
    made = edge.ask("POST", "/api/v1/contacts/imports", b"email\nann@x.example\n", Content_Type="text/csv").json
    assert edge.ask("GET", made["links"]["self"]).status == 200
    assert edge.ask("GET", made["links"]["self"], Baton_Workspace="other").status == 404
    assert edge.ask("GET", "/api/v1/contacts/imports", Baton_Workspace="other").json["items"] == []


def test_rule_s5_a_fault_nobody_foresaw_is_a_500_with_an_id_that_is_in_the_log(
    edge: Edge, home: Any, caplog: pytest.LogCaptureFixture
) -> None:
    made = edge.ask("POST", "/api/v1/contacts/imports", b"email\ncanary@x.example\n", Content_Type="text/csv").json
    stored = wiring.ports().documents.get(Scope("local", "main"), "import", made["id"])
    assert stored
    broken = {**stored.body, "rows": f"canary@x.example has the token {wiring.owner_token()}"}
    wiring.ports().documents.put(Scope("local", "main"), "import", made["id"], broken, "*")
    answer = edge.ask("GET", made["links"]["self"])
    assert answer.status == 500
    fault = re.search(r"[0-9a-f]{32}", answer.fields["server"])
    assert fault
    assert fault[0] == answer.json["trace_id"]
    line = json.loads(next(record.message for record in caplog.records if fault[0] in record.message))
    assert (line["route"], line["fault"]) == ("imports_show", fault[0])
    assert "Traceback" in line["exception"]
    assert "canary" not in caplog.text + answer.body.decode()
    assert not re.search(r"Traceback|\.py", answer.body.decode())
    assert str(wiring.owner_token()) not in caplog.text
