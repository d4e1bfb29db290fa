"""A database that an older host has left opens, is brought up to date, and what ran in it goes on.

`schemas/N.sql` is what the host of schema N itself wrote: the dump of its database after a kill, with its own DDL.
A change of the schema adds the dump of the version before it.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from azure.durable_functions import EntityId

from local.host.bus_model import Namespace, Queue
from local.host.clock import VirtualClock
from local.host.engine import Engine
from local.host.model import ActivityFunction, EngineSettings, Functions, StateRefused
from local.host.store import Store
from tests.integration.host.app import activity, entities, orchestrators
from tests.integration.host.running import ended, in_status

DUMPS = Path(__file__).parent / "schemas"
VERSIONS = sorted(int(dump.stem) for dump in DUMPS.glob("*.sql"))


def waits(context: Any) -> Any:
    first = yield context.wait_for_external_event("E")
    second = yield context.wait_for_external_event("E")
    return [first, second]


def sleeps(context: Any) -> Any:
    yield context.call_activity("add", 1)
    yield context.create_timer(context.current_utc_datetime + timedelta(days=30))
    return "woken"


def works(context: Any) -> Any:
    return (yield context.call_activity("held", context.instance_id))


def parent(context: Any) -> Any:
    return (yield context.call_sub_orchestrator("waits", None, "child-1"))


def again(context: Any) -> Any:
    number = context.get_input()
    if number < 2:
        yield context.call_activity("add", number)
        context.continue_as_new(number + 1)
        return None
    return [number, (yield context.wait_for_external_event("go"))]


def plain(context: Any) -> Any:
    return context.get_input()


def polls(context: Any) -> Any:
    return (yield context.call_activity("polled", None))


def asks(context: Any) -> Any:
    return (yield context.call_entity(EntityId("ledger", "all"), "note", "call"))


def ledger(context: Any) -> None:
    notes = [*context.get_state(list), context.get_input()]
    context.set_state(notes)
    context.set_result(len(notes))


async def _polled(text: str | None) -> str:
    """Has been put off for a day by the older host, with this input."""
    return json.dumps(f"{json.loads(text or '')} made")


def app() -> Functions:
    acts = {**activity("add", lambda n: n + 1), **activity("held", lambda id_: f"{id_} went on")}
    acts["polled"] = ActivityFunction("polled", _polled, is_async=True)
    return Functions(
        orchestrators(waits, sleeps, works, parent, again, plain, polls, asks), acts, entities(ledger=ledger)
    )


def left_by(version: int, directory: Path) -> VirtualClock:
    """The state directory of an older host, and a clock that takes up its time."""
    with closing(sqlite3.connect(directory / "host.db")) as db:
        db.executescript((DUMPS / f"{version}.sql").read_text())
        assert db.execute("PRAGMA user_version").fetchone() == (version,)
    return VirtualClock(datetime(2026, 1, 1, tzinfo=UTC), directory / "clock")


async def _go_on(engine: Engine, version: int) -> None:
    done = engine.status("done-1")
    assert done
    assert (done.status, done.output) == ("Completed", '"x"')
    for id_, expected in [("works-1", '"works-1 went on"'), ("sleeps-1", '"woken"')]:
        assert (await ended(engine, id_)).output == expected
    await engine.raise_event("waits-1", "E", '"second"')
    await engine.resume("suspended-1")
    for id_ in ("suspended-1", "child-1", "child-1"):
        await engine.raise_event(id_, "E", '"second"')
    await engine.raise_event("again-1", "go", '"now"')
    assert (await ended(engine, "waits-1")).output == '["first", "second"]'
    assert (await ended(engine, "suspended-1")).output == '["kept", "second"]'
    assert (await ended(engine, "parent-1")).output == '["second", "second"]'
    assert (await ended(engine, "again-1")).output == '[2, "now"]'
    if version >= 3:
        assert (await ended(engine, "polls-1")).output == '"second look made"'
    older = ["call", "stuck"] if version >= 3 else []  # its own note, and the one that it was killed over
    await engine.start_new("asks", "asks-2")
    assert (await ended(engine, "asks-2")).output == str(len(older) + 1)
    entity = engine.entity("@ledger@all")
    assert entity
    assert json.loads(entity.state) == [*older, "call"]


async def _take_messages(engine: Engine) -> None:
    """What was locked is there again, what was scheduled has come: its time has passed."""
    taken = await engine.change_bus(lambda tables: tables.receive("orders", 10))
    assert [delivery.message.body for delivery in taken] == [b"locked", b"ready", b"later"]
    assert [delivery.count for delivery in taken] == [2, 1, 1]
    assert taken[1].message.properties == {"n": 1}


@pytest.mark.parametrize("version", VERSIONS)
def test_what_an_older_host_left_goes_on(tmp_path: Path, version: int, sticky: bool) -> None:
    clock = left_by(version, tmp_path)

    async def scenario() -> None:
        settings = EngineSettings(default_version="2.0", sticky=sticky)
        engine = Engine(tmp_path, app(), clock, settings, Namespace({"orders": Queue()}))
        await engine.start()
        try:
            assert clock.now() >= datetime(2026, 3, 1, tzinfo=UTC)
            await in_status(engine, "suspended-1", "Suspended")
            await _go_on(engine, version)
            if version >= 2:
                await _take_messages(engine)
        finally:
            await engine.stop()

    asyncio.run(scenario())


@pytest.mark.parametrize("version", VERSIONS)
def test_an_upgraded_database_has_the_schema_of_a_new_one(tmp_path: Path, version: int) -> None:
    (tmp_path / "old").mkdir()
    left_by(version, tmp_path / "old")
    schemas = [_schema(tmp_path / name) for name in ("old", "new")]
    assert schemas[0] == schemas[1]


def test_there_is_a_dump_of_each_earlier_version(tmp_path: Path) -> None:
    current, _ = _schema(tmp_path)
    assert set(range(1, current)) <= set(VERSIONS)


def test_an_upgrade_that_fails_leaves_the_older_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left_by(1, tmp_path)
    before = _tables(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr("local.host.store._MIGRATIONS", ["", "CREATE TABLE half (id); SELECT no_such_function();"])
        with pytest.raises(sqlite3.OperationalError, match="no_such_function"):
            Store(tmp_path)
    assert _tables(tmp_path) == before
    Store(tmp_path).close()


def test_a_newer_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    left_by(VERSIONS[-1], tmp_path)
    with closing(sqlite3.connect(tmp_path / "host.db")) as db:
        db.execute("PRAGMA user_version = 1000")
    before = (tmp_path / "host.db").read_bytes()
    with pytest.raises(StateRefused, match=r"written by a newer host \(schema 1000; this one knows up to \d+\)"):
        Store(tmp_path)
    assert (tmp_path / "host.db").read_bytes() == before


def _schema(directory: Path) -> tuple[int, list[tuple[Any, ...]]]:
    """The version, and every column of every table, by what the current host makes of the directory."""
    Store(directory).close()
    return _tables(directory)


def _tables(directory: Path) -> tuple[int, list[tuple[Any, ...]]]:
    with closing(sqlite3.connect(directory / "host.db")) as db:
        (version,) = db.execute("PRAGMA user_version").fetchone()
        columns = """SELECT m.type, m.name, c.* FROM sqlite_master m LEFT JOIN pragma_table_xinfo(m.name) c
                     WHERE m.name NOT LIKE 'sqlite_%' ORDER BY 1, 2, 3"""
        return version, db.execute(columns).fetchall()
