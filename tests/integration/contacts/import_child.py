"""A process that takes an import in and is killed on the way: `import_child.py FOLDER IMPORT CALL MICROSECONDS`.

It kills itself with SIGKILL so long after its use number CALL of a port began; at -1 it lives."""

from __future__ import annotations

import os
import signal
import sys
import threading
from itertools import count
from pathlib import Path

from tests.integration.contacts.home import home, take_in, watched


def main(folder: str, id: str, call: int, microseconds: int) -> None:
    calls = count()

    def before(method: str, given: object) -> None:
        if next(calls) == call:
            threading.Timer(microseconds / 1e6, os.kill, (os.getpid(), signal.SIGKILL)).start()

    with home(Path(folder)) as ports:
        take_in(watched(ports, before), id)
    print("lived")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
