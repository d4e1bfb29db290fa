"""Every channel with its far end on the loopback, for the suites that all of them pass."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from shared.adapters._http.wire import Limits
from shared.adapters.channels.acs_email import AcsEmailChannel
from shared.adapters.channels.acs_sms import AcsSmsChannel
from shared.adapters.channels.chat import ChatChannel
from shared.adapters.channels.mastodon import MastodonChannel
from shared.adapters.channels.outbox import OutboxChannel
from shared.adapters.channels.smtp import SmtpChannel
from shared.adapters.channels.twilio import TwilioChannel
from shared.adapters.channels.webhook import WebhookChannel
from shared.domain.connection import Connection
from shared.domain.scope import Scope
from shared.ports import Channel, Outgoing
from tests.servers import endpoints, twilio_server
from tests.servers.acs_server import NUMBER, AcsServer
from tests.servers.endpoints import MastodonServer, SlackHook, TeamsHook, WebhookEndpoint
from tests.servers.provider import ProviderServer
from tests.servers.smtp_sink import kept, sink
from tests.servers.twilio_server import TwilioServer

SCOPE = Scope("local", "main")
LIMITS = Limits(connect=5.0, whole=20.0)
IMPATIENT = Limits(connect=5.0, whole=0.8)
TAKEN = ("accepted", "submitted")


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Home:
    """A channel, messages of its kind, and a look at its far end: what is there, by effect key (two of a key are an
    error), and what of a message should be there. `server` is there if the far end can be told to misbehave."""

    channel: Channel
    arrived: Callable[[], Mapping[str, Any]]
    outgoing: Callable[[str, int], Outgoing]
    expected: Callable[[Outgoing], Any]
    server: ProviderServer | None = None
    names: bool = True
    """The provider gives each message an id."""
    asks: bool = True
    """The provider answers questions that are no messages."""


def once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len({key for key, _ in pairs}) == len(pairs)
    return dict(pairs)


def mail(key: str, attempt: int = 1) -> Outgoing:
    message = f"Subject: {key}\r\nBaton-Effect: {key}\r\n\r\n.\r\n..dots\r\nHello {key}\r\n".encode()
    return Outgoing(key, attempt, "hello@nordlicht.example", f"{key}@example.com", message)


def _bytes(message: Outgoing) -> bytes:
    return message.message


@contextmanager
def outbox(folder: Path, limits: Limits) -> Iterator[Home]:
    def arrived() -> Mapping[str, bytes]:
        return once_each([(file.stem, file.read_bytes()) for file in folder.glob("*/*.eml")])

    yield Home(OutboxChannel(folder), arrived, mail, _bytes)


@contextmanager
def smtp(folder: Path, limits: Limits) -> Iterator[Home]:
    with sink(folder) as port:
        channel = SmtpChannel(f"smtp://127.0.0.1:{port}?cost_per_message=0.0003", "")
        yield Home(channel, lambda: once_each([(each.key, each.message) for each in kept(folder)]), mail, _bytes)


@contextmanager
def acs_email(folder: Path, limits: Limits) -> Iterator[Home]:
    with AcsServer() as server:
        url = "acs:?rate_per_second=100&cost_per_message=0.00025"
        channel = AcsEmailChannel(url, Connection(secret=server.connection), "", now, limits)

        def arrived() -> Mapping[str, Any]:
            with server.lock:
                assert server.duplicates == 0
                mails = [each.message for each in server.operations.values()]
            return once_each(
                [
                    (each["recipients"]["to"][0]["address"].partition("@")[0], each["content"]["plainText"])
                    for each in mails
                ]
            )

        yield Home(channel, arrived, mail, lambda message: f".\n..dots\nHello {message.key}\n", server)


def number_of(key: str) -> str:
    """A number of its own for each key."""
    return f"+49{int.from_bytes(hashlib.sha256(key.encode()).digest()[:4]):011}"


def text(key: str, attempt: int = 1) -> Outgoing:
    message = f"Halm Studio: Grüße für {key} https://halm.example Reply STOP to opt out".encode()
    return Outgoing(key, attempt, "", number_of(key), message)


def _words(message: Outgoing) -> str:
    return message.message.decode()


def _key_in(words: str) -> str:
    return words.split()[4]


@contextmanager
def acs_sms(folder: Path, limits: Limits) -> Iterator[Home]:
    with AcsServer() as server:
        url = f"acs:{NUMBER}?rate_per_second=100&cost_per_segment=0.0075&most_segments=1"
        channel = AcsSmsChannel(url, Connection(secret=server.connection), now, limits)

        def arrived() -> Mapping[str, str]:
            with server.lock:
                return once_each([(_key_in(each.message), each.message) for each in server.texts.values()])

        yield Home(channel, arrived, text, _words, server)


@contextmanager
def twilio(folder: Path, limits: Limits) -> Iterator[Home]:
    with TwilioServer() as server:
        yield Home(TwilioChannel(twilio_url(server.port), limits), lambda: texts_at(server), text, _words, server)


def twilio_url(port: int) -> str:
    login = f"{twilio_server.SID}:{quote(twilio_server.TOKEN, safe='')}"
    options = "rate_per_second=100&cost_per_segment=0.0075&most_segments=1"
    return f"twilio+http://{login}@127.0.0.1:{port}/{twilio_server.NUMBER}?{options}"


def texts_at(server: TwilioServer) -> Mapping[str, str]:
    with server.lock:
        return once_each([(_key_in(each["body"]), each["body"]) for each in server.messages])


def event(key: str, attempt: int = 1) -> Outgoing:
    return Outgoing(key, attempt, "", f"{key}@example.com", json.dumps({"type": "message", "id": key}).encode())


@contextmanager
def webhook(folder: Path, limits: Limits) -> Iterator[Home]:
    with WebhookEndpoint() as server:
        url = f"{server.url}/hook?of=theirs#allow=127.0.0.1:{server.port}&rate_per_second=100&cost_per_message=0.001"

        def arrived() -> Mapping[str, bytes]:
            with server.lock:
                return dict(server.events)

        yield Home(WebhookChannel(url, endpoints.SECRET, now, limits), arrived, event, _bytes, server, asks=False)


def note(key: str, attempt: int = 1) -> Outgoing:
    said = {"title": f"Hello {key}", "text": "A < B & C", "link_text": "Look", "link": "https://halm.example/?a=1&b=2"}
    return Outgoing(key, attempt, "", "chat", json.dumps(said).encode())


def _title(message: Outgoing) -> str:
    return f"Hello {message.key}"


@contextmanager
def slack(folder: Path, limits: Limits) -> Iterator[Home]:
    with SlackHook() as server:
        channel = ChatChannel(f"{server.url}/services/T0/B0/secret#kind=slack&rate_per_second=100", limits)

        def arrived() -> Mapping[str, str]:
            with server.lock:
                titles = [each["text"].splitlines()[0].strip("*") for each in server.posted]
            return once_each([(title.split()[1], title) for title in titles])

        yield Home(channel, arrived, note, _title, server, names=False, asks=False)


@contextmanager
def teams(folder: Path, limits: Limits) -> Iterator[Home]:
    with TeamsHook() as server:
        url = f"{server.url}/workflows/1/triggers/manual/paths/invoke?sig=s%2Be%2Fcret#rate_per_second=100"

        def arrived() -> Mapping[str, str]:
            with server.lock:
                titles = [each["body"][0]["text"] for each in server.cards]
            return once_each([(title.split()[1], title) for title in titles])

        yield Home(ChatChannel(url, limits), arrived, note, _title, server, names=False, asks=False)


def post(key: str, attempt: int = 1) -> Outgoing:
    said = f"Open days & more: {key}\n\nhttps://halm.example/open-days?of={'x' * 30}&with=1 #halm"
    return Outgoing(key, attempt, "", "social", said.encode())


@contextmanager
def mastodon(folder: Path, limits: Limits) -> Iterator[Home]:
    with MastodonServer() as server:
        url = f"mastodon+http://{endpoints.TOKEN}@127.0.0.1:{server.port}?rate_per_second=100&visibility=unlisted"

        def arrived() -> Mapping[str, str]:
            with server.lock:
                return once_each(server.texts)

        yield Home(MastodonChannel(url, limits), arrived, post, _words, server)


MadeBy = Callable[[Path, Limits], AbstractContextManager[Home]]

WEB: Mapping[str, MadeBy] = {
    "acs_email": acs_email,
    "acs_sms": acs_sms,
    "twilio": twilio,
    "webhook": webhook,
    "slack": slack,
    "teams": teams,
    "mastodon": mastodon,
}
"""Channels whose providers are asked over HTTP."""
HOMES: Mapping[str, MadeBy] = {"outbox": outbox, "smtp": smtp, **WEB}
