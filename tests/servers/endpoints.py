"""Where messages of one's own go: a webhook's endpoint, incoming webhooks of Slack and Teams, a Mastodon server; each
as strict as its specification."""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.servers.provider import Asked, ProviderServer, Reply

SECRET = "whsec_" + base64.b64encode(b"thirty-two octets of a good key!").decode()
TOKEN = "a-token-of-an-app"
ACCOUNT = "109876543210"


@dataclass
class WebhookEndpoint(ProviderServer):
    """Verifies as Standard Webhooks asks it to, and takes each id once. `secrets`: any of them may have signed."""

    tls: ssl.SSLContext | None = None
    secrets: tuple[str, ...] = (SECRET,)
    events: dict[str, bytes] = field(default_factory=dict)
    repeats: int = 0
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def __post_init__(self) -> None:
        super().__init__(self.tls)

    def answer(self, asked: Asked) -> Reply:
        id, at = asked.headers.get("webhook-id", ""), asked.headers.get("webhook-timestamp", "")
        if abs(self.now().timestamp() - int(at or 0)) > 300:
            return Reply(401, b"too old")
        signed = f"{id}.{at}.".encode() + asked.body
        given = asked.headers.get("webhook-signature", "").split()
        if not any(_signature(secret, signed) in given for secret in self.secrets):
            return Reply(401, b"not signed")
        self.repeats += id in self.events
        self.events.setdefault(id, asked.body)
        return Reply(204)


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


@dataclass
class SlackHook(ProviderServer):
    """An incoming webhook: `ok`, or the words of a refusal."""

    posted: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def answer(self, asked: Asked) -> Reply:
        if asked.path != "/services/T0/B0/secret":
            return Reply(404, b"no_service")
        found = asked.json()
        if asked.headers.get("content-type") != "application/json" or not isinstance(found.get("text"), str):
            return Reply(400, b"invalid_payload")
        self.posted.append(found)
        return Reply(200, b"ok", {"Content-Type": "text/html"})


@dataclass
class TeamsHook(ProviderServer):
    """A workflow behind "When a Teams webhook request is received": it takes Adaptive Cards, and says 202."""

    cards: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def answer(self, asked: Asked) -> Reply:
        if asked.query.get("sig") != "s+e/cret":
            return Reply.of(401, {"error": {"code": "DirectApiAuthorizationRequired"}})
        found = asked.json()
        attachments = found.get("attachments", [{}])
        card = attachments[0].get("content", {})
        kind = attachments[0].get("contentType")
        if (
            found.get("type") != "message"
            or kind != "application/vnd.microsoft.card.adaptive"
            or len(asked.body) > 28_000
        ):
            return Reply.of(400, {"error": {"code": "InvalidRequestContent"}})
        if card.get("type") != "AdaptiveCard" or not card.get("version") or not card.get("body"):
            return Reply.of(400, {"error": {"code": "InvalidCard"}})
        self.cards.append(card)
        return Reply(202)


@dataclass
class MastodonServer(ProviderServer):
    """One account. `posts`, newest first, as the API shows them; keys of idempotency are kept."""

    posts: list[dict[str, Any]] = field(default_factory=list)
    keys: dict[str, dict[str, Any]] = field(default_factory=dict)
    texts: list[tuple[str, str]] = field(default_factory=list)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def __post_init__(self) -> None:
        super().__init__()

    def answer(self, asked: Asked) -> Reply:
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return Reply.of(401, {"error": "The access token is invalid"})
        if (asked.method, asked.path) == ("GET", "/api/v1/accounts/verify_credentials"):
            return Reply.of(200, {"id": ACCOUNT, "username": "halm", "acct": "halm"})
        if (asked.method, asked.path) == ("GET", f"/api/v1/accounts/{ACCOUNT}/statuses"):
            return Reply.of(200, self.posts[: int(asked.query.get("limit", "20"))])
        if (asked.method, asked.path) == ("POST", "/api/v1/statuses"):
            return self._post(asked)
        return Reply.of(404, {"error": "Record not found"})

    def _post(self, asked: Asked) -> Reply:
        key, text = asked.headers["idempotency-key"], asked.json()["status"]
        if key in self.keys:
            return Reply.of(200, self.keys[key])
        if not text.strip() or len(re.sub(r"https?://\S+", "x" * 23, text)) > 500:
            return Reply.of(422, {"error": "Validation failed"})
        post = {
            "id": str(103254962155278888 + len(self.posts)),
            "created_at": self.now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "visibility": asked.json().get("visibility", "public"),
            "content": _as_html(text),
        }
        self.keys[key] = post
        self.posts.insert(0, post)
        self.texts.append((key, text))
        return Reply.of(200, post)


def _as_html(text: str) -> str:
    """As Mastodon shows it: paragraphs, and links whose beginning and end are hidden."""

    def link(found: re.Match[str]) -> str:
        scheme, rest = found[0].split("://", 1)
        shown, hidden = rest[:30], rest[30:]
        return (
            f'<a href="{found[0]}" rel="nofollow noopener noreferrer"><span class="invisible">{scheme}://</span>'
            f'<span class="ellipsis">{shown}</span><span class="invisible">{hidden}</span></a>'
        )

    paragraphs = html.escape(text, quote=True).replace("\n\n", "</p><p>").replace("\n", "<br />")
    return f"<p>{re.sub(r'https?://[^ <]+', link, paragraphs)}</p>"
