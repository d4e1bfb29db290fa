"""Telling the story with kills: at which stops the host dies, and which app is started after it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tests.e2e.host.process import wait_for

from .desk import Desk
from .story import CHAPTERS, Within, set_up

Chosen = Callable[[str], bool]
"""Whether the host is killed at a stop, by its name: `send-0` is the first stop of the chapter `send`."""


def tell(desk: Desk, killed: Chosen, upgrade: tuple[str, Path] | None = None) -> list[str]:
    """The whole story; after the stop that `upgrade` names, that other app goes on. The names of all stops."""
    stops = []
    set_up(desk)
    for chapter in CHAPTERS:
        desk.later(minutes=1)
        for n, stop in enumerate(chapter(desk)):
            name = f"{chapter.__name__}-{n}"
            stops.append(name)
            if upgrade and name == upgrade[0]:
                desk.baton.app = upgrade[1]
            _pass(desk, stop, killed(name) or bool(upgrade and name == upgrade[0]))
    return stops


def _pass(desk: Desk, stop: Within | None, killed: bool) -> None:
    if stop is not None:
        if killed:
            _kill_within(desk, stop)
        stop.request()
    elif killed:
        desk.baton.kill()
        desk.baton.start()


def _kill_within(desk: Desk, stop: Within) -> None:
    """While the request is being answered; nobody gets the answer."""
    stop.stall()
    asking = threading.Thread(target=_unanswered, args=[stop.request])
    asking.start()
    wait_for(lambda: stop.seen() or None)
    desk.baton.kill()
    asking.join(60)
    desk.baton.start()


def _unanswered(request: Callable[[], object]) -> None:
    with suppress(Exception):  # however a connection breaks
        request()
