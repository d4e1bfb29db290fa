"""Campaigns over other channels than e-mail, from brief to certificate, each to a real server on the loopback."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from shared import wiring
from shared.agents import campaigns, feedback
from shared.agents.analyze import click_target, report, track
from shared.agents.contacts import unsubscribe
from shared.domain.contact import Consent, Contact
from shared.domain.faults import Misconfigured, Rejected
from shared.domain.links import Link, Purpose, verify
from shared.domain.names import Kind
from shared.ports import LedgerRow, Ports
from tests.contract.channel_homes import twilio_url
from tests.integration.analyze.home import PHONE
from tests.integration.feedback.letters import complaint
from tests.servers.endpoints import SECRET, TOKEN, MastodonServer, TeamsHook, WebhookEndpoint
from tests.servers.provider import Reply, Twist
from tests.servers.twilio_server import TwilioServer

from .conftest import SCOPE, Hand, Walk, request

People = Callable[..., list[Contact]]
Walks = Callable[..., Walk]
GRANTED = Consent(status="granted", source="form")


@pytest.fixture
def twilio() -> Iterator[TwilioServer]:
    with TwilioServer() as server:
        yield server


@pytest.fixture
def set_up(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Settings before the home is opened."""

    def put(**settings: str) -> None:
        for name, value in settings.items():
            monkeypatch.setenv(name, value)

    return put


def certificate(ports: Ports, walk: Walk) -> dict[str, Any]:
    found = campaigns.certificate(ports, SCOPE, walk.id)
    return {"sent": found.sent_once, "failed": found.failed, "unknown": found.unknown, "held": found.held}


def rows(ports: Ports, walk: Walk) -> list[LedgerRow]:
    return ports.ledger.of_shard(SCOPE, walk.id, 0)


def link_in(ports: Ports, text: str, purpose: Purpose) -> Link:
    """The first signed link of a kind."""
    found = re.search(rf"/api/{purpose}/([A-Za-z0-9_-]+)", text)
    link = verify(found[1], purpose, ports.keys.link) if found else None
    assert link
    return link


def tracked(ports: Ports, html: str, purpose: Purpose) -> None:
    track(ports, link_in(ports, html, purpose), PHONE, "GET")


class TestSms:
    @pytest.fixture(autouse=True)
    def _set_up(self, set_up: Callable[..., None], twilio: TwilioServer) -> None:
        set_up(BATON_SMS_URL=twilio_url(twilio.port).replace("most_segments=1", "most_segments=2"))

    def test_what_went_out_as_a_text_message_is_explained_by_its_number(
        self, walk: Walks, people: People, ports: Ports
    ) -> None:
        person = people(1, prefix="max", phone="+4915123456789", country="Germany", consent={"sms": GRANTED})[0]
        spring = walk(channels=["sms"], window={"days": 1, "hours": [9, 20]})
        spring.plan()
        spring.send_all()
        (said,) = campaigns.explanations(ports, SCOPE, "0151 23456789", 50, None).items
        assert said.contact == person.id
        assert re.match(
            r"Max0 was sent “Spring” once, on Tuesday 2 March 2027 at 09:00 \(UTC\) as a text message, "
            r"in version A of its text\. (It is known to have arrived\. )?They had agreed to text messages \(form\)\.",
            said.sentence,
        )

    def test_everyone_with_consent_and_a_number_gets_one_text_with_a_way_out(
        self, walk: Walks, people: People, ports: Ports, twilio: TwilioServer
    ) -> None:
        consent = {"sms": GRANTED}
        for n in range(20):
            people(1, prefix=f"in{n}x", phone=f"0151 234567{n:02}", country="Germany", consent=consent)
        people(2, prefix="abroad", phone="+44 7911 123456", consent=consent)
        people(3, prefix="noconsent", phone="+49 151 23456700", country="Germany")
        people(4, prefix="nophone", country="Germany", consent=consent)
        people(1, prefix="nonsense", phone="12345", country="Germany", consent=consent)
        spring = walk(channels=["sms"], window={"days": 1, "hours": [9, 20]})
        spring.plan()
        spring.send_all()

        assert certificate(ports, spring) == {
            "sent": 22,
            "failed": 0,
            "unknown": 0,
            "held": {"no_consent": 3, "no_number": 5},
        }
        numbers = [each["to"] for each in twilio.messages]
        assert {*(f"+49151234567{n:02}" for n in range(20)), "+447911123456"} == set(numbers)
        assert {each["body"] for each in twilio.messages if each["to"] == "+4915123456700"} == {
            "Praxis: Dear In0X0 https://praxis.example/book\nReply STOP to opt out"
        }

    def test_what_got_no_answer_is_found_and_who_opted_out_is_suppressed_for_good(
        self, walk: Walks, people: People, ports: Ports, twilio: TwilioServer
    ) -> None:
        (gone,) = people(1, prefix="gone", phone="+4915123456701", consent={"sms": GRANTED})
        people(1, prefix="here", phone="+4915123456702", consent={"sms": GRANTED})
        twilio.opted_out.add("+4915123456701")
        twilio.script.extend([Twist(reply=Reply(500)), Twist(reply=Reply(500))])
        spring = walk(channels=["sms"], window={"days": 1, "hours": [9, 20]})
        spring.plan()
        spring.send_all()

        assert len(twilio.messages) == 1
        assert ports.documents.get(SCOPE.agency, Kind.SUPPRESSION, gone.person) or certificate(ports, spring)["unknown"]
        again = walk(name="Again", channels=["sms"], window={"days": 1, "hours": [9, 20]})
        again.plan()
        again.send_all()
        assert ports.documents.get(SCOPE.agency, Kind.SUPPRESSION, gone.person)

    def test_the_budget_counts_the_dearest_text(self, walk: Walks, people: People, ports: Ports) -> None:
        people(5, phone="+4915123456701", consent={"sms": GRANTED})
        spring = walk(channels=["sms"], budget={"max_cost": 0.045}, window={"days": 1, "hours": [9, 20]})
        spring.plan()
        spring.send_all()
        found = certificate(ports, spring)
        assert (found["sent"], found["held"]) == (3, {"over_budget": 2})

    def test_the_budget_is_for_those_who_agreed_to_this_channel(
        self, walk: Walks, people: People, ports: Ports
    ) -> None:
        mail_only, text_only = {"email": GRANTED}, {"sms": GRANTED}
        for n in range(30):
            people(1, prefix=f"x{n}x", phone=f"+4915123456{n:03}", consent=text_only if n % 6 == 0 else mail_only)
        spring = walk(channels=["sms"], budget={"max_messages": 5}, window={"days": 1, "hours": [9, 20]})
        spring.plan()
        spring.send_all()
        assert certificate(ports, spring)["sent"] == 5

    def test_the_explanation_names_the_consent_to_this_channel(self, walk: Walks, people: People, ports: Ports) -> None:
        here = Consent(status="granted", source="the reception desk")
        (ann,) = people(1, phone="+4915123456701", consent={"sms": here, "email": GRANTED})
        spring = walk(channels=["sms"], window={"days": 1, "hours": [9, 20]})
        spring.plan()
        spring.send_all()
        said = campaigns.explain(ports, SCOPE, spring.id, ann.id).sentence
        assert "They had agreed to text messages (the reception desk)." in said

    def test_the_approval_seals_the_channels_form(self, walk: Walks, people: People, ports: Ports) -> None:
        people(1, phone="+4915123456701", consent={"sms": GRANTED})
        spring = walk(channels=["sms"])
        spring.write()
        spring.schedule()
        asked = campaigns.approval(ports, SCOPE, spring.id)
        assert asked is not None
        assert (asked.sealed["renderer"], asked.sealed["channels"]) == ("baton-sms-1", ["sms"])
        seen = campaigns.preview(ports, SCOPE, spring.id, "A")
        assert seen.text == "Praxis: Dear U0 https://praxis.example/book\nReply STOP to opt out"
        assert seen.subject == "Text message, 1 segment (GSM-7)"


def test_a_webhook_gets_an_event_for_each_person(
    set_up: Callable[..., None], request_ports: Callable[[], Ports], walk_of: Callable[..., Walk], hand: Hand
) -> None:
    with WebhookEndpoint(now=hand.now) as endpoint:
        set_up(
            BATON_WEBHOOK_URL=f"{endpoint.url}/hook#allow=127.0.0.1:{endpoint.port}",
            BATON_WEBHOOK_SECRET=SECRET,
        )
        ports = request_ports()
        spring = walk_of(ports, count=7, consent={"webhook": GRANTED}, channels=["webhook"])
        assert certificate(ports, spring) == {"sent": 7, "failed": 0, "unknown": 0, "held": {}}
        events = {key: json.loads(body) for key, body in endpoint.events.items()}
    assert len(events) == 7
    for key, each in events.items():
        assert (each["type"], each["data"]["key"]) == ("campaign.message", key)
        assert each["data"]["subject"] == f"Dear {each['data']['recipient']['first_name']}"
        assert each["data"]["unsubscribe"].startswith("http://127.0.0.1:7071/api/u/")


def test_what_readers_of_a_webhooks_events_do_is_counted_as_for_mail(
    set_up: Callable[..., None], request_ports: Callable[[], Ports], walk_of: Callable[..., Walk], hand: Hand
) -> None:
    with WebhookEndpoint(now=hand.now) as endpoint:
        set_up(
            BATON_WEBHOOK_URL=f"{endpoint.url}/hook#allow=127.0.0.1:{endpoint.port}",
            BATON_WEBHOOK_SECRET=SECRET,
        )
        ports = request_ports()
        spring = walk_of(ports, count=4, consent={"webhook": GRANTED}, channels=["webhook"])
        datas = [json.loads(body)["data"] for body in endpoint.events.values()]
    hand.forward(hours=1)
    for n, data in enumerate(datas):
        tracked(ports, data["html"], "c")
        if n < 2:
            unsubscribe(ports, link_in(ports, data["unsubscribe"], "u"))
    assert click_target(ports, link_in(ports, datas[0]["html"], "c")) == "https://praxis.example/book"
    funnel = report(ports, SCOPE, spring.id).funnel
    assert (funnel.sent, funnel.clicked, funnel.unsubscribed) == (4, 4, 2)
    token = datas[3]["unsubscribe"].rpartition("/")[2]
    news = feedback.read_letter(complaint(f"List-Unsubscribe: <https://mail.example.org/api/u/{token}>\r\n"))
    assert feedback.take(ports, [SCOPE], news)
    row = next(each for each in rows(ports, spring) if each.key == datas[3]["key"])
    assert row.state == "delivered"


def test_a_chat_is_an_audience_of_one(
    set_up: Callable[..., None], request_ports: Callable[[], Ports], walk_of: Callable[..., Walk]
) -> None:
    with TeamsHook() as hook:
        set_up(BATON_CHAT_URL=f"{hook.url}/workflows/1?sig=s%2Be%2Fcret")
        ports = request_ports()
        for n in range(5):
            spring = walk_of(ports, name=f"News {n}", channels=["chat"], segment={"own": True})
            assert certificate(ports, spring) == {"sent": 1, "failed": 0, "unknown": 0, "held": {}}
        said = campaigns.explanations(ports, SCOPE, "#team", 50, None)
        assert (
            said.about
            == "#team: what is posted, or said in a chat, goes to a place of our own and to no single person."
        )
        assert len(said.items) == 5
        assert said.items[0].sentence.startswith(f"Our own channel was sent “{said.items[0].name}” once, on Tuesday")
        assert "into the chat" in said.items[0].sentence
    assert [card["body"][0]["text"] for card in hook.cards] == ["Dear friend"] * 5
    assert hook.cards[0]["actions"][0]["url"] == "https://praxis.example/book"


def test_a_post_leaves_once_whatever_the_server_answers(
    set_up: Callable[..., None], request_ports: Callable[[], Ports], walk_of: Callable[..., Walk]
) -> None:
    with MastodonServer() as server:
        set_up(BATON_SOCIAL_URL=f"mastodon+http://{TOKEN}@127.0.0.1:{server.port}")
        ports = request_ports()
        server.script.extend([Twist(reply=Reply(500)), Twist(reply=None)])
        spring = walk_of(ports, channels=["social"], segment={"own": True})
        assert len(server.posts) == 1
        assert certificate(ports, spring)["failed"] == 0
    assert server.texts[0][1] == "Dear friend\n\nSix evenings\n\nhttps://praxis.example/book"


@pytest.mark.parametrize("channel", ["email", "sms", "webhook", "chat", "social"])
def test_a_channel_that_is_not_set_up_says_what_to_set(ports: Ports, people: People, channel: str) -> None:
    people(1)
    segment = {"own": True} if channel in ("chat", "social") else {"all": True}
    nothing = replace(ports, channels={})
    with pytest.raises(Rejected) as wrong:
        campaigns.accept(nothing, SCOPE, "owner", request(channels=[channel], segment=segment))
    (error,) = wrong.value.errors
    assert error.field == "channels[0]"
    assert f"BATON_{channel.upper()}_URL" in error.reason


@pytest.mark.parametrize(
    ("channel", "segment"), [("chat", {"all": True}), ("social", {"all": True}), ("email", {"own": True})]
)
def test_people_and_places_of_ones_own_are_not_mixed_up(channel: str, segment: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="own: true"):
        request(channels=[channel], segment=segment)


def test_a_setting_that_cannot_be_is_named(set_up: Callable[..., None], tmp_path: Any) -> None:
    set_up(BATON_HOME=str(tmp_path / "home"), BATON_SMS_URL="twilio://hunter2")
    wiring.close()
    with pytest.raises(Misconfigured) as wrong:
        wiring.ports()
    wiring.close()
    assert wrong.value.error.field == "BATON_SMS_URL"
    assert "hunter2" not in str(wrong.value)


@pytest.fixture
def request_ports(request: pytest.FixtureRequest) -> Callable[[], Ports]:
    """The home, opened when its settings are there."""
    return lambda: request.getfixturevalue("ports")


@pytest.fixture
def walk_of(request: pytest.FixtureRequest) -> Callable[..., Walk]:
    def sent(ports: Ports, count: int = 0, consent: dict[str, Consent] | None = None, **changes: Any) -> Walk:
        if count:
            request.getfixturevalue("people")(count, consent=consent)
        made: Walk = request.getfixturevalue("walk")(**changes)
        made.plan()
        made.send_all()
        return made

    return sent
