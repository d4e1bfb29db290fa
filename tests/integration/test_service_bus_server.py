"""The broker that other tests trust: it does over the wire what azure-servicebus expects of Azure Service Bus."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from azure.servicebus import NEXT_AVAILABLE_SESSION, ServiceBusClient, ServiceBusMessage, ServiceBusSubQueue
from azure.servicebus.exceptions import (
    MessageLockLostError,
    MessageNotFoundError,
    MessageSizeExceededError,
    MessagingEntityNotFoundError,
    OperationTimeoutError,
    ServiceBusAuthenticationError,
    ServiceBusError,
    SessionCannotBeLockedError,
)

from tests.e2e.host.process import wait_for
from tests.servers.service_bus import Rule, ServiceBus, Settings

QUEUES = {
    "plain": Settings(),
    "hasty": Settings(lock_seconds=1, max_delivery_count=2),
    "later": Settings(),
    "dying": Settings(dead_letter_expired=True),
    "once": Settings(duplicate_seconds=60),
    "ordered": Settings(requires_session=True),
    "big": Settings(),
    "again": Settings(),
}
TOPICS = {
    "leads": {
        "all": Settings(),
        "warm": Settings(rules=(Rule({"label": "warm"}), Rule({}, {"score": 9}))),
    }
}


@pytest.fixture(scope="module")
def broker() -> Iterator[ServiceBus]:
    with ServiceBus(QUEUES, TOPICS) as broker:
        yield broker


@pytest.fixture(scope="module")
def client(broker: ServiceBus) -> Iterator[ServiceBusClient]:
    # Without a thread that keeps a sender's connection alive: its end would be waited for at each close.
    with ServiceBusClient.from_connection_string(broker.connection_string, retry_total=0, keep_alive=0) as client:
        yield client


def send(client: ServiceBusClient, name: str, *bodies: str, **details: Any) -> None:
    with client.get_queue_sender(name) as sender:
        sender.send_messages([ServiceBusMessage(body, **details) for body in bodies])


def receive_one(client: ServiceBusClient, name: str, **details: Any) -> None:
    with client.get_queue_receiver(name, **details) as receiver:
        receiver.receive_messages(1, 5)


def bodies(messages: list[Any]) -> list[str]:
    return [str(message) for message in messages]


def test_a_message_arrives_as_it_was_sent_and_is_gone_when_completed(
    broker: ServiceBus, client: ServiceBusClient
) -> None:
    sent = ServiceBusMessage(
        b"\x00\xff",
        application_properties={"n": 7, "word": "é", "yes": True, "share": 0.5},
        message_id="m-1",
        correlation_id="c-1",
        content_type="application/octet-stream",
        subject="greeting",
        to="you",
        reply_to="me",
    )
    with client.get_queue_sender("plain") as sender, client.get_queue_receiver("plain") as receiver:
        sender.send_messages(sent)
        [got] = receiver.receive_messages(1, 5)
        assert (b"".join(got.body), got.message_id, got.correlation_id) == (b"\x00\xff", "m-1", "c-1")
        assert (got.content_type, got.subject, got.to, got.reply_to) == (
            "application/octet-stream", "greeting", "you", "me",
        )  # fmt: skip
        assert got.application_properties == {b"n": 7, b"word": "é".encode(), b"yes": True, b"share": 0.5}
        assert broker.counts("plain") == (0, 1, 0, 0)
        until = got.locked_until_utc
        assert receiver.renew_message_lock(got) > until
        receiver.complete_message(got)
        sender.send_messages([ServiceBusMessage("a"), ServiceBusMessage("b")])
        first, second = (receiver.receive_messages(1, 5)[0] for _ in range(2))
        receiver.abandon_message(first)
        receiver.defer_message(second)
        [again] = receiver.receive_messages(1, 5)
        assert (str(again), again.delivery_count, str(second)) == ("a", 1, "b")
        receiver.complete_message(again)
        [deferred] = receiver.receive_deferred_messages(second.sequence_number)
        receiver.dead_letter_message(deferred, "unreadable", "it is not ours")
    wait_for(lambda: True if broker.counts("plain") == (0, 0, 0, 1) else None)
    with client.get_queue_receiver("plain", sub_queue=ServiceBusSubQueue.DEAD_LETTER) as graves:
        [dead] = graves.receive_messages(1, 5)
        assert (str(dead), dead.dead_letter_reason, dead.dead_letter_error_description) == (
            "b", "unreadable", "it is not ours",
        )  # fmt: skip
        assert dead.dead_letter_source == "plain"
        graves.complete_message(dead)
    wait_for(lambda: True if broker.counts("plain") == (0, 0, 0, 0) else None)


def test_a_lock_that_ends_is_lost_and_too_many_of_them_are_death(broker: ServiceBus, client: ServiceBusClient) -> None:
    send(client, "hasty", "x")
    with client.get_queue_receiver("hasty") as receiver:
        [first] = receiver.receive_messages(1, 5)
        [second] = receiver.receive_messages(1, 5)  # after the lock of the first has ended
        assert second.delivery_count == 1
        with pytest.raises(MessageLockLostError):
            receiver.renew_message_lock(first)
    wait_for(lambda: True if broker.counts("hasty") == (0, 0, 0, 1) else None)
    with client.get_queue_receiver("hasty", sub_queue=ServiceBusSubQueue.DEAD_LETTER) as graves:
        [dead] = graves.peek_messages(1)
    assert dead.dead_letter_reason == "MaxDeliveryCountExceeded"


def test_what_is_scheduled_comes_at_its_time_or_is_cancelled(broker: ServiceBus, client: ServiceBusClient) -> None:
    with client.get_queue_sender("later") as sender, client.get_queue_receiver("later") as receiver:
        [number] = sender.schedule_messages(ServiceBusMessage("never"), datetime.now(UTC) + timedelta(hours=1))
        assert [(str(seen), seen.state.name) for seen in receiver.peek_messages(9)] == [("never", "SCHEDULED")]
        sender.cancel_scheduled_messages(number)
        with pytest.raises(MessageNotFoundError):
            sender.cancel_scheduled_messages(number)
        soon = datetime.now(UTC) + timedelta(milliseconds=300)
        sender.send_messages(ServiceBusMessage("soon", scheduled_enqueue_time_utc=soon))
        [got] = receiver.receive_messages(1, 5)
        assert str(got) == "soon"
        assert got.enqueued_time_utc >= soon - timedelta(milliseconds=2)
        receiver.complete_message(got)


def test_what_is_not_taken_in_its_time_is_a_dead_letter(broker: ServiceBus, client: ServiceBusClient) -> None:
    send(client, "dying", "late", time_to_live=timedelta(seconds=1))
    wait_for(lambda: True if broker.counts("dying") == (0, 0, 0, 1) else None)


def test_a_message_id_is_taken_once(broker: ServiceBus, client: ServiceBusClient) -> None:
    send(client, "once", "first", "second", message_id="same")
    assert broker.counts("once") == (1, 0, 0, 0)


def test_rules_choose_the_subscriptions(broker: ServiceBus, client: ServiceBusClient) -> None:
    with client.get_topic_sender("leads") as sender:
        sender.send_messages(
            [
                ServiceBusMessage("cold"),
                ServiceBusMessage("warm", subject="warm"),
                ServiceBusMessage("nine", application_properties={"score": 9}),
            ]
        )
    with client.get_subscription_receiver("leads", "warm") as receiver:
        assert bodies(receiver.peek_messages(9)) == ["warm", "nine"]
    assert broker.counts("leads/subscriptions/all") == (3, 0, 0, 0)


def test_a_session_has_one_holder_an_order_and_a_state(broker: ServiceBus, client: ServiceBusClient) -> None:
    with client.get_queue_sender("ordered") as sender:
        sender.send_messages([ServiceBusMessage(f"{n}", session_id=f"s{n % 2}") for n in range(4)])
        with pytest.raises(ServiceBusError, match="session"):
            sender.send_messages(ServiceBusMessage("of none"))
    with client.get_queue_receiver("ordered", session_id=NEXT_AVAILABLE_SESSION) as receiver:
        assert receiver.session.session_id == "s0"
        receiver.session.set_state(b"\x01half")
        assert receiver.session.renew_lock() > datetime.now(UTC)
        taken = receiver.receive_messages(1, 5) + receiver.receive_messages(1, 5)
        assert bodies(taken) == ["0", "2"]
        receiver.complete_message(taken[0])
        with pytest.raises(SessionCannotBeLockedError):
            receive_one(client, "ordered", session_id="s0")
    with client.get_queue_receiver("ordered", session_id="s0") as receiver:
        assert receiver.session.get_state() == b"\x01half"
        [left] = receiver.receive_messages(1, 5)
        assert (str(left), left.delivery_count) == ("2", 1)
        with client.get_queue_receiver("ordered", session_id="s1"), pytest.raises(OperationTimeoutError):
            receive_one(client, "ordered", session_id=NEXT_AVAILABLE_SESSION, max_wait_time=1)


def test_a_big_message_travels_in_many_frames_and_a_bigger_one_is_refused(client: ServiceBusClient) -> None:
    with client.get_queue_sender("big") as sender, client.get_queue_receiver("big") as receiver:
        sender.send_messages(ServiceBusMessage("x" * 900_000))
        [got] = receiver.receive_messages(1, 5)
        assert str(got) == "x" * 900_000
        receiver.complete_message(got)
        with pytest.raises(MessageSizeExceededError):
            sender.send_messages(ServiceBusMessage("x" * 1_100_000))


def test_a_settlement_that_is_forgotten_brings_the_message_again(broker: ServiceBus, client: ServiceBusClient) -> None:
    broker.forget_settlements("again", 1)
    send(client, "again", "x")
    with client.get_queue_receiver("again") as receiver:
        for count in (0, 1):
            [got] = receiver.receive_messages(1, 5)
            assert got.delivery_count == count
            receiver.complete_message(got)
    wait_for(lambda: True if broker.counts("again") == (0, 0, 0, 0) else None)


def test_the_unknown_and_the_wrong_key_are_told(broker: ServiceBus, client: ServiceBusClient) -> None:
    with pytest.raises(MessagingEntityNotFoundError):
        receive_one(client, "nobody")
    wrong = broker.connection_string.replace("key of", "no key of")
    with (
        ServiceBusClient.from_connection_string(wrong, retry_total=0) as stranger,
        pytest.raises(ServiceBusAuthenticationError),
        stranger.get_queue_sender("plain"),
    ):
        pass


def test_a_lost_connection_is_made_anew(broker: ServiceBus) -> None:
    with (
        ServiceBusClient.from_connection_string(
            broker.connection_string, retry_backoff_factor=0.05, keep_alive=0
        ) as client,
        client.get_queue_sender("later") as sender,
    ):
        broker.lose_connections()
        sender.send_messages(ServiceBusMessage("after all"))
    assert broker.counts("later")[0] == 1
