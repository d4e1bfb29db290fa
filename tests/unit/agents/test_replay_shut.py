"""No way out of a replay: each attempt is refused before anything happens, and named."""

from __future__ import annotations

import os
import re
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from shared.agents.replay.shut import WayOut, shut

ROOT = Path(__file__).parents[3]
ATTEMPTS: dict[str, Callable[[], Any]] = {
    "socket.__new__": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
    "socket.getaddrinfo": lambda: socket.getaddrinfo("model.example", 443),
    "subprocess.Popen": lambda: subprocess.run([sys.executable, "-c", ""], check=True),
    "os.system": lambda: os.system("true"),
    "sqlite3.connect": lambda: sqlite3.connect(":memory:"),
}


@pytest.mark.parametrize("what", ATTEMPTS)
def test_an_attempt_is_refused_and_named(what: str) -> None:
    with shut() as tried, pytest.raises(WayOut, match=what):
        ATTEMPTS[what]()
    assert tried[0].startswith(what)


if sys.version_info >= (3, 12):  # Python 3.11 does not tell that a thread is started

    def test_no_thread_gets_round_it() -> None:
        with shut() as tried, pytest.raises(WayOut, match=r"_thread\.start"):
            threading.Thread(target=print).start()
        assert len(tried) == 1


def test_agents_that_are_replayed_start_no_threads() -> None:
    for path in (ROOT / "shared" / "agents").rglob("*.py"):
        # Webhooks are posted to, and web sites are read, side by side; nothing of either is on a tape.
        if path.parent.name in ("events", "qualify"):
            continue
        starts = re.findall(r"\bThread\(|ThreadPool|_thread\.start_\w+\(|run_in_executor|to_thread", path.read_text())
        assert not starts, path


def test_a_socket_that_was_open_before_connects_to_nobody() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
        with shut() as tried, pytest.raises(WayOut, match=r"socket\.connect"):
            client.connect(server.getsockname())
        assert tried == [f"socket.connect(socket, {server.getsockname()!r})"]
        client.connect(server.getsockname())


def test_what_the_code_catches_is_listed_nevertheless() -> None:
    with shut() as tried:
        for _ in range(2):
            with suppress(Exception):
                socket.create_connection(("model.example", 443))
    assert len(tried) == 2


def test_other_threads_and_what_comes_after_are_free(tmp_path: Path) -> None:
    begin, done = threading.Event(), threading.Event()
    free: list[str] = []

    def other() -> None:
        begin.wait(20)
        with socket.create_server(("127.0.0.1", 0)):
            free.append("other")
        done.set()

    thread = threading.Thread(target=other)
    thread.start()
    with shut() as tried:
        begin.set()
        assert done.wait(20)
        (tmp_path / "a").write_text("files are no way out")
    thread.join()
    assert (free, tried) == (["other"], [])
    with socket.create_server(("127.0.0.1", 0)), sqlite3.connect(":memory:"):
        pass
