"""kill -9 while a key is rotated: every value opens afterwards, none is lost, none is there twice, and it ends."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import httpx2
import pytest

from shared import home as secrets
from shared import wiring
from shared.adapters._sqlite.database import Database
from shared.adapters.clock.host import HostClock
from shared.adapters.documents.encrypted import EncryptedDocuments
from shared.adapters.documents.sqlite import SqliteDocuments
from shared.domain.marked_fields import MARKED
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Keys, Write
from tests.e2e.host.process import wait_for

from .baton import Baton

SCOPES = (Scope("local", "main"), Scope("local", "_"))
KINDS = (Kind.TAPE, Kind.MEMORY)
EACH = 600
ALL = EACH * len(KINDS) * len(SCOPES)
Bodies = Mapping[tuple[Scope, str, str], dict[str, Any]]
Moment = Callable[[Path], bool]


def fill(home: Path, monkeypatch: pytest.MonkeyPatch) -> Bodies:
    monkeypatch.setenv("BATON_HOME", str(home))
    wiring.close()
    documents, made = wiring.ports().documents, {}
    for scope in SCOPES:
        for kind in KINDS:
            bodies = {f"{n:04}": {MARKED[kind].fields[0]: f"{kind} {n} " * 20, "n": n} for n in range(EACH)}
            for first in range(0, EACH, 100):
                batch = list(bodies.items())[first : first + 100]
                documents.batch(scope, kind, [Write(id, body) for id, body in batch])
            made.update({(scope, kind, id): body for id, body in bodies.items()})
    wiring.close()
    monkeypatch.delenv("BATON_HOME")
    return made


def has_new_key(home: Path) -> bool:
    return "2" in secrets.keys(home).field


def moved(least: int) -> Moment:
    def look(home: Path) -> bool:
        with closing(sqlite3.connect(f"file:{home / 'baton.db'}?mode=ro", uri=True)) as connection:
            sql = 'SELECT count(*) FROM documents WHERE body LIKE \'%"$encrypted":"2.%\''
            (found,) = connection.execute(sql).fetchone()
        return bool(found >= least)

    return look


def rotate(baton: Baton) -> None:
    """The answer may never come."""

    def ask() -> None:
        try:
            baton.raw("POST", "keyrings/field/keys")
        except httpx2.HTTPError:
            return

    Thread(target=ask, daemon=True).start()


def renewal(baton: Baton) -> dict[str, Any] | None:
    found: dict[str, Any] | None = baton.ask("GET", "keyrings")["renewal"]
    return found if found and found["status"] == "completed" else None


def opened(home: Path, key: str) -> Bodies:
    """Everything, with one key alone."""
    with closing(Database(home / "baton.db")) as database:
        keys = Keys(b"", {}, {key: secrets.keys(home).field[key]}, plain=False)
        plain = SqliteDocuments(database, clock=HostClock(), replica="test")
        documents = EncryptedDocuments(plain, lambda: keys)
        pages = [(scope, kind, documents.find(scope, kind, limit=2 * EACH)) for scope in SCOPES for kind in KINDS]
    return {(scope, kind, each.id): each.body for scope, kind, page in pages for each in page.documents}


@pytest.mark.parametrize(
    "moments",
    [
        pytest.param([has_new_key, moved(ALL // 3)], id="when the key is made, and in the middle"),
        pytest.param([moved(1)], id="at the first portion", marks=pytest.mark.nightly),
        pytest.param([moved(n * ALL // 6) for n in range(1, 6)], id="again and again", marks=pytest.mark.nightly),
        pytest.param([moved(ALL)], id="when all is moved and not yet looked over", marks=pytest.mark.nightly),
    ],
)
def test_a_rotation_that_is_killed_ends_complete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moments: list[Moment]
) -> None:
    baton = Baton(tmp_path)
    bodies = fill(baton.home, monkeypatch)
    host = baton.start().host
    rotate(baton)
    for moment in moments:
        wait_for(lambda moment=moment: moment(baton.home) or None, every=0.001)  # type: ignore[misc]
        baton.kill()
        host = baton.start().host
        assert host  # Whatever began no flow has one from the next sweep.
        until = datetime.fromisoformat(host.clock()["now"]) + timedelta(minutes=6)
        host.set_clock(mode="run", until=until.isoformat())
    done = wait_for(lambda: renewal(baton), 60)
    assert (done["key"], done["lost"]) == ("2", 0)
    assert baton.ask("DELETE", "keyrings/field/keys/1")["id"] == "1"
    assert host
    host.stop()
    assert opened(baton.home, "2") == bodies
