from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from local.cli.demo.crash import Crash, examine
from local.cli.demo.run import Outcome, monday

EARLY, LATE = "2027-03-01T09:00:00+00:00", "2027-03-01T09:02:00+00:00"


def row(key: str, attempt: int, settled_at: str | None) -> dict[str, Any]:
    return {"key": key, "attempt": attempt, "settled_at": settled_at}


def test_a_kill_in_mid_batch_left_messages_without_receipt_and_rows_claimed_in_vain() -> None:
    rows = [row("settled", 1, EARLY), row("out", 1, LATE), row("vain", 2, LATE), row("next", 1, LATE)]
    assert examine({"settled", "out"}, rows) == Crash(out=2, unreceipted=1, claimed=1)


def test_a_kill_between_two_batches_left_neither() -> None:
    crash = examine({"a"}, [row("a", 1, EARLY), row("b", 1, LATE), row("c", 1, None)])
    assert crash == Crash(1, 0, 0)
    assert not crash.mid_batch


def outcome(certificate: dict[str, Any], counted: dict[str, int], crash: Crash) -> Outcome:
    kept = {"sent_once": 2, "sent_twice": 0, "unknown": 0, "remaining": 0}
    found = {"messages": 2, "twice": 0, "people_twice": 0}
    return Outcome({**kept, **certificate}, {**found, **counted}, {}, [crash], {})


def test_a_demo_that_kept_its_promise_has_nothing_wrong() -> None:
    assert outcome({}, {}, Crash(1, 1, 1)).wrong() == []


@pytest.mark.parametrize(
    ("certificate", "counted", "crash"),
    [
        ({"sent_once": 3}, {}, Crash(1, 1, 1)),
        ({"sent_twice": 1}, {}, Crash(1, 1, 1)),
        ({"unknown": 1}, {}, Crash(1, 1, 1)),
        ({"remaining": 1}, {}, Crash(1, 1, 1)),
        ({}, {"twice": 1}, Crash(1, 1, 1)),
        ({}, {"people_twice": 1}, Crash(1, 1, 1)),
        ({}, {}, Crash(1, 0, 1)),
        ({}, {}, Crash(1, 1, 0)),
    ],
)
def test_anything_else_is_said(certificate: dict[str, Any], counted: dict[str, int], crash: Crash) -> None:
    assert len(outcome(certificate, counted, crash).wrong()) == 1


@pytest.mark.parametrize("day", range(20, 27))
def test_the_demo_begins_on_the_coming_monday(day: int) -> None:
    start = monday(datetime(2026, 11, day, 23, 59, tzinfo=UTC))
    assert (start.weekday(), start.hour) == (0, 6)
    assert 0 < (start - datetime(2026, 11, day, 23, 59, tzinfo=UTC)).total_seconds() < 7 * 86_400
