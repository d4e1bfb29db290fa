"""Rule B5: webhooks are verified on the raw bytes and taken once, in any order; all else is refused in words."""

from __future__ import annotations

import json
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared import wiring
from shared.agents import feedback
from shared.agents.scopes import register
from shared.domain.address import effect_key, person_of
from shared.domain.contact import Contact
from shared.domain.names import Kind
from shared.domain.returns import sign_return
from shared.domain.scope import Scope
from shared.domain.webhook import sign_webhook
from shared.ports import Claim, LedgerRow, PlannedRow, Settlement
from tests.integration.feedback.letters import bounce

from .conftest import Answered, Edge

SCOPE = Scope("local", "main")
CAMPAIGN = "0" * 31 + "7"


class Doors:
    """Where news comes in, with one message out there that was accepted."""

    def __init__(self, edge: Edge) -> None:
        self.edge = edge
        self.open = edge.ask("GET", "/api/v1/feedback/settings").json
        self.ports = wiring.ports()
        person = person_of("ann@people.example", self.ports.keys.address)
        self.person, self.key = person, effect_key(SCOPE, CAMPAIGN, "1", "email", person)
        register(self.ports, SCOPE)
        self._send(person)
        self.name = sign_return(SCOPE, CAMPAIGN, self.key, 1, self.ports.keys.link)

    def _send(self, person: str) -> None:
        from shared.agents.campaigns import manifest
        from tests.integration.analyze.home import _campaign

        made = _campaign(self.ports, 1)
        body = self.ports.documents.get(SCOPE, Kind.CAMPAIGN, made)
        assert body
        self.ports.documents.put(SCOPE, Kind.CAMPAIGN, CAMPAIGN, {**body.body, "id": CAMPAIGN})
        now = self.ports.clock.now()
        row = PlannedRow(self.key, "p1", person, "A", now, "first")
        self.ports.ledger.plan(SCOPE, CAMPAIGN, 0, [row])
        manifest.write(self.ports, SCOPE, CAMPAIGN, [manifest.Line(0, row)])
        claims = [Claim(self.key, 1, "intent", {})]
        self.ports.ledger.claim(SCOPE, CAMPAIGN, 0, "x", claims, now, now + timedelta(minutes=2))
        self.ports.ledger.settle(SCOPE, CAMPAIGN, 0, [Settlement(self.key, 1, "accepted")], now)

    @property
    def row(self) -> LedgerRow:
        return self.ports.ledger.of_shard(SCOPE, CAMPAIGN, 0)[0]

    def suppressed(self, person: str | None = None) -> bool:
        return self.ports.documents.get(SCOPE.agency, Kind.SUPPRESSION, person or self.person) is not None

    def books(self) -> tuple[Any, ...]:
        """All that news can move."""
        kinds = {Kind.SUPPRESSION: SCOPE.agency, Kind.RETURN: SCOPE, Kind.ENGAGEMENT: SCOPE}
        found = [self.ports.documents.find(scope, kind).documents for kind, scope in kinds.items()]
        kept = [{k: v for k, v in each.body.items() if k != "last_at"} for documents in found for each in documents]
        return (self.row.state, self.row.attempt, self.row.acceptances), self.ports.ledger.tally(SCOPE, CAMPAIGN), kept

    def say(self, body: bytes, id: str = "m1", **headers: str) -> Answered:
        """Signed as it should be."""
        signed = sign_webhook(self.open["secret"], id, self.ports.clock.now(), body)
        return self.knock(body, **{name.replace("-", "_"): value for name, value in signed.items()}, **headers)

    def knock(self, body: bytes, **headers: str) -> Answered:
        return self.edge.ask("POST", self._path("webhook"), body, token=None, **headers)

    def tell(self, events: Any) -> Answered:
        return self.edge.ask("POST", self._path("event_grid"), json.dumps(events).encode(), token=None)

    def _path(self, which: str) -> str:
        return str(self.open[which]).removeprefix("http://127.0.0.1:7071")


@pytest.fixture
def doors(edge: Edge) -> Doors:
    return Doors(edge)


def said(type: str, **data: str) -> bytes:
    return json.dumps({"type": type, "data": data}).encode()


def acs(kind: str, id: str = "e1", **data: Any) -> dict[str, Any]:
    return {"id": id, "eventType": f"Microsoft.Communication.{kind}", "data": data, "eventTime": "2027-03-02T08:00:00Z"}


def test_rule_b5_signed_news_is_taken_once(doors: Doors) -> None:
    body = said("bounced", message_id=f"<{doors.name}@praxis.example>", status="5.1.1")
    first = doors.say(body)
    assert (first.status, first.json) == (200, {"events": 1, "taken": 1})
    assert (doors.row.state, doors.suppressed()) == ("failed", True)
    for _ in range(100):
        assert doors.say(body).json == {"events": 1, "taken": 0}


def test_rule_b5_a_hundred_repetitions_under_new_ids_in_any_order_come_to_the_same(doors: Doors) -> None:
    """A provider that names each delivery anew, and forgets what it has told."""
    said_of_it = [
        said(what, message_id=f"<{doors.name}@praxis.example>", **more)
        for what, more in (("delayed", {}), ("delivered", {}), ("bounced", {"status": "5.1.1"}), ("complained", {}))
    ]
    for body in said_of_it:
        doors.say(body, id=f"first-{body!r}")
    once = doors.books()
    assert once[0] == ("failed", 1, (1,))
    Random(7).shuffle(deliveries := [(n, body) for n in range(25) for body in said_of_it])
    for n, body in deliveries:
        assert doors.say(body, id=f"again-{n}-{body!r}").json == {"events": 1, "taken": 1}
    assert doors.books() == once


def test_a_mail_that_came_back_can_be_brought_as_it_is(doors: Doors) -> None:
    letter = bounce(f"{doors.name}@bounces.example", "5.7.1")
    assert doors.say(letter, Content_Type="message/rfc822").json == {"events": 1, "taken": 1}
    assert (doors.row.state, doors.suppressed()) == ("failed", False)


def test_rule_b5_nothing_unsigned_is_looked_at(doors: Doors) -> None:
    body = said("complained", message_id=doors.name)
    now = doors.ports.clock.now()
    good = {k.replace("-", "_"): v for k, v in sign_webhook(doors.open["secret"], "m", now, body).items()}
    early = sign_webhook(doors.open["secret"], "m", now - timedelta(minutes=6), body)
    for headers, sent in (
        ({}, body),
        ({**good, "webhook_signature": "garbage"}, body),
        ({**good, "webhook_signature": "v1," + "A" * 44}, body),
        ({**good, "webhook_id": "other"}, body),
        (good, body + b" "),
        (good, b"\xff\xfe"),
        ({k.replace("-", "_"): v for k, v in early.items()}, body),
    ):
        answer = doors.knock(sent, **headers)
        assert (answer.status, list(answer.fields)) == (401, ["webhook-signature"])
    assert doors.row.state == "accepted"
    assert not doors.suppressed()


@pytest.mark.parametrize("door", ["feedback", "events"])
def test_an_address_that_was_not_signed_here_or_is_for_the_other_door_is_401(doors: Doors, door: str) -> None:
    other = doors.open["event_grid" if door == "feedback" else "webhook"].rpartition("/")[2]
    for token in ("x", "0" * 32, other, doors.name):
        answer = doors.edge.ask("POST", f"/api/v1/webhooks/{door}/{token}", b"[]", token=None)
        assert (answer.status, list(answer.fields)) == (401, ["token"])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "body"),
        (b"\xff", "body"),
        (b"[" * 2000, "body"),
        (b"{}", "type"),
        (said("bounced"), "body"),
        (said("texted", phone="+1555"), "body"),
        (said("invented", message_id="x"), "type"),
        (b'{"type": "bounced", "data": {"message_id": "x"}, "address": "a@b.example"}', "address"),
    ],
)
def test_what_is_signed_but_makes_no_sense_is_a_400_in_words(doors: Doors, body: bytes, field: str) -> None:
    answer = doors.say(body)
    assert answer.status == 400
    assert any(field in each for each in answer.fields), answer.fields


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=300), id=st.text(max_size=20), seconds=st.text(max_size=12), signature=st.text(max_size=60)
)
def test_no_garbage_is_ever_a_500(doors: Doors, body: bytes, id: str, seconds: str, signature: str) -> None:
    given_headers = {"webhook_id": id, "webhook_timestamp": seconds, "webhook_signature": signature}
    assert doors.knock(body, **given_headers).status == 401
    assert doors.say(body, id="m").status in (200, 400)
    answer = doors.edge.ask("POST", doors._path("event_grid"), body, token=None)
    assert answer.status in (200, 400)


def test_event_grid_is_answered_when_it_asks_whether_we_want_its_events(doors: Doors) -> None:
    asked = {
        "id": "v",
        "eventType": "Microsoft.EventGrid.SubscriptionValidationEvent",
        "data": {"validationCode": "c0de"},
    }
    assert doors.tell([asked]).json == {"validationResponse": "c0de"}


@pytest.mark.parametrize(
    ("status", "details", "state", "suppressed"),
    [
        ("Delivered", "", "delivered", False),
        ("Expanded", "", "delivered", False),
        ("Bounced", "550 5.1.1 no such user", "failed", True),
        ("Suppressed", "", "failed", True),
        ("FilteredSpam", "", "failed", False),
        ("Quarantined", "", "failed", False),
        ("Failed", "4.4.7 expired", "failed", False),
        ("Bounced", "550 5.7.1 refused by policy", "failed", False),
        ("Invented", "", "accepted", False),
    ],
)
def test_rule_b5_delivery_reports_of_azure_move_the_ledger(
    doors: Doors, status: str, details: str, state: str, suppressed: bool
) -> None:
    report = acs(
        "EmailDeliveryReportReceived",
        status=status,
        recipient="somebody@else.example",
        internetMessageId=f"<{doors.name}@praxis.example>",
        deliveryStatusDetails={"statusMessage": details},
    )
    assert doors.tell([report, report]).status == 200
    assert (doors.row.state, doors.suppressed()) == (state, suppressed)


def test_what_azure_saw_opened_proves_the_delivery_and_counts_no_reader(doors: Doors) -> None:
    seen = acs("EmailEngagementTrackingReportReceived", internetMessageId=doors.name, engagementType="view")
    assert doors.tell([seen]).json == {"events": 1, "taken": 1}
    assert doors.row.state == "delivered"
    assert doors.ports.documents.find(SCOPE, Kind.ENGAGEMENT).documents == []


@pytest.mark.parametrize(
    "events", [[], [{}], [{"data": 7}], [{"eventType": 3, "data": {}}], [acs("EmailDeliveryReportReceived")]]
)
def test_events_of_no_use_are_taken_quietly(doors: Doors, events: Any) -> None:
    assert doors.tell(events).json == {"events": len(events), "taken": 0}


@pytest.mark.parametrize("events", [{}, 3, "x", [1]])
def test_what_is_no_list_of_events_is_a_400(doors: Doors, events: Any) -> None:
    assert doors.tell(events).status == 400


def with_phone(doors: Doors, workspace: str, email: str, phone: str) -> str:
    person = person_of(email, doors.ports.keys.address)
    made = Contact(id=f"p{person[:23]}", person=person, email=email, phone=phone, created_at=doors.ports.clock.now())
    scope = Scope("local", workspace)
    register(doors.ports, scope)
    doors.ports.documents.put(scope, Kind.CONTACT, made.id, made.model_dump(mode="json"))
    return person


def test_rule_u7_a_stop_by_text_holds_for_every_workspace_and_every_channel(doors: Doors) -> None:
    ann = with_phone(doors, "main", "ann2@people.example", "+1 (415) 555-0100")
    same = with_phone(doors, "other", "ann3@people.example", "415 555 0100")
    ben = with_phone(doors, "main", "ben@people.example", "+1 415 555 0199")
    assert doors.say(said("texted", phone="+14155550100", text="See you on Friday"), id="a").json["taken"] == 0
    assert not doors.suppressed(ann)
    assert doors.tell([acs("SMSReceived", **{"from": "+14155550100", "message": "Please stop!"})]).json["taken"] == 1
    assert (doors.suppressed(ann), doors.suppressed(same), doors.suppressed(ben)) == (True, True, False)
    assert doors.suppressed(person_of("+14155550100", doors.ports.keys.address))
    assert doors.say(said("texted", phone="+14155550199", text="UNSUBSCRIBE"), id="b").json["taken"] == 1
    assert doors.suppressed(ben)


def test_what_was_taken_is_remembered_for_a_week_and_then_forgotten(doors: Doors) -> None:
    doors.say(said("delivered", message_id=doors.name))
    assert feedback.forget(doors.ports, SCOPE) == 0
    (kept,) = doors.ports.documents.find(SCOPE, Kind.RECEIVED).documents
    long_ago = {"at": (doors.ports.clock.now() - timedelta(days=8)).isoformat()}
    doors.ports.documents.put(SCOPE, Kind.RECEIVED, kept.id, long_ago, "*")
    assert feedback.forget(doors.ports, SCOPE) == 1
    assert doors.ports.documents.find(SCOPE, Kind.RECEIVED).documents == []


def test_the_bounce_domain_is_decided_by_a_person_and_shown(doors: Doors) -> None:
    answer = doors.edge.ask("PUT", "/api/v1/feedback/settings", {"bounce_domain": "Bounces.Praxis.example"})
    assert answer.json["bounce_domain"] == "bounces.praxis.example"
    assert doors.edge.ask("GET", "/api/v1/feedback/settings").json == answer.json
    assert doors.edge.ask("PUT", "/api/v1/feedback/settings", {"bounce_domain": "no domain"}).status == 400


def test_what_came_in_is_listed_once_with_what_it_came_to(doors: Doors) -> None:
    for what, more in (("delivered", {}), ("bounced", {"status": "5.1.1"}), ("complained", {})):
        for n in range(3):
            doors.say(said(what, message_id=f"<{doors.name}@praxis.example>", **more), id=f"{what}{n}")
    doors.say(said("texted", phone="+14155550100", text="STOP"), id="stop")
    found = doors.edge.ask("GET", "/api/v1/feedback").json["items"]
    assert sorted(each["what"] for each in found) == ["bounced", "complained", "delivered", "stopped"]
    page = doors.edge.ask("GET", "/api/v1/feedback?what=bounced&limit=1")
    (bounced,) = page.json["items"]
    assert (bounced["status"], bounced["contact"], bounced["message"]) == ("5.1.1", "p1", "failed")
    assert bounced["suppressed"] == "complained"
    first = doors.edge.ask("GET", "/api/v1/feedback?limit=3").json
    rest = doors.edge.ask("GET", f"/api/v1/feedback?limit=3&cursor={first['cursor']}").json
    assert (len(first["items"]), len(rest["items"]), rest["cursor"]) == (3, 1, None)


def test_the_list_of_what_came_in_holds_no_address_and_no_secret(doors: Doors) -> None:
    doors.say(said("bounced", message_id=f"<{doors.name}@praxis.example>", status="5.1.1"))
    doors.say(said("texted", phone="+14155550100", text="STOP"), id="stop")
    for path in ("/api/v1/feedback", "/feedback"):
        told = doors.edge.ask("GET", path).body.decode()
        for hidden in (doors.open["secret"], doors.name, "4155550100", "ann@", doors.person):
            assert hidden not in told
    page = doors.edge.ask("GET", "/feedback?what=bounced").body.decode()
    assert "bounced</b> 5.1.1" in page
    assert "gets nothing more: bounced" in page


def test_a_kind_or_cursor_that_is_none_is_named(doors: Doors) -> None:
    assert list(doors.edge.ask("GET", "/api/v1/feedback?what=lost").fields) == ["what"]
    assert list(doors.edge.ask("GET", "/api/v1/feedback?cursor=x").fields) == ["cursor"]
