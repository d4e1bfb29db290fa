"""E-mail by Azure Communication Services: what leaves, under which id, and how its end is learned."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from shared.adapters.channels.acs_email import AcsEmailChannel
from shared.domain.connection import Connection
from shared.domain.scope import Scope
from shared.ports import Channel, Outgoing, Receipt
from shared.render.mail import mail
from shared.render.personal import Rendered
from tests.servers.acs_server import TOKEN, AcsServer
from tests.servers.provider import Reply, Twist

SCOPE = Scope("local", "main")
URL = "acs:?rate_per_second=10&cost_per_message=0.00025"


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def server() -> Iterator[AcsServer]:
    with AcsServer() as server:
        yield server


def channel_to(server: AcsServer) -> Channel:
    return AcsEmailChannel(URL, Connection(secret=server.connection), "", now)


def written(key: str, name: str = "Änne Ødegård") -> Outgoing:
    message = mail(
        key=key,
        sender_name="Nordlicht",
        sender_address="hello@nordlicht.example",
        recipient_name=name,
        recipient_address=f"{key}@example.com",
        rendered=Rendered("Grüße für Sie", "", "<p>Hällo</p>", "Hällo\nzweite Zeile"),
        unsubscribe_url="https://baton.example/api/u/" + "t" * 200,
        date=now(),
    )
    return Outgoing(key, 1, "hello@nordlicht.example", f"{key}@example.com", bytes(message))


def send(channel: Channel, *messages: Outgoing) -> list[Receipt]:
    with channel.session(SCOPE) as session:
        return list(session.send(messages))


def test_the_mail_arrives_in_the_services_form_with_one_click_to_unsubscribe(server: AcsServer) -> None:
    send(channel_to(server), written("k1"))

    (operation,) = server.operations.values()
    assert operation.message == {
        "senderAddress": "hello@nordlicht.example",
        "recipients": {"to": [{"address": "k1@example.com", "displayName": "Änne Ødegård"}]},
        "content": {"subject": "Grüße für Sie", "plainText": "Hällo\nzweite Zeile", "html": "<p>Hällo</p>"},
        "headers": {
            "List-Unsubscribe": f"<https://baton.example/api/u/{'t' * 200}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        "userEngagementTrackingDisabled": True,
    }


def test_it_is_submitted_until_the_operation_ends(server: AcsServer) -> None:
    channel = channel_to(server)
    receipts = send(channel, written("k1"), written("k2"), written("k3"))
    assert {receipt.state for receipt in receipts} == {"submitted"}
    assert {receipt.provider_id for receipt in receipts} == set(server.operations)

    keys = ["k1", "k2", "k3", "k4"]
    assert channel.evidence(SCOPE, keys) == {}
    by_key = {receipt.key: server.operations[str(receipt.provider_id)] for receipt in receipts}
    by_key["k1"].status, by_key["k2"].status = "Succeeded", "Failed"
    assert channel.evidence(SCOPE, keys) == {"k1": "accepted", "k2": "failed"}
    by_key["k3"].status = "Canceled"
    assert channel.evidence(SCOPE, keys)["k3"] == "failed"


def test_what_was_taken_and_answered_with_500_is_found_by_our_own_id(server: AcsServer) -> None:
    channel = channel_to(server)
    server.first_status = "Succeeded"
    server.script.append(Twist(reply=Reply(500)))
    (receipt,) = send(channel, written("k1"))

    assert receipt.state == "unknown"
    assert channel.evidence(SCOPE, ["k1"]) == {"k1": "accepted"}


def test_every_attempt_of_an_effect_is_the_same_operation(server: AcsServer) -> None:
    channel = channel_to(server)
    server.script.append(Twist(reply=Reply(429)))
    assert [each.state for each in send(channel, written("k1"))] == ["deferred"]
    send(channel, written("k1"))
    assert len(server.operations) == 1


def test_a_conflict_is_no_refusal(server: AcsServer) -> None:
    server.script.append(Twist(reply=Reply(409)))
    assert [each.state for each in send(channel_to(server), written("k1"))] == ["unknown"]


def test_evidence_stops_when_the_service_has_had_enough(server: AcsServer) -> None:
    channel = channel_to(server)
    server.sends = lambda asked: True  # type: ignore[method-assign]
    server.script.extend([Twist(reply=Reply(429, b"", {"Retry-After": "60"}))] * 1000)
    assert channel.evidence(SCOPE, [f"k{n}" for n in range(1000)]) == {}
    assert len(server.asked) <= 4


def test_a_wrong_key_is_said_before_anything_is_claimed(server: AcsServer) -> None:
    channel = AcsEmailChannel(URL, Connection(secret=f"endpoint={server.url};accesskey=d3Jvbmc="), "", now)
    with channel.session(SCOPE) as session:
        assert "401" in str(session.unreachable())


class _Identity(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b'{"access_token": "%s", "expires_on": "4102444800", "token_type": "Bearer"}' % TOKEN.encode()
        self.send_response(200 if self.headers["X-IDENTITY-HEADER"] == "secret" else 400)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@contextmanager
def identity_endpoint() -> Iterator[str]:
    """What a Functions app finds at IDENTITY_ENDPOINT."""
    with HTTPServer(("127.0.0.1", 0), _Identity) as http:
        threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield f"http://127.0.0.1:{http.server_port}/msi/token"
        http.shutdown()


def test_a_managed_identity_needs_no_key(server: AcsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with identity_endpoint() as endpoint:
        monkeypatch.setenv("IDENTITY_ENDPOINT", endpoint)
        monkeypatch.setenv("IDENTITY_HEADER", "secret")
        connection = Connection(endpoint=server.url, managed=True, client_id=f"of-{server.port}")
        channel = AcsEmailChannel(URL, connection, "", now)
        with channel.session(SCOPE) as session:
            assert session.unreachable() is None
            assert [each.state for each in session.send([written("k1")])] == ["submitted"]
    assert server.asked[-1].headers["authorization"] == f"Bearer {TOKEN}"


def test_without_a_token_nothing_leaves(server: AcsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDENTITY_ENDPOINT", "http://127.0.0.1:9/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", "secret")
    connection = Connection(endpoint=server.url, managed=True, client_id=f"nobody-{server.port}")
    channel = AcsEmailChannel(URL, connection, "", now)
    with channel.session(SCOPE) as session:
        assert session.unreachable()
        assert [each.state for each in session.send([written("k1")])] == ["deferred"]
    assert server.asked == []


def test_mail_to_the_world_needs_links_that_the_world_can_reach() -> None:
    connection = Connection(endpoint="https://agency.communication.azure.com")
    assert "BATON_PUBLIC_URL" in str(AcsEmailChannel(URL, connection, "http://127.0.0.1:7071", now).refusal())
    assert AcsEmailChannel(URL, connection, "https://baton.example", now).refusal() is None


@pytest.mark.parametrize(
    ("url", "connection"),
    [
        ("smtp://hunter2@x", Connection(endpoint="https://a.example")),
        ("acs:?rate_per_second=hunter2", Connection(endpoint="https://a.example")),
        ("acs:?hunter=1", Connection(endpoint="https://a.example")),
        ("acs:", None),
        ("acs:", Connection(endpoint="http://a.example")),
        ("acs:", Connection(secret="endpoint=https://a.example;accesskey=hunter2!")),
        ("acs:", Connection(secret="accesskey=aHVudGVyMg==")),
    ],
)
def test_what_is_wrong_with_the_settings_is_named_and_no_secret_repeated(
    url: str, connection: Connection | None
) -> None:
    with pytest.raises(ValueError, match=r"^(BATON_EMAIL_URL|CommunicationConnection): ") as wrong:
        AcsEmailChannel(url, connection, "", now)
    assert "hunter2" not in str(wrong.value)
