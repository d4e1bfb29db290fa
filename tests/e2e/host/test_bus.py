"""Service Bus triggers, outputs and the REST API, on a host as users run it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.host.bus import BusHost, bus_host
from tests.e2e.host.process import running, wait_for


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[BusHost]:
    with bus_host(tmp_path) as host:
        yield host


@pytest.fixture(scope="module")
def web_bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BusHost]:
    """Shared by the tests that leave nothing behind."""
    with bus_host(tmp_path_factory.mktemp("bus")) as host:
        yield host


def test_a_function_gets_all_that_the_sender_said(bus: BusHost) -> None:
    broker = {
        "MessageId": "m1", "CorrelationId": "c", "Label": "l", "To": "t", "ReplyTo": "r", "TimeToLive": 172800,
    }  # fmt: skip
    bus.give("Plain", "hello", broker, kind='"lead"', score="9", hot="true", **{"content-type": "text/x"})
    [note] = bus.noted(1)
    told = json.loads(note)
    assert told.pop("enqueued")
    assert told == {
        "body": "hello", "id": "m1", "type": "text/x", "correlation": "c", "subject": "l", "label": "l", "to": "t",
        "reply": "r", "life": 172800.0, "count": 1, "locked": True,
        "properties": {"kind": "lead", "score": 9, "hot": True}, "user": {"kind": "lead", "score": 9, "hot": True},
    }  # fmt: skip
    assert bus.counts("plain") == (0, 0, 0, 0)


def test_many_messages_come_as_lists_of_at_most_the_size_in_host_json(bus: BusHost) -> None:
    bus.give_batch("many", [{"Body": str(n), "UserProperties": {"n": n}} for n in range(12)])
    notes = [note.split()[1:] for note in bus.noted(3)]
    assert [len(batch) for batch in notes] == [5, 5, 2]
    assert [text for batch in notes for text in batch] == [f"{n}/{n}" for n in range(12)]


def test_a_message_that_always_fails_becomes_a_dead_letter_with_the_reason(bus: BusHost) -> None:
    bus.give("poison", "bad")
    bus.give("poison", "good")
    notes = bus.noted(7)
    assert [note for note in notes if note.startswith("poison")] in (
        ["poison 1", "poison 2", "poison 3", "poison 1"],
        ["poison 1", "poison 1", "poison 2", "poison 3"],
        ["poison 1", "poison 2", "poison 1", "poison 3"],
    )
    # The dead-letter queue is a queue like any other, but nothing dies in it a second time.
    assert notes.count("buried bad MaxDeliveryCountExceeded poison") == 3  # at its deliveries 4, 5 and 6
    assert bus.counts("poison") == (0, 0, 0, 0)
    assert bus.host.logged("RuntimeError: cannot be eaten")


def test_the_lock_is_renewed_while_the_function_runs(bus: BusHost) -> None:
    bus.give("hasty", "1.8")  # the lock is for one second
    wait_for(lambda: True if bus.notes() and bus.counts("hasty") == (0, 0, 0, 0) else None)
    assert bus.notes() == ["hasty 1.8 1"]


def test_a_function_that_outlives_its_lock_does_not_settle(bus: BusHost) -> None:
    bus.give("hasty", "3.8")  # renewed for two seconds
    assert bus.noted(2) == ["hasty 3.8 1", "hasty 3.8 2"]
    assert bus.host.logged("hasty took longer than its lock")
    assert bus.counts("hasty") == (0, 0, 0, 0)


def test_a_message_comes_again_when_its_lock_ends_though_nothing_else_happens(bus: BusHost) -> None:
    bus.give("hasty", "60")  # the first delivery still sleeps when the second comes
    wait_for(lambda: True if len(bus.notes()) == 2 else None)
    assert bus.notes() == ["hasty 60 1", "hasty 60 2"]


def test_a_message_starts_an_orchestration_whose_activities_send(bus: BusHost) -> None:
    bus.give("starts", "hello", {"MessageId": "conversation"})
    wait_for(lambda: True if bus.counts("done")[0] == 2 else None)
    assert bus.host.until("conversation", "Completed")["output"] == "hello!!"
    assert [message["body"] for message in bus.look("done")] == ["hello", "hello!"]


def test_a_session_is_served_in_order_one_at_a_time_and_sessions_beside_each_other(bus: BusHost) -> None:
    items = [
        {"Body": body, "BrokerProperties": {"SessionId": session}}
        for body in ("1", "stumble", "3")
        for session in ("a", "b")
    ]
    bus.give_batch("ordered", items)
    notes = [note.split() for note in bus.noted(14)]
    expected = ["begin 1", "end 1", "begin stumble", "begin stumble", "end stumble", "begin 3", "end 3"]
    for session in ("a", "b"):
        assert [f"{verb} {body}" for verb, of, body in notes if of == session] == expected
    assert {of for _, of, _ in notes[:2]} == {"a", "b"}
    refused = bus.send("ordered", "x")
    assert (refused.status_code, refused.text) == (
        400,
        "SessionId: ordered requires sessions, and the message has none\n",
    )


def test_a_duplicate_within_the_window_is_taken_and_dropped(bus: BusHost) -> None:
    for body in ("first", "again"):
        bus.give("once", body, {"MessageId": "same"})
    bus.give("once", "other", {"MessageId": "another"})
    assert sorted(bus.noted(2)) == ["once first same", "once other another"]


def test_rules_choose_the_subscriptions_of_a_topic(bus: BusHost) -> None:
    bus.give("leads", "cold", {"Label": "cold"})
    bus.give("leads", "labelled", {"Label": "warm"})
    bus.give("LEADS", "scored", Score="9")
    bus.give("leads", "both", {"Label": "warm"}, score="9")
    notes = bus.noted(7)
    assert sorted(note for note in notes if note.startswith("warm")) == ["warm both", "warm labelled", "warm scored"]
    assert sum(note.startswith("all") for note in notes) == 4


def test_what_a_function_sends_goes_out_with_its_settlement(bus: BusHost) -> None:
    for body in ("one", "told"):
        bus.give("steps", body)
    assert sorted(bus.noted(3)) == ["all from a function", "step one", "step told"]
    assert sorted(message["body"] for message in bus.look("done")) == ["one", "told"]


def test_a_function_that_fails_sends_nothing(bus: BusHost) -> None:
    bus.give("steps", "bad")
    wait_for(lambda: True if bus.counts("steps") == (0, 0, 0, 1) else None)
    assert bus.notes() == ["step bad"] * 10
    assert bus.look("done") == []
    [dead] = bus.look("steps/$DeadLetterQueue")
    assert (dead["body"], dead["deliveryCount"], dead["deadLetterReason"]) == ("bad", 10, "MaxDeliveryCountExceeded")
    assert dead["deadLetterErrorDescription"] == "Message could not be consumed after 10 delivery attempts."


def test_an_http_function_answers_when_its_message_is_on_the_disk(bus: BusHost) -> None:
    assert bus.host.http.post("/api/out", content=b"bytes").text == "sent"
    assert json.loads(bus.noted(1)[0])["body"] == "bytes"
    assert bus.host.http.post("/api/wrong").status_code == 500
    assert bus.host.logged("SessionId: ordered requires sessions")
    assert bus.host.http.get("/api/resting").text == "nothing"
    assert bus.counts("fading") == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("broker", "reason"),
    [
        ("{", "BrokerProperties: not valid JSON"),
        ("[]", "BrokerProperties: must be a JSON object"),
        ('{"TimeToLive": 0}', "TimeToLive: must be a number of seconds above 0"),
        ('{"MessageId": 7}', "MessageId: must be a text"),
        ('{"SessionId": "' + "s" * 129 + '"}', "SessionId: 129 characters; at most 128"),
        ('{"Label": "\\ud800"}', "Label: holds half of a character"),
        ('{"ScheduledEnqueueTimeUtc": "soon"}', "ScheduledEnqueueTimeUtc: 'soon' is no time"),
    ],
)
def test_a_wrong_message_is_refused_with_the_field(web_bus: BusHost, broker: str, reason: str) -> None:
    refused = web_bus.send("plain", "x", None, BrokerProperties=broker)
    assert refused.status_code == 400
    assert refused.text.startswith(reason)


@pytest.mark.parametrize(
    ("batch", "reason"),
    [
        ("{}", "the batch must be a list"),
        ("[", "the batch is not valid JSON"),
        ('[{"Body": "x"}, {"Body": 1}]', "[1].Body: needs a text"),
        ('[{"Body": "x", "UserProperties": {"k": []}}]', "[0].UserProperties.k: needs a text, a number"),
        ('[{"Body": "x", "UserProperties": {"k": "\\ud800"}}]', "[0].UserProperties.k: needs a text, a number"),
    ],
)
def test_a_batch_is_taken_whole_or_not_at_all(web_bus: BusHost, batch: str, reason: str) -> None:
    kind = {"content-type": "application/vnd.microsoft.servicebus.json"}
    refused = web_bus.send("done", batch, None, **kind)
    assert refused.status_code == 400
    assert refused.text.startswith(reason)
    assert web_bus.look("done") == []


def test_sending_needs_a_key_a_name_and_a_message_that_fits(web_bus: BusHost) -> None:
    http = web_bus.host.http
    assert http.post("/plain/messages", content=b"x").status_code == 401
    assert (
        http.post("/plain/messages", content=b"x", params={"code": web_bus.host.keys["functions"]}).status_code == 401
    )
    assert http.get("/plain/messages", params={"code": web_bus.host.keys["servicebus"]}).status_code == 405
    assert web_bus.send("nowhere", "x").status_code == 404
    assert web_bus.send("leads/subscriptions/all", "x").status_code == 400
    assert web_bus.send("done", b"x" * (256 * 1024 + 1)).status_code == 413


def test_only_the_owner_looks_into_the_queues(web_bus: BusHost) -> None:
    http, keys = web_bus.host.http, web_bus.host.keys
    assert http.get("/admin/host/queues").status_code == 401
    assert http.get("/admin/host/queues", params={"code": keys["servicebus"]}).status_code == 401
    assert http.get("/admin/host/queues/nowhere", params={"code": keys["master"]}).status_code == 404
    refused = http.get("/admin/host/queues/done", params={"code": keys["master"], "limit": "-1"})
    assert (refused.status_code, refused.json()) == (400, {"error": "limit: '-1' is not a number from 0 on"})
    assert {"leads/subscriptions/warm", "leads/subscriptions/all", "plain"} <= {q["name"] for q in web_bus.look()}


def test_messages_survive_a_kill_and_peeking_changes_nothing(tmp_path: Path) -> None:
    with bus_host(tmp_path) as bus:
        for n in range(5):
            bus.give("done", str(n))
        bus.host.kill()
    with bus_host(tmp_path) as bus:
        first = bus.look("done", limit=3)
        rest = bus.look("done", after=first[-1]["sequenceNumber"])
        assert [message["body"] for message in first + rest] == ["0", "1", "2", "3", "4"]
        assert bus.counts("done") == (5, 0, 0, 0)


def test_a_host_that_is_asked_to_stop_settles_what_runs(tmp_path: Path) -> None:
    with bus_host(tmp_path) as bus:
        bus.give("hasty", "0.4")
        wait_for(lambda: bus.notes() or None)
        assert bus.host.stop() == 0
    with bus_host(tmp_path) as bus:
        assert bus.counts("hasty") == (0, 0, 0, 0)
        assert bus.notes() == ["hasty 0.4 1"]


def test_a_wrong_servicebus_json_is_one_sentence_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "function_app.py").write_text("import azure.functions as f\napp = f.FunctionApp()\n")
    (tmp_path / "servicebus.json").write_text('{"queues": {"q": {"lockDuration": "soon"}}}')
    reason = r"queues\.q\.lockDuration must be a duration such as PT5M"
    with pytest.raises(AssertionError, match=reason), running(tmp_path, tmp_path / "state"):
        pass
