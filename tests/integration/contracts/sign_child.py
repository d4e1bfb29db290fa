"""A process that signs a contract for the agency, as the second side, and kills itself with SIGKILL ahead of its
NUMBERth change: `sign_child CONTRACT NUMBER`. If it lives it says how many changes there were."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from itertools import count

from shared import wiring
from tests.integration.books.post_child import Watched
from tests.integration.contracts.conftest import sign

PORTS = ("documents", "files", "journal", "ledger")


def main(contract: str, number: str) -> None:
    calls = count()

    def before() -> None:
        if next(calls) == int(number):
            os.kill(os.getpid(), signal.SIGKILL)

    ports = wiring.ports()
    sign(replace(ports, **{name: Watched(getattr(ports, name), before) for name in PORTS}), contract, "agency", "Anna")
    print(next(calls))


if __name__ == "__main__":
    main(*sys.argv[1:])
