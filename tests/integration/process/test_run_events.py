"""What runs tell other systems: that they began, how they ended, and that they are late while they still are."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from functions import sweep
from shared.agents import events
from shared.ports import Ports
from shared.process import execute, runs
from shared.process.books import RUN_BOOK
from shared.process.store import put
from tests.integration.agents.conftest import SCOPE, START, Hand
from tests.integration.process.played import Played
from tests.integration.process.probe import plug_in
from tests.integration.process.test_triggers import begun, keep

WAITS = {"id": "a", "type": "wait", "with": {"for": "2h"}}


@pytest.fixture(autouse=True)
def seen(monkeypatch: pytest.MonkeyPatch) -> None:
    plug_in(monkeypatch)


def told(ports: Ports) -> list[tuple[str, datetime, str | int]]:
    """Type, time and attempt of every event, oldest first, after one more sweep."""
    assert sweep.tell(ports)
    found, _ = events.listing(ports, SCOPE, None, 100)
    return [(each.type, each.at, each.data["attempt"]) for each in reversed(found)]


def test_a_run_that_takes_too_long_is_late_before_it_ends(ports: Ports, hand: Hand) -> None:
    Played(ports, hand, {"process": "other", "steps": [WAITS]}).play()  # no time was said for this one
    played = Played(ports, hand, {"within": "1h", "steps": [WAITS]})
    played.play()
    assert execute.next_late(ports, SCOPE) == START + timedelta(hours=1)
    assert {each[0] for each in told(ports)} == {"run.started"}
    hand.forward(hours=1, minutes=1)
    assert execute.next_late(ports, SCOPE) is None
    for _ in range(2):
        assert told(ports)[2:] == [("run.late", START + timedelta(hours=1), 1)]
    assert (played.run.status, played.run.late) == ("running", True)
    ended = played.play(START + timedelta(hours=2))
    assert (ended.status, ended.late) == ("done", True)
    assert told(ports)[3:] == [("run.done", START + timedelta(hours=2), 1)]
    [done], _ = events.listing(ports, SCOPE, "run.done", 10)
    assert done.data == {"run": played.id, "process": "test", "attempt": 1, "trigger": "person"}


def test_each_attempt_tells_its_own_end_and_a_process_within_nothing(ports: Ports, hand: Hand) -> None:
    inner = {"process": "inner", "title": "Within", "steps": [{"id": "x", "type": "probe", "with": {"breaks": True}}]}
    put(ports, SCOPE, "owner", "inner", json.dumps(inner).encode(), "inner.json", None)
    played = Played(ports, hand, {"steps": [{"id": "a", "type": "process", "with": {"name": "inner"}}]})
    assert played.play().status == "failed"
    assert sorted(each[0] for each in told(ports)) == ["run.failed", "run.started"]
    runs.retry(ports, SCOPE, played.id, "owner")
    hand.forward(minutes=1)
    played.retried()
    assert {each[::2] for each in told(ports)} == {
        (type, attempt) for type in ("run.started", "run.failed") for attempt in (1, 2)
    }


def test_processes_do_not_start_each_other_for_ever(ports: Ports, hand: Hand) -> None:
    keep(ports, '{event: run.done, with: {what: "${{ event.process }}"}}')
    hand.forward(minutes=1)
    first = Played(ports, hand, {"steps": [{"id": "a", "type": "probe"}]})
    assert first.play().status == "done"
    for _ in range(3):
        told(ports)
        [started] = [each for each in begun(ports) if each.process == "nightly"]
        assert (started.trigger, started.inputs["what"]) == ("event", "test")
        hand.forward(minutes=1)
        now = hand.now()

        def end(run: runs.Run, at: datetime = now) -> None:
            run.status, run.started_at, run.ended_at = "done", run.started_at or at, run.ended_at or at

        RUN_BOOK.change(ports, SCOPE, started.id, end)
    assert len(events.listing(ports, SCOPE, "run.done", 10)[0]) == 2
