"""A process that tells what happened and is killed on the way: `tell_child.py FOLDER CLOCK PORT CALL`.

It kills itself with SIGKILL ahead of its use number CALL of a port; at -1 it lives."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from itertools import count
from pathlib import Path

from shared.adapters.clock.host import HostClock
from shared.adapters.endpoints.guarded import GuardedEndpoints
from shared.agents import events
from tests.integration.contacts.home import watched
from tests.integration.generate.home import SCOPE, opened


def main(folder: str, clock: str, port: str, call: int) -> None:
    calls = count()

    def before(method: str, given: object) -> None:
        if next(calls) == call:
            os.kill(os.getpid(), signal.SIGKILL)

    with opened(Path(folder), clock=HostClock(Path(clock))) as ports:
        reach = GuardedEndpoints(f"127.0.0.1:{port}")
        events.tell(watched(replace(ports, endpoints=reach), before), SCOPE)
    print("lived")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
