"""A process that carries an erasure out and is killed on the way: `erase_child.py HOME ERASURE CALL MICROSECONDS`.

It kills itself with SIGKILL so long after its use number CALL of a port began; at -1 it lives."""

from __future__ import annotations

import os
import signal
import sys
import threading
from itertools import count

from shared import wiring
from shared.agents.privacy import erase
from tests.integration.agents.conftest import SCOPE
from tests.integration.contacts.home import watched
from tests.integration.privacy.canary import carry_out


def main(home: str, id: str, call: int, microseconds: int) -> None:
    os.environ["BATON_HOME"] = home
    calls = count()

    def before(method: str, given: object) -> None:
        if next(calls) == call:
            threading.Timer(microseconds / 1e6, os.kill, (os.getpid(), signal.SIGKILL)).start()

    ports = watched(wiring.ports(), before)
    carry_out(ports, erase.get(ports, SCOPE, id))
    print(next(calls))
    wiring.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
