"""Events reach the webhooks that want them, signed, once or more under one id, for three days (Standard Webhooks)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from standardwebhooks.webhooks import Webhook as Oracle

from shared.adapters._http.wire import Limits
from shared.adapters.endpoints.guarded import GuardedEndpoints
from shared.agents import events
from shared.agents.events import again, subscriptions
from shared.domain.faults import Conflict, Missing, Rejected
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.subscription import WAITS, WebhookRequest, wait_after
from shared.ports import Post
from tests.integration.generate.home import SCOPE
from tests.servers.provider import Reply, Twist

from .conftest import ON_BOTH_IN_CI, World, signatures


def test_an_event_arrives_signed_with_ids_and_codes_alone(world: World) -> None:
    hook, task = world.subscribe(), world.happens()
    world.tell()
    (asked,) = world.endpoint.asked
    assert json.loads(asked.body) == {
        "type": "task.completed",
        "timestamp": world.ports.clock.now().isoformat(),
        "data": {"task": task.id, "agent": "analyst", "run": 1, "workspace": "main"},
    }
    assert signatures(world.secret(hook), asked.headers, asked.body)
    found = world.one(hook)
    assert (found.state, found.tries, found.log[0].status) == ("delivered", 1, 204)
    world.tell()
    assert len(world.endpoint.asked) == 1


def test_the_signature_is_one_that_the_specifications_own_library_accepts(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = world.subscribe()
    world.happens()
    world.tell()
    (asked,) = world.endpoint.asked
    now = world.ports.clock.now()
    monkeypatch.setattr("standardwebhooks.webhooks.datetime", _At(now))
    assert Oracle(world.secret(hook)).verify(asked.body, dict(asked.headers)) == json.loads(asked.body)


class _At:
    """`datetime` of the oracle, which knows no clock but the machine's."""

    def __init__(self, now):  # type: ignore[no-untyped-def]
        self._now = now

    def __getattr__(self, name):  # type: ignore[no-untyped-def]
        import datetime

        return getattr(datetime.datetime, name)

    def now(self, tz=None):  # type: ignore[no-untyped-def]
        return self._now


def test_only_what_is_wanted_arrives_and_nothing_from_before(world: World) -> None:
    world.happens()
    hook = world.subscribe(events=["task.failed"])
    world.happens()
    failed = world.happens("failed")
    world.tell()
    assert [json.loads(each.body)["data"]["task"] for each in world.endpoint.asked] == [failed.id]
    assert world.one(hook).type == "task.failed"


def test_no_redirect_is_followed_and_only_2xx_is_success(world: World) -> None:
    hook = world.subscribe()
    elsewhere = world.endpoint.url + "/elsewhere"
    world.endpoint.script.append(Twist(take=False, reply=Reply(302, b"", {"Location": elsewhere})))
    world.happens()
    world.tell()
    assert [each.path for each in world.endpoint.asked] == ["/hook"]
    found = world.one(hook)
    assert (found.state, found.log[0].status, found.log[0].why) == ("waiting", 302, "a redirect, which is not followed")


@ON_BOTH_IN_CI
def test_it_is_tried_again_for_three_days_then_given_up_and_the_endpoint_turned_off(world: World) -> None:
    hook = world.subscribe()
    world.endpoint.script.extend(Twist(take=False, reply=Reply(500)) for _ in range(100))
    world.happens()
    began = world.ports.clock.now()
    world.tell()
    while (found := world.one(hook)).state == "waiting":
        world.set(found.next_at)
        world.tell()
    assert (found.state, found.tries) == ("failed", len(WAITS) + 1)
    assert timedelta(days=2.9) < world.ports.clock.now() - began < timedelta(days=3.4)
    ids = {each.headers["webhook-id"] for each in world.endpoint.asked}
    assert ids == {found.event}
    now = world.hook(hook)
    assert (now.enabled, now.disabled_because) == (False, "nothing has arrived there for about three days")
    world.tell()
    told = events.listing(world.ports, SCOPE, "webhook.disabled", 10)[0]
    assert [each.data for each in told] == [{"webhook": hook.id}]


def test_an_endpoint_where_other_events_arrive_stays_on(world: World) -> None:
    hook = world.subscribe()
    world.happens()
    world.endpoint.script.append(Twist(take=False, reply=Reply(500)))
    world.tell()
    while (found := world.deliveries(hook)[-1]).state == "waiting":
        world.set(found.next_at)
        world.endpoint.script.append(Twist(take=False, reply=Reply(500)))
        world.tell()
        world.happens()
        world.tell()
    assert found.state == "failed"
    assert world.hook(hook).enabled


def test_410_turns_it_off_at_once(world: World) -> None:
    hook = world.subscribe()
    world.endpoint.script.append(Twist(take=False, reply=Reply(410)))
    world.happens()
    world.tell()
    assert world.one(hook).state == "failed"
    assert "410" in str(world.hook(hook).disabled_because)
    world.happens()
    world.tell()
    assert len(world.endpoint.asked) == 1
    request = WebhookRequest(url=hook.url)
    assert subscriptions.change(world.ports, SCOPE, hook.id, "ann", request).disabled_because is None


@pytest.mark.parametrize("status", [429, 503])
def test_as_long_as_the_endpoint_asks_for_it_is_left_alone(world: World, status: int) -> None:
    hook = world.subscribe()
    world.endpoint.script.append(Twist(take=False, reply=Reply(status, b"", {"Retry-After": "7200"})))
    world.happens()
    began = world.ports.clock.now()
    world.tell()
    assert world.one(hook).next_at - began == timedelta(hours=2)


def test_waits_are_spread_but_never_shorter_than_planned_and_never_without_end() -> None:
    found = {wait_after(f"d{number}", 1) for number in range(100)}
    assert len(found) > 90
    assert all(WAITS[0] <= each <= WAITS[0] * 1.1 for each in found if each)
    assert wait_after("d", 1, asked=10.0**7) == timedelta(hours=24)
    assert wait_after("d", len(WAITS) + 1, asked=60) is None


def test_after_a_rotation_two_signatures_for_a_day_then_one(world: World) -> None:
    hook = world.subscribe()
    old = world.secret(hook)
    new = world.secret(subscriptions.rotate(world.ports, SCOPE, hook.id, "ann"))
    world.endpoint.secrets = (old, new)
    for hours, expected in ((1, {old: True, new: True}), (24, {old: False, new: True})):
        world.wait(hours=hours)
        world.happens()
        world.tell()
        asked = world.endpoint.asked[-1]
        assert {each: signatures(each, asked.headers, asked.body) for each in (old, new)} == expected
    assert old != new


@ON_BOTH_IN_CI
def test_one_delivery_or_all_since_a_time_are_sent_again_under_the_same_ids(world: World) -> None:
    hook = world.subscribe()
    world.happens()
    world.tell()
    since = world.ports.clock.now()
    world.happens()
    world.happens()
    world.tell()
    first = world.endpoint.asked[0].headers["webhook-id"]
    assert again.again(world.ports, SCOPE, hook.id, first, "ann").state == "delivered"
    assert [each.headers["webhook-id"] for each in world.endpoint.asked].count(first) == 2
    assert again.again_since(world.ports, SCOPE, hook.id, since + timedelta(milliseconds=1), "ann") == 2
    world.tell()
    assert world.endpoint.repeats == 3
    assert sorted(each.tries for each in world.deliveries(hook)) == [1, 1, 1]
    assert sorted(len(each.log) for each in world.deliveries(hook)) == [2, 2, 2]
    with pytest.raises(Missing):
        again.again(world.ports, SCOPE, hook.id, "evt_none", "ann")


def test_what_is_off_gets_nothing_and_cannot_be_sent_to_again(world: World) -> None:
    hook = world.subscribe()
    subscriptions.change(world.ports, SCOPE, hook.id, "ann", WebhookRequest(url=hook.url, enabled=False))
    world.happens()
    world.tell()
    assert world.endpoint.asked == []
    with pytest.raises(Conflict):
        again.again_since(world.ports, SCOPE, hook.id, world.ports.clock.now(), "ann")


def test_a_dead_endpoint_holds_up_no_other(world: World) -> None:
    dead = subscriptions.create(world.ports, SCOPE, "ann", WebhookRequest(url="https://dead.invalid/hook"))
    hook = world.subscribe()
    for _ in range(5):
        world.happens()
    world.tell()
    assert {each.state for each in world.deliveries(hook)} == {"delivered"}
    assert sum(each.tries for each in world.deliveries(dead)) == 3  # the rest is left for the next sweep
    assert "dead.invalid" in world.deliveries(dead)[-1].log[0].why


def test_another_workspace_sees_and_gets_nothing(world: World) -> None:
    hook = world.subscribe()
    world.happens()
    world.tell()
    other = Scope("local", "other")
    assert subscriptions.every(world.ports, other) == []
    assert events.listing(world.ports, other, None, 10) == ([], None)
    with pytest.raises(Missing):
        again.deliveries(world.ports, other, hook.id, None, 10)


@pytest.mark.parametrize(
    "url",
    ["http://example.com/hook", "https://user:secret@example.com/", "ftp://example.com/x", "https://example.com:8080/", "https://"],
)  # fmt: skip
def test_a_url_that_nothing_is_ever_sent_to_is_refused_with_the_reason(world: World, url: str) -> None:
    with pytest.raises(Rejected, match="url"):
        subscriptions.create(world.ports, SCOPE, "ann", WebhookRequest(url=url))


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "0x7f.1", "2130706433", "127.1", "[::1]", "169.254.169.254", "168.63.129.16", "10.0.0.5"]
)
def test_no_name_of_a_place_inside_is_ever_connected_to(host: str) -> None:
    """Trust 4.3: whatever it looks like, what it leads to is judged. The real resolver answers."""
    found = GuardedEndpoints().post(Post(f"https://{host}/latest/meta-data", {}, b"{}"))
    assert found.status is None
    assert "not one of the open internet" in found.why or "is not found" in found.why


def test_a_name_that_leads_inside_only_when_it_is_asked_is_refused_too() -> None:
    """DNS rebinding: created while it led outside; every address counts, at every post."""
    found = GuardedEndpoints(resolve=lambda host, port: ["93.184.216.34", "127.0.0.1"])
    assert "not one of the open internet" in found.post(Post("https://rebind.example/", {}, b"{}")).why


def test_an_endpoint_that_never_answers_is_left_after_a_time(world: World) -> None:
    hook = world.subscribe()
    world.endpoint.script.append(Twist(hang=True))
    world.happens()
    world.ports = replace(
        world.ports, endpoints=GuardedEndpoints(f"127.0.0.1:{world.endpoint.port}", Limits(connect=1.0, whole=0.3))
    )
    world.tell()
    assert world.one(hook).log[0].why == "no answer within 0.3 s"


@ON_BOTH_IN_CI
def test_what_is_older_than_thirty_days_is_forgotten(world: World) -> None:
    hook = world.subscribe()
    world.happens()
    world.tell()
    world.wait(days=31)
    world.tell()
    events.forget(world.ports, SCOPE)
    assert world.deliveries(hook) == []
    assert events.listing(world.ports, SCOPE, None, 10) == ([], None)
    world.tell()
    assert len(world.endpoint.asked) == 1


def test_the_secret_is_in_no_document_and_no_url_in_the_journal(world: World) -> None:
    hook = world.subscribe("/secret-path")
    stored = world.ports.documents.get(SCOPE, Kind.WEBHOOK, hook.id)
    assert stored
    assert world.secret(hook).removeprefix("whsec_") not in json.dumps(stored.body)
    facts = world.ports.journal.read(SCOPE, "webhooks")
    assert [(fact.what, fact.by, fact.data) for fact in facts] == [("created", "ann", {"webhook": hook.id})]
