"""The examples of docs/channels.md, run as they stand there: each message arrives at a real server, once."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import httpx2
import pytest

from tests.contract.channel_homes import twilio_url
from tests.e2e.cli.command import Served, served
from tests.e2e.host.process import ROOT
from tests.servers.endpoints import SECRET, TOKEN, MastodonServer, SlackHook, WebhookEndpoint
from tests.servers.twilio_server import TwilioServer

PAGE = (ROOT / "docs" / "channels.md").read_text().partition("## Examples")[2]
CAMPAIGNS = ("Open days by text", "Open days as events", "Open days in the chat", "Open days as a post")


class Outside(NamedTuple):
    twilio: TwilioServer
    endpoint: WebhookEndpoint
    slack: SlackHook
    mastodon: MastodonServer


@pytest.fixture
def outside() -> Iterator[Outside]:
    with ExitStack() as stack:
        yield Outside(
            *(stack.enter_context(kind()) for kind in (TwilioServer, WebhookEndpoint, SlackHook, MastodonServer))
        )


def settings(outside: Outside) -> dict[str, str]:
    return {
        "BATON_SMS_URL": twilio_url(outside.twilio.port).replace("most_segments=1", "most_segments=3"),
        "BATON_WEBHOOK_URL": f"{outside.endpoint.url}/hook#allow=127.0.0.1:{outside.endpoint.port}",
        "BATON_WEBHOOK_SECRET": SECRET,
        "BATON_CHAT_URL": f"{outside.slack.url}/services/T0/B0/secret#kind=slack",
        "BATON_SOCIAL_URL": f"mastodon+http://{TOKEN}@127.0.0.1:{outside.mastodon.port}",
    }


def block(kind: str) -> str:
    (found,) = re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)
    return str(found)


def test_the_examples_work_as_they_stand(outside: Outside, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("contacts.csv").write_text(block("csv"))
    Path("text.yaml").write_text(block("yaml"))
    commands = [shlex.split(line)[1:] for line in re.sub(r"\\\n\s*", "", block("sh")).splitlines()]
    with served(tmp_path / "home", **settings(outside)) as home:
        outside.endpoint.now = outside.mastodon.now = lambda: _now(home)
        started = []
        for command in commands:
            ran = home(*command, "--json")
            assert ran.code == 0, (command, ran.err)
            if command[0] == "campaign":
                started.append(_approved(home, ran.json["id"]))
        assert sorted(started) == sorted(CAMPAIGNS)
        home.clock(mode="run")
        for name in CAMPAIGNS:
            shown = home("campaign", "show", name, "--follow", "--json").json
            assert shown["status"] in ("analyzing", "completed"), shown
        sent = [home("campaign", "certificate", name, "--json").json["sent_once"] for name in CAMPAIGNS]
    assert sent == [1, 2, 1, 1]
    assert [each["to"] for each in outside.twilio.messages] == ["+4915123456789"]
    assert (len(outside.endpoint.events), len(outside.slack.posted), len(outside.mastodon.posts)) == (2, 1, 1)


def _approved(home: Served, id: str) -> str:
    """It is written, read and approved; its name."""
    shown = home("campaign", "show", id, "--follow", "--json").json
    assert shown["status"] == "awaiting_approval", shown
    ran = home("campaign", "approve", shown["name"], "--yes")
    assert ran.code == 0, ran.err
    return str(shown["name"])


def _now(home: Served) -> datetime:
    return datetime.fromisoformat(httpx2.get(f"{home.url}/admin/host/clock").json()["now"])
