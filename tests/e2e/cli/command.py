"""`baton` as its users run it: a served home, and commands that speak to it."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

import httpx2

from local.cli.app import main
from tests.e2e.host.process import ROOT

BATON = [sys.executable, "-m", "local.cli"]


class Ran(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        """stdout as one line, wherever it was broken."""
        return " ".join(self.out.split())

    @property
    def json(self) -> Any:
        """All of stdout; fails if there is anything else on it."""
        return json.loads(self.out)


def baton(*arguments: str) -> Ran:
    """Run one command in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(arguments)
    return Ran(code, out.getvalue(), err.getvalue())


def child(*arguments: str, **env: str) -> Ran:
    """Run one command as a process."""
    ran = subprocess.run([*BATON, *arguments], cwd=ROOT, env={**clean(), **env}, capture_output=True, text=True)
    return Ran(ran.returncode, ran.stdout, ran.stderr)


def clean() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("BATON_")}


class Served:
    """A home that is served; its virtual time stands still until a test lets it run."""

    def __init__(self, home: Path, process: subprocess.Popen[str], welcome: dict[str, Any]) -> None:
        self.home, self.process, self.welcome = home, process, welcome
        self.url: str = welcome["url"]

    def __call__(self, *arguments: str) -> Ran:
        return baton(*arguments, "--home", str(self.home))

    def clock(self, **wish: str) -> None:
        httpx2.put(f"{self.url}/admin/host/clock", json=wish).raise_for_status()

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)


@contextmanager
def served(home: Path, *flags: str, **env: str) -> Iterator[Served]:
    """`baton serve` on a free port, under a virtual clock that holds."""
    command = [*BATON, "serve", "--port", "0", "--home", str(home), "--clock", "virtual", "--json", *flags]
    process = subprocess.Popen(
        command, cwd=ROOT, env={**clean(), **env}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout
    try:
        found = Served(home, process, json.loads("".join(iter(process.stdout.readline, "}\n")) + "}"))
        found.clock(mode="hold")
        yield found
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(60)
        process.stdout.close()
