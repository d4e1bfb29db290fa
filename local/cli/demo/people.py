"""The simulator as a child process: told the time, it answers what its people did."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from local.cli.errors import Fault
from local.cli.settings import APP


class Activity(NamedTuple):
    """How many acts are done, how many are still to come of the mail so far, and when the next is due."""

    done: int
    waiting: int
    next: datetime | None


class People:
    """Simulated people who read an outbox."""

    def __init__(self, outbox: Path, seed: int) -> None:
        command = [sys.executable, "-m", "local.simulator", "--outbox", str(outbox.resolve()), "--seed", str(seed)]
        # A session of its own: Ctrl-C ends the demo, which then sends them home.
        self._process = subprocess.Popen(
            command, cwd=APP, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
        )

    def live(self, now: datetime) -> Activity:
        """Let them do what is due. Raises Fault if they could not."""
        asked, said = self._process.stdin, self._process.stdout
        assert asked
        assert said
        asked.write(f"{now.isoformat()}\n")
        asked.flush()
        line = said.readline()
        answer: dict[str, Any] = json.loads(line) if line else {"error": "they are gone"}
        if answer["error"]:
            raise Fault(f"the simulated people could not follow a link: {answer['error']}")
        return Activity(answer["done"], answer["waiting"], answer["next"] and datetime.fromisoformat(answer["next"]))

    def close(self) -> None:
        """Send them home."""
        self._process.communicate()
