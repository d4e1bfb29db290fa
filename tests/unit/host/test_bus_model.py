"""Who takes a message: rules of subscriptions, and what cannot be sent at all."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.host.bus_model import BODY_LIMIT, BusRefused, Message, Namespace, Queue, Rule

SOME = st.sampled_from(["a", "b", 1, True, 2.5])
PROPERTIES = st.dictionaries(st.sampled_from(["Kind", "kind", "Score"]), SOME)


def message(**given: Any) -> Message:
    return Message(given.pop("body", b"x"), "id", **given)


@given(PROPERTIES, PROPERTIES)
def test_a_rule_matches_when_each_of_its_properties_is_there_and_equal(
    wanted: dict[str, Any], brought: dict[str, Any]
) -> None:
    lowered = {name.lower(): value for name, value in brought.items()}
    expected = all(lowered.get(name.lower()) == value for name, value in wanted.items())
    assert Rule({}, wanted).matches(message(properties=brought)) is expected


def test_a_rule_needs_all_of_its_fields() -> None:
    rule = Rule({"subject": "s", "to": "t"}, {"k": 1})
    assert rule.matches(message(subject="s", to="t", properties={"K": 1}))
    assert not rule.matches(message(subject="s", properties={"k": 1}))
    assert not rule.matches(message(subject="s", to="t", properties={"k": 2}))


def test_a_topic_hands_one_copy_to_each_subscription_that_takes_it() -> None:
    warm = (Rule({"subject": "warm"}, {}), Rule({}, {"score": 9}))
    queues = {"t/subscriptions/warm": Queue(rules=warm), "t/subscriptions/all": Queue(), "tt/subscriptions/x": Queue()}
    namespace = Namespace(queues, {"t": Queue(), "tt": Queue()})
    assert namespace.destinations("T", message(subject="cold")) == ["t/subscriptions/all"]
    both = message(subject="warm", properties={"Score": 9})
    assert namespace.destinations("t", both) == ["t/subscriptions/warm", "t/subscriptions/all"]


@pytest.mark.parametrize(
    ("name", "sent", "reason"),
    [
        ("nowhere", message(), "no queue or topic is named 'nowhere'"),
        ("t/subscriptions/s", message(), "no queue or topic is named"),
        ("q", message(body=b"x" * (BODY_LIMIT + 1)), "body: 262145 bytes; a message may hold 262144"),
        ("t", message(), "SessionId: t/subscriptions/s requires sessions"),
    ],
)
def test_what_cannot_be_sent_is_refused_with_the_reason(name: str, sent: Message, reason: str) -> None:
    queues = {"q": Queue(), "t/subscriptions/s": Queue(requires_session=True)}
    with pytest.raises(BusRefused, match=reason):
        Namespace(queues, {"t": Queue()}).check(name, sent)
