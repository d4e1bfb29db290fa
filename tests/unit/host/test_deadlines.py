from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from local.host.deadlines import Deadlines
from local.host.history import to_text
from local.host.rows import Timer

START = datetime(2026, 3, 1, tzinfo=UTC)


def timer(instance: str, task: int, minutes: int) -> Timer:
    return Timer(instance, task, "execution", to_text(START + timedelta(minutes=minutes)))


TIMERS = st.builds(timer, st.sampled_from("abc"), st.integers(0, 5), st.integers(0, 20))
CHANGES = st.lists(st.tuples(st.booleans(), TIMERS), max_size=200)


@given(CHANGES, st.integers(0, 20))
def test_what_is_due_is_what_is_open_in_order(changes: list[tuple[bool, Timer]], minutes: int) -> None:
    deadlines, model = Deadlines([]), {}
    for added, item in changes:
        if added:
            deadlines.add(item)
            model[item.instance_id, item.task] = item
        else:
            deadlines.discard(item.instance_id, item.task)
            model.pop((item.instance_id, item.task), None)
    now = START + timedelta(minutes=minutes)
    expected = sorted(model.values(), key=lambda item: (item.fire_at, item.instance_id, item.task))
    due = [item for item in expected if item.fire_at <= to_text(now)]
    assert deadlines.due(now) == due
    left = expected[len(due) :]
    assert deadlines.next() == (datetime.fromisoformat(left[0].fire_at) if left else None)


def test_cancelled_timers_do_not_pile_up() -> None:
    deadlines = Deadlines([timer("a", 0, 5)])
    for task in range(1, 10_000):
        deadlines.add(timer("a", task, 1000))
        deadlines.discard("a", task)
    assert len(deadlines._heap) < 100
    assert deadlines.next() == START + timedelta(minutes=5)
