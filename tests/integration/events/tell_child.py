"""A process that tells what happened and is killed on the way: `tell_child.py FOLDER PORT MOMENT HOMES`.

It kills itself with SIGKILL at the MOMENT: a number, ahead of its use number MOMENT of a port; `sending`, while its
messages are on their way to the bus; `sent`, when the bus has taken them and nobody has noted it; else it lives."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path

from shared.agents import events
from shared.domain.scope import Scope
from shared.ports import Bus, BusMessage, Ports
from tests.integration.contacts.home import watched
from tests.integration.events.homes import Homes, ports_at
from tests.integration.generate.home import SCOPE

_die = partial(os.kill, os.getpid(), signal.SIGKILL)


class _Deadly:
    """A bus that takes what is sent, while or after which the process dies."""

    def __init__(self, bus: Bus, moment: str) -> None:
        self._bus, self._moment = bus, moment

    def send(self, scope: Scope, to: str, messages: Sequence[BusMessage]) -> None:
        if self._moment == "sending":
            threading.Timer(0.02, _die).start()
        self._bus.send(scope, to, messages)
        if self._moment == "sent":
            _die()


def deadly(ports: Ports, moment: str) -> Ports:
    if moment.isdecimal():
        calls = count()
        return watched(ports, lambda method, given: _die() if next(calls) == int(moment) else None)
    return replace(ports, bus=_Deadly(ports.bus, moment)) if ports.bus else ports  # type: ignore[arg-type]


def main(folder: str, port: str, moment: str, homes: str) -> None:
    with ports_at(Path(folder), int(port), Homes(*json.loads(homes))) as ports:
        events.tell(deadly(ports, moment), SCOPE)
    print("lived")


if __name__ == "__main__":
    main(*sys.argv[1:])
