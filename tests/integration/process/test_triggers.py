"""What starts runs by itself: each cause one run, whoever else looks and whenever somebody is killed."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from functions import sweep
from functions.rounds import Rounds
from shared.adapters.folders.named import NamedFolders
from shared.agents import events, tasks
from shared.domain.command import StartProcess
from shared.domain.faults import Rejected
from shared.domain.folder_places import folder_places
from shared.domain.names import Kind
from shared.domain.process import Process
from shared.domain.run import Run
from shared.domain.task import Assignment, Attempt
from shared.ports import Ports
from shared.process import runs, triggers
from shared.process.store import put, read
from shared.telemetry import SILENT
from tests.integration.agents.conftest import SCOPE, START, Hand

PLAN = """\
process: nightly
title: By itself
inputs:
  what: {{type: text, default: nothing}}
  count: {{type: integer, default: 0}}
  list: {{type: file, optional: true}}
steps:
  - {{id: a, type: value, with: {{value: "${{{{ inputs.what }}}}"}}}}
triggers:
  - {trigger}
"""


def keep(ports: Ports, trigger: str, title: str = "By itself") -> Process:
    """The process with this trigger as its newest version."""
    text = PLAN.format(trigger=trigger).replace("By itself", title).encode()
    try:
        rev = read(ports, SCOPE, "nightly")[1]
    except Exception:
        rev = None
    return put(ports, SCOPE, "owner", "nightly", text, "nightly.yaml", rev)[0]


def begun(ports: Ports) -> list[Run]:
    """Runs, oldest first."""
    return runs.listing(ports, SCOPE, [], 100, None)[0][::-1]


def look(ports: Ports) -> bool:
    return sweep.begin_by_itself(ports)


def refused(ports: Ports) -> tuple[str, str]:
    """What the process says of its trigger."""
    (found,) = triggers.standing(ports, SCOPE, read(ports, SCOPE, "nightly")[0])
    assert found.refused
    return found.refused.field, found.refused.reason


def noted(ports: Ports) -> int:
    return [fact.what for fact in ports.journal.read(SCOPE, "process/nightly")].count("not-started")


def killed(ports: Ports, at: int) -> Ports:
    """Dies before the write of a document with this number."""
    left = [at]

    def put(*args: Any, **more: Any) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return ports.documents.put(*args, **more)

    class Documents:
        def __getattr__(self, name: str) -> Any:
            return put if name == "put" else getattr(ports.documents, name)

    return replace(ports, documents=Documents())  # type: ignore[arg-type]


def test_by_the_clock_once_in_the_zone_of_the_house(ports: Ports, hand: Hand) -> None:
    ports = replace(ports, timezone="Europe/Berlin")
    keep(ports, '{cron: "30 7 * * *", with: {what: "${{ event.at }} ${{ run.date }}"}}')
    hand.set(datetime(2027, 3, 3, 6, 29, 59, tzinfo=UTC))
    assert look(ports)
    assert begun(ports) == []
    hand.forward(seconds=1)
    assert [look(ports), look(ports)] == [True, True]
    (run,) = begun(ports)
    assert (run.trigger, run.created_by, run.inputs["what"]) == (
        "cron",
        "trigger",
        "2027-03-03T06:30:00+00:00 2027-03-03",
    )
    assert run.event == {"at": "2027-03-03T06:30:00+00:00", "missed": 0}
    (found,) = triggers.standing(ports, SCOPE, read(ports, SCOPE, "nightly")[0])
    assert (found.kind, found.cause, found.run) == ("cron", "30 7 * * *", run.id)
    assert found.due == datetime(2027, 3, 4, 6, 30, tzinfo=UTC)


def test_of_times_that_were_missed_the_last_starts_a_run_that_counts_them(ports: Ports, hand: Hand) -> None:
    keep(ports, '{cron: "0 * * * *"}')
    hand.set(START + timedelta(hours=5, minutes=20))
    look(ports)
    (run,) = begun(ports)
    at = [(START + timedelta(hours=n)).isoformat() for n in (5, 1)]
    assert run.event == {"at": at[0], "missed": 4, "since": at[1]}
    keep(ports, '{cron: "0 * * * *", with: {count: 7}}', "A new version")
    look(ports)
    assert len(begun(ports)) == 1, "a new version is no new time"
    ports.documents.delete(SCOPE, Kind.RUN, run.id)
    look(ports)
    assert begun(ports) == [], "a run that is no longer kept is not begun anew"
    hand.forward(hours=1)
    look(ports)
    assert [each.inputs["count"] for each in begun(ports)] == [7]


@pytest.mark.parametrize("at", range(3))
def test_who_is_killed_while_it_starts_a_run_starts_one(ports: Ports, hand: Hand, at: int) -> None:
    keep(ports, '{cron: "0 * * * *"}')
    hand.forward(hours=1)
    with pytest.raises(KeyboardInterrupt):
        look(killed(ports, at))
    assert look(ports)
    assert look(ports)
    (run,) = begun(ports)
    assert triggers.standing(ports, SCOPE, read(ports, SCOPE, "nightly")[0])[0].run == run.id


def test_of_four_who_look_together_one_starts_it(ports: Ports, hand: Hand) -> None:
    keep(ports, '{cron: "0 * * * *"}')
    hand.forward(hours=1)
    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(look, [ports] * 4))
    assert len(begun(ports)) == 1


def test_a_resting_sweep_wakes_for_it(ports: Ports, hand: Hand) -> None:
    keep(ports, '{cron: "12 * * * *", with: {count: many}}'.replace("many", '"${{ event.nothing }}"'))
    rounds = Rounds()

    def looks(**time: float) -> bool:
        hand.forward(**time)
        return asyncio.run(rounds.go(None, ports, SILENT))  # type: ignore[arg-type]

    assert not [looks(seconds=10) for _ in range(4)][-1]
    assert [looks(minutes=5), looks(minutes=5), looks(minutes=5)] == [False, False, True]
    assert refused(ports) == ("with.count", "there is no `event.nothing`")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ('"${{ event.nothing }}"', ("with.count", "there is no `event.nothing`")),
        ('"${{ event.at }}"', ("inputs.count", "must be a whole number")),
    ],
)
def test_what_it_cannot_give_is_said_once_and_starts_nothing(
    ports: Ports, hand: Hand, given: str, why: tuple[str, str]
) -> None:
    keep(ports, f'{{cron: "0 * * * *", with: {{count: {given}}}}}')
    hand.forward(hours=1)
    assert all(look(ports) for _ in range(3))
    assert (begun(ports), refused(ports), noted(ports)) == ([], why, 1)
    keep(ports, '{cron: "0 * * * *", with: {count: 3}}')
    hand.forward(hours=1)
    look(ports)
    assert len(begun(ports)) == 1
    assert triggers.standing(ports, SCOPE, read(ports, SCOPE, "nightly")[0])[0].refused is None


def happens(ports: Ports, hand: Hand, by: str = "ann") -> str:
    """A task ends."""
    hand.forward(seconds=1)
    now = ports.clock.now()
    made = tasks.create(ports, SCOPE, by, "analyst", Assignment(title="March", instructions="Look"))
    made.run, made.status = 1, "done"
    made.attempts = [Attempt(run=1, at=now, ended_at=now, outcome="done")]
    ports.documents.put(SCOPE, Kind.TASK, made.id, made.model_dump(mode="json"), "*")
    return made.id


def test_an_event_starts_one_run_a_trigger_and_with_may_name_it(ports: Ports, hand: Hand) -> None:
    happens(ports, hand)
    hand.forward(minutes=1)
    keep(ports, '{event: task.completed, with: {what: "${{ event.task }}", count: "${{ event.run }}"}}')
    ids = [happens(ports, hand) for _ in range(2)]
    happens(ports, hand, by="process")
    rounds = Rounds()
    for _ in range(3):
        assert asyncio.run(_quietly(rounds, ports)) in (True, False)
    assert {each.inputs["what"]: each.inputs["count"] for each in begun(ports)} == dict.fromkeys(ids, 1)
    assert len(begun(ports)) == 2
    assert begun(ports)[0].event["type"] == "task.completed"


@pytest.mark.parametrize("at", range(3))
def test_who_is_killed_while_it_hears_an_event_starts_one_run(ports: Ports, hand: Hand, at: int) -> None:
    keep(ports, '{event: task.completed, with: {what: "${{ event.task }}"}}')
    id = happens(ports, hand)
    events.collect(ports, SCOPE)
    with pytest.raises(KeyboardInterrupt):
        look(killed(ports, at))
    assert look(ports)
    assert look(ports)
    assert [each.inputs["what"] for each in begun(ports)] == [id]


async def _quietly(rounds: Rounds, ports: Ports) -> bool:
    """A sweep without a runtime: what needs a flow is not asked for."""

    class Client:
        async def get_status(self, id: str) -> None:
            return None

        async def start_new(self, *flow: Any) -> str:
            return ""

    return await rounds.go(Client(), ports, SILENT)  # type: ignore[arg-type]


def test_a_command_starts_a_run_if_its_subject_is_waited_for(ports: Ports, hand: Hand) -> None:
    keep(ports, "{bus: list.came, with: {count: 5}}")
    asked = StartProcess(process="nightly", subject="list.came", inputs={"what": "members"})
    first, again = (triggers.command(ports, SCOPE, "c" * 32, asked) for _ in range(2))
    assert (first, len(begun(ports))) == (again, 1)
    assert (first.inputs["what"], first.inputs["count"], first.created_by, first.trigger) == (
        "members",
        5,
        "bus",
        "bus",
    )
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"subject": "other"}, "subject"),
        ({"inputs": {"count": 6}}, "inputs.count"),
        ({"inputs": {"whom": "x"}}, "inputs.whom"),
        ({"process": "sol_import"}, "process"),
    ]
    for change, field in wrong:
        with pytest.raises(Rejected) as caught:
            triggers.command(ports, SCOPE, "d" * 32, asked.model_copy(update=change))
        assert caught.value.errors[0].field == field
    assert len(begun(ports)) == 1


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    made = tmp_path / "inbox"
    made.mkdir()
    return made


@pytest.fixture
def reaching(ports: Ports, inbox: Path, hand: Hand) -> Callable[[], Ports]:
    return lambda: replace(ports, folders=NamedFolders(folder_places(f"inbox={inbox}"), None, ports.clock))


def write(hand: Hand, path: Path, text: str) -> None:
    path.write_text(text)
    os.utime(path, (hand.now().timestamp(),) * 2)


FILE = '{file: {folder: inbox, glob: "*.csv", input: list}, with: {what: "${{ event.path }}"}}'


def test_a_file_that_no_longer_grows_starts_one_run_and_is_its_input(
    reaching: Callable[[], Ports], inbox: Path, hand: Hand
) -> None:
    ports = reaching()
    write(hand, inbox / "old.csv", "before")
    hand.forward(minutes=1)
    keep(ports, FILE)
    write(hand, inbox / "new.csv", "a,b")
    write(hand, inbox / "other.txt", "no list")
    look(ports)
    hand.forward(minutes=5)
    write(hand, inbox / "new.csv", "a,b\n1,2")
    look(ports)
    assert begun(ports) == [], "it has grown"
    hand.forward(seconds=30)
    look(ports)
    assert begun(ports) == [], "half a minute says nothing"
    for _ in range(3):
        hand.forward(minutes=5)
        assert look(ports)
    (run,) = begun(ports)
    assert (run.trigger, run.inputs["what"], run.event["bytes"]) == ("file", "new.csv", 7)
    assert ports.files.get(SCOPE, run.inputs["list"]["file"]) == b"a,b\n1,2"
    write(hand, inbox / "new.csv", "another version")
    for _ in range(3):
        hand.forward(minutes=5)
        look(ports)
    assert [each.inputs["list"]["bytes"] for each in begun(ports)] == [7, 15]


@pytest.mark.parametrize("at", range(3))
def test_who_is_killed_while_a_file_comes_starts_one_run(
    reaching: Callable[[], Ports], inbox: Path, hand: Hand, at: int
) -> None:
    ports = reaching()
    keep(ports, FILE)
    write(hand, inbox / "new.csv", "a,b")
    look(ports)
    hand.forward(minutes=5)
    with pytest.raises(KeyboardInterrupt):
        look(killed(ports, at))
    assert look(ports)
    assert look(ports)
    assert [each.inputs["what"] for each in begun(ports)] == ["new.csv"]


def test_a_folder_that_is_none_is_said_once(ports: Ports, hand: Hand) -> None:
    keep(ports, FILE)
    for _ in range(3):
        hand.forward(minutes=5)
        look(ports)
    assert refused(ports) == ("file.folder", "there are no folders: the setting BATON_FOLDERS names them")
    assert noted(ports) == 1
