"""Entities through the unmodified SDK: signalled and called, read by the client and over the management API."""

from __future__ import annotations

from typing import Any

from tests.e2e.host.process import RunningHost, wait_for


def value(host: RunningHost, key: str, expected: Any) -> None:
    """Wait until the SDK's client reads this state."""
    wait_for(lambda: True if host.call("GET", f"counters/{key}") == {"exists": True, "value": expected} else None)


def test_an_orchestration_signals_and_calls_an_entity_in_order(patterns: RunningHost) -> None:
    assert patterns.call("POST", "run/tally", {"key": "sum", "numbers": [1, 2, 3, 4]}) == 10
    assert patterns.call("POST", "run/tally", {"key": "sum", "numbers": [5]}) == 15
    assert patterns.call("GET", "counters/sum") == {"exists": True, "value": 15}


def test_the_client_signals_and_reads_an_entity(patterns: RunningHost) -> None:
    assert patterns.call("GET", "counters/clicks") == {"exists": False, "value": None}
    for _ in range(3):
        patterns.call("POST", "counters/clicks/add", 2)
    value(patterns, "clicks", 6)
    patterns.call("POST", "counters/clicks/reset")
    value(patterns, "clicks", 0)


def test_many_callers_lose_no_operation(patterns: RunningHost) -> None:
    ids = [f"many-{number}" for number in range(12)]
    for id_ in ids:
        patterns.call("POST", f"start/tally/{id_}", {"key": "shared", "numbers": [1] * 12})
    answers = [patterns.until(id_, "Completed")["output"] for id_ in ids]
    assert len(set(answers)) == 12
    assert max(answers) == 144
    value(patterns, "shared", 144)


def test_a_failing_operation_raises_in_its_caller_and_keeps_what_it_had_set(patterns: RunningHost) -> None:
    assert patterns.call("POST", "run/spoils", "bad") == {"said": "spoilt on purpose", "left": -1}
    assert patterns.logged("operation 'spoil' failed")


def test_an_entity_can_end_itself_and_begin_again(patterns: RunningHost) -> None:
    assert patterns.call("POST", "run/tally", {"key": "brief", "numbers": [7]}) == 7
    patterns.call("POST", "counters/brief/delete")
    wait_for(lambda: True if patterns.call("GET", "counters/brief")["exists"] is False else None)
    assert patterns.call("POST", "run/tally", {"key": "brief", "numbers": [1]}) == 1


def test_entities_are_listed_page_by_page_with_their_states(patterns: RunningHost) -> None:
    for number in range(3):
        patterns.call("POST", "run/tally", {"key": f"page-{number}", "numbers": [number]})
    asked = {"fetchState": "true", "top": "2"}
    found, token = [], "x-ms-continuation-token"
    page = patterns.manage("GET", "entities/COUNTER", params=asked)
    while token in page.headers:
        found += page.json()
        page = patterns.manage("GET", "entities/counter", params=asked, headers={token: page.headers[token]})
    found += page.json()
    mine = {entity["entityId"]["key"]: entity["state"] for entity in found}
    assert {key: state for key, state in mine.items() if key.startswith("page-")} == {
        "page-0": 0,
        "page-1": 1,
        "page-2": 2,
    }
    assert {entity["entityId"]["name"] for entity in found} == {"counter"}
    assert patterns.manage("GET", "entities", params={"lastOperationTimeFrom": "2999-01-01"}).json() == []
    assert patterns.manage("GET", "entities/other").json() == []


def test_curl_signals_with_plain_text_and_reads_json(patterns: RunningHost) -> None:
    sent = patterns.manage("POST", "entities/Counter/plain", params={"op": "add"}, content="4")
    assert sent.status_code == 202
    value(patterns, "plain", 4)
    read = patterns.manage("GET", "entities/counter/plain")
    assert (read.text, read.headers["content-type"]) == ("4", "application/json")


def test_an_operation_shows_in_the_history_of_its_caller(patterns: RunningHost) -> None:
    patterns.call("POST", "start/tally/told-tally", {"key": "told", "numbers": [1, 2]})
    patterns.until("told-tally", "Completed")
    events = patterns.manage("GET", "instances/told-tally", params={"showHistory": "true"}).json()["historyEvents"]
    kinds = [event["EventType"] for event in events]
    assert kinds == ["ExecutionStarted", "EventSent", "EventSent", "EventRaised", "ExecutionCompleted"]
