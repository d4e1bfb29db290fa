"""A post of one account of the Fediverse, over Mastodon's REST API. The effect key is its Idempotency-Key, which a
server keeps for an hour; later, what was posted is found in the account's own list."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, unquote

from shared.adapters._http.wire import Answer, Limits, Lost, NotSent, Request, Wire
from shared.adapters.channels._options import Options
from shared.adapters.channels._posting import PostingSession, asked, posting, refused, unknown
from shared.domain.scope import Scope
from shared.ports import NONE_SENT, Outgoing, Proof, Receipt, Sent

_SETTING = "BATON_SOCIAL_URL"
_VISIBLE = ("public", "unlisted", "private", "direct")
_CLOCKS_APART = timedelta(minutes=2)
_ID = re.compile(r"[0-9A-Za-z]{1,40}")


class MastodonChannel:
    """`mastodon://ACCESS_TOKEN@server?visibility=public&rate_per_second=1`. Raises ValueError naming what is wrong."""

    name = "mastodon"
    tariff = None
    reported_as = None

    def __init__(self, url: str, limits: Limits | None = None) -> None:
        example = "mastodon://ACCESS_TOKEN@mastodon.example"
        options = Options(_SETTING, url, ("mastodon", "mastodon+http"), example)
        token = unquote(options.parts.username or "")
        if not token or not token.isascii() or not options.parts.hostname:
            raise options.wrong(f"must look like {example}")
        base = options.base("http" if options.parts.scheme == "mastodon+http" else "https")
        visibility = options.text("visibility") or "public"
        if visibility not in _VISIBLE:
            raise options.wrong(f"visibility must be one of {', '.join(_VISIBLE)}")
        self.rate_per_second, self.cost_micros = options.rate("1"), options.cost_micros()
        self._ca, self._limits = options.authorities(), limits
        options.end()
        self._account = _Account(base, token, visibility)

    def refusal(self) -> str | None:
        """None: it is an account of one's own."""
        return None

    @contextmanager
    def session(self, scope: Scope) -> Iterator[PostingSession]:
        with posting(_Provider(self._account, self.cost_micros), Wire(self._limits, self._ca)) as session:
            yield session

    def evidence(self, scope: Scope, keys: Sequence[str], sent: Mapping[str, Sent] = NONE_SENT) -> Mapping[str, Proof]:
        """By the account's newest posts: what says the same since then is it. What is not there proves nothing."""
        known = {key: sent[key] for key in keys if key in sent}
        return asked(Wire(self._limits, self._ca), lambda wire: _found(self._account, wire, known)) if known else {}


@dataclass(frozen=True)
class _Account:
    base: str
    token: str
    visibility: str

    def request(self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Request:
        signed = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        return Request(method, self.base + path, {**signed, **(headers or {})}, body)


@dataclass
class _Provider:
    account: _Account
    cost_micros: int
    connections: int = 1
    repeatable: bool = True

    async def request(self, message: Outgoing) -> Request:
        post = {"status": message.message.decode(), "visibility": self.account.visibility}
        if not post["status"].strip():
            raise ValueError("there is no text")
        headers = {"Content-Type": "application/json", "Idempotency-Key": quote(message.key)}
        return self.account.request("POST", "/api/v1/statuses", headers, json.dumps(post).encode())

    def receipt(self, message: Outgoing, answer: Answer) -> Receipt:
        if answer.status != 200:
            return refused(message, answer, "") if answer.status >= 300 else unknown(message, str(answer.status))
        found = answer.json()
        id = found.get("id") if isinstance(found, dict) else None
        if not isinstance(id, str) or not _ID.fullmatch(id) or "created_at" not in found:
            return unknown(message, "200 without a post")
        return Receipt(message.key, message.attempt, "accepted", provider_id=id)

    def silence(self, message: Outgoing, lost: Lost) -> Receipt:
        return unknown(message, str(lost))

    async def unreachable(self, wire: Wire) -> str | None:
        """By asking whose token it is."""
        answer = await wire.ask(self.account.request("GET", "/api/v1/accounts/verify_credentials"))
        if answer.status in (401, 403):
            return f"the server refuses the access token: {answer.status}"
        return f"the server answers {answer.status}" if answer.status >= 500 else None


async def _found(account: _Account, wire: Wire, known: Mapping[str, Sent]) -> dict[str, Proof]:
    try:
        whose = (await wire.ask(account.request("GET", "/api/v1/accounts/verify_credentials"))).json()
        id = whose.get("id") if isinstance(whose, dict) else None
        if not isinstance(id, str) or not _ID.fullmatch(id):
            return {}
        path = f"/api/v1/accounts/{id}/statuses?limit=40&exclude_reblogs=true"
        posts = (await wire.ask(account.request("GET", path))).json()
    except (NotSent, Lost):
        return {}
    listed = [each for each in posts if isinstance(each, dict)] if isinstance(posts, list) else []
    return {key: "accepted" for key, sent in known.items() if any(_is(post, sent) for post in listed)}


def _is(post: Mapping[str, Any], sent: Sent) -> bool:
    """The very post: these words, not older than its intent. A server makes links and paragraphs of a text."""
    try:
        made = datetime.fromisoformat(str(post.get("created_at")))
    except ValueError:
        return False
    made = made if made.tzinfo else made.replace(tzinfo=UTC)
    words = html.unescape(re.sub(r"<[^<>]*>", " ", str(post.get("content", ""))))
    return made >= sent.since - _CLOCKS_APART and _bare(words) == _bare(sent.message.message.decode(errors="replace"))


def _bare(text: str) -> str:
    return "".join(text.split())
