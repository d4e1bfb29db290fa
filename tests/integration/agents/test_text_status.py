"""What becomes of text messages, as providers tell it: ledger and cost follow, whoever else says anything changes
nothing; mail over Azure is matched by the operation's id."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from shared.agents import campaigns
from shared.domain.contact import Consent, Contact
from shared.domain.names import Kind
from shared.ports import LedgerRow, Ports
from tests.contract.channel_homes import twilio_url
from tests.integration.edge.conftest import Answered, Edge
from tests.servers import twilio_server
from tests.servers.acs_server import NUMBER, AcsServer
from tests.servers.provider import Reply, Twist
from tests.servers.twilio_server import TwilioServer

from .conftest import SCOPE, Walk

People = Callable[..., list[Contact]]
Walks = Callable[..., Walk]
WINDOW = {"days": 1, "hours": [9, 20]}


@pytest.fixture
def edge(ports: Ports) -> Iterator[Edge]:
    with asyncio.Runner() as runner:
        yield Edge(runner)


def texted(walk: Walks, people: People, count: int = 1) -> Walk:
    for n in range(count):
        people(1, prefix=f"p{n}x", phone=f"+4915123456{n:03}", consent={"sms": Consent(status="granted")})
    spring = walk(channels=["sms"], window=WINDOW)
    spring.plan()
    spring.send()
    return spring


def rows(walk: Walk) -> list[LedgerRow]:
    return walk.ports.ledger.of_shard(SCOPE, walk.id, 0)


class TestTwilio:
    @pytest.fixture
    def twilio(self) -> Iterator[TwilioServer]:
        with TwilioServer() as server:
            yield server

    @pytest.fixture(autouse=True)
    def _set_up(self, monkeypatch: pytest.MonkeyPatch, twilio: TwilioServer) -> None:
        monkeypatch.setenv("BATON_SMS_URL", twilio_url(twilio.port).replace("most_segments=1", "most_segments=2"))

    @staticmethod
    def call(
        edge: Edge, url: str, form: dict[str, str], token: str = twilio_server.TOKEN, signature: str | None = None
    ) -> Answered:
        """As Twilio calls a webhook: its own signature over address and fields."""
        signed = url + "".join(f"{name}{form[name]}" for name in sorted(form))
        mac = base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()
        parts = urlsplit(url)
        return edge.ask(
            "POST",
            f"{parts.path}?{parts.query}" if parts.query else parts.path,
            urlencode(form).encode(),
            token=None,
            Content_Type="application/x-www-form-urlencoded",
            X_Twilio_Signature=mac if signature is None else signature,
        )

    def tell(self, edge: Edge, twilio: TwilioServer, sid: str, status: str, **more: str) -> Answered:
        form = {"MessageSid": sid, "MessageStatus": status, "To": "+4915123456000", "From": "+15550100002", **more}
        return self.call(edge, twilio.callbacks[sid], form)

    @pytest.mark.parametrize(
        ("status", "code", "state", "micros"),
        [
            ("sent", "", "accepted", 7500),
            ("delivered", "", "delivered", 7500),
            ("undelivered", "30005", "failed", 7500),
            ("failed", "30001", "failed", 0),
        ],
    )
    def test_a_status_moves_ledger_and_cost_however_often_it_is_told(
        self, walk: Walks, people: People, edge: Edge, twilio: TwilioServer, status: str, code: str, state: str,
        micros: int,
    ) -> None:  # fmt: skip
        spring = texted(walk, people)
        sid = twilio.messages[0]["sid"]
        assert self.tell(edge, twilio, sid, status, **({"ErrorCode": code} if code else {})).json["taken"] == 1
        for _ in range(3):
            self.tell(edge, twilio, sid, status, **({"ErrorCode": code} if code else {}))
        (row,) = rows(spring)
        assert (row.state, row.cost_micros) == (state, micros)
        if code:
            assert row.detail == f"not delivered: {status} {code}"

    def test_the_order_of_statuses_makes_no_difference(
        self, walk: Walks, people: People, edge: Edge, twilio: TwilioServer
    ) -> None:
        spring = texted(walk, people)
        sid = twilio.messages[0]["sid"]
        for status in ("delivered", "sent", "queued"):
            self.tell(edge, twilio, sid, status)
        assert rows(spring)[0].state == "delivered"

    def test_what_got_no_answer_is_settled_and_paid_by_its_status(
        self, walk: Walks, people: People, edge: Edge, twilio: TwilioServer
    ) -> None:
        people(1, phone="+4915123456000", consent={"sms": Consent(status="granted")})
        spring = walk(channels=["sms"], window=WINDOW)
        spring.plan()
        twilio.script.append(Twist(reply=Reply(500)))
        twilio.page = 0  # its list shows nothing
        spring.send()
        (row,) = rows(spring)
        assert (row.state, row.cost_micros) == ("unknown", 0)
        self.tell(edge, twilio, twilio.messages[0]["sid"], "delivered")
        (row,) = rows(spring)
        assert (row.state, row.cost_micros) == ("delivered", 7500)

    def test_nothing_unsigned_is_believed(self, walk: Walks, people: People, edge: Edge, twilio: TwilioServer) -> None:
        spring = texted(walk, people, 2)
        first, second = (each["sid"] for each in twilio.messages)
        url = twilio.callbacks[first]
        form = {"MessageSid": first, "MessageStatus": "failed"}
        elsewhere = url.replace(urlsplit(url).query, urlsplit(twilio.callbacks[second]).query)
        signed = base64.b64encode(
            hmac.new(
                twilio_server.TOKEN.encode(),
                (url + "".join(f"{name}{form[name]}" for name in sorted(form))).encode(),
                hashlib.sha1,
            ).digest()
        ).decode()
        for answer in (
            self.call(edge, url, form, token="another token"),
            self.call(edge, url, form, signature=""),
            self.call(edge, url, form, signature="é"),
            self.call(edge, url, {**form, "MessageStatus": "delivered"}, signature=signed),
            self.call(edge, elsewhere, form, signature=signed),
        ):
            assert (answer.status, list(answer.fields)) == (401, ["x-twilio-signature"])
        assert {row.state for row in rows(spring)} == {"accepted"}
        assert self.call(edge, url, form, signature=signed).status == 200

    def test_an_answer_that_says_stop_is_taken(
        self, walk: Walks, people: People, edge: Edge, twilio: TwilioServer, ports: Ports
    ) -> None:
        spring = texted(walk, people)
        url = edge.ask("GET", "/api/v1/feedback/settings").json["texts"]
        form = {
            "MessageSid": "SM1",
            "From": "+4915123456000",
            "To": "+15550100002",
            "Body": "Stop",
            "SmsStatus": "received",
        }
        assert self.call(edge, url, form).json == {"events": 1, "taken": 1}
        assert ports.documents.get(SCOPE.agency, Kind.SUPPRESSION, rows(spring)[0].person)

    def test_a_refusal_because_of_a_stop_is_one(
        self, walk: Walks, people: People, edge: Edge, twilio: TwilioServer, ports: Ports
    ) -> None:
        spring = texted(walk, people)
        self.tell(edge, twilio, twilio.messages[0]["sid"], "failed", ErrorCode="21610")
        assert ports.documents.get(SCOPE.agency, Kind.SUPPRESSION, rows(spring)[0].person)

    @pytest.mark.parametrize("form", [{}, {"MessageStatus": "x"}, {"Body": ""}, {"From": "\x00", "Body": "\x00"}])
    def test_what_makes_no_sense_is_nobodys(self, edge: Edge, form: dict[str, str]) -> None:
        url = edge.ask("GET", "/api/v1/feedback/settings").json["texts"]
        assert self.call(edge, url, form).json["taken"] == 0


class TestAzure:
    @pytest.fixture
    def acs(self) -> Iterator[AcsServer]:
        with AcsServer(first_status="Running") as server:
            yield server

    @pytest.fixture(autouse=True)
    def _set_up(self, monkeypatch: pytest.MonkeyPatch, acs: AcsServer) -> None:
        monkeypatch.setenv("BATON_SMS_URL", f"acs:{NUMBER}?cost_per_segment=0.01&rate_per_second=100")
        monkeypatch.setenv("BATON_EMAIL_URL", "acs:?rate_per_second=100")
        monkeypatch.setenv("CommunicationConnection", acs.connection)

    @staticmethod
    def tell(edge: Edge, kind: str, id: str, **data: Any) -> Answered:
        event = {"id": id, "eventType": f"Microsoft.Communication.{kind}", "data": data}
        return edge.ask(
            "POST", urlsplit(edge.ask("GET", "/api/v1/feedback/settings").json["event_grid"]).path, [event], token=None
        )  # type: ignore[arg-type]

    @pytest.mark.parametrize("case", ["Tag", "tag"])
    @pytest.mark.parametrize(
        ("status", "succeeded", "failed", "state", "micros"),
        [
            ("Delivered", 2, 0, "delivered", 20_000),
            ("Failed", 0, 1, "failed", 10_000),
            ("Odd", 9, 9, "accepted", 10_000),
        ],
    )
    def test_a_delivery_report_moves_ledger_and_cost(
        self, walk: Walks, people: People, edge: Edge, acs: AcsServer, case: str, status: str, succeeded: int,
        failed: int, state: str, micros: int,
    ) -> None:  # fmt: skip
        spring = texted(walk, people)
        (asked,) = [each.json() for each in acs.asked if each.path == "/sms"]
        lower = case == "tag"
        data: dict[str, Any] = {
            "MessageId": next(iter(acs.texts.values())).id,
            "DeliveryStatus": status,
            "DeliveryStatusDetails": "No route to +4915123456000.",
            "DeliveryAttempts": [{"SegmentsSucceeded": succeeded, "SegmentsFailed": failed}],
            "Tag": asked["smsSendOptions"]["tag"],
        }
        if lower:
            data = {name[0].lower() + name[1:]: value for name, value in data.items()}
        for n in range(3):
            self.tell(edge, "SMSDeliveryReportReceived", f"e{n}", **data)
        (row,) = rows(spring)
        assert (row.state, row.cost_micros) == (state, micros)
        assert "4915123456000" not in str(row.detail)

    @pytest.mark.parametrize("tag", ["", "x", None, 7, "a" * 61, ["x"]])
    def test_a_report_about_nothing_of_ours_is_nobodys(self, walk: Walks, people: People, edge: Edge, tag: Any) -> None:
        spring = texted(walk, people)
        data = {"DeliveryStatus": "Failed", "DeliveryAttempts": [None, {"SegmentsFailed": "x"}], "Tag": tag}
        assert self.tell(edge, "SMSDeliveryReportReceived", "e", **data).json["taken"] == 0
        assert rows(spring)[0].state == "accepted"

    @pytest.mark.parametrize("answered", [True, False])
    def test_a_report_about_mail_is_matched_by_the_operations_id(
        self, walk: Walks, people: People, edge: Edge, acs: AcsServer, answered: bool, ports: Ports
    ) -> None:
        people(1)
        spring = walk()
        spring.plan()
        if not answered:
            acs.script.append(Twist(reply=None))
        spring.send()
        (operation,) = acs.operations
        assert rows(spring)[0].state == ("submitted" if answered else "unknown")
        data = {
            "messageId": operation.upper(),
            "internetMessageId": "<made.by.azure@communication.example>",
            "status": "Bounced",
            "deliveryStatusDetails": {"statusMessage": "550 5.1.1 no such user"},
        }
        assert self.tell(edge, "EmailDeliveryReportReceived", "e1", **data).json["taken"] == 1
        (row,) = rows(spring)
        assert (row.state, row.detail) == ("failed", "bounced: 5.1.1")
        assert ports.documents.get(SCOPE.agency, Kind.SUPPRESSION, row.person)
        other = {**data, "messageId": "8540c0de-899f-5cce-acb5-3ec493af3800"}
        assert self.tell(edge, "EmailDeliveryReportReceived", "e2", **other).json["taken"] == 0
        assert campaigns.certificate(ports, SCOPE, spring.id).failed == 1
