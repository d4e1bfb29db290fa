"""A message into one channel of a team's chat: an incoming webhook of Slack, or a workflow of Microsoft Teams.

Neither gives ids or takes any, so what got no clear answer stays unknown until a person looks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ValidationError

from shared.adapters._http.wire import Answer, Limits, Lost, Request, Wire, place
from shared.adapters.channels._options import Options
from shared.adapters.channels._posting import PostingSession, posting, refused, unknown
from shared.adapters.channels.webhook import connectable
from shared.domain.scope import Scope
from shared.ports import NONE_SENT, Outgoing, Proof, Receipt, Sent

_SETTING = "BATON_CHAT_URL"
_MOST = {"slack": 40_000, "teams": 28_000}
"""Octets of a message."""


class _Note(BaseModel):
    """What a chat message says: the form in which `chat` gets its messages."""

    title: str
    text: str
    link_text: str = ""
    link: str = ""


class ChatChannel:
    """`https://hooks.slack.com/services/…` or the URL of a Teams workflow, with options behind a #:
    `#kind=slack&rate_per_second=1`. Raises ValueError naming what is wrong."""

    name = "chat"
    tariff = None
    reported_as = None

    def __init__(self, url: str, limits: Limits | None = None) -> None:
        options = Options(_SETTING, url, ("https", "http"), "https://hooks.slack.com/services/…", behind_hash=True)
        self._url = options.target()
        kind = options.text("kind") or ("slack" if options.parts.hostname == "hooks.slack.com" else "teams")
        if kind not in _MOST:
            raise options.wrong("kind must be slack or teams")
        self._kind: Literal["slack", "teams"] = "slack" if kind == "slack" else "teams"
        self.rate_per_second, self.cost_micros = options.rate("1"), options.cost_micros()
        self._ca, self._limits = options.authorities(), limits
        options.end()

    def refusal(self) -> str | None:
        """None: it is a channel of one's own."""
        return None

    @contextmanager
    def session(self, scope: Scope) -> Iterator[PostingSession]:
        with posting(_Provider(self._url, self._kind, self.cost_micros), Wire(self._limits, self._ca)) as session:
            yield session

    def evidence(self, scope: Scope, keys: Sequence[str], sent: Mapping[str, Sent] = NONE_SENT) -> Mapping[str, Proof]:
        """An incoming webhook cannot be asked."""
        return {}


@dataclass
class _Provider:
    url: str
    kind: Literal["slack", "teams"]
    cost_micros: int
    connections: int = 1
    repeatable: bool = False

    async def request(self, message: Outgoing) -> Request:
        try:
            note = _Note.model_validate_json(message.message)
        except ValidationError:
            raise ValueError("it is no chat message") from None
        body = json.dumps(_slack(note) if self.kind == "slack" else _teams(note)).encode()
        if len(body) > _MOST[self.kind]:
            raise ValueError(f"it has {len(body)} octets; {self.kind} takes {_MOST[self.kind]}")
        return Request("POST", self.url, {"Content-Type": "application/json"}, body)

    def receipt(self, message: Outgoing, answer: Answer) -> Receipt:
        taken = answer.status == 200 and answer.body.strip() == b"ok" if self.kind == "slack" else answer.status == 202
        if taken:
            return Receipt(message.key, message.attempt, "accepted")
        if answer.status < 300:
            return unknown(message, f"{answer.status} without the word of {self.kind}")
        return refused(message, answer, "")

    def silence(self, message: Outgoing, lost: Lost) -> Receipt:
        return unknown(message, str(lost))

    async def unreachable(self, wire: Wire) -> str | None:
        return await connectable(*place(self.url))


def _slack(note: _Note) -> dict[str, Any]:
    """Slack's own markup; & < > are its control characters."""
    lines = [f"*{_escaped(note.title)}*", _escaped(note.text)]
    if note.link:
        lines.append(f"<{_escaped(note.link)}|{_escaped(note.link_text or note.link).replace('|', ' ')}>")
    return {"text": "\n".join(lines), "unfurl_links": False}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _teams(note: _Note) -> dict[str, Any]:
    """An Adaptive Card, the one form that workflows take."""
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [
            {"type": "TextBlock", "text": note.title, "weight": "Bolder", "size": "Medium", "wrap": True},
            {"type": "TextBlock", "text": note.text, "wrap": True},
        ],
    }
    if note.link:
        card["actions"] = [{"type": "Action.OpenUrl", "title": note.link_text or note.link, "url": note.link}]
    content = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [content]}
