"""Instances and histories as the management API shows them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from local.host.model import Instance
from local.host.view import history_view, status_view

MOMENT = datetime(2026, 3, 13, 9, 0, 0, 123456, tzinfo=UTC)


def event(kind: int, event_id: int = -1, **properties: Any) -> dict[str, Any]:
    return {"EventType": kind, "EventId": event_id, "IsPlayed": False, "Timestamp": f"t{kind}", **properties}


HISTORY = [
    event(12),
    event(0, Name="order", Version="1.0.0", Input='{"n": 1}'),
    event(4, 0, Name="pay", Input="7"),
    event(10, 1, FireAt="later"),
    event(12),
    event(5, TaskScheduledId=0, Result='{"paid": true}'),
    event(11, TimerId=1, FireAt="later"),
    event(4, 2, Name="ship", Input="8"),
    event(12),
    event(6, TaskScheduledId=2, Reason="no lorry", Details=""),
    event(15, Name="Cancel", Input='"now"'),
    event(1, OrchestrationStatus="Completed", Result='"done"'),
]


def test_calls_are_told_once_with_when_they_began_and_how_they_ended() -> None:
    shown = history_view(HISTORY, show_input=True, show_output=True)
    assert shown == [
        {"EventType": "ExecutionStarted", "Timestamp": "t0", "Input": '{"n": 1}', "FunctionName": "order"},
        {"EventType": "TimerCreated", "Timestamp": "t10", "FireAt": "later"},
        {
            "EventType": "TaskCompleted",
            "Timestamp": "t5",
            "Result": {"paid": True},
            "ScheduledTime": "t4",
            "FunctionName": "pay",
            "Input": "7",
        },
        {"EventType": "TimerFired", "Timestamp": "t11", "FireAt": "later"},
        {
            "EventType": "TaskFailed",
            "Timestamp": "t6",
            "Reason": "no lorry",
            "Details": "",
            "ScheduledTime": "t4",
            "FunctionName": "ship",
            "Input": "8",
        },
        {"EventType": "EventRaised", "Timestamp": "t15", "Name": "Cancel", "Input": '"now"'},
        {"EventType": "ExecutionCompleted", "Timestamp": "t1", "OrchestrationStatus": "Completed", "Result": "done"},
    ]


def test_inputs_and_results_are_left_out_when_nobody_asked_for_them() -> None:
    shown = history_view(HISTORY, show_input=False, show_output=False)
    assert not [entry for entry in shown if "Input" in entry or "Result" in entry]


def test_a_call_that_has_not_ended_is_shown_as_scheduled() -> None:
    (entry,) = history_view([event(12), event(4, 0, Name="pay", Input="7")], show_input=True, show_output=True)
    assert (entry["EventType"], entry["Name"]) == ("TaskScheduled", "pay")


def instance(**changes: Any) -> Instance:
    plain: dict[str, Any] = {
        "id": "a",
        "name": "order",
        "status": "Completed",
        "input": '{"n": 1}',
        "output": '["done"]',
        "custom_status": None,
        "created": MOMENT,
        "last_updated": MOMENT,
        "execution_id": "e",
        "version": None,
        "failure": None,
    }
    return Instance(**(plain | changes))


def test_a_status_has_the_fields_that_the_sdk_reads() -> None:
    assert status_view(instance()) == {
        "name": "order",
        "instanceId": "a",
        "runtimeStatus": "Completed",
        "input": '{"n": 1}',
        "customStatus": None,
        "output": ["done"],
        "createdTime": "2026-03-13T09:00:00Z",
        "lastUpdatedTime": "2026-03-13T09:00:00Z",
        "historyEvents": None,
    }


def test_an_output_that_is_no_json_is_shown_as_it_is() -> None:
    assert status_view(instance(output="stopped by hand"), show_input=False)["output"] == "stopped by hand"
