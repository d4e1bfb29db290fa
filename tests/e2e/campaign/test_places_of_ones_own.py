"""Chat and social channels through the real host: killed at work they say nothing twice, and what nobody can know is
listed; a person's "send again" leaves exactly once, with its author."""

from __future__ import annotations

import random
import re
import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.cli.command import baton as command
from tests.e2e.host.process import wait_for
from tests.servers.endpoints import TOKEN, MastodonServer, SlackHook, TeamsHook
from tests.servers.provider import ProviderServer, Reply, Twist

from .baton import BRIEF, Baton

SLACK, TEAMS = "/services/T0/B0/secret#kind=slack", "/workflows/1?sig=s%2Be%2Fcret"


def create(baton: Baton, channel: str, name: str = "News") -> str:
    """A campaign that can be told from others by where its link leads."""
    call = {"text": "Look", "url": f"https://praxis.example/{name}"}
    brief = {**BRIEF, "call_to_action": call}
    return baton.create(name=name, channels=[channel], segment={"own": True}, undo_minutes=0, brief=brief)


def sent_to(server: ProviderServer) -> int:
    """Messages that were handed over so far, taken or not."""
    with server.lock:
        return sum(asked.method == "POST" for asked in server.asked)


@pytest.mark.parametrize("taken", [True, pytest.param(False, marks=pytest.mark.nightly)])
@pytest.mark.parametrize("kind", [pytest.param("slack", marks=pytest.mark.nightly), "teams"])
def test_killed_while_a_chat_has_not_answered_it_is_listed_and_never_said_again(
    kind: str, taken: bool, tmp_path: Path
) -> None:
    with SlackHook() if kind == "slack" else TeamsHook() as server:
        baton = Baton(tmp_path, BATON_CHAT_URL=server.url + (SLACK if kind == "slack" else TEAMS)).start()
        id = create(baton, "chat")
        server.script.append(Twist(take=taken, hang=True))
        baton.approve(id)
        wait_for(lambda: sent_to(server) or None)
        baton.kill()
        baton.start()
        baton.until(id, "completed")
        certificate = baton.certificate(id)
        (listed,) = baton.ask("GET", f"campaigns/{id}/unknown")["items"]
        baton.kill()
        there = server.posted if isinstance(server, SlackHook) else server.cards
        assert (len(there), sent_to(server)) == (int(taken), 1)
    assert (certificate["unknown"], certificate["sent_once"], certificate["sent_twice"]) == (1, 0, 0)
    assert listed["why"] == "the sender was stopped before it could note an answer"
    assert "the provider (chat)" in [asked["whom"] for asked in listed["asked"]]


@pytest.mark.parametrize("taken", [True, pytest.param(False, marks=pytest.mark.nightly)])
def test_killed_while_a_network_has_not_answered_its_posts_are_looked_at(taken: bool, tmp_path: Path) -> None:
    with MastodonServer() as server:
        baton = Baton(tmp_path, BATON_SOCIAL_URL=f"mastodon+http://{TOKEN}@127.0.0.1:{server.port}").start()
        server.now = clock_of(baton)
        id = create(baton, "social")
        server.script.append(Twist(take=taken, hang=True))
        baton.approve(id)
        wait_for(lambda: sent_to(server) or None)
        baton.kill()
        baton.start()
        baton.until(id, "completed")
        certificate = baton.certificate(id)
        baton.kill()
        assert (len(server.posts), sent_to(server)) == (int(taken), 1)
    assert (certificate["sent_once"], certificate["unknown"]) == ((1, 0) if taken else (0, 1))


def clock_of(baton: Baton) -> Callable[[], datetime]:
    """The network and its account live in the same time."""
    return lambda: datetime.fromisoformat(baton.host.clock()["now"]) if baton.host else datetime.now(UTC)


@pytest.mark.nightly
def test_killed_at_random_no_chat_hears_anything_twice(tmp_path: Path) -> None:
    chance = random.Random(7)
    with SlackHook() as server:
        baton = Baton(tmp_path, BATON_CHAT_URL=server.url + SLACK).start()
        ids = {}
        for n in range(3):
            ids[f"n{n}"] = id = create(baton, "chat", f"n{n}")
            baton.approve(id)
            threading.Event().wait(chance.uniform(0, 0.6))
            baton.kill()
            baton.start()
        certificates = {}
        for name, id in ids.items():
            baton.until(id, "completed")
            certificates[name] = baton.certificate(id)
        baton.kill()
        said = Counter(re.search(r"praxis\.example/(n\d)", each["text"])[1] for each in server.posted)  # type: ignore[index]
    for name, found in certificates.items():
        assert found["sent_once"] + found["unknown"] == 1
        assert found["sent_once"] <= said[name] <= 1


def by_api(baton: Baton, id: str) -> None:
    assert baton.ask("POST", f"campaigns/{id}/unknown", {"decision": "again", "all": True})["decided"] == 1


def by_page(baton: Baton, id: str) -> None:
    assert baton.host
    token = (baton.home / "owner.token").read_text().strip()
    answer = baton.host.http.post(
        f"/campaigns/{id}/unknown", data={"decision": "again"}, headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 303


def by_command(baton: Baton, id: str) -> None:
    assert baton.host
    url, token = str(baton.host.http.base_url), (baton.home / "owner.token").read_text().strip()
    ran = command("campaign", "unknown", id, "--send-again", "--url", url, "--token", token)
    assert ran.code == 0, ran.err


@pytest.mark.parametrize("decide", [by_api, by_page, by_command])
def test_send_again_leaves_exactly_once_more_and_names_its_author(
    decide: Callable[[Baton, str], None], tmp_path: Path
) -> None:
    with SlackHook() as server:
        baton = Baton(tmp_path, "--clock", "real", BATON_CHAT_URL=server.url + SLACK).start()
        id = create(baton, "chat")
        server.script.append(Twist(reply=Reply(500)))
        baton.approve(id)
        baton.until(id, "analyzing")
        assert (baton.certificate(id)["unknown"], len(server.posted)) == (1, 1)
        decide(baton, id)
        wait_for(lambda: baton.certificate(id)["sent_once"] or None)
        decided = _again(baton, id)
        for _ in range(3):  # Deciding once more finds nothing that is unknown.
            baton.ask("POST", f"campaigns/{id}/unknown", {"decision": "again", "all": True})
        certificate, listed = baton.certificate(id), baton.ask("GET", f"campaigns/{id}/unknown")["items"]
        baton.kill()
        baton.start()
        assert baton.certificate(id)["sent_once"] == 1
        baton.kill()
        assert (len(server.posted), sent_to(server)) == (2, 2)
    assert (certificate["sent_once"], certificate["unknown"], listed) == (1, 0, [])
    assert [(each["by"], each["data"]["n"]) for each in decided] == [("owner", 1)]


def _again(baton: Baton, id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = baton.ask("GET", f"campaigns/{id}/timeline")["items"]
    return [each for each in found if each["what"] == "unknown_again"]
