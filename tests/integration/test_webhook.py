"""Signed webhooks: to whom, how signed, what each answer means, and to whom never."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from shared.adapters._http.wire import Limits
from shared.adapters.channels.webhook import WebhookChannel
from shared.domain.scope import Scope
from shared.ports import Channel, Receipt
from tests.contract.channel_homes import event
from tests.servers.endpoints import SECRET, WebhookEndpoint
from tests.servers.provider import Reply, Twist

SCOPE = Scope("local", "main")
LIMITS = Limits(connect=5.0, whole=0.5)
OTHER = "whsec_" + "b" * 40


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def endpoint() -> Iterator[WebhookEndpoint]:
    with WebhookEndpoint() as server:
        yield server


def channel_to(server: WebhookEndpoint, secret: str = SECRET) -> Channel:
    return WebhookChannel(f"{server.url}/hook#allow=127.0.0.1:{server.port}", secret, now, LIMITS)


def send(channel: Channel, *keys: str) -> dict[str, Receipt]:
    with channel.session(SCOPE) as session:
        return {receipt.key: receipt for receipt in session.send([event(key) for key in keys])}


def test_the_id_is_the_effect_key_and_a_repeat_is_taken_once(endpoint: WebhookEndpoint) -> None:
    endpoint.script.append(Twist(reply=Reply(500, b"", {"Retry-After": "60"})))
    first = send(channel_to(endpoint), "k1")["k1"]
    assert (first.state, first.retry_after) == ("deferred", 60)
    assert send(channel_to(endpoint), "k1")["k1"].state == "accepted"
    assert (list(endpoint.events), endpoint.repeats) == (["k1"], 1)


def test_while_a_secret_is_replaced_both_sign(endpoint: WebhookEndpoint) -> None:
    for secrets in ((SECRET,), (OTHER,)):
        endpoint.secrets = secrets
        assert send(channel_to(endpoint, f"{OTHER} {SECRET}"), f"k{len(endpoint.events)}")
    assert len(endpoint.events) == 2
    endpoint.secrets = ("whsec_" + "c" * 40,)
    assert [each.state for each in send(channel_to(endpoint), "k9").values()] == ["deferred"]


def test_410_disables_the_endpoint_and_loses_nothing(endpoint: WebhookEndpoint) -> None:
    channel = channel_to(endpoint)
    endpoint.script.append(Twist(take=False, reply=Reply(410)))
    assert send(channel, "k1")["k1"].state == "deferred"
    assert "410" in str(channel.refusal())
    with channel.session(SCOPE) as session:
        assert "410" in str(session.unreachable())
        assert [each.state for each in session.send([event("k2")])] == ["deferred"]
    assert len(endpoint.asked) == 1


def test_a_redirect_is_a_failure_and_is_not_followed(endpoint: WebhookEndpoint) -> None:
    with WebhookEndpoint() as elsewhere:
        endpoint.script.append(Twist(take=False, reply=Reply(307, b"", {"Location": f"{elsewhere.url}/hook"})))
        assert send(channel_to(endpoint), "k1")["k1"].state == "failed"
        assert elsewhere.asked == []


def test_a_body_that_never_ends_does_not_hold_up_an_acceptance(endpoint: WebhookEndpoint) -> None:
    endpoint.script.append(Twist(reply=Reply(200, b"x" * 100), claimed=10**9))
    assert send(channel_to(endpoint), "k1")["k1"].state == "accepted"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/hook",
        "https://127.0.0.1/hook",
        "https://localhost/hook",
        "https://2130706433/",
        "https://[::ffff:127.0.0.1]/",
        "https://[64:ff9b::a9fe:a9fe]/",
        "https://169.254.169.254/metadata/identity",
        "https://168.63.129.16/",
    ],
)
def test_nothing_is_sent_to_what_is_not_the_open_internet(endpoint: WebhookEndpoint, url: str) -> None:
    channel = WebhookChannel(url.format(port=endpoint.port), SECRET, now, LIMITS)
    with channel.session(SCOPE) as session:
        assert session.unreachable()
        assert [each.state for each in session.send([event("k1")])] == ["deferred"]
    assert endpoint.asked == []


def test_a_name_that_changes_its_mind_is_connected_to_where_it_was_checked(
    endpoint: WebhookEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: every resolution gives another address; only the checked one is ever used, and it is asked once
    for each request. Proxies of the environment are not."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    answers = [["127.0.0.1"], ["93.184.216.34"], ["93.184.216.34"]]
    given: list[list[str]] = []

    def resolve(host: str, port: int) -> list[str]:
        assert host == "hook.example"
        given.append(answers[len(given)])
        return given[-1]

    url = f"http://hook.example:{endpoint.port}/hook#allow=127.0.0.1:{endpoint.port}"
    channel = WebhookChannel(url, SECRET, now, LIMITS, resolve)
    assert send(channel, "k1")["k1"].state == "accepted"
    assert given == [["127.0.0.1"]]
    assert endpoint.asked[0].headers["host"] == f"hook.example:{endpoint.port}"
    assert send(channel, "k2")["k2"].state == "deferred", (
        "an address that nobody allowed, on a port that is not the web's"
    )


@pytest.fixture
def authority(tmp_path: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for hook.example, which is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "hook.example")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hook.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, secret = tmp_path / "ca.pem", tmp_path / "key.pem"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, secret)
    return pem, context


def test_the_certificate_must_be_the_names_though_the_address_is_connected_to(
    authority: tuple[Path, ssl.SSLContext],
) -> None:
    pem, context = authority
    with WebhookEndpoint(context) as server:
        for host, state in (("hook.example", "accepted"), ("other.example", "deferred")):
            url = f"https://{host}:{server.port}/hook#allow=127.0.0.1:{server.port}&ca={pem}"
            channel = WebhookChannel(url, SECRET, now, Limits(whole=5), lambda host, port: ["127.0.0.1"])
            assert send(channel, "k1")["k1"].state == state
        assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("url", "secret"),
    [
        ("ftp://hunter2.example", SECRET),
        ("https://user:hunter2@hook.example/", SECRET),
        ("http://hunter2.example/", SECRET),
        ("https://hook.example/#allow=hunter2", SECRET),
        ("https://hook.example/#hunter=1", SECRET),
        ("https://hook.example/", None),
        ("https://hook.example/", "hunter2"),
        ("https://hook.example/", "whsec_aHVudGVyMg=="),
    ],
)
def test_what_is_wrong_with_the_settings_is_named_and_no_secret_repeated(url: str, secret: str | None) -> None:
    with pytest.raises(ValueError, match=r"^BATON_WEBHOOK_(URL|SECRET): ") as wrong:
        WebhookChannel(url, secret, now)
    assert "hunter2" not in str(wrong.value)
