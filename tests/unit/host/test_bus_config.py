"""servicebus.json, and the entities that bindings name."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from azure.functions.decorators.servicebus import (
    ServiceBusQueueOutput,
    ServiceBusQueueTrigger,
    ServiceBusTopicOutput,
    ServiceBusTopicTrigger,
)

from local.host.bus_config import declare, read_namespace
from local.host.bus_model import Namespace, Queue, Rule
from local.host.config import ConfigError


def write(folder: Path, content: Any) -> None:
    (folder / "servicebus.json").write_text(json.dumps(content), "utf-8-sig")


def test_without_the_file_there_are_no_entities(tmp_path: Path) -> None:
    assert read_namespace(tmp_path) == Namespace()


def test_details_have_the_names_of_azures_templates(tmp_path: Path) -> None:
    queue = {
        "requiresSession": True,
        "maxDeliveryCount": 3,
        "lockDuration": "PT30S",
        "defaultMessageTimeToLive": "P14D",
        "deadLetteringOnMessageExpiration": True,
        "duplicateDetectionHistoryTimeWindow": "P1DT2H3M4S",
    }
    rules = [{"label": "l", "correlationId": "c", "properties": {"n": 1}}]
    topic = {"defaultMessageTimeToLive": "PT1H", "subscriptions": {"S": {"maxDeliveryCount": 1, "rules": rules}}}
    write(tmp_path, {"queues": {"Orders": queue}, "topics": {"Leads": topic}})
    window = timedelta(days=1, hours=2, minutes=3, seconds=4)
    assert read_namespace(tmp_path) == Namespace(
        {
            "orders": Queue(True, 3, timedelta(seconds=30), timedelta(days=14), True, window),
            "leads/subscriptions/s": Queue(
                max_delivery_count=1, rules=(Rule({"subject": "l", "correlation_id": "c"}, {"n": 1}),)
            ),
        },
        {"leads": Queue(time_to_live=timedelta(hours=1))},
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ([], r"servicebus\.json: it must be an object, not \[\]"),
        ({"queue": {}}, r"servicebus\.json: queue is not known; known are queues, topics"),
        ({"queues": {"q": {"locks": 1}}}, r"queues\.q\.locks is not known"),
        ({"queues": {"q": []}}, r"queues\.q must be an object"),
        ({"queues": {"q": {"maxDeliveryCount": 0}}}, r"queues\.q\.maxDeliveryCount must be a number from 1 on, not 0"),
        ({"queues": {"q": {"maxDeliveryCount": True}}}, "must be a number from 1 on, not true"),
        ({"queues": {"q": {"requiresSession": "yes"}}}, 'must be true or false, not "yes"'),
        ({"queues": {"q": {"lockDuration": "PT0S"}}}, "must be a duration such as PT5M"),
        ({"queues": {"q": {"lockDuration": "PT"}}}, "must be a duration such as PT5M"),
        ({"topics": {"t": {"requiresSession": True}}}, r"topics\.t\.requiresSession is not known"),
        ({"topics": {"t": {"subscriptions": {"s": {"rules": [{}]}}}}}, r"subscriptions\.s\.rules needs fields"),
        ({"topics": {"t": {"subscriptions": {"s": {"rules": [{"sql": "1"}]}}}}}, r"rules\.sql is not known"),
        ({"topics": {"t": {"subscriptions": {"s": {"rules": {}}}}}}, r"rules must be a list, not \{\}"),
    ],
)
def test_a_wrong_entry_is_named_with_the_reason(tmp_path: Path, content: Any, reason: str) -> None:
    write(tmp_path, content)
    with pytest.raises(ConfigError, match=reason):
        read_namespace(tmp_path)


def test_a_file_that_is_no_json_is_named(tmp_path: Path) -> None:
    (tmp_path / "servicebus.json").write_text("{")
    with pytest.raises(ConfigError, match=r"servicebus\.json is not valid JSON"):
        read_namespace(tmp_path)


def test_bindings_let_entities_exist_and_triggers_receive_from_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAME", "Orders")
    namespace = Namespace({"orders": Queue(max_delivery_count=3)})
    trigger = ServiceBusQueueTrigger("m", "Bus", "%NAME%", is_sessions_enabled=True)
    assert declare(namespace, trigger) == "orders"
    assert declare(namespace, ServiceBusTopicTrigger("m", "Bus", "Leads", "Warm")) == "leads/subscriptions/warm"
    assert (
        declare(namespace, ServiceBusQueueTrigger("m", "Bus", "orders/$DeadLetterQueue")) == "orders/$deadletterqueue"
    )
    assert declare(namespace, ServiceBusTopicOutput("m", "Bus", "news")) == "news"
    assert declare(namespace, ServiceBusQueueOutput("m", "Bus", "done")) == "done"
    assert declare(namespace, ServiceBusQueueOutput("m", "Bus", "leads")) == "leads"  # a topic all the same
    assert namespace == Namespace(
        {
            "orders": Queue(requires_session=True, max_delivery_count=3),
            "leads/subscriptions/warm": Queue(),
            "done": Queue(),
        },
        {"leads": Queue(), "news": Queue()},
        {"orders", "leads/subscriptions/warm", "orders/$deadletterqueue"},
    )


def test_a_setting_that_is_not_there_is_named() -> None:
    with pytest.raises(ConfigError, match="the app setting NOBODY_SET_THIS"):
        declare(Namespace(), ServiceBusQueueOutput("m", "Bus", "%NOBODY_SET_THIS%"))
