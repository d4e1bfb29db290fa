"""Messages to a place of one's own: a chat of Slack or Teams, an account of the Fediverse."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from shared.adapters._http.wire import Limits
from shared.adapters.channels.chat import ChatChannel
from shared.adapters.channels.mastodon import MastodonChannel
from shared.domain.scope import Scope
from shared.ports import Channel, Outgoing, Receipt, Sent
from tests.contract.channel_homes import note, post
from tests.servers.endpoints import TOKEN, MastodonServer, SlackHook, TeamsHook
from tests.servers.provider import Reply, Twist

SCOPE = Scope("local", "main")
LIMITS = Limits(whole=0.5)


def send(channel: Channel, message: Outgoing) -> Receipt:
    with channel.session(SCOPE) as session:
        (receipt,) = session.send([message])
        return receipt


def test_slack_gets_its_own_markup_with_nothing_that_controls_it() -> None:
    with SlackHook() as server:
        send(ChatChannel(f"{server.url}/services/T0/B0/secret#kind=slack", LIMITS), note("k1"))
        assert server.posted == [
            {
                "text": "*Hello k1*\nA &lt; B &amp; C\n<https://halm.example/?a=1&amp;b=2|Look>",
                "unfurl_links": False,
            }
        ]


def test_teams_gets_a_card_with_a_button() -> None:
    with TeamsHook() as server:
        send(ChatChannel(f"{server.url}/workflows/1?sig=s%2Be%2Fcret", LIMITS), note("k1"))
        (card,) = server.cards
    assert [block["text"] for block in card["body"]] == ["Hello k1", "A < B & C"]
    assert card["actions"] == [
        {"type": "Action.OpenUrl", "title": "Look", "url": "https://halm.example/?a=1&b=2"},
    ]


def test_a_webhook_of_slack_that_is_gone_has_failed_and_one_that_says_something_else_is_unknown() -> None:
    with SlackHook() as server:
        assert send(ChatChannel(f"{server.url}/services/gone#kind=slack", LIMITS), note("k1")).state == "failed"
        server.script.append(Twist(reply=Reply(200, b"<html>")))
        channel = ChatChannel(f"{server.url}/services/T0/B0/secret#kind=slack", LIMITS)
        assert send(channel, note("k2")).state == "unknown"


@pytest.mark.parametrize(
    "message", [b"", b"[]", b"\xff", b'{"title": 5}', b'{"title": "x", "text": "' + b"x" * 29_000 + b'"}']
)
def test_what_cannot_be_a_chat_message_is_not_sent(message: bytes) -> None:
    with TeamsHook() as server:
        channel = ChatChannel(f"{server.url}/workflows/1?sig=s%2Be%2Fcret", LIMITS)
        assert send(channel, Outgoing("k1", 1, "", "chat", message)).state == "failed"
        assert server.asked == []


@pytest.mark.parametrize("url", ["ftp://hunter2", "http://chat.example/hunter2", "https://chat.example/#kind=hunter2"])
def test_what_is_wrong_with_the_chats_setting_is_named(url: str) -> None:
    with pytest.raises(ValueError, match=r"^BATON_CHAT_URL: ") as wrong:
        ChatChannel(url)
    assert "hunter2" not in str(wrong.value)


@pytest.fixture
def mastodon() -> Iterator[MastodonServer]:
    with MastodonServer() as server:
        yield server


def account_at(server: MastodonServer, token: str = TOKEN) -> Channel:
    return MastodonChannel(f"mastodon+http://{token}@127.0.0.1:{server.port}", LIMITS)


@pytest.mark.parametrize("twist", [Twist(reply=Reply(500)), Twist(reply=None), Twist(hang=True)])
def test_the_effect_key_makes_asking_again_harmless(mastodon: MastodonServer, twist: Twist) -> None:
    mastodon.script.append(twist)
    receipt = send(account_at(mastodon), post("k1"))
    assert receipt.state == "accepted"
    assert receipt.provider_id == mastodon.posts[0]["id"]
    assert len(mastodon.posts) == 1


def test_a_post_whose_answers_were_all_lost_is_found_in_the_account(mastodon: MastodonServer) -> None:
    since = datetime.now(UTC)
    mastodon.script.extend([Twist(reply=Reply(502)), Twist(reply=None)])
    assert send(account_at(mastodon), post("k1")).state == "unknown"

    sent = {key: Sent(post(key), since) for key in ("k1", "k2")}
    assert account_at(mastodon).evidence(SCOPE, ["k1", "k2"], sent) == {"k1": "accepted"}
    later = {"k1": Sent(post("k1"), since + timedelta(hours=1))}
    assert account_at(mastodon).evidence(SCOPE, ["k1"], later) == {}
    assert account_at(mastodon).evidence(SCOPE, ["k1"]) == {}


def test_a_text_that_the_server_refuses_has_failed(mastodon: MastodonServer) -> None:
    assert send(account_at(mastodon), Outgoing("k1", 1, "", "social", b"x" * 501)).state == "failed"


def test_a_withdrawn_token_is_said_before_anything_is_claimed(mastodon: MastodonServer) -> None:
    with account_at(mastodon, "another").session(SCOPE) as session:
        assert "401" in str(session.unreachable())


@pytest.mark.parametrize(
    "url", ["mastodon://", "mastodon+http://hunter2@social.example", "mastodon://t@s?visibility=hunter2"]
)
def test_what_is_wrong_with_the_networks_setting_is_named(url: str) -> None:
    with pytest.raises(ValueError, match=r"^BATON_SOCIAL_URL: ") as wrong:
        MastodonChannel(url)
    assert "hunter2" not in str(wrong.value)
