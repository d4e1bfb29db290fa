from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.host.history import (
    Kind,
    NonDeterminism,
    beginning,
    compare,
    event,
    scheduled,
    stamped,
    task_order,
    to_text,
)
from local.host.steps import Activity, Step, SubOrchestration, Timer

NAMES = st.sampled_from(["send", "plan", "Send"])
STEPS = st.lists(
    st.one_of(
        st.builds(Activity, st.integers(0, 9), NAMES, st.none()),
        st.builds(SubOrchestration, st.integers(0, 9), NAMES, st.none(), st.none(), st.none()),
        st.builds(Timer, st.integers(0, 9)),
    ),
    max_size=5,
)


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_times_as_texts_sort_and_read_back_like_the_times(one: datetime, other: datetime) -> None:
    assert datetime.fromisoformat(to_text(one)) == one
    assert (to_text(one) < to_text(other)) == (one < other)


def test_times_are_written_in_utc() -> None:
    vienna = datetime(2026, 3, 1, 9, 30, tzinfo=timezone(timedelta(hours=1)))
    assert to_text(vienna) == "2026-03-01T08:30:00.000000Z"


def test_a_beginning_holds_what_the_sdk_needs_at_least() -> None:
    first, second = stamped(beginning("campaign", "1.0.0", '{"id": 1}'), "2026-03-01T08:30:00.000000Z")
    assert first == {
        "EventType": 12,
        "EventId": -1,
        "IsPlayed": False,
        "Timestamp": "2026-03-01T08:30:00.000000Z",
    }
    assert (second["EventType"], second["Version"], second["Input"]) == (0, "1.0.0", '{"id": 1}')


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (Activity(3, "send", "1"), {"EventType": 4, "EventId": 3, "Name": "send", "Input": "1"}),
        (
            SubOrchestration(4, "day", "2", None, None),
            {"EventType": 7, "EventId": 4, "Name": "day", "InstanceId": "child", "Input": "2"},
        ),
        (Timer(5), {"EventType": 10, "EventId": 5, "FireAt": "soon"}),
    ],
)
def test_each_step_has_its_event(step: Step, expected: dict[str, Any]) -> None:
    assert scheduled(step, child_id="child", fire_at="soon") == expected


@given(STEPS, STEPS)
def test_a_replay_agrees_only_with_the_same_steps_in_the_same_order(recorded: list[Step], asked: list[Step]) -> None:
    chunk = [event(Kind.ORCHESTRATOR_STARTED), *map(scheduled, recorded)]
    if recorded == asked:
        compare(chunk, asked)
    else:
        with pytest.raises(NonDeterminism):
            compare(chunk, asked)


@pytest.mark.parametrize(
    ("recorded", "asked", "message"),
    [
        ([Activity(0, "a", None)], [Timer(0)], "records step 0, activity 'a', the replay asks for step 0, a timer"),
        ([Activity(0, "a", None)], [], "records step 0, activity 'a', the replay asks for nothing more in this turn"),
        ([], [Timer(2)], "records nothing more in this turn, the replay asks for step 2, a timer"),
    ],
)
def test_a_mismatch_names_the_step(recorded: list[Step], asked: list[Step], message: str) -> None:
    with pytest.raises(NonDeterminism) as caught:
        compare([scheduled(step) for step in recorded], asked)
    assert str(caught.value).endswith(message)


def test_completions_go_by_task_id_before_external_events() -> None:
    events = [
        event(Kind.EVENT_RAISED, Name="z"),
        event(Kind.TASK_COMPLETED, TaskScheduledId=7),
        event(Kind.EVENT_RAISED, Name="a"),
        event(Kind.TIMER_FIRED, TimerId=2),
    ]
    ordered = sorted(events, key=task_order)
    assert [item.get("Name", item.get("TimerId", item.get("TaskScheduledId"))) for item in ordered] == [2, 7, "z", "a"]
