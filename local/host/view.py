"""Instances and their histories as the durable management API shows them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from local.host.model import Instance

Json = dict[str, Any]

_NAMES = {
    0: "ExecutionStarted",
    1: "ExecutionCompleted",
    2: "ExecutionFailed",
    3: "ExecutionTerminated",
    4: "TaskScheduled",
    5: "TaskCompleted",
    6: "TaskFailed",
    7: "SubOrchestrationInstanceCreated",
    8: "SubOrchestrationInstanceCompleted",
    9: "SubOrchestrationInstanceFailed",
    10: "TimerCreated",
    11: "TimerFired",
    14: "EventSent",
    15: "EventRaised",
    16: "ContinueAsNew",
    17: "GenericEvent",
    18: "HistoryState",
    19: "ExecutionSuspended",
    20: "ExecutionResumed",
}
_TURN_MARKS = (12, 13)
_SCHEDULING = (4, 7)
_SCHEDULED = (5, 6, 8, 9)
_INTERNAL = (
    "EventId",
    "IsPlayed",
    "TaskScheduledId",
    "TimerId",
    "Version",
    "OrchestrationInstance",
    "ParentInstance",
    "Tags",
)


def status_view(instance: Instance, show_input: bool = True, history: list[Json] | None = None) -> Json:
    """The status of an instance. Its input is shown as text: the SDK's client starts with JSON inside a string.

    As on Azure the output of one that is suspended is the reason; of one that is parked, what it cannot go on from.
    """
    return {
        "name": instance.name,
        "instanceId": instance.id,
        "runtimeStatus": instance.status,
        "input": instance.input if show_input else None,
        "customStatus": _value(instance.custom_status),
        "output": instance.failure if instance.status == "Suspended" else _value(instance.output),
        "createdTime": _seconds(instance.created),
        "lastUpdatedTime": _seconds(instance.last_updated),
        "historyEvents": history,
    }


def history_view(events: Iterable[Json], show_input: bool, show_output: bool) -> list[Json]:
    """The history for people: what was called, when it was scheduled and how it ended, one entry each."""
    shown: dict[int, Json] = {}
    scheduled: dict[int, int] = {}
    for position, event in enumerate(events):
        kind = event["EventType"]
        if kind in _TURN_MARKS:
            continue
        shown[position] = _entry(event, show_input, show_output)
        if kind in _SCHEDULING:
            scheduled[event["EventId"]] = position
        elif kind in _SCHEDULED:
            shown[position] |= _call(shown.pop(scheduled.pop(event["TaskScheduledId"])))
    return list(shown.values())


def _entry(event: Json, show_input: bool, show_output: bool) -> Json:
    kind = event["EventType"]
    entry = {name: value for name, value in event.items() if name not in _INTERNAL} | {"EventType": _NAMES[kind]}
    if kind == 0:
        entry["FunctionName"] = entry.pop("Name")
    if not show_input:
        entry.pop("Input", None)
    if "Result" in entry:
        result = entry.pop("Result")
        entry |= {"Result": _value(result)} if show_output else {}
    return entry


def _call(scheduling: Json) -> Json:
    """What a completion tells about its call; the entry of the call itself is then left out."""
    call = {"ScheduledTime": scheduling["Timestamp"], "FunctionName": scheduling["Name"]}
    return call | ({"Input": scheduling["Input"]} if "Input" in scheduling else {})


def _value(text: str | None) -> Any:
    """A payload as the value it stands for; what is not JSON is shown as it is."""
    if text is None:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text


def _seconds(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
